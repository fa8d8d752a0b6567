package org.felucca.layers.manifest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Stat;
import org.jspecify.annotations.Nullable;

/** Compares a tree with its manifest. Used once. */
public final class ManifestCheck implements AutoCloseable {
    /** More are of no use to anybody. */
    private static final int MOST = 10;

    private final Path manifest;
    private final boolean contents;
    private final FileReader reader = new FileReader();
    private final List<String> damage = new ArrayList<>();
    private final Deque<Place> places = new ArrayDeque<>();

    /** A directory on the way; without a descriptor if it is not there. */
    private record Place(String path, @Nullable Fd fd) {}

    /** @param contents whether the bytes of files are read */
    public ManifestCheck(Path tree, Path manifest, boolean contents) {
        this.manifest = manifest;
        this.contents = contents;
        try {
            places.push(new Place("", Dir.openDirectory(Fd.HOST, tree.toString())));
        } catch (PosixException e) {
            places.push(new Place("", null));
            damage.add("its directory cannot be opened: " + e.getMessage());
        }
    }

    /**
     * Compares.
     *
     * @return what is damaged, the first few
     * @throws FeluccaException NOT_FOUND if there is no manifest; UNSUPPORTED if it is none of this form; CANCELLED on
     *     interrupt
     */
    public List<String> run() {
        String subject = "cannot check layer " + manifest.getParent();
        CRC32C checksum = new CRC32C();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(manifest))) {
            String header = Format.line(in, checksum);
            if (!Format.HEADER.equals(header)) {
                if (header != null && Format.OTHER_HEADER.matcher(header).matches()) {
                    throw new FeluccaException(ErrorCode.UNSUPPORTED, subject, "its manifest is of another form");
                }
                return List.of("its manifest is damaged");
            }
            return compare(in, checksum, subject);
        } catch (NoSuchFileException e) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, subject, "it has no manifest", null, e);
        } catch (IOException e) {
            return List.of("its manifest cannot be read: " + e.getMessage());
        }
    }

    private List<String> compare(InputStream in, CRC32C checksum, String subject) throws IOException {
        long entries = 0;
        String line = Format.line(in, checksum);
        while (line != null && !line.startsWith(Format.END) && damage.size() < MOST) {
            if (Thread.currentThread().isInterrupted()) {
                throw new FeluccaException(ErrorCode.CANCELLED, subject, "interrupted");
            }
            try {
                if (line.equals(Format.UP)) {
                    leave();
                } else {
                    entries++;
                    entry(line.split(" ", -1));
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                return List.of("its manifest is damaged at entry " + entries);
            }
            line = Format.line(in, checksum);
        }
        if (damage.size() >= MOST) {
            return damage;
        }
        // A manifest that is wrong itself says nothing about the tree.
        if (line == null || !line.equals(Format.END + entries + " " + Format.digest(checksum))) {
            return List.of("its manifest is damaged");
        }
        return damage;
    }

    private void leave() {
        if (places.size() < 2) {
            throw new IllegalArgumentException("one directory too many ends");
        }
        Fd fd = places.pop().fd();
        if (fd != null) {
            fd.close();
        }
    }

    private void entry(String[] fields) {
        char letter = fields[0].charAt(0);
        int at = letter == Format.DIRECTORY || letter == Format.SYMLINK
                ? 4
                : letter == Format.REGULAR || letter == Format.SPARSE ? 6 : 5;
        String name = Format.name(fields[at]);
        Place place = Objects.requireNonNull(places.peek(), "the root stays");
        String path = place.path() + "/" + name;
        Fd parent = place.fd();
        Stat stat = parent == null ? null : Dir.statIfPresent(parent, name).orElse(null);
        @Nullable String wrong = null;
        if (parent != null) {
            wrong = stat == null ? "is missing" : compare(parent, name, stat, letter, fields);
        }
        if (letter == Format.DIRECTORY) {
            enter(path, parent, name, stat);
        }
        if (wrong != null) {
            damage.add(path + " " + wrong);
        }
    }

    private void enter(String path, @Nullable Fd parent, String name, @Nullable Stat stat) {
        if (parent != null && stat != null && stat.isDirectory()) {
            places.push(new Place(path, Dir.openDirectory(parent, name)));
        } else {
            places.push(new Place(path, null));
        }
    }

    private @Nullable String compare(Fd parent, String name, Stat stat, char letter, String[] fields) {
        char actual = Format.letter(stat.type());
        if (actual != letter && !(letter == Format.SPARSE && actual == Format.REGULAR)) {
            return "is of another type";
        }
        if (letter != Format.SYMLINK && stat.permissions() != Integer.parseInt(fields[1], 8)) {
            return "has another mode";
        }
        if (stat.uid() != Integer.parseInt(fields[2]) || stat.gid() != Integer.parseInt(fields[3])) {
            return "has another owner";
        }
        return switch (letter) {
            case Format.REGULAR, Format.SPARSE -> file(parent, name, stat, fields);
            case Format.SYMLINK -> link(parent, name, Format.name(fields[5]));
            case Format.DIRECTORY -> null;
            default -> (stat.major() + ":" + stat.minor()).equals(fields[4]) ? null : "is another device";
        };
    }

    private @Nullable String file(Fd parent, String name, Stat stat, String[] fields) {
        long size = Long.parseLong(fields[4]);
        if (stat.size() != size) {
            return "has " + stat.size() + " bytes instead of " + size;
        }
        if (!contents || fields[5].equals(Format.NONE)) {
            return null;
        }
        try {
            return Format.digest(reader.checksum(parent, name)).equals(fields[5]) ? null : "has other contents";
        } catch (PosixException e) {
            if (e.is(Errno.EIO)) {
                return "cannot be read";
            }
            throw e;
        }
    }

    private static @Nullable String link(Fd parent, String name, String target) {
        return Dir.readlink(parent, name).equals(target) ? null : "points elsewhere";
    }

    @Override
    public void close() {
        for (Place place : places) {
            Fd fd = place.fd();
            if (fd != null) {
                fd.close();
            }
        }
    }
}
