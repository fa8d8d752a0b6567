package org.felucca.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides whether a jar may become part of the daemon, which runs as root: it must come from somebody who is root already. A record
 * of how that is established; immutable, and safe for use by any thread. Pins are read at each decision, so that a new one needs no
 * restart.
 *
 * @param level what is asked for beyond ownership
 * @param pins the file of pinned digests; of no meaning unless the level is PINNED
 * @param owner the user id that must own folder and jars
 */
record Trust(Level level, Path pins, int owner) {
    private static final int ROOT = 0;
    private static final int WRITABLE_BY_OTHERS = 0022;

    /** What is asked for beyond ownership. */
    enum Level {
        /** Nothing. */
        ANY,
        /** The digest of the content is among the pins. */
        PINNED,
        /** The jar is signed. Nothing is trusted by it, because signatures are not verified. */
        SIGNED
    }

    /**
     * Reads the setting.
     *
     * @throws IllegalArgumentException if it names no level, or PINNED and no file of pins
     */
    static Trust of(String level, String pins) {
        Level parsed = switch (level.strip()) {
            case "any" -> Level.ANY;
            case "pinned" -> Level.PINNED;
            case "signed" -> Level.SIGNED;
            default ->
                throw new IllegalArgumentException("cannot use trust=" + level + ": no such level; use any or pinned");
        };
        if (parsed == Level.PINNED && pins.isBlank()) {
            throw new IllegalArgumentException("cannot use trust=pinned: no file of pins; set pins to one");
        }
        return new Trust(parsed, Path.of(pins.strip()), ROOT);
    }

    /**
     * Checks that a directory or regular file is what it seems to be and can be changed by its owner only.
     *
     * @throws RefusedException if not, or if it cannot be looked at
     */
    void requireOwned(Path path) throws RefusedException {
        Map<String, Object> attributes;
        try {
            attributes =
                    Files.readAttributes(path, "unix:uid,mode,isRegularFile,isDirectory", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new RefusedException("cannot look at " + path + ": " + e.getMessage(), e);
        }
        if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))
                && !Boolean.TRUE.equals(attributes.get("isDirectory"))) {
            throw new RefusedException(path + " is neither a regular file nor a directory; copy the jar itself there");
        }
        int uid = number(attributes, "uid");
        if (uid != owner) {
            throw new RefusedException(path + " belongs to user " + uid + ", not to " + owner + "; use chown");
        }
        if ((number(attributes, "mode") & WRITABLE_BY_OTHERS) != 0) {
            throw new RefusedException(path + " is writable by others than its owner; use chmod go-w");
        }
    }

    private static int number(Map<String, Object> attributes, String name) {
        return (Integer) Objects.requireNonNull(attributes.get(name), name);
    }

    /**
     * Checks a content against the level.
     *
     * @param sha256 the digest of the content, in lower-case hexadecimal
     * @throws RefusedException if it is not trusted, or the pins cannot be read or can be changed by others
     */
    void requireTrusted(String sha256) throws RefusedException {
        switch (level) {
            case ANY -> {}
            case PINNED -> {
                if (!readPins().contains(sha256)) {
                    throw new RefusedException(
                            "sha256 " + sha256 + " is not pinned in " + pins + "; add it if you trust it");
                }
            }
            case SIGNED -> throw new RefusedException("trust=signed is not supported; use any or pinned");
        }
    }

    private Set<String> readPins() throws RefusedException {
        requireOwned(pins);
        try (Stream<String> lines = Files.lines(pins)) {
            return lines.map(line -> line.strip().split("\\s+", 2)[0]).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new RefusedException("cannot read pins " + pins + ": " + e.getMessage(), e);
        }
    }
}
