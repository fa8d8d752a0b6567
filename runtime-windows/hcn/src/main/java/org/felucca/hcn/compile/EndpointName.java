package org.felucca.hcn.compile;

import java.util.Optional;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.network.AttachmentId;
import org.felucca.api.network.NetworkName;

/** The name of an endpoint says whose it is, so that a later daemon knows its own among those of the host. */
public final class EndpointName {
    private static final String PREFIX = "felucca/";
    private static final int PARTS = 4;

    private EndpointName() {}

    /** Returns the name of an attachment's endpoint. */
    public static String of(AttachmentId id) {
        return PREFIX + id;
    }

    /** Returns whose endpoint it is; empty if it is none of this platform's. */
    public static Optional<AttachmentId> parse(String name) {
        if (!name.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = name.substring(PREFIX.length()).split("/", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new AttachmentId(new NamespaceName(parts[0]), parts[1], NetworkName.of(parts[2]), parts[3]));
        } catch (FeluccaException e) {
            // Not a name that this class has made: somebody else's endpoint.
            return Optional.empty();
        }
    }
}
