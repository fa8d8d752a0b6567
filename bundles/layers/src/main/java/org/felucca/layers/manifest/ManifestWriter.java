package org.felucca.layers.manifest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.Stat;

/** Describes a tree as it is: one walk, and a read of those files only whose checksum is not known. Used once. */
public final class ManifestWriter {
    private static final int BUFFER = 1 << 16;

    private final FileDigests known;
    private final FileReader reader = new FileReader();
    private final StringBuilder line = new StringBuilder(256);
    private long entries;

    /** @param known checksums of files as they were written */
    public ManifestWriter(FileDigests known) {
        this.known = known;
    }

    /**
     * Writes the manifest, not synced.
     *
     * @param tree the root of the tree; stays the caller's
     */
    public void write(Fd tree, Path manifest) throws IOException {
        CRC32C checksum = new CRC32C();
        try (OutputStream file = Files.newOutputStream(manifest);
                OutputStream out = new BufferedOutputStream(new CheckedOutputStream(file, checksum), BUFFER)) {
            line.append(Format.HEADER);
            end(out);
            walk(tree, out);
            out.flush();
            line.append(Format.END).append(entries).append(' ').append(Format.digest(checksum));
            end(out);
        }
    }

    private void walk(Fd directory, OutputStream out) throws IOException {
        for (Listing.Entry entry : Listing.of(directory)) {
            String name = entry.name();
            Stat stat = Dir.stat(directory, name);
            entries++;
            switch (stat.type()) {
                case DIRECTORY -> {
                    Format.attributes(line, Format.DIRECTORY, stat);
                    Format.name(line, name);
                    end(out);
                    try (Fd below = Dir.openDirectory(directory, name)) {
                        walk(below, out);
                    }
                    line.append(Format.UP);
                }
                case REGULAR -> {
                    boolean sparse =
                            Format.isSparse(stat) && known.get(stat.inode()).isEmpty();
                    Format.attributes(line, sparse ? Format.SPARSE : Format.REGULAR, stat);
                    line.append(stat.size()).append(' ');
                    line.append(sparse ? Format.NONE : Format.digest(checksum(directory, name, stat)));
                    line.append(' ');
                    Format.name(line, name);
                }
                case SYMLINK -> {
                    Format.attributes(line, Format.SYMLINK, stat);
                    Format.name(line, name);
                    line.append(' ');
                    Format.name(line, Dir.readlink(directory, name));
                }
                case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE, UNKNOWN -> {
                    Format.attributes(line, Format.letter(stat.type()), stat);
                    line.append(stat.major()).append(':').append(stat.minor()).append(' ');
                    Format.name(line, name);
                }
            }
            end(out);
        }
    }

    private int checksum(Fd directory, String name, Stat stat) {
        OptionalInt written = known.get(stat.inode());
        return written.isPresent() ? written.getAsInt() : reader.checksum(directory, name);
    }

    private void end(OutputStream out) throws IOException {
        line.append('\n');
        out.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
        line.setLength(0);
    }
}
