package org.felucca.images;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotFiles;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.Snapshotter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether committed layers are what their manifests say, sizes and kinds only: what a power cut does to files
 * shows in them, and a whole image takes a tenth of a second. Thread-safe.
 */
final class LayerCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LayerCheck.class);

    private final Providers providers;

    LayerCheck(Providers providers) {
        this.providers = providers;
    }

    /** Condemns what is damaged, so that unpacking mends it. */
    void inspect(String name, ResolvedImage image, Provider<Snapshotter> snapshotter) {
        image.chain().forEach(id -> inspect(name, Unpacker.key(id), snapshotter));
    }

    private void inspect(String name, SnapshotKey key, Provider<Snapshotter> snapshotter) {
        Optional<SnapshotFiles> files;
        try {
            SnapshotInfo info = snapshotter.call(contract -> contract.stat(key));
            boolean described = "true".equals(info.labels().get(SnapshotInfo.LABEL_MANIFEST));
            if (info.kind() != SnapshotKind.COMMITTED || !info.whole() || !described) {
                return;
            }
            files = snapshotter.call(contract -> contract.files(key));
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return;
            }
            throw e;
        }
        files.ifPresent(where -> {
            List<String> damage = damage(where);
            if (!damage.isEmpty()) {
                LOG.warn("layer {} of image {} is damaged: {}; it is unpacked again", key, name, damage.get(0));
                snapshotter.use(contract -> contract.condemn(key, damage.get(0)));
            }
        });
    }

    private List<String> damage(SnapshotFiles files) {
        for (Provider<DiffApplier> applier : providers.live(Role.DIFF)) {
            try {
                return applier.call(contract -> contract.check(files.tree(), files.manifest(), false));
            } catch (FeluccaException e) {
                if (e.is(ErrorCode.NOT_FOUND)) {
                    return List.of("its manifest is missing");
                }
                if (!e.is(ErrorCode.UNSUPPORTED)) {
                    throw e;
                }
                // Another one's manifest.
            }
        }
        return Files.exists(files.manifest()) ? List.of() : List.of("its manifest is missing");
    }
}
