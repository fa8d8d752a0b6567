package org.felucca.posix.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayRootTest {

    private static final Map<String, String> OPTIONS =
            Map.of("index", "off", "metacopy", "off", "redirect_dir", "off", "xino", "off");

    @TempDir
    Path temporary;

    private Fd.Leaks leaks;

    @BeforeEach
    void track() {
        leaks = Fd.trackLeaks();
    }

    @AfterEach
    void everythingIsClosed() {
        leaks.assertNone();
        leaks.close();
    }

    private List<Path> lowers(int count) throws Exception {
        List<Path> lowers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path lower = Files.createDirectories(temporary.resolve("layer-" + i + "/fs"));
            Files.writeString(lower.resolve("f" + i), "x");
            lowers.add(lower);
        }
        return lowers;
    }

    private OverlaySpec writable(List<Path> lowers, Map<String, String> options) throws Exception {
        Path upper = Files.createDirectories(temporary.resolve("up,per:\\/fs"));
        Path work = Files.createDirectories(temporary.resolve("up,per:\\/work"));
        return new OverlaySpec(lowers, Optional.of(new OverlaySpec.Upper(upper, work)), options);
    }

    private static int entries(Fd root) {
        try (Fd directory = Dir.openDirectory(root, ".")) {
            return Listing.of(directory).size();
        }
    }

    @Test
    void mount_manyLayers_isDetachedAndShowsThemAll() throws Exception {
        OverlaySpec spec = writable(lowers(150), OPTIONS);
        try (Fd root = OverlayRoot.mount(spec, MountAttributes.NODEV)) {
            assertEquals(150, entries(root));
            assertEquals(Io.FileSystem.OVERLAY, Io.fileSystem(root).magic());
            assertFalse(Files.readString(Path.of("/proc/self/mountinfo")).contains(temporary.toString()));
            Dir.open(root, "new", Open.WRONLY | Open.CREAT, 0600).close();
        }
        assertTrue(Files.exists(spec.upper().orElseThrow().upper().resolve("new")));
    }

    @Test
    void mount_throughAnOwnNamespace_givesTheSame() throws Exception {
        List<Path> lowers = lowers(150);
        Path upper = Files.createDirectories(temporary.resolve("u,p/fs"));
        Path work = Files.createDirectories(temporary.resolve("u,p/work"));
        OverlaySpec spec = new OverlaySpec(lowers, Optional.of(new OverlaySpec.Upper(upper, work)), OPTIONS);
        try (Fd root = OverlayRoot.mountFromOwnNamespace(spec, MountAttributes.RDONLY)) {
            assertEquals(150, entries(root));
            PosixException e =
                    assertThrows(PosixException.class, () -> Dir.open(root, "new", Open.WRONLY | Open.CREAT, 0600));
            assertTrue(e.is(Errno.EROFS));
            assertFalse(Files.readString(Path.of("/proc/self/mountinfo")).contains(temporary.toString()));
        }
        assertFalse(Files.readString(Path.of("/proc/self/mounts")).contains(temporary.toString()));
    }

    @Test
    void mount_joinedLowers_givesTheSame() throws Exception {
        OverlaySpec few = new OverlaySpec(lowers(3), Optional.empty(), OPTIONS);
        List<Fd> handles = new ArrayList<>();
        try (Fd root = OverlayRoot.mountJoined(few, 0, handles)) {
            assertEquals(3, entries(root));
        }
        OverlaySpec ten = new OverlaySpec(lowers(10), Optional.empty(), OPTIONS);
        try (Fd root = OverlayRoot.mountJoined(ten, 0, handles)) {
            assertEquals(10, entries(root));
        }
        handles.forEach(Fd::close);
    }

    @Test
    void mount_volatile_leavesItsMark() throws Exception {
        Map<String, String> options = new java.util.HashMap<>(OPTIONS);
        options.put("volatile", "");
        OverlaySpec spec = writable(lowers(1), options);
        OverlayRoot.mount(spec, 0).close();
        Path mark = spec.upper().orElseThrow().work().resolve("work/incompat/volatile");
        assertTrue(Files.exists(mark));
    }

    @Test
    void mount_missingLower_saysWhatTheKernelSaid() throws Exception {
        OverlaySpec spec = new OverlaySpec(List.of(temporary.resolve("absent"), temporary), Optional.empty(), OPTIONS);
        PosixException e = assertThrows(PosixException.class, () -> OverlayRoot.mount(spec, 0));
        assertTrue(e.is(Errno.ENOENT), e.getMessage());
        assertTrue(e.getMessage().contains("absent"), e.getMessage());
    }

    @Test
    void mount_moreThanTheKernelTakes_isRefusedBeforehand() {
        OverlaySpec spec = new OverlaySpec(java.util.Collections.nCopies(501, temporary), Optional.empty(), OPTIONS);
        PosixException e = assertThrows(PosixException.class, () -> OverlayRoot.mount(spec, 0));
        assertTrue(e.is(Errno.E2BIG));
    }

    @Test
    void cloneTree_attachedSomewhere_isUnmountedAgain() throws Exception {
        Path source = Files.createDirectory(temporary.resolve("source"));
        Path target = Files.createDirectory(temporary.resolve("target"));
        Files.writeString(source.resolve("f"), "x");
        try (Fd tree = Mounts.cloneTree(Fd.HOST, source.toString(), false)) {
            Mounts.setAttributes(tree, MountAttributes.RDONLY | MountAttributes.NOSUID, 0, Mounts.PRIVATE, false);
            Mounts.attach(tree, Fd.HOST, target.toString());
        }
        assertTrue(Files.exists(target.resolve("f")));
        assertThrows(java.io.IOException.class, () -> Files.writeString(target.resolve("g"), "x"));
        Mounts.unmount(target.toString(), Mounts.MNT_DETACH | Mounts.UMOUNT_NOFOLLOW);
        assertFalse(Files.exists(target.resolve("f")));
    }
}
