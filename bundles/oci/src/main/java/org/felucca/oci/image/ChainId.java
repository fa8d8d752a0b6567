package org.felucca.oci.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.felucca.oci.digest.Digest;

/**
 * The identity of a stack of layers: that of the lowest is its diff id, each further one is the SHA-256 of
 * {@code "<chain id below> <diff id>"}.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md#layer-chainid">image-spec, ChainID</a>
 */
public final class ChainId {
    private ChainId() {}

    /** The chain id of a layer put upon a chain. */
    public static Digest on(Digest below, Digest diffId) {
        return Digest.of((below + " " + diffId).getBytes(StandardCharsets.US_ASCII));
    }

    /** The chain id of each prefix of these layers, lowest first; as many as there are layers. */
    public static List<Digest> chain(List<Digest> diffIds) {
        List<Digest> chain = new ArrayList<>(diffIds.size());
        for (Digest diffId : diffIds) {
            chain.add(chain.isEmpty() ? diffId : on(chain.get(chain.size() - 1), diffId));
        }
        return List.copyOf(chain);
    }
}
