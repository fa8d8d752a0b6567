package org.felucca.tck.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.network.AttachRequest;
import org.felucca.api.network.AttachmentId;
import org.felucca.api.network.NetworkCapability;
import org.felucca.api.network.NetworkConfig;
import org.felucca.api.network.NetworkName;
import org.felucca.api.network.NetworkProvider;
import org.felucca.api.network.NetworkSandbox;
import org.junit.jupiter.api.function.Executable;

/** What the suites need: the provider under test, and shorthands. {@link NetworkFixture} implements it. */
public interface NetworkProviderTest {
    /** The provider under test, with the network of {@link #network()}. */
    NetworkProvider provider();

    /** Ends the provider as the platform does, and opens it again over what it has kept. */
    NetworkProvider restart();

    /** What the provider is expected to declare. */
    Set<NetworkCapability> capabilities();

    /** A network that is there, with one IPv4 subnet and room for ten sandboxes or more. */
    NetworkName network();

    /** Makes a sandbox; the fixture removes it after the test. */
    NetworkSandbox sandbox(String id);

    /** Removes a sandbox behind the provider's back, with the interfaces in it. */
    void destroy(NetworkSandbox sandbox);

    /** A sandbox of a kind that the provider does not take. */
    NetworkSandbox foreignSandbox();

    /** A network that the provider can make, if it makes any. */
    NetworkConfig definable(NetworkName name);

    /** The identity of a sandbox's first interface. */
    default AttachmentId id(String sandbox) {
        return new AttachmentId(NamespaceName.DEFAULT, sandbox, network(), "eth0");
    }

    /** A request for the first interface of a new sandbox. */
    default AttachRequest.Builder request(String sandbox) {
        return AttachRequest.of(id(sandbox), sandbox(sandbox));
    }

    /** Asserts that a call is refused with a code, and that the message names {@code subject}. */
    default FeluccaException assertRefused(ErrorCode code, String subject, Executable call) {
        FeluccaException e = assertThrows(FeluccaException.class, call);
        assertEquals(code, e.code(), e::getMessage);
        assertTrue(e.getMessage().contains(subject), () -> "names " + subject + ": " + e.getMessage());
        return e;
    }
}
