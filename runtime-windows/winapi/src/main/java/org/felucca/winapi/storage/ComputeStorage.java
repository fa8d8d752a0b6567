package org.felucca.winapi.storage;

import java.nio.file.Path;
import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.abi.NativeLibrary;
import org.felucca.winapi.abi.Owned;
import org.felucca.winapi.handle.Handle;
import org.felucca.winapi.result.ComputeResult;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.LibraryLocator;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;
import org.jspecify.annotations.Nullable;

/**
 * What Windows does with the layers of a container. Every method blocks until it is done, and throws {@link
 * WinapiException} that names the function and the layer; the documents are {@code LayerData}, which lists the parents,
 * and {@code OsLayerOptions}. Thread-safe; two calls on one layer at a time are the caller's mistake.
 */
public final class ComputeStorage {

    private final NativeLibrary library;
    private final Owned strings;

    private ComputeStorage(NativeLibrary library, Owned strings) {
        this.library = library;
        this.strings = strings;
    }

    /**
     * Loads the library.
     *
     * @throws WinapiException {@link SystemResult#ERROR_MOD_NOT_FOUND} if this Windows has no containers
     */
    public static ComputeStorage open(LibraryLocator locator) {
        return new ComputeStorage(
                NativeLibrary.open(locator, "computestorage"), Owned.local(NativeLibrary.open(locator, "kernel32")));
    }

    /**
     * Makes a read-only layer of a folder in transport format.
     *
     * @throws WinapiException {@link ComputeResult#HCS_E_INVALID_LAYER} if the folder holds none
     */
    public void importLayer(Path layer, Path source, String layerData) {
        call("HcsImportLayer", layer, text(layer), text(source), layerData);
    }

    /** Writes a layer in transport format into a folder, which must not exist. */
    public void exportLayer(Path layer, Path target, String layerData, String options) {
        call("HcsExportLayer", layer, text(layer), text(target), layerData, options);
    }

    /** Writes a writable layer that is mounted in transport format into a folder. */
    public void exportLegacyWritableLayer(Path mount, Path layer, Path target, String layerData) {
        call("HcsExportLegacyWritableLayer", layer, text(mount), text(layer), text(target), layerData);
    }

    /** Removes a layer with all that is in it, also what its access control lists would keep. */
    public void destroyLayer(Path layer) {
        call("HcsDestroyLayer", layer, text(layer));
    }

    /**
     * Sets up the layer of a base operating system: once, after its import.
     *
     * @param disk of a utility VM; null for a container
     */
    public void setupBaseOsLayer(Path layer, @Nullable Handle disk, String options) {
        NativeFunction function = library.function("HcsSetupBaseOSLayer");
        try (Arena arena = new Arena()) {
            long handle = disk == null ? 0 : disk.value();
            check(function, layer.toString(), function.call(arena.wide(text(layer)), handle, arena.wide(options)));
        }
    }

    /** Sets up the layer of a base operating system with what it needs on a volume. Needs Windows Server 2022. */
    public void setupBaseOsVolume(Path layer, Path volume, String options) {
        call("HcsSetupBaseOSVolume", layer, text(layer), text(volume), options);
    }

    /**
     * Prepares a folder as the writable layer of a container.
     *
     * @param options a document, or null
     */
    public void initializeWritableLayer(Path layer, String layerData, @Nullable String options) {
        call("HcsInitializeWritableLayer", layer, text(layer), layerData, options);
    }

    /** Prepares the folder of a mounted disk as the writable layer of a container. */
    public void initializeLegacyWritableLayer(Path mount, Path layer, String layerData, @Nullable String options) {
        call("HcsInitializeLegacyWritableLayer", layer, text(mount), text(layer), layerData, options);
    }

    /** Attaches the storage filter, which shows a writable layer on top of its parents. */
    public void attachLayerStorageFilter(Path layer, String layerData) {
        call("HcsAttachLayerStorageFilter", layer, text(layer), layerData);
    }

    /** Detaches the storage filter. */
    public void detachLayerStorageFilter(Path layer) {
        call("HcsDetachLayerStorageFilter", layer, text(layer));
    }

    /** Formats a disk that is attached, as the file system of a writable layer. */
    public void formatWritableLayerVhd(Handle disk) {
        NativeFunction function = library.function("HcsFormatWritableLayerVhd");
        check(function, disk.what(), function.call(disk.value()));
    }

    /** The volume of a disk that is attached: {@code \\?\Volume{...}\}. */
    public String layerVhdMountPath(Handle disk) {
        NativeFunction function = library.function("HcsGetLayerVhdMountPath");
        try (Arena arena = new Arena()) {
            long slot = arena.slot();
            int result = function.call(disk.value(), slot);
            String path = strings.take(slot);
            check(function, disk.what(), result);
            return path;
        }
    }

    private void call(String name, Path subject, @Nullable String... arguments) {
        NativeFunction function = library.function(name);
        try (Arena arena = new Arena()) {
            long[] addresses = new long[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                addresses[i] = arena.wide(arguments[i]);
            }
            check(function, subject.toString(), function.call(addresses));
        }
    }

    private static void check(NativeFunction function, String subject, int result) {
        if (result < 0) {
            throw new WinapiException(new HResult(result), function.name(), subject, "");
        }
    }

    private static String text(Path path) {
        return path.toString();
    }
}
