package org.felucca.api.error;

/**
 * Why something was refused: the codes that containerd, gRPC and CRI use, so that each front maps them without loss.
 *
 * <p>The list is append-only and the order is not part of the contract. Switches over it in this code base are
 * expressions without {@code default}; a plugin keeps one.
 */
public enum ErrorCode {
    /** The caller gave up (interrupt, closed connection) and the work was undone. */
    CANCELLED,
    /** The request is wrong whatever the state of the system: a malformed name, an unknown option, a bad value. */
    INVALID_ARGUMENT,
    /** What was named is not there. */
    NOT_FOUND,
    /** What was to be created is already there. */
    ALREADY_EXISTS,
    /** The caller may not do this. */
    PERMISSION_DENIED,
    /** The caller has to say who it is first, or its credentials were refused. */
    UNAUTHENTICATED,
    /** The request is fine but the state forbids it: removing a running container, starting a stopped task. */
    FAILED_PRECONDITION,
    /** A concurrent change won; trying again may succeed. */
    ABORTED,
    /** A deadline passed before the work was done. */
    DEADLINE_EXCEEDED,
    /** No space, no memory, no ids, or a configured limit is reached. */
    RESOURCE_EXHAUSTED,
    /** This provider, or this host, does not do what was asked; another one may. */
    UNSUPPORTED,
    /** A part that is needed is not there at the moment: a registry, a provider, the daemon while it starts. */
    UNAVAILABLE,
    /** Stored or received bytes are not what their digest, size or format says. */
    DATA_LOSS,
    /** A promise inside the platform is broken: a bug, or an operating system call that failed against expectation. */
    INTERNAL
}
