package org.felucca.winapi.handle;

import org.felucca.winapi.abi.Owned;

/** A security descriptor in memory that Windows allocated. Confined to one thread. */
public final class SecurityDescriptor implements AutoCloseable {

    private final Owned heap;
    private long address;

    SecurityDescriptor(Owned heap, long address) {
        this.heap = heap;
        this.address = address;
    }

    /** Where it is; valid until it is closed. */
    public long address() {
        if (address == 0) {
            throw new IllegalStateException("the security descriptor is closed");
        }
        return address;
    }

    @Override
    public void close() {
        heap.free(address);
        address = 0;
    }
}
