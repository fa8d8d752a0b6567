package org.felucca.api.process;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An open object of the host kernel: a file descriptor on Linux, a {@code HANDLE} on Windows.
 *
 * <p>Whoever made a handle closes it, unless a method says that it takes ownership. A callee that needs the object for
 * longer than the call duplicates it. Implementations are thread-safe; {@link #close()} is idempotent.
 */
@ConsumerType
public interface Handle extends AutoCloseable {
    /**
     * Returns the number that the kernel knows the object by.
     *
     * @throws IllegalStateException if the handle is closed
     */
    long value();

    /** Returns {@code true} until {@link #close()}. */
    boolean isOpen();

    /** Closes the object; does nothing the second time. Errors of the kernel are not reported. */
    @Override
    void close();
}
