package org.felucca.snapshotter.overlay;

import java.nio.file.Path;
import java.util.List;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;

/**
 * A lowest layer that holds what the mounts of a container cover, so that nothing is made for them in each container: a
 * file that is missing from the image costs the creation of itself and the copying up of its directory. An image that
 * has something else at these names hides it.
 *
 * @param path where it is; on the file system of the layers, since overlay numbers files otherwise if it is not
 */
record MountPoints(Path path) {
    private static final String NAME = "mount-points";
    private static final List<String> DIRECTORIES = List.of("dev", "etc", "proc", "sys");
    private static final List<String> FILES = List.of("etc/hostname", "etc/hosts", "etc/resolv.conf");

    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;

    /** Makes it where it is missing. */
    static MountPoints in(Fd storage, Path root) {
        makeDirectory(storage, NAME);
        try (Fd layer = Dir.openDirectory(storage, NAME)) {
            DIRECTORIES.forEach(directory -> makeDirectory(layer, directory));
            for (String file : FILES) {
                try (Fd open = Dir.open(layer, file, Open.CREAT | Open.WRONLY | Open.NOFOLLOW, FILE_MODE)) {
                    Io.chmod(open, FILE_MODE);
                }
            }
        }
        return new MountPoints(root.resolve(NAME));
    }

    private static void makeDirectory(Fd parent, String name) {
        if (Dir.mkdirIfAbsent(parent, name, DIRECTORY_MODE)) {
            Dir.chmod(parent, name, DIRECTORY_MODE);
        }
    }
}
