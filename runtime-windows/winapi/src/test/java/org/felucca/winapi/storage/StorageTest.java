package org.felucca.winapi.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.felucca.api.error.ErrorCode;
import org.felucca.winapi.abi.WindowsDouble;
import org.felucca.winapi.abi.WindowsDouble.When;
import org.felucca.winapi.handle.Handle;
import org.felucca.winapi.result.ComputeResult;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {

    private static final String NO_PARENTS = "{\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"Layers\":[]}";
    private static final int MIB = 1 << 20;

    @RegisterExtension
    static final WindowsDouble WINDOWS = new WindowsDouble();

    @TempDir
    Path directory;

    private final ComputeStorage storage = ComputeStorage.open(WINDOWS.locator());
    private final VirtualDisks disks = VirtualDisks.open(WINDOWS.locator());

    @Test
    void importLayer_thenExport_givesTheSameFiles() throws IOException {
        Path layer = imported("layer");
        Path exported = directory.resolve("exported");

        storage.exportLayer(layer, exported, NO_PARENTS, "{}");

        assertEquals("content", Files.readString(exported.resolve("Files/Windows/file.txt")));
        WinapiException e =
                assertThrows(WinapiException.class, () -> storage.exportLayer(layer, exported, NO_PARENTS, "{}"));
        assertTrue(e.is(SystemResult.ERROR_ALREADY_EXISTS));
    }

    @Test
    void importLayer_ofAFolderThatHoldsNone_isDataLoss() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        WinapiException e = assertThrows(
                WinapiException.class, () -> storage.importLayer(directory.resolve("layer"), empty, NO_PARENTS));

        assertTrue(e.is(ComputeResult.HCS_E_INVALID_LAYER));
        assertEquals(ErrorCode.DATA_LOSS, e.code());
        assertEquals(directory.resolve("layer").toString(), e.subject());
    }

    @Test
    void importLayer_withAParentThatIsMissing_isNotFound() throws IOException {
        Path source = source();

        WinapiException e = assertThrows(
                WinapiException.class,
                () -> storage.importLayer(directory.resolve("child"), source, data(directory.resolve("nobody"))));

        assertTrue(e.is(SystemResult.ERROR_PATH_NOT_FOUND));
        assertEquals(ErrorCode.NOT_FOUND, e.code());
    }

    @Test
    void destroyLayer_removesIt() throws IOException {
        Path layer = imported("layer");

        storage.destroyLayer(layer);

        assertFalse(Files.exists(layer));
        WinapiException e = assertThrows(WinapiException.class, () -> storage.destroyLayer(layer));
        assertTrue(e.is(SystemResult.ERROR_PATH_NOT_FOUND));
    }

    @Test
    void setupBaseOsLayer_makesHivesAndLayoutOnce() throws IOException {
        Path layer = imported("base");

        storage.setupBaseOsLayer(layer, null, "{\"Type\":\"Container\"}");

        assertTrue(Files.isDirectory(layer.resolve("Hives")));
        WinapiException e = assertThrows(
                WinapiException.class, () -> storage.setupBaseOsLayer(layer, null, "{\"Type\":\"Container\"}"));
        assertTrue(e.is(SystemResult.ERROR_ALREADY_EXISTS));
    }

    @Test
    void setupBaseOsVolume_needsTheVolume() throws IOException {
        Path layer = imported("base");

        assertThrows(
                WinapiException.class,
                () -> storage.setupBaseOsVolume(layer, directory.resolve("none"), "{\"Type\":\"Container\"}"));
        storage.setupBaseOsVolume(layer, directory, "{\"Type\":\"Container\"}");

        assertTrue(Files.exists(layer.resolve("Layout")));
    }

    @Test
    void writableLayer_onADisk_goesThroughItsLife() throws IOException {
        Path base = imported("base");
        Path file = directory.resolve("sandbox.vhdx");
        try (Handle disk = disks.create(file, 64L * MIB, MIB)) {
            disks.attach(disk, false);
            storage.formatWritableLayerVhd(disk);
            Path volume = Path.of(storage.layerVhdMountPath(disk));
            Path layer = Files.createDirectory(directory.resolve("layer"));
            storage.initializeLegacyWritableLayer(volume, layer, data(base), null);
            storage.attachLayerStorageFilter(volume, data(base));

            WinapiException e = assertThrows(WinapiException.class, () -> storage.destroyLayer(volume));
            assertTrue(e.is(SystemResult.ERROR_SHARING_VIOLATION));
            assertEquals(ErrorCode.FAILED_PRECONDITION, e.code());
            storage.detachLayerStorageFilter(volume);
            storage.exportLegacyWritableLayer(volume, layer, directory.resolve("diff"), data(base));
            disks.detach(disk);
        }

        assertTrue(Files.exists(directory.resolve("diff/WritableLayer.json")));
    }

    @Test
    void initializeWritableLayer_twice_isRefused() throws IOException {
        Path layer = Files.createDirectory(directory.resolve("layer"));
        Path base = imported("base");

        storage.initializeWritableLayer(layer, data(base), null);

        WinapiException e =
                assertThrows(WinapiException.class, () -> storage.initializeWritableLayer(layer, data(base), null));
        assertTrue(e.is(SystemResult.ERROR_ALREADY_EXISTS));
    }

    @Test
    void layerVhdMountPath_ofADiskThatIsNotAttached_isUnavailable() {
        try (Handle disk = disks.create(directory.resolve("a.vhdx"), MIB, MIB)) {
            WinapiException e = assertThrows(WinapiException.class, () -> storage.layerVhdMountPath(disk));

            assertTrue(e.is(SystemResult.ERROR_NOT_READY));
            assertEquals(disk.what(), e.subject());
        }
    }

    @Test
    void create_passesSizeBlockAndParent() throws IOException {
        Path base = directory.resolve("base.vhdx");
        Path child = directory.resolve("child.vhdx");
        disks.create(base, 20L << 30, 2 * MIB).close();
        disks.createDifferencing(child, base, MIB).close();

        assertEquals("vhdx size=21474836480 block=2097152 parent=\n", Files.readString(base));
        assertEquals("vhdx size=0 block=1048576 parent=" + base + "\n", Files.readString(child));
    }

    @Test
    void create_ofAFileThatExists_isRefused() {
        Path file = directory.resolve("a.vhdx");
        disks.create(file, MIB, MIB).close();

        WinapiException e = assertThrows(WinapiException.class, () -> disks.create(file, MIB, MIB));

        assertTrue(e.is(SystemResult.ERROR_FILE_EXISTS));
        assertEquals(ErrorCode.ALREADY_EXISTS, e.code());
    }

    @Test
    void createDifferencing_withoutItsParent_isNotFound() {
        WinapiException e = assertThrows(
                WinapiException.class,
                () -> disks.createDifferencing(directory.resolve("c.vhdx"), directory.resolve("none.vhdx"), MIB));

        assertTrue(e.is(SystemResult.ERROR_FILE_NOT_FOUND));
    }

    @Test
    void attach_permanently_outlivesTheHandle() {
        Path file = directory.resolve("a.vhdx");
        try (Handle disk = disks.create(file, MIB, MIB)) {
            disks.attach(disk, true);
        }
        try (Handle again = disks.open(file, false)) {
            WinapiException e = assertThrows(WinapiException.class, () -> disks.attach(again, true));
            assertTrue(e.is(SystemResult.ERROR_SHARING_VIOLATION));
            disks.detach(again);
        }
    }

    @Test
    void attach_forTheHandlesTime_endsWithIt() {
        Path file = directory.resolve("a.vhdx");
        try (Handle disk = disks.create(file, MIB, MIB)) {
            disks.attach(disk, false);
        }
        try (Handle again = disks.open(file, true)) {
            WinapiException e = assertThrows(WinapiException.class, () -> disks.detach(again));
            assertTrue(e.is(SystemResult.ERROR_NOT_READY));
        }
    }

    @Test
    void everyFunction_passesItsFailureOn() throws IOException {
        Path file = directory.resolve("a.vhdx");
        Path layer = directory.resolve("layer");
        try (Handle disk = disks.create(file, MIB, MIB)) {
            fails("HcsImportLayer", () -> storage.importLayer(layer, layer, NO_PARENTS));
            fails("HcsExportLayer", () -> storage.exportLayer(layer, layer, NO_PARENTS, "{}"));
            fails(
                    "HcsExportLegacyWritableLayer",
                    () -> storage.exportLegacyWritableLayer(layer, layer, layer, NO_PARENTS));
            fails("HcsDestroyLayer", () -> storage.destroyLayer(layer));
            fails("HcsSetupBaseOSLayer", () -> storage.setupBaseOsLayer(layer, disk, "{}"));
            fails("HcsSetupBaseOSVolume", () -> storage.setupBaseOsVolume(layer, layer, "{}"));
            fails("HcsInitializeWritableLayer", () -> storage.initializeWritableLayer(layer, NO_PARENTS, null));
            fails(
                    "HcsInitializeLegacyWritableLayer",
                    () -> storage.initializeLegacyWritableLayer(layer, layer, NO_PARENTS, null));
            fails("HcsAttachLayerStorageFilter", () -> storage.attachLayerStorageFilter(layer, NO_PARENTS));
            fails("HcsDetachLayerStorageFilter", () -> storage.detachLayerStorageFilter(layer));
            fails("HcsFormatWritableLayerVhd", () -> storage.formatWritableLayerVhd(disk));
            fails("HcsGetLayerVhdMountPath", () -> storage.layerVhdMountPath(disk));
            fails("CreateVirtualDisk", () -> disks.create(directory.resolve("b.vhdx"), MIB, MIB));
            fails("OpenVirtualDisk", () -> disks.open(file, false));
            fails("AttachVirtualDisk", () -> disks.attach(disk, false));
            fails("DetachVirtualDisk", () -> disks.detach(disk));
        }
    }

    private static void fails(String function, Runnable call) {
        WINDOWS.fail(function, When.AT_CALL, ComputeResult.HCS_E_ACCESS_DENIED, null);
        WinapiException e = assertThrows(WinapiException.class, call::run);
        assertEquals(function, e.operation());
        assertTrue(e.is(ComputeResult.HCS_E_ACCESS_DENIED), e.getMessage());
    }

    private Path source() throws IOException {
        Path source = directory.resolve("source");
        Files.createDirectories(source.resolve("Files/Windows"));
        Files.writeString(source.resolve("Files/Windows/file.txt"), "content");
        return source;
    }

    private Path imported(String name) throws IOException {
        Path layer = directory.resolve(name);
        storage.importLayer(layer, source(), NO_PARENTS);
        return layer;
    }

    private static String data(Path parent) {
        return "{\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"Layers\":[{\"Id\":\"p\",\"Path\":\"" + parent + "\"}]}";
    }
}
