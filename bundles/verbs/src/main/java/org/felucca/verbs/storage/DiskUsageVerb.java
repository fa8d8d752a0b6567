package org.felucca.verbs.storage;

import java.util.List;
import java.util.Locale;
import org.felucca.api.command.Column;
import org.felucca.api.command.Column.Format;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.storage.StorageService;
import org.felucca.api.storage.Usage;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code system df}: what takes how much of the disk. */
@Component(service = Verb.class)
@PluginId("system-df")
public final class DiskUsageVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("system df", "show what takes how much of the disk")
            .description("Of all tenants together. What images share is counted once."
                    + "\nReclaimable is what would be free without the images that no container uses, and without the"
                    + " containers that do not run.")
            .build();

    private static final List<Column> COLUMNS = List.of(
            Column.text("TYPE", "type"),
            Column.text("TOTAL", "total"),
            Column.text("ACTIVE", "active"),
            Column.of("SIZE", "bytes", Format.BYTES),
            Column.of("RECLAIMABLE", "reclaimable", Format.BYTES));

    private final StorageService storage;

    /** Makes the verb. */
    @Activate
    public DiskUsageVerb(@Reference StorageService storage) {
        this.storage = storage;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        return new Result.Table(
                COLUMNS, storage.usage().stream().map(DiskUsageVerb::row).toList());
    }

    private static JsonObject row(Usage usage) {
        return JsonObject.builder()
                .put("type", usage.kind().name().toLowerCase(Locale.ROOT))
                .put("total", usage.total())
                .put("active", usage.active())
                .put("bytes", usage.bytes())
                .put("reclaimable", usage.reclaimable())
                .build();
    }
}
