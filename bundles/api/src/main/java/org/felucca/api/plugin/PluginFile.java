package org.felucca.api.plugin;

import java.util.List;
import java.util.Objects;

/**
 * A file in the plugins folder, as shown to people.
 *
 * @param file its name in the folder
 * @param state what became of it
 * @param digest SHA-256 of its content in hexadecimal, or empty if it could not be read
 * @param bundle symbolic name of the bundle, or empty if it is none
 * @param version version of the bundle, or empty
 * @param providers what it provides, each as {@code role:id}, sorted; empty unless it is installed
 * @param note why, where the state needs a reason; else empty
 */
public record PluginFile(
        String file, State state, String digest, String bundle, String version, List<String> providers, String note) {
    /** What became of a file. */
    public enum State {
        /** It runs. */
        INSTALLED,
        /** It was refused; the note says why. What ran before under its name, if anything, still does. */
        REFUSED
    }

    /** Checks and copies. */
    public PluginFile {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(bundle, "bundle");
        Objects.requireNonNull(version, "version");
        providers = List.copyOf(providers);
        Objects.requireNonNull(note, "note");
    }
}
