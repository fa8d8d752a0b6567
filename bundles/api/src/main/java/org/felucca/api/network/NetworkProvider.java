package org.felucca.api.network;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Attaches sandboxes to networks; see the package for the model and an example.
 *
 * <p>Obligations of an implementer: register as an OSGi service with a {@link org.felucca.api.plugin.PluginId}; be
 * thread-safe; remember an attachment durably from before its first trace in the host, so that after a crash {@link
 * #attachments} names it and {@link #detach} frees it; keep attachments working when it is deactivated; pass the contract
 * suite {@code org.felucca.tck.network}. Calls block until the host has done it. Operations on different attachments do
 * not wait for each other but for short sections.
 *
 * <p>Every method but {@link #features} throws UNAVAILABLE when the provider is shutting down, and INTERNAL when the host
 * fails against expectation.
 */
@ConsumerType
public interface NetworkProvider {
    /** Returns what this provider can do; does not change while it is live. */
    NetworkFeatures features();

    /** Returns the networks there are, by name in order. */
    List<NetworkConfig> networks();

    /** Returns the network of that name, if there is one. */
    default Optional<NetworkConfig> network(NetworkName name) {
        return networks().stream()
                .filter(network -> network.name().equals(name))
                .findFirst();
    }

    /**
     * Makes a network (capability {@link NetworkCapability#DEFINE_NETWORK}). It outlives the provider and the host's
     * restarts, until it is removed.
     *
     * @throws FeluccaException ALREADY_EXISTS if the name is in use; INVALID_ARGUMENT if there is no such driver, or its
     *     settings are wrong; UNSUPPORTED without the capability
     */
    default void define(NetworkConfig network) {
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED,
                "cannot define network " + network.name(),
                "this provider does not make networks",
                "configure it where this provider finds its networks");
    }

    /**
     * Removes a network (capability {@link NetworkCapability#DEFINE_NETWORK}).
     *
     * @throws FeluccaException NOT_FOUND if there is no such network; FAILED_PRECONDITION if something is attached to
     *     it; UNSUPPORTED without the capability
     */
    default void remove(NetworkName name) {
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED,
                "cannot remove network " + name,
                "this provider does not make networks",
                "remove it where this provider finds its networks");
    }

    /**
     * Attaches a sandbox to a network. On failure nothing is left behind.
     *
     * @return what was made; the same that {@link #attachments} says
     * @throws FeluccaException NOT_FOUND if there is no such network, or no such sandbox; ALREADY_EXISTS if the id is in
     *     use, or an address or port of the host that is wanted; INVALID_ARGUMENT if an address wanted is not one of the
     *     network's; RESOURCE_EXHAUSTED if no address is left; UNSUPPORTED for a kind of sandbox, or something wanted,
     *     that {@link #features} does not name
     */
    NetworkAttachment attach(AttachRequest request);

    /**
     * Detaches, and frees what the attachment held; does nothing if there is no such attachment. Does not mind that the
     * sandbox, the interface or the network is gone. Where it fails the attachment stays remembered, and detaching again
     * goes on.
     */
    void detach(AttachmentId id);

    /**
     * Checks that an attachment is as it was made.
     *
     * @throws FeluccaException NOT_FOUND if there is no such attachment; FAILED_PRECONDITION if it is not as it was
     *     made: the sandbox, the interface, an address or a route is gone
     */
    void check(AttachmentId id);

    /** Returns all attachments, also those of former lives of the daemon and of the host. */
    List<NetworkAttachment> attachments();

    /**
     * Detaches everything but the attachments named, and frees what belongs to no attachment at all.
     *
     * @param live attachments that stay; ids that are not attached are ignored
     * @return what was detached
     */
    List<AttachmentId> collect(Set<AttachmentId> live);
}
