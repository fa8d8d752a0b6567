package org.felucca.verbs.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.plugin.Readiness;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code version}: what runs here, and with {@code --verbose} how it fares. */
@Component(service = Verb.class)
@PluginId("version")
public final class VersionVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("version", "show the version of the platform")
            .option(OptionSpec.flag("verbose", "show start time and memory, too"))
            .build();

    private static final Path PROC = Path.of("/proc");

    /** Set by the start script to the archive it has given to the JVM. */
    private static final String ARCHIVE = "felucca.class.archive";

    private final String version;
    private final Readiness readiness;

    /** Makes the verb. */
    @Activate
    public VersionVerb(BundleContext context, @Reference Readiness readiness) {
        this(context.getBundle().getVersion(), readiness);
    }

    VersionVerb(Version version, Readiness readiness) {
        this.readiness = readiness;
        this.version = version.getMajor() + "." + version.getMinor() + "." + version.getMicro()
                + (version.getQualifier().isEmpty() ? "" : "-" + version.getQualifier());
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        JsonObject.Builder document = JsonObject.builder()
                .put("version", version)
                .put("java", Runtime.version().toString())
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .put("arch", System.getProperty("os.arch"));
        List<String> lines = new ArrayList<>();
        lines.add("felucca " + version);
        lines.add("java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", " + System.getProperty("os.arch"));
        if (invocation.flag("verbose")) {
            verbose(document, lines);
        }
        return invocation.json() ? new Result.Document(document.build()) : new Result.Lines(lines);
    }

    private void verbose(JsonObject.Builder document, List<String> lines) {
        long pid = ProcessHandle.current().pid();
        document.put("pid", pid);
        lines.add("pid: " + pid);
        Optional<Instant> start =
                StartTime.ofDaemon(PROC, System.getenv()).ago().map(Instant.now()::minus);
        start.ifPresent(instant -> {
            document.put("started", instant.toString());
            lines.add("started: " + instant);
        });
        Optional<Instant> ready = readiness.readySince();
        if (ready.isPresent() && start.isPresent()) {
            long millis = Duration.between(start.get(), ready.get()).toMillis();
            document.put("readyMillis", millis);
            lines.add(String.format(Locale.ROOT, "ready: %.2f s after the start", millis / 1e3));
        } else {
            document.put("waitingFor", JsonArray.ofStrings(readiness.waitingFor()));
            lines.add("not ready: waiting for " + String.join(", ", readiness.waitingFor()));
        }
        OptionalLong resident = resident();
        if (resident.isPresent()) {
            document.put("residentBytes", resident.getAsLong());
            lines.add(String.format(Locale.ROOT, "resident memory: %.1f MB", resident.getAsLong() / 1e6));
        }
        String archive = System.getProperty(ARCHIVE, "");
        document.put("classArchive", archive);
        lines.add("class archive: "
                + (archive.isEmpty() ? "none, starts take longer; felucca-daemon --prepare makes one" : archive));
    }

    /** Memory of this process that is in RAM, where the system tells. */
    private static OptionalLong resident() {
        try {
            return Files.readAllLines(PROC.resolve("self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
