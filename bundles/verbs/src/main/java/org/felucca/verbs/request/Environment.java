package org.felucca.verbs.request;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.felucca.api.command.Invocation;

/**
 * {@code -e} and {@code --env-file} as docker reads them: files first, then options, later entries win in the container.
 * A name without {@code =} takes the caller's value and is left out if the caller has none. Stateless.
 */
final class Environment {
    private static final int LARGEST_FILE = 4 << 20;

    private Environment() {}

    /** Returns the entries asked for by the options {@code env-file} and {@code env}. */
    static List<String> of(Invocation invocation) {
        List<String> entries = new ArrayList<>();
        for (String file : invocation.texts("env-file")) {
            entries.addAll(file(file, read(invocation, file), invocation.environment()));
        }
        for (String entry : invocation.texts("env")) {
            if (entry.isEmpty() || entry.charAt(0) == '=') {
                throw Invalid.option(
                        "env", entry, "it has no name", "write NAME=VALUE, or NAME to pass on the caller's");
            }
            add(entries, entry, invocation.environment());
        }
        return entries;
    }

    private static String read(Invocation invocation, String path) {
        try (InputStream in = invocation.file(path)) {
            byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw Invalid.option("env-file", path, "it has more than 4 MiB", "give a file of NAME=VALUE lines");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Invalid.option("env-file", path, "it is not UTF-8", "write it as UTF-8");
        } catch (IOException e) {
            throw Invalid.unreadable(path, e);
        }
    }

    /** Reads the lines of a file. */
    static List<String> file(String path, String text, Map<String, String> caller) {
        List<String> entries = new ArrayList<>();
        String body = text.startsWith("\ufeff") ? text.substring(1) : text;
        int number = 0;
        for (String raw : body.split("\n", -1)) {
            number++;
            String line = (raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw).stripLeading();
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            int equals = line.indexOf('=');
            String name = equals < 0 ? line.strip() : line.substring(0, equals);
            if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
                throw Invalid.option(
                        "env-file",
                        path,
                        "line " + number
                                + (name.isEmpty() ? " has no name" : " has a name with white space: '" + name + "'"),
                        "write NAME=VALUE");
            }
            add(entries, equals < 0 ? name : line, caller);
        }
        return entries;
    }

    private static void add(List<String> entries, String entry, Map<String, String> caller) {
        if (entry.indexOf('=') >= 0) {
            entries.add(entry);
        } else if (caller.containsKey(entry)) {
            entries.add(entry + "=" + caller.get(entry));
        }
    }
}
