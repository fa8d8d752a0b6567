package org.felucca.itests.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.felucca.itests.e2e.OciLayout.Layer;
import org.felucca.itests.e2e.OciLayout.Packing;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;

/**
 * The images of the tests, made once and pushed to the registry: a Debian root file system of debootstrap under two small
 * layers, packed with gzip and with zstd; busybox; and one of layers that no build tool writes. Thread-safe after
 * construction.
 */
final class TestImages {
    private static final Pattern MIRROR = Pattern.compile("(?m)^(?:URIs: *|deb .*?)(https?://\\S*debian/?)(?:\\s|$)");

    /** The architecture of this machine in OCI's words. */
    static final String ARCHITECTURE = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";

    private final Registry registry;
    private final Path work;

    /** Tags: busybox, debian-gzip, debian-zstd, crafted. */
    private final OciLayout layout;

    private final JsonObject busybox;
    private final JsonObject debianGzip;

    TestImages(Registry registry, Path work) {
        this.registry = registry;
        this.work = work;
        this.layout = new OciLayout(work.resolve("layout"));
        Path busyboxTar = busyboxLayer();
        busybox = layout.image(config("/bin/sh"), List.of(new Layer(busyboxTar, Packing.GZIP)), ARCHITECTURE);
        Path debian = debianLayer();
        Path second = debianSecondLayer();
        Path third = debianThirdLayer();
        debianGzip = layout.image(
                config("/bin/bash"),
                List.of(
                        new Layer(debian, Packing.GZIP),
                        new Layer(second, Packing.GZIP),
                        new Layer(third, Packing.GZIP)),
                ARCHITECTURE);
        JsonObject debianZstd = layout.image(
                config("/bin/bash"),
                List.of(
                        new Layer(debian, Packing.ZSTD),
                        new Layer(second, Packing.PLAIN),
                        new Layer(third, Packing.ZSTD)),
                ARCHITECTURE);
        JsonObject crafted = layout.image(
                config("/listing"),
                craftedLayers().stream()
                        .map(tar -> new Layer(tar, Packing.GZIP))
                        .toList(),
                ARCHITECTURE);
        layout.tag("busybox", busybox)
                .tag("debian-gzip", debianGzip)
                .tag("debian-zstd", debianZstd)
                .tag("crafted", crafted);
        for (String tag : List.of("busybox", "debian-gzip", "debian-zstd", "crafted")) {
            registry.push(layout, tag, "e2e/" + tag + ":1");
        }
    }

    String busybox() {
        return registry.address() + "/e2e/busybox:1";
    }

    String debianGzip() {
        return registry.address() + "/e2e/debian-gzip:1";
    }

    String debianZstd() {
        return registry.address() + "/e2e/debian-zstd:1";
    }

    String crafted() {
        return registry.address() + "/e2e/crafted:1";
    }

    OciLayout layout() {
        return layout;
    }

    /** Returns the descriptor of busybox's manifest. */
    JsonObject busyboxManifest() {
        return busybox;
    }

    /** Returns a directory for what a test makes. */
    Path work() {
        return work;
    }

    private static JsonObject config(String command) {
        return JsonObject.builder()
                .put(
                        "Env",
                        JsonArray.ofStrings(List.of(
                                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "FROM_IMAGE=yes")))
                .put("Cmd", JsonArray.ofStrings(List.of(command)))
                .build();
    }

