package org.felucca.winapi.abi;

/**
 * Strings that a function returns and its caller frees, each with the function that its documentation names: the
 * compute and storage services' with {@code LocalFree}, the network service's with {@code CoTaskMemFree}. The two heaps
 * are not one.
 */
public final class Owned {

    private final NativeFunction free;

    private Owned(NativeFunction free) {
        this.free = free;
    }

    /** Strings that are freed with {@code LocalFree}. */
    public static Owned local(NativeLibrary kernel32) {
        return new Owned(kernel32.function("LocalFree"));
    }

    /** Strings that are freed with {@code CoTaskMemFree}. */
    public static Owned task(NativeLibrary ole32) {
        return new Owned(ole32.function("CoTaskMemFree"));
    }

    /** Copies the string that a slot points to, and frees it; the empty string if the slot holds none. */
    public String take(long slot) {
        long address = Arena.getLong(slot);
        if (address == 0) {
            return "";
        }
        Arena.putLong(slot, 0);
        try {
            return Arena.getWide(address);
        } finally {
            free.callLong(address);
        }
    }

    /** Frees a block that is no string. */
    public void free(long address) {
        if (address != 0) {
            free.callLong(address);
        }
    }
}
