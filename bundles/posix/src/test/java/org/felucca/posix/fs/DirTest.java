package org.felucca.posix.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirTest {

    @TempDir
    Path temporary;

    private Fd.Leaks leaks;
    private Fd dir;

    @BeforeEach
    void openDirectory() {
        leaks = Fd.trackLeaks();
        dir = Dir.open(temporary);
    }

    @AfterEach
    void everythingIsClosed() {
        Listing.of(dir).forEach(entry -> Tree.remove(dir, entry.name()));
        dir.close();
        leaks.assertNone();
        leaks.close();
    }

    @Test
    void open_missingName_namesOperationPathAndReason() {
        PosixException e = assertThrows(PosixException.class, () -> Dir.open(dir, "absent", Open.RDONLY, 0));
        assertTrue(e.is(Errno.ENOENT));
        assertEquals("openat " + dir + "/absent: no such file or directory (ENOENT)", e.getMessage());
    }

    @Test
    void open_always_setsCloseOnExec() throws Exception {
        try (Fd file = Dir.open(dir, "f", Open.RDWR | Open.CREAT, 0600)) {
            String info = Files.readString(Path.of("/proc/self/fdinfo/" + file.raw()));
            assertTrue(info.contains("02100002"), info);
        }
    }

    @Test
    void openIn_absoluteLinkOutOfTheRoot_staysInside() throws Exception {
        Files.createDirectory(temporary.resolve("etc"));
        Files.writeString(temporary.resolve("etc/passwd"), "inside");
        Files.createSymbolicLink(temporary.resolve("l"), Path.of("/../../etc"));
        try (Fd file = Dir.openIn(dir, "l/passwd", Open.RDONLY, 0, Resolve.CONTAINED)) {
            assertEquals(6, Io.stat(file).size());
        }
    }

    @Test
    void openIn_magicLink_isRefused() throws Exception {
        Files.createSymbolicLink(temporary.resolve("l"), Path.of("fd"));
        try (Fd proc = Dir.open(Path.of("/proc/self"))) {
            String name = "fd/" + dir.raw() + "/etc";
            PosixException e = assertThrows(
                    PosixException.class, () -> Dir.openIn(proc, name, Open.RDONLY, 0, Resolve.NO_MAGICLINKS));
            assertTrue(e.is(Errno.ELOOP), e.getMessage());
        }
    }

    @Test
    void name_withBytesThatAreNotUtf8_survives() {
        byte[] raw = {'a', (byte) 0xFF, (byte) 0xC3, (byte) 0xA4, (byte) 0xE2, 'z'};
        String name = Names.decode(raw);
        assertArrayEquals(raw, Names.encode(name));
        Dir.mkdir(dir, name, 0700);
        assertEquals(
                List.of(name), Listing.of(dir).stream().map(Listing.Entry::name).toList());
        Dir.rmdir(dir, name);
        assertTrue(Listing.isEmpty(dir));
    }

    @Test
    void name_withEveryUnicodePlane_survives() {
        String name = "ä€😀\uFFFD";
        Dir.mkdir(dir, name, 0700);
        assertTrue(Files.isDirectory(temporary.resolve(name)));
        assertEquals(name, Listing.of(dir).get(0).name());
    }

    @Test
    void name_withZero_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> Dir.mkdir(dir, "a\0b", 0700));
    }

    @Test
    void mknod_device_showsInStat() {
        Dir.mknod(dir, "dev", FileType.CHARACTER_DEVICE.modeBits() | 0640, Stat.device(259, 300_000));
        Stat stat = Dir.stat(dir, "dev");
        assertEquals(FileType.CHARACTER_DEVICE, stat.type());
        assertEquals(259, stat.major());
        assertEquals(300_000, stat.minor());
        assertFalse(stat.isWhiteout());
        Dir.mknod(dir, "wh", FileType.CHARACTER_DEVICE.modeBits(), 0);
        assertTrue(Dir.stat(dir, "wh").isWhiteout());
    }

    @Test
    void attributes_ofALink_areTheLinksOwn() throws Exception {
        Files.writeString(temporary.resolve("target"), "x");
        Dir.symlink("target", dir, "l");
        Instant time = Instant.ofEpochSecond(-5, 123_456_789);
        Dir.setTimes(dir, "l", Dir.UNCHANGED, time);
        Dir.chown(dir, "l", 12, 34);
        Stat link = Dir.stat(dir, "l");
        assertEquals(time, link.mtime());
        assertEquals(12, link.uid());
        assertEquals(34, link.gid());
        assertEquals(0, Dir.stat(dir, "target").uid());
        assertEquals("target", Dir.readlink(dir, "l"));
    }

    @Test
    void xattr_ofALink_isTheLinksOwn() throws Exception {
        Files.writeString(temporary.resolve("target"), "x");
        Dir.symlink("target", dir, "l");
        Xattr.set(dir, "l", "trusted.felucca", new byte[] {1, 0, 2});
        assertArrayEquals(
                new byte[] {1, 0, 2}, Xattr.get(dir, "l", "trusted.felucca").orElseThrow());
        assertEquals(List.of("trusted.felucca"), Xattr.list(dir, "l"));
        assertEquals(List.of(), Xattr.list(dir, "target"));
        assertTrue(Xattr.remove(dir, "l", "trusted.felucca"));
        assertFalse(Xattr.remove(dir, "l", "trusted.felucca"));
        assertEquals(Optional.empty(), Xattr.get(dir, "l", "trusted.felucca"));
    }

    @Test
    void xattr_largerThanUsual_isWhole() throws Exception {
        Files.writeString(temporary.resolve("f"), "x");
        byte[] value = new byte[3000];
        value[2999] = 7;
        Xattr.set(dir, "f", "trusted.large", value);
        assertArrayEquals(value, Xattr.get(dir, "f", "trusted.large").orElseThrow());
        assertEquals(List.of("trusted.large"), Xattr.list(dir, "f"));
    }

    @Test
    void link_toAFileWithoutName_givesItOne() {
        try (Fd file = Dir.open(dir, ".", Open.RDWR | Open.TMPFILE, 0600)) {
            assertTrue(Listing.isEmpty(dir));
            Dir.link(file, dir, "named");
        }
        Dir.link(dir, "named", dir, "again");
        assertEquals(2, Dir.stat(dir, "named").links());
    }

    @Test
    void renameNoReplace_ontoAnEntry_isRefused() {
        Dir.mkdir(dir, "a", 0700);
        Dir.mkdir(dir, "b", 0700);
        PosixException e = assertThrows(PosixException.class, () -> Dir.renameNoReplace(dir, "a", dir, "b"));
        assertTrue(e.is(Errno.EEXIST));
    }

    @Test
    void listing_ofManyEntries_isComplete() {
        for (int i = 0; i < 3000; i++) {
            Dir.mknod(dir, "entry-with-a-long-enough-name-" + i, FileType.REGULAR.modeBits() | 0600, 0);
        }
        List<Listing.Entry> entries = Listing.of(dir);
        assertEquals(
                3000,
                entries.stream()
                        .map(Listing.Entry::name)
                        .collect(Collectors.toSet())
                        .size());
        assertEquals(3000, entries.size());
        assertTrue(entries.stream().allMatch(entry -> entry.type() == FileType.REGULAR));
    }

    @Test
    void tree_deeperThanDescriptorsReach_isRemoved() {
        Dir.mkdir(dir, "top", 0700);
        Fd at = Dir.openDirectory(dir, "top");
        for (int i = 0; i < 1000; i++) {
            Dir.mkdir(at, "d", 0700);
            Dir.mknod(at, "f", FileType.FIFO.modeBits() | 0600, 0);
            Fd below = Dir.openDirectory(at, "d");
            at.close();
            at = below;
        }
        at.close();
        assertEquals(2001, Tree.remove(dir, "top"));
        assertTrue(Listing.isEmpty(dir));
    }

    @Test
    void tree_withALinkOutside_leavesTheTarget() throws Exception {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("keep"), "x");
        Dir.mkdir(dir, "top", 0700);
        try (Fd top = Dir.openDirectory(dir, "top")) {
            Dir.symlink(outside.toString(), top, "l");
        }
        assertEquals(2, Tree.remove(dir, "top"));
        assertTrue(Files.exists(outside.resolve("keep")));
        assertEquals(0, Tree.remove(dir, "top"));
    }
}
