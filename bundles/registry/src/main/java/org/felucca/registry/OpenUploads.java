package org.felucca.registry;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.hosts.RegistryHost;

/**
 * Uploads that a push left open at a registry when it was interrupted or lost the connection, so that the next push of
 * the same blob goes on there. Kept in memory, the youngest of them: a registry drops what nobody goes on with.
 * Thread-safe.
 */
final class OpenUploads {
    private static final int MOST = 64;

    /** Guarded by itself. */
    private final Map<Key, Left> uploads = new LinkedHashMap<>();

    /** What goes where. */
    private record Key(URI api, String path, Digest digest) {}

    /**
     * An upload.
     *
     * @param location where the registry wants more of it
     * @param piece bytes of a piece
     */
    record Left(URI location, long piece) {}

    /** Keeps one for the next push. */
    void keep(RegistryHost host, ImageReference repository, Digest digest, Left left) {
        synchronized (uploads) {
            uploads.put(new Key(host.api(), repository.path(), digest), left);
            if (uploads.size() > MOST) {
                uploads.remove(uploads.keySet().iterator().next());
            }
        }
    }

    /** Takes what an earlier push left; nobody else goes on with it then. */
    Optional<Left> take(RegistryHost host, ImageReference repository, Digest digest) {
        synchronized (uploads) {
            return Optional.ofNullable(uploads.remove(new Key(host.api(), repository.path(), digest)));
        }
    }
}
