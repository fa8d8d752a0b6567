package org.felucca.tck.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.network.AttachRequest;
import org.felucca.api.network.AttachmentId;
import org.felucca.api.network.NetworkCapability;
import org.felucca.api.network.NetworkConfig;
import org.felucca.api.network.NetworkName;
import org.junit.jupiter.api.Test;

/** Networks by name, and what is not declared is refused. */
public interface NetworkContract extends NetworkProviderTest {

    @Test
    default void features_areThoseExpectedAndStay() {
        assertEquals(capabilities(), provider().features().capabilities());
        assertFalse(provider().features().sandboxes().isEmpty());
        assertEquals(provider().features(), restart().features());
    }

    @Test
    default void networks_areInOrderAndFoundByName() {
        List<NetworkName> names =
                provider().networks().stream().map(NetworkConfig::name).toList();
        assertTrue(names.contains(network()), names::toString);
        assertEquals(names.stream().sorted().toList(), names);
        assertTrue(provider().network(network()).isPresent());
        assertEquals(Optional.empty(), provider().network(NetworkName.of("nowhere")));
    }

    @Test
    default void define_network_staysUntilRemoved() {
        NetworkName name = NetworkName.of("made");
        NetworkConfig config = definable(name);
        if (!capabilities().contains(NetworkCapability.DEFINE_NETWORK)) {
            assertRefused(ErrorCode.UNSUPPORTED, "made", () -> provider().define(config));
            assertRefused(
                    ErrorCode.UNSUPPORTED, network().value(), () -> provider().remove(network()));
            return;
        }
        provider().define(config);
        assertRefused(ErrorCode.ALREADY_EXISTS, "made", () -> provider().define(config));
        NetworkConfig kept = restart().network(name).orElseThrow();
        assertEquals(config.driver(), kept.driver());
        assertEquals(config.subnets(), kept.subnets());
        assertEquals(config.dns(), kept.dns());
        assertEquals(config.options(), kept.options());
        AttachmentId id = new AttachmentId(NamespaceName.DEFAULT, "a", name, "eth0");
        provider().attach(AttachRequest.of(id, sandbox("a")).build());
        assertRefused(ErrorCode.FAILED_PRECONDITION, "made", () -> provider().remove(name));
        provider().detach(id);
        provider().remove(name);
        assertEquals(Optional.empty(), provider().network(name));
        assertRefused(ErrorCode.NOT_FOUND, "made", () -> provider().remove(name));
    }

    @Test
    default void define_unknownDriver_isInvalid() {
        NetworkConfig config =
                NetworkConfig.of(NetworkName.of("odd"), "no-such-driver").build();
        ErrorCode code = capabilities().contains(NetworkCapability.DEFINE_NETWORK)
                ? ErrorCode.INVALID_ARGUMENT
                : ErrorCode.UNSUPPORTED;
        assertRefused(code, "odd", () -> provider().define(config));
        assertEquals(Optional.empty(), provider().network(NetworkName.of("odd")));
    }
}
