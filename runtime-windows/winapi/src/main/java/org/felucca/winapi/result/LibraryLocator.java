package org.felucca.winapi.result;

import java.nio.file.Path;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Where the libraries of Windows are. Thread-safe. */
@FunctionalInterface
public interface LibraryLocator {

    /**
     * The file of a library, as an absolute path.
     *
     * @param name without extension: {@code computecore}
     */
    Path locate(String name);

    /**
     * The host's own, in its system directory and nowhere else: a bare name would also be looked for beside the
     * program and along the search path, where others can put a library of the same name.
     *
     * @throws FeluccaException {@link ErrorCode#UNSUPPORTED} if this host is not Windows
     */
    static LibraryLocator system() {
        String root = System.getenv("SystemRoot");
        if (root == null || !System.getProperty("os.name", "").startsWith("Windows")) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    "cannot load the libraries of Windows",
                    "this host is " + System.getProperty("os.name"));
        }
        Path directory = Path.of(root, "System32");
        return name -> directory.resolve(name + ".dll");
    }
}
