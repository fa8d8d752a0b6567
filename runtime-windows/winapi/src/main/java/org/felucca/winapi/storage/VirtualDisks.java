package org.felucca.winapi.storage;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.abi.NativeLibrary;
import org.felucca.winapi.handle.Handle;
import org.felucca.winapi.handle.Kernel;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.LibraryLocator;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;

/**
 * Virtual disks in VHDX files. Thread-safe.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/virtdisk/">virtdisk.h</a>
 */
public final class VirtualDisks {

    private static final UUID VENDOR_MICROSOFT = UUID.fromString("EC984AEC-A0F9-47e9-901F-71415A66345B");
    private static final int DEVICE_VHDX = 3;
    private static final int STORAGE_TYPE_SIZE = 20;

    private static final int VERSION_1 = 1;
    private static final int VERSION_2 = 2;
    /** With version 2 of the parameters no access is asked for: the open tells it. */
    private static final int ACCESS_NONE = 0;

    private static final int NO_DRIVE_LETTER = 2;
    private static final int PERMANENT_LIFETIME = 4;

    // CREATE_VIRTUAL_DISK_PARAMETERS, version 2, as documented. The header of mingw-w64 10 leaves out
    // PhysicalSectorSizeInBytes, at 40, and so has every later field but the pointers elsewhere.
    private static final int CREATE_SIZE = 128;
    private static final int CREATE_MAXIMUM_SIZE = 24;
    private static final int CREATE_BLOCK_SIZE = 32;
    private static final int CREATE_PARENT_PATH = 48;

    private static final int OPEN_SIZE = 28;
    private static final int OPEN_READ_ONLY = 8;
    private static final int ATTACH_SIZE = 8;

    private final Kernel kernel;
    private final NativeLibrary library;

    private VirtualDisks(Kernel kernel, NativeLibrary library) {
        this.kernel = kernel;
        this.library = library;
    }

    /**
     * Loads the library.
     *
     * @throws WinapiException {@link SystemResult#ERROR_MOD_NOT_FOUND} if it is not there
     */
    public static VirtualDisks open(LibraryLocator locator) {
        return new VirtualDisks(Kernel.open(locator), NativeLibrary.open(locator, "virtdisk"));
    }

    /**
     * Creates a disk of its own, whose file grows as it is written.
     *
     * @param size in bytes, a multiple of 512
     * @param blockSize in bytes, a power of two from 1 MiB to 256 MiB
     * @return its handle, to be closed
     * @throws WinapiException {@link SystemResult#ERROR_FILE_EXISTS}
     */
    public Handle create(Path file, long size, int blockSize) {
        return create(file, size, blockSize, Optional.empty());
    }

    /**
     * Creates a disk that holds the differences to another one.
     *
     * @return its handle, to be closed
     * @throws WinapiException {@link SystemResult#ERROR_FILE_EXISTS}, {@link SystemResult#ERROR_FILE_NOT_FOUND} if the
     *     parent is missing
     */
    public Handle createDifferencing(Path file, Path parent, int blockSize) {
        return create(file, 0, blockSize, Optional.of(parent));
    }

    private Handle create(Path file, long size, int blockSize, Optional<Path> parent) {
        NativeFunction function = library.function("CreateVirtualDisk");
        try (Arena arena = new Arena()) {
            long parameters = arena.zeros(CREATE_SIZE);
            Arena.putInt(parameters, VERSION_2);
            Arena.putLong(parameters + CREATE_MAXIMUM_SIZE, size);
            Arena.putInt(parameters + CREATE_BLOCK_SIZE, blockSize);
            parent.ifPresent(p -> Arena.putLong(parameters + CREATE_PARENT_PATH, arena.wide(p.toString())));
            long slot = arena.slot();
            int error = function.call(
                    storageType(arena), arena.wide(file.toString()), ACCESS_NONE, 0, 0, 0, parameters, 0, slot);
            check(function, file.toString(), error);
            return handle(file, slot);
        }
    }

    /**
     * Opens a disk.
     *
     * @return its handle, to be closed
     * @throws WinapiException {@link SystemResult#ERROR_FILE_NOT_FOUND}
     */
    public Handle open(Path file, boolean readOnly) {
        NativeFunction function = library.function("OpenVirtualDisk");
        try (Arena arena = new Arena()) {
            long parameters = arena.zeros(OPEN_SIZE);
            Arena.putInt(parameters, VERSION_2);
            Arena.putInt(parameters + OPEN_READ_ONLY, readOnly ? 1 : 0);
            long slot = arena.slot();
            int error =
                    function.call(storageType(arena), arena.wide(file.toString()), ACCESS_NONE, 0, parameters, slot);
            check(function, file.toString(), error);
            return handle(file, slot);
        }
    }

    /**
     * Makes the disk appear, without a drive letter.
     *
     * @param permanent whether it stays when the handle is closed, until {@link #detach}
     * @throws WinapiException {@link SystemResult#ERROR_SHARING_VIOLATION} if it is attached already
     */
    public void attach(Handle disk, boolean permanent) {
        NativeFunction function = library.function("AttachVirtualDisk");
        try (Arena arena = new Arena()) {
            long parameters = arena.zeros(ATTACH_SIZE);
            Arena.putInt(parameters, VERSION_1);
            int flags = NO_DRIVE_LETTER | (permanent ? PERMANENT_LIFETIME : 0);
            check(function, disk.what(), function.call(disk.value(), 0, flags, 0, parameters, 0));
        }
    }

    /**
     * Makes the disk disappear.
     *
     * @throws WinapiException {@link SystemResult#ERROR_NOT_READY} if it is not attached
     */
    public void detach(Handle disk) {
        NativeFunction function = library.function("DetachVirtualDisk");
        check(function, disk.what(), function.call(disk.value(), 0, 0));
    }

    private static long storageType(Arena arena) {
        long type = arena.zeros(STORAGE_TYPE_SIZE);
        Arena.putInt(type, DEVICE_VHDX);
        Arena.putGuid(type + Integer.BYTES, VENDOR_MICROSOFT);
        return type;
    }

    private Handle handle(Path file, long slot) {
        return new Handle(kernel, Arena.getLong(slot), "virtual disk " + file);
    }

    private static void check(NativeFunction function, String subject, int error) {
        if (error != 0) {
            throw new WinapiException(HResult.ofWin32(error), function.name(), subject, "");
        }
    }
}
