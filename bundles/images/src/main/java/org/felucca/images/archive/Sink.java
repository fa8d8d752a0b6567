package org.felucca.images.archive;

import java.io.IOException;
import java.io.InputStream;

/** Where the files of an export go. Paths are relative, with slashes; a directory comes before what is in it. */
public interface Sink {
    /** Writes a directory, readable by all. */
    void directory(String path) throws IOException;

    /** Writes a small file, readable by all. */
    void file(String path, byte[] content) throws IOException;

    /**
     * Writes a file, readable by all.
     *
     * @param size how many bytes the stream has
     * @throws IOException also if it has fewer or more
     */
    void file(String path, long size, InputStream content) throws IOException;
}
