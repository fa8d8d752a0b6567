package org.felucca.runtime.ocicli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Files and directories of a bundle. */
final class BundleFiles {
    private BundleFiles() {}

    /** Writes a file that the program reads while the action runs. */
    static <T> T withFile(Path file, byte[] content, Function<Path, T> action) {
        try {
            Files.write(file, content);
            try {
                return action.apply(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw failed("cannot write " + file, e);
        }
    }

    /** Makes a directory, and those above it. */
    static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw failed("cannot make " + directory, e);
        }
    }

    private static FeluccaException failed(String subject, IOException e) {
        return new FeluccaException(ErrorCode.INTERNAL, subject, String.valueOf(e.getMessage()), null, e);
    }
}
