package org.felucca.images;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.felucca.api.plugin.Provider;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.Snapshotter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes whole what is committed of a chain and known to be damaged, the lowest first; what lies on it stays. The locks of
 * the chain's layers are held. Used once.
 */
final class Mending {
    private static final Logger LOG = LoggerFactory.getLogger(Mending.class);

    private final Provider<Snapshotter> snapshotter;
    private final List<SnapshotKey> chain;
    private final IntFunction<LayerStep> steps;
    private final boolean wholeTrees;

    /**
     * @param steps how the layer at an index is written
     * @param wholeTrees whether a snapshot holds the layers below it, which then need none of their own
     */
    Mending(
            Provider<Snapshotter> snapshotter,
            List<SnapshotKey> chain,
            IntFunction<LayerStep> steps,
            boolean wholeTrees) {
        this.snapshotter = snapshotter;
        this.chain = chain;
        this.steps = steps;
        this.wholeTrees = wholeTrees;
    }

    /** @param first the lowest that is not committed and whole */
    void run(int first) {
        int last = chain.size() - 1;
        while (last >= first && find(last).isEmpty()) {
            last--;
        }
        for (int i = first; i <= last; i++) {
            Optional<SnapshotInfo> there = find(i);
            if (there.isPresent()) {
                mend(i, there.get());
            } else if (!wholeTrees) {
                Unpacker.oneByOne(List.of(steps.apply(i)));
            }
        }
    }

    private Optional<SnapshotInfo> find(int index) {
        return Unpacker.find(snapshotter, chain.get(index));
    }

    private void mend(int index, SnapshotInfo info) {
        if (info.whole()) {
            return;
        }
        if (!info.labels().containsKey(SnapshotInfo.LABEL_DAMAGED)) {
            // It lay on a damaged one, which has been mended.
            Map<String, String> kept = new HashMap<>(info.labels());
            kept.remove(SnapshotInfo.LABEL_DAMAGED_BELOW);
            snapshotter.use(contract -> contract.relabel(info.key(), kept));
            return;
        }
        if (wholeTrees) {
            int lowest = info.parent().map(chain::indexOf).orElse(-1) + 1;
            Unpacker.inOne(IntStream.rangeClosed(lowest, index).mapToObj(steps).toList());
        } else {
            Unpacker.oneByOne(List.of(steps.apply(index)));
        }
        LOG.info("layer {} was damaged and is mended", info.key());
    }
}
