package org.felucca.core.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A text file of the host in the form that containers get it, read again when it has changed. Thread-safe. */
final class HostText {
    private final Path file;
    private final String otherwise;
    private final UnaryOperator<String> form;
    private volatile @Nullable Version last;

    /** What was read, and what tells whether it is still current. */
    private record Version(
            FileTime modified, long size, @Nullable Object key, String text) {
        boolean is(BasicFileAttributes now) {
            return modified.equals(now.lastModifiedTime()) && size == now.size() && Objects.equals(key, now.fileKey());
        }
    }

    /**
     * Names a file.
     *
     * @param otherwise the text if there is no such file
     * @param form makes of the file's text what containers get
     */
    HostText(Path file, String otherwise, UnaryOperator<String> form) {
        this.file = file;
        this.otherwise = otherwise;
        this.form = form;
    }

    String read() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Version known = last;
            if (known != null && known.is(now)) {
                return known.text();
            }
            String text = form.apply(Files.readString(file));
            last = new Version(now.lastModifiedTime(), now.size(), now.fileKey(), text);
            return text;
        } catch (NoSuchFileException e) {
            return otherwise;
        }
    }

    /** A name server at the host's loopback address cannot be reached from another network namespace. */
    static String withoutLoopback(String resolver) {
        List<String> kept = new ArrayList<>();
        for (String line : resolver.split("\n")) {
            String[] words = line.strip().split("\\s+");
            boolean loopback = words.length > 1
                    && words[0].equals("nameserver")
                    && (words[1].startsWith("127.") || words[1].equals("::1"));
            if (!loopback) {
                kept.add(line);
            }
        }
        return String.join("\n", kept) + "\n";
    }
}