    private Path busyboxLayer() {
        Path tar = work.resolve("busybox.tar");
        try (TarWriter out = new TarWriter(tar)) {
            for (String directory : List.of("bin", "dev", "etc", "home", "proc", "root", "sys", "tmp", "var")) {
                out.directory(directory, directory.equals("tmp") ? 01777 : 0755);
            }
            out.file("bin/busybox", 0755, Files.readAllBytes(Path.of("/bin/busybox")));
            List<String> applets = Commands.run("busybox", "--list").ok().lines();
            for (String applet : applets) {
                if (!applet.equals("busybox")) {
                    out.hardlink("bin/" + applet, 0755, "bin/busybox");
                }
            }
            out.file(
                    "etc/passwd",
                    0644,
                    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"
                            + "worker:x:1000:1000::/home/worker:/bin/sh\n");
            out.file("etc/group", 0644, "root:x:0:\nnogroup:x:65534:\nworker:x:1000:\nextra:x:2000:worker\n");
            out.owner(1000, 1000).directory("home/worker", 0700);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tar;
    }

    /** debootstrap takes most of a minute, so its result is kept. */
    private static Path debianLayer() {
        Path cache = Path.of(System.getProperty("felucca.e2e.cache"));
        Path tar = cache.resolve("debian-bookworm.tar");
        if (Files.exists(tar)) {
            return tar;
        }
        try {
            Files.createDirectories(cache);
            Path root = Files.createTempDirectory(cache, "debootstrap");
            Commands.run(
                            Map.of(),
                            Path.of("/dev/null"),
                            Duration.ofMinutes(15),
                            List.of("debootstrap", "--variant=minbase", "bookworm", root.toString(), mirror()))
                    .ok();
            Path half = cache.resolve("debian-bookworm.tar.half");
            Commands.run(
                            "tar",
                            "--format=pax",
                            "--pax-option=delete=atime,delete=ctime",
                            "--numeric-owner",
                            "--xattrs",
                            "--xattrs-include=*",
                            "--sort=name",
                            "-C",
                            root.toString(),
                            "-cf",
                            half.toString(),
                            ".")
                    .ok();
            Files.move(half, tar, StandardCopyOption.ATOMIC_MOVE);
            Commands.run("rm", "-rf", "--one-file-system", root.toString()).ok();
            return tar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The mirror this machine's packages come from. */
    private static String mirror() {
        for (String file : List.of("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list")) {
            try {
                Matcher found = MIRROR.matcher(Files.exists(Path.of(file)) ? Files.readString(Path.of(file)) : "");
                if (found.find()) {
                    return found.group(1);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return "http://deb.debian.org/debian";
    }

    /** Changes, removes and adds. */
    private Path debianSecondLayer() {
        Path tar = work.resolve("second.tar");
        try (TarWriter out = new TarWriter(tar)) {
            out.directory("etc", 0755);
            out.file("etc/motd", 0600, "changed in the second layer\n");
            out.whiteout("etc/issue");
            out.whiteout("usr/share/doc");
            out.directory("srv", 0750);
            out.owner(1234, 5678)
                    .file("srv/owned", 04755, "set-user-id, owned by nobody here\n")
                    .owner(0, 0);
            out.file("srv/one", 0640, "one inode\n");
            out.hardlink("srv/two", 0640, "srv/one");
            out.xattr("user.note", "kept").file("srv/noted", 0644, "has an attribute\n");
            out.xattr("security.capability", "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
                    .file("srv/capable", 0755, "has a capability\n");
            out.device("srv/zero", 'c', 0666, 1, 5);
            out.fifo("srv/pipe", 0640);
            out.symlink("srv/nowhere", "/does/not/exist");
            out.time(1).file("srv/old", 0444, "from 1970\n").time(TarWriter.TIME);
            out.file("srv/name with spaces and \u00fc", 0644, "");
        }
        return tar;
    }

    /** An opaque directory, and a file where there was a directory, and the other way round. */
    private Path debianThirdLayer() {
        Path tar = work.resolve("third.tar");
        try (TarWriter out = new TarWriter(tar)) {
            out.directory("usr/share/zoneinfo", 0755);
            out.opaque("usr/share/zoneinfo");
            out.file("usr/share/zoneinfo/Only", 0644, "the directory was emptied\n");
            out.file("usr/share/man", 0644, "a file now\n");
            out.directory("etc/debian_version", 0711);
            out.file("etc/debian_version/inside", 0644, "a directory now\n");
        }
        return tar;
    }

    /** What unpackers get wrong; see the names. */
    private List<Path> craftedLayers() {
        Path lower = work.resolve("lower.tar");
        try (TarWriter out = new TarWriter(lower)) {
            out.file("listing", 0755, Files.readAllBytes(Programs.LISTING));
            for (String directory : List.of("proc", "sys", "dev", "etc")) {
                out.directory(directory, 0755);
            }
            out.owner(7, 8).directory("below", 0750).owner(0, 0);
            out.time(1_600_000_000).directory("below/deep", 0701).time(TarWriter.TIME);
            out.file("below/deep/kept", 0644, "from the lower layer\n");
            out.directory("real", 0755);
            out.symlink("alias", "real");
            out.symlink("absolute", "/real");
            out.file("linked", 0640, "one inode\n");
            out.directory("d", 0755);
            out.file("d/hidden", 0644, "must go\n");
            out.directory("e", 0755);
            out.file("e/hidden", 0644, "must go\n");
            out.file("file-then-directory", 0644, "");
            out.directory("directory-then-file", 0755);
            out.file("directory-then-file/inside", 0644, "");
            out.directory("opaque", 0755);
            out.file("opaque/hidden", 0644, "");
            out.directory("opaque/sub", 0755);
            out.file("opaque/sub/hidden", 0644, "");
            out.symlink("link-then-directory", "real");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path upper = work.resolve("upper.tar");
        try (TarWriter out = new TarWriter(upper)) {
            // Its directories are not in this layer but below, with their owner, mode and time.
            out.file("below/deep/added", 0600, "from the upper layer\n");
            // Its directory is a link in the layer below, inside the root and as an absolute path.
            out.file("alias/through-a-link", 0644, "lies in real\n");
            out.file("absolute/through-an-absolute-link", 0644, "lies in real\n");
            out.hardlink("linked-from-above", 0640, "linked");
            // The same name removed and made again in one layer, both orders.
            out.whiteout("d");
            out.directory("d", 0700);
            out.file("d/new", 0644, "stays\n");
            out.directory("e", 0711);
            out.file("e/new", 0644, "stays\n");
            out.whiteout("e");
            out.directory("file-then-directory", 0755);
            out.file("file-then-directory/inside", 0644, "");
            out.file("directory-then-file", 0644, "");
            // The marker comes after what it must not hide.
            out.directory("opaque", 0755);
            out.file("opaque/new", 0644, "stays\n");
            out.opaque("opaque");
            out.directory("link-then-directory", 0700);
            out.file("link-then-directory/inside", 0644, "not in real\n");
        }
        Path top = work.resolve("top.tar");
        try (TarWriter out = new TarWriter(top)) {
            out.whiteout("never-there");
            out.file("missing/parents/made", 0644, "its directories are in no layer\n");
            out.hardlink("linked-again", 0640, "linked-from-above");
        }
        return List.of(lower, upper, top);
    }
}
