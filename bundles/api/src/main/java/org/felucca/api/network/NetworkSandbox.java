package org.felucca.api.network;

import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Function;

/** What holds the interfaces of a container or pod. */
public sealed interface NetworkSandbox {
    /**
     * A network namespace of Linux.
     *
     * @param path absolute host path of the namespace's file, which stays until the last detach or longer
     */
    record LinuxNamespace(Path path) implements NetworkSandbox {
        /** Validates. */
        public LinuxNamespace {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("path " + path + " of a network namespace is not absolute");
            }
        }
    }

    /**
     * A network namespace of the Windows host compute network service.
     *
     * @param id its id
     */
    record HostComputeNamespace(UUID id) implements NetworkSandbox {}

    /** The kinds there are, for a provider's features. */
    enum Kind {
        /** {@link LinuxNamespace}. */
        LINUX_NAMESPACE,
        /** {@link HostComputeNamespace}. */
        HOST_COMPUTE_NAMESPACE
    }

    /** Returns which kind this is. */
    default Kind kind() {
        return fold(linux -> Kind.LINUX_NAMESPACE, windows -> Kind.HOST_COMPUTE_NAMESPACE);
    }

    /** Returns the result of the function that fits. */
    default <R> R fold(
            Function<? super LinuxNamespace, ? extends R> linux,
            Function<? super HostComputeNamespace, ? extends R> windows) {
        if (this instanceof LinuxNamespace l) {
            return linux.apply(l);
        }
        return windows.apply((HostComputeNamespace) this);
    }
}
