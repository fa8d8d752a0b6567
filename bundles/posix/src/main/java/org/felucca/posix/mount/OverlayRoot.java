package org.felucca.posix.mount;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Names;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Syscalls;

/**
 * A detached overlay mount, made in the way that the kernel and the number of layers allow, tried in this order:
 *
 * <ol>
 *   <li>{@code lowerdir+}, one layer after another (Linux 6.5; up to 500 layers);
 *   <li>one {@code lowerdir=} of at most 255 bytes through fsconfig, of paths as {@code /proc/self/fd/7} where
 *       that is shorter (about 14 layers);
 *   <li>{@code mount(2)}, whose data may fill a page, by a thread that leaves the process's mount namespace for
 *       one of its own, with paths relative to the layers' common parent; the tree is taken out of that namespace by
 *       {@code open_tree}. With the short names that the overlay snapshotter gives, a page holds the kernel's 500
 *       layers.
 * </ol>
 *
 * <p>The choice between the first and the others is made once per process.
 */
public final class OverlayRoot {

    /** What the kernel accepts in one overlay: {@code OVL_MAX_STACK}. */
    public static final int MOST_LOWERS = 500;

    private static final int PAGE = 4096;
    private static final int CLONE_FS = 0x200;
    private static final int CLONE_NEWNS = 0x20000;

    private enum Append {
        UNKNOWN,
        WORKS,
        MISSING
    }

    private static volatile Append append = Append.UNKNOWN;

    private OverlayRoot() {}

    /**
     * Mounts without attaching.
     *
     * @param attributes {@link MountAttributes}
     * @return the mount, owned by the caller; a place to start from, as opened with {@link Open#PATH}: to read
     *     the root directory itself, open "." in it
     * @throws PosixException with the kernel's own words; E2BIG if there are more layers than any way can take
     */
    public static Fd mount(OverlaySpec spec, long attributes) {
        if (spec.lowers().size() > MOST_LOWERS) {
            throw new PosixException(
                    Errno.E2BIG.value(),
                    "mount overlay",
                    spec.lowers().get(0).toString(),
                    spec.lowers().size() + " layers");
        }
        List<Fd> handles = new ArrayList<>();
        try {
            if (append != Append.MISSING) {
                try {
                    Fd mount = mountAppending(spec, attributes, handles);
                    append = Append.WORKS;
                    return mount;
                } catch (MissingParameter e) {
                    // What is wrong with the overlay itself fails again, and says nothing about the kernel.
                    Fd mount = mountJoined(spec, attributes, handles);
                    append = Append.MISSING;
                    return mount;
                }
            }
            return mountJoined(spec, attributes, handles);
        } catch (PosixException e) {
            throw e.is(Errno.ENOENT) ? missing(spec, e) : e;
        } finally {
            handles.forEach(Fd::close);
        }
    }

    /** Old kernels do not say which directory is missing. */
    private static PosixException missing(OverlaySpec spec, PosixException failure) {
        List<Path> all = new ArrayList<>(spec.lowers());
        spec.upper().ifPresent(upper -> all.addAll(List.of(upper.upper(), upper.work())));
        for (Path path : all) {
            if (Dir.statIfPresent(Fd.HOST, path.toString()).isEmpty()) {
                return new PosixException(Errno.ENOENT.value(), "mount overlay", path.toString());
            }
        }
        return failure;
    }

    /**
     * The kernel may not know {@code lowerdir+}: a newer one without it refuses the parameter, one before 6.5 takes every
     * parameter as it comes and refuses to create the overlay.
     */
    private static final class MissingParameter extends Exception {
        private static final long serialVersionUID = 1;

        MissingParameter(PosixException cause) {
            super(cause);
        }
    }

    private static Fd mountAppending(OverlaySpec spec, long attributes, List<Fd> handles) throws MissingParameter {
        try (FsContext context = FsContext.open("overlay")) {
            for (Path lower : spec.lowers()) {
                context.string("lowerdir+", fitting(lower, handles));
            }
            return finish(context, spec, attributes, handles);
        } catch (PosixException e) {
            if (e.is(Errno.EINVAL) && append == Append.UNKNOWN) {
                throw new MissingParameter(e);
            }
            throw e;
        }
    }

    static Fd mountJoined(OverlaySpec spec, long attributes, List<Fd> handles) {
        String plain = join(spec.lowers().stream().map(Path::toString).toList());
        String lowers = plain;
        if (bytes(plain) > FsContext.LONGEST_VALUE && spec.lowers().size() * 17 < FsContext.LONGEST_VALUE) {
            List<String> paths = new ArrayList<>();
            spec.lowers().forEach(lower -> paths.add(handle(lower, handles)));
            lowers = String.join(":", paths);
        }
        if (bytes(lowers) > FsContext.LONGEST_VALUE) {
            return mountFromOwnNamespace(spec, attributes);
        }
        try (FsContext context = FsContext.open("overlay")) {
            context.string("lowerdir", lowers);
            return finish(context, spec, attributes, handles);
        }
    }

