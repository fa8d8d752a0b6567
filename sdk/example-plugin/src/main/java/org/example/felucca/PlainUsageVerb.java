package org.example.felucca;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.felucca.api.command.Column;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotUsage;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command {@code plain-usage}: what the snapshots of this plugin take. */
@Component
@PluginId("plain-usage")
public final class PlainUsageVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("plain-usage", "show what the snapshots of snapshotter plain take")
            .description("Lists each snapshot with the bytes and inodes of its directory.")
            .example("felucca plain-usage --format json")
            .build();
    private static final List<Column> COLUMNS = List.of(
            Column.text("KEY", "key"),
            Column.text("KIND", "kind"),
            Column.of("SIZE", "bytes", Column.Format.BYTES),
            Column.text("INODES", "inodes"));

    private final PlainSnapshotter snapshotter;

    /** Called by DS. */
    @Activate
    public PlainUsageVerb(@Reference PlainSnapshotter snapshotter) {
        this.snapshotter = snapshotter;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        List<JsonObject> rows = new ArrayList<>();
        snapshotter.walk(info -> usage(info).ifPresent(usage -> rows.add(JsonObject.builder()
                .put("key", info.key().value())
                .put("kind", info.kind().name().toLowerCase(Locale.ROOT))
                .put("bytes", usage.bytes())
                .put("inodes", usage.inodes())
                .build())));
        return new Result.Table(COLUMNS, rows);
    }

    /** Empty for a snapshot that was removed since it was listed: containers come and go meanwhile. */
    private Optional<SnapshotUsage> usage(SnapshotInfo info) {
        try {
            return Optional.of(snapshotter.usage(info.key()));
        } catch (FeluccaException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
