package org.felucca.verbs.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.storage.CheckReport;
import org.felucca.api.storage.CheckRequest;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.StorageService;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code fsck}: finds, and repairs, what a disk or a power cut has done. */
@Component(service = Verb.class)
@PluginId("fsck")
public final class FsckVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("fsck", "check what lies on the disk, and repair it")
            .description("Compares blobs with their digests, layers with their manifests, and records with each other,"
                    + " with the blobs and snapshots they name and with their copies on disk."
                    + "\nBeside containers that run and images that come and go; the exit status is 1 if something is"
                    + " wrong that was not repaired and is not fetched again when it is needed next."
                    + "\nWith --repair what is damaged is mended from what is here, or else taken out of use, and"
                    + " fetched by the next pull or run of its image.")
            .option(OptionSpec.flag("repair", "repair what is found"))
            .option(OptionSpec.flag("quick", "compare sizes and kinds only, without reading contents"))
            .build();

    private final StorageService storage;

    /** Makes the verb. */
    @Activate
    public FsckVerb(@Reference StorageService storage) {
        this.storage = storage;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        CheckRequest request = new CheckRequest(invocation.flag("repair"), !invocation.flag("quick"));
        CheckReport report = storage.check(request, finding -> {});
        Result shown = invocation.json() ? new Result.Document(document(report)) : lines(report);
        return report.clean() ? shown : new Result.Partial(shown, List.of(advice(request, report)), 1);
    }

    private static String advice(CheckRequest request, CheckReport report) {
        boolean repairable = report.findings().stream().anyMatch(finding -> finding.outcome() == Finding.Outcome.FOUND);
        return repairable && !request.repair()
                ? "not all is well: run felucca fsck --repair"
                : "not all is well: what is left cannot be repaired here";
    }

    private static Result lines(CheckReport report) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : report.findings()) {
            String users = finding.users().isEmpty() ? "" : " (used by " + String.join(", ", finding.users()) + ")";
            lines.add(label(finding.part()) + " " + finding.subject() + ": " + finding.problem() + users + ": "
                    + label(finding.outcome()));
        }
        lines.add("checked " + report.records() + " records, " + report.blobs() + " blobs, " + report.snapshots()
                + " snapshots, " + report.bytes() + " bytes: "
                + (report.findings().isEmpty()
                        ? "all is well"
                        : report.findings().size() + " found"));
        return new Result.Lines(lines);
    }

    private static JsonObject document(CheckReport report) {
        return JsonObject.builder()
                .put("clean", report.clean())
                .put("records", report.records())
                .put("blobs", report.blobs())
                .put("snapshots", report.snapshots())
                .put("bytes", report.bytes())
                .array("findings", report.findings(), FsckVerb::document)
                .build();
    }

    private static JsonObject document(Finding finding) {
        return JsonObject.builder()
                .put("part", label(finding.part()))
                .put("subject", finding.subject())
                .put("problem", finding.problem())
                .put("outcome", label(finding.outcome()))
                .strings("users", finding.users())
                .build();
    }

    /** {@code FETCHED_WHEN_NEEDED} becomes {@code fetched-when-needed}. */
    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
