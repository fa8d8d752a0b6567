package org.felucca.hcs.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.felucca.hcs.document.device.DeviceExtension;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.runtimespec.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A configuration with one property, and what becomes of it: a pair of files in {@code config} and {@code golden}. */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/org/felucca/hcs/compile/golden");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "hostname",
                "mount-directory",
                "mount-file-volume",
                "mount-read-only",
                "mount-drive",
                "mount-pipe",
                "root-path",
                "layer-folders",
                "device-class",
                "device-location",
                "device-extensions",
                "memory-limit",
                "cpu-count",
                "cpu-count-above-host",
                "cpu-shares",
                "cpu-maximum",
                "storage-iops",
                "storage-bps",
                "storage-sandbox-size",
                "network-endpoints",
                "network-unqualified-dns",
                "network-search-list",
                "network-shared-container",
                "network-namespace",
                "credential-spec-object",
                "credential-spec-text",
                "ignore-flushes-during-boot",
                "process-dumps",
            })
    void compile_systemProperty_isTheGoldenDocument(String name) {
        Spec spec = Documents.patched(Documents.resource("config/" + name + ".json"));
        Preparation wanted = Preparation.of(spec);
        CompiledSystem compiled = SystemCompiler.compile(spec, Documents.SERVER_2022, prepare(wanted));
        assertGolden(
                name, describe(wanted), compiled.warnings(), compiled.document().toJson());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "process-args",
                "process-command-line",
                "process-cwd",
                "process-env",
                "process-username",
                "process-terminal",
                "process-console-size",
                "process-console-size-without-terminal",
            })
    void compile_processProperty_isTheGoldenDocument(String name) {
        Spec spec = Documents.patched(Documents.resource("config/" + name + ".json"));
        CompiledProcess compiled =
                ProcessCompiler.compile(spec.process(), new ProcessCompiler.Streams(true, true, true));
        assertGolden(name, List.of(), compiled.warnings(), compiled.parameters().toJson());
    }

    @ParameterizedTest
    @ValueSource(strings = {"true false false", "false true false", "false false true", "false false false"})
    void compile_processStreams_areThePipesAskedFor(String wanted) {
        String[] pipe = wanted.split(" ");
        JsonObject parameters = ProcessCompiler.compile(
                        Documents.patched("{}").process(),
                        new ProcessCompiler.Streams(
                                Boolean.parseBoolean(pipe[0]),
                                Boolean.parseBoolean(pipe[1]),
                                Boolean.parseBoolean(pipe[2])))
                .parameters()
                .toJson();
        assertEquals(
                wanted,
                Stream.of("CreateStdInPipe", "CreateStdOutPipe", "CreateStdErrPipe")
                        .map(name -> String.valueOf(parameters.get(name).isPresent()))
                        .collect(Collectors.joining(" ")));
    }

    @Test
    void compile_everyGoldenFile_isATestsOne() throws IOException {
        Set<String> declared = new TreeSet<>();
        for (String method :
                List.of("compile_systemProperty_isTheGoldenDocument", "compile_processProperty_isTheGoldenDocument")) {
            declared.addAll(List.of(Stream.of(GoldenTest.class.getDeclaredMethods())
                    .filter(candidate -> candidate.getName().equals(method))
                    .findFirst()
                    .orElseThrow()
                    .getAnnotation(ValueSource.class)
                    .strings()));
        }
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertEquals(
                    declared,
                    files.map(file -> file.getFileName().toString().replace(".txt", ""))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        assertTrue(declared.size() > 30);
    }

    /** What a backend makes of what is wanted. */
    private static ContainerFacts prepare(Preparation wanted) {
        ContainerFacts facts = Documents.facts();
        if (!wanted.endpoints().isEmpty()) {
            facts = facts.networkNamespace(Documents.NAMESPACE);
        }
        if (wanted.credentialSpec() != null) {
            facts = facts.credentials(Documents.CREDENTIALS);
        }
        List<DeviceExtension> extensions = new ArrayList<>();
        for (String file : wanted.extensionFiles()) {
            extensions.add(Preparation.extension(file, Documents.resource("config/extension.device")));
        }
        return facts.extensions(extensions);
    }

    private static List<String> describe(Preparation wanted) {
        List<String> lines = new ArrayList<>();
        wanted.scratchBytes().ifPresent(size -> lines.add("scratch of at least " + Long.toUnsignedString(size)));
        if (wanted.credentialSpec() != null) {
            lines.add("credential guard for " + wanted.credentialSpec());
        }
        wanted.endpoints().forEach(endpoint -> lines.add("namespace with endpoint " + endpoint));
        wanted.extensionFiles().forEach(file -> lines.add("extension in " + file));
        return lines;
    }

    private static void assertGolden(String name, List<String> wanted, List<Warning> warnings, JsonObject document) {
        StringBuilder actual = new StringBuilder();
        wanted.forEach(line -> actual.append("prepare ").append(line).append('\n'));
        warnings.forEach(line -> actual.append("warning ").append(line).append('\n'));
        actual.append(new String(Json.prettyBytes(document), StandardCharsets.UTF_8).stripTrailing())
                .append('\n');
        String expected = new String(Documents.resource("golden/" + name + ".txt"), StandardCharsets.UTF_8);
        assertEquals(expected, actual.toString());
    }
}