    private static Fd finish(FsContext context, OverlaySpec spec, long attributes, List<Fd> handles) {
        spec.upper().ifPresent(upper -> {
            context.string("upperdir", fitting(upper.upper(), handles));
            context.string("workdir", fitting(upper.work(), handles));
        });
        spec.options().forEach((key, value) -> {
            if (value.isEmpty()) {
                context.flag(key);
            } else {
                context.string(key, value);
            }
        });
        return context.create().mount(attributes);
    }

    /**
     * The path itself, or one through a handle if it is longer than fsconfig takes, or holds what some kernels take
     * for syntax.
     */
    private static String fitting(Path path, List<Fd> handles) {
        String text = path.toString();
        boolean plain = bytes(text) <= FsContext.LONGEST_VALUE && text.indexOf('\\') < 0 && text.indexOf(',') < 0;
        return plain ? text : handle(path, handles);
    }

    private static String handle(Path path, List<Fd> handles) {
        Fd handle = Dir.open(Fd.HOST, path.toString(), Open.PATH | Open.DIRECTORY, 0);
        handles.add(handle);
        return handle.procPath();
    }

    static Fd mountFromOwnNamespace(OverlaySpec spec, long attributes) {
        Path base = commonParent(spec);
        Object[] outcome = new Object[1];
        Thread thread = new Thread(
                () -> {
                    try {
                        outcome[0] = mountHere(spec, attributes, base);
                    } catch (RuntimeException e) {
                        outcome[0] = e;
                    }
                },
                "overlay-mount");
        thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (outcome[0] instanceof Fd mount) {
            return mount;
        }
        if (outcome[0] instanceof RuntimeException e) {
            throw e;
        }
        throw new IllegalStateException("the mounting thread died");
    }

    /** Runs in a thread that ends after it: its namespace, and its working directory, end with it. */
    private static Fd mountHere(OverlaySpec spec, long attributes, Path base) {
        if (Libc.call(Syscalls.UNSHARE, CLONE_FS | CLONE_NEWNS) < 0) {
            throw new PosixException(Libc.errno(), "unshare", "");
        }
        Mounts.mount("none", "/", "none", Mounts.MS_REC | Mounts.PRIVATE, "");
        try (Fd directory = Dir.open(base)) {
            if (Libc.call(Syscalls.FCHDIR, directory.raw()) < 0) {
                throw new PosixException(Libc.errno(), "fchdir", base.toString());
            }
        }
        List<String> lowers = spec.lowers().stream()
                .map(lower -> base.relativize(lower).toString())
                .toList();
        StringBuilder data = new StringBuilder("lowerdir=").append(join(lowers));
        spec.upper()
                .ifPresent(upper -> data.append(",upperdir=")
                        .append(quote(base.relativize(upper.upper()).toString(), ","))
                        .append(",workdir=")
                        .append(quote(base.relativize(upper.work()).toString(), ",")));
        for (Map.Entry<String, String> option : new TreeMap<>(spec.options()).entrySet()) {
            data.append(',').append(option.getKey());
            if (!option.getValue().isEmpty()) {
                data.append('=').append(option.getValue());
            }
        }
        if (bytes(data.toString()) >= PAGE) {
            throw new PosixException(
                    Errno.E2BIG.value(),
                    "mount overlay",
                    base.toString(),
                    spec.lowers().size() + " layers exceed a page");
        }
        Mounts.mount("overlay", base.toString(), "overlay", 0, data.toString());
        Fd mount = Mounts.cloneTree(Fd.HOST, base.toString(), false);
        try {
            if (attributes != 0) {
                Mounts.setAttributes(mount, attributes, MountAttributes.ATIME, 0, false);
            }
            return mount;
        } catch (RuntimeException e) {
            mount.close();
            throw e;
        }
    }

    private static Path commonParent(OverlaySpec spec) {
        List<Path> all = new ArrayList<>(spec.lowers());
        spec.upper().ifPresent(upper -> all.addAll(List.of(upper.upper(), upper.work())));
        Path common = parent(all.get(0));
        for (Path path : all) {
            while (!path.startsWith(common) || path.equals(common)) {
                common = parent(common);
            }
        }
        return common;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("the root directory cannot be a layer");
        }
        return parent;
    }

    private static String join(List<String> lowers) {
        List<String> quoted = lowers.stream().map(lower -> quote(lower, ":,")).toList();
        return String.join(":", quoted);
    }

    private static String quote(String path, String special) {
        StringBuilder quoted = new StringBuilder();
        for (char c : path.toCharArray()) {
            if (c == '\\' || special.indexOf(c) >= 0) {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.toString();
    }

    private static int bytes(String text) {
        return Names.encode(text).length;
    }
}
