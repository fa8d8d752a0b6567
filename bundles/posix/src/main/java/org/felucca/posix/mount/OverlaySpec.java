package org.felucca.posix.mount;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An overlay to be mounted.
 *
 * @param lowers read-only directories, the topmost first; at least one, two if there is no upper
 * @param upper where changes go, with the work directory beside it on one file system; none for a read-only view
 * @param options overlay's own options, as {@code index=off}; an empty value means a flag ({@code volatile})
 */
public record OverlaySpec(List<Path> lowers, Optional<Upper> upper, Map<String, String> options) {

    /**
     * The writable layer.
     *
     * @param upper the directory that takes changes
     * @param work an empty directory for the kernel's use
     */
    public record Upper(Path upper, Path work) {}

    public OverlaySpec {
        lowers = List.copyOf(lowers);
        options = Map.copyOf(new java.util.TreeMap<>(options));
        if (lowers.isEmpty() || lowers.size() < 2 && upper.isEmpty()) {
            throw new IllegalArgumentException("an overlay needs an upper and a lower, or two lowers");
        }
        for (Path lower : lowers) {
            if (!lower.isAbsolute()) {
                throw new IllegalArgumentException("not an absolute path: " + lower);
            }
        }
    }
}
