package org.felucca.tck.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.network.AttachRequest;
import org.felucca.api.network.AttachmentId;
import org.felucca.api.network.NetworkAttachment;
import org.felucca.api.network.NetworkCapability;
import org.felucca.api.network.NetworkName;
import org.felucca.api.network.NetworkPrefix;
import org.felucca.api.network.NetworkSandbox;
import org.felucca.api.network.PortMapping;
import org.junit.jupiter.api.Test;

/** What attach makes, and refuses. */
public interface AttachContract extends NetworkProviderTest {

    @Test
    default void attach_sandbox_hasAnAddressOfTheNetwork() {
        NetworkSandbox sandbox = sandbox("a");
        NetworkAttachment made =
                provider().attach(AttachRequest.of(id("a"), sandbox).build());
        assertEquals(id("a"), made.id());
        assertEquals(sandbox, made.sandbox());
        assertEquals(List.of(), made.portMappings());
        NetworkPrefix subnet =
                provider().network(network()).orElseThrow().subnets().get(0).prefix();
        assertTrue(subnet.contains(made.addresses().get(0).address()), made::toString);
        assertEquals(List.of(made), provider().attachments());
    }

    @Test
    default void attach_twoSandboxes_haveAddressesOfTheirOwn() {
        NetworkAttachment first = provider().attach(request("a").build());
        NetworkAttachment second = provider().attach(request("b").build());
        assertNotEquals(
                first.addresses().get(0).address(), second.addresses().get(0).address());
        assertNotEquals(first.macAddress(), second.macAddress());
        assertEquals(Set.of(first, second), Set.copyOf(provider().attachments()));
    }

    @Test
    default void attach_secondInterface_isAnAttachmentOfItsOwn() {
        NetworkSandbox sandbox = sandbox("a");
        provider().attach(AttachRequest.of(id("a"), sandbox).build());
        AttachmentId second = new AttachmentId(NamespaceName.DEFAULT, "a", network(), "eth1");
        provider().attach(AttachRequest.of(second, sandbox).build());
        provider().detach(id("a"));
        assertEquals(
                List.of(second),
                provider().attachments().stream().map(NetworkAttachment::id).toList());
        provider().check(second);
    }

    @Test
    default void attach_sameIdOfAnotherTenant_isAnAttachmentOfItsOwn() {
        provider().attach(request("a").build());
        AttachmentId other = new AttachmentId(new NamespaceName("k8s.io"), "a", network(), "eth0");
        provider().attach(AttachRequest.of(other, sandbox("other")).build());
        assertEquals(2, provider().attachments().size());
    }

    @Test
    default void attach_idInUse_alreadyExistsAndChangesNothing() {
        NetworkSandbox sandbox = sandbox("a");
        NetworkAttachment made =
                provider().attach(AttachRequest.of(id("a"), sandbox).build());
        assertRefused(
                ErrorCode.ALREADY_EXISTS,
                "a",
                () -> provider().attach(AttachRequest.of(id("a"), sandbox).build()));
        assertEquals(List.of(made), provider().attachments());
        provider().check(id("a"));
    }

    @Test
    default void attach_missingNetwork_isNotFoundAndLeavesNothing() {
        AttachmentId id = new AttachmentId(NamespaceName.DEFAULT, "a", NetworkName.of("nowhere"), "eth0");
        NetworkSandbox sandbox = sandbox("a");
        assertRefused(
                ErrorCode.NOT_FOUND,
                "nowhere",
                () -> provider().attach(AttachRequest.of(id, sandbox).build()));
        assertEquals(List.of(), provider().attachments());
    }

    @Test
    default void attach_missingSandbox_isNotFoundAndLeavesNothing() {
        NetworkSandbox sandbox = sandbox("a");
        destroy(sandbox);
        assertRefused(
                ErrorCode.NOT_FOUND,
                "a",
                () -> provider().attach(AttachRequest.of(id("a"), sandbox).build()));
        assertEquals(List.of(), provider().attachments());
    }

    @Test
    default void attach_sandboxOfAnotherKind_isUnsupported() {
        assertFalse(provider().features().sandboxes().contains(foreignSandbox().kind()));
        assertRefused(
                ErrorCode.UNSUPPORTED,
                "a",
                () -> provider()
                        .attach(AttachRequest.of(id("a"), foreignSandbox()).build()));
        assertEquals(List.of(), provider().attachments());
    }

    @Test
    default void attach_portOfTheProvidersChoice_isOneOfTheHosts() {
        AttachRequest request = request("a")
                .portMappings(List.of(new PortMapping(PortMapping.Protocol.TCP, Optional.empty(), 0, 80)))
                .build();
        if (!capabilities().contains(NetworkCapability.PORT_MAPPING)) {
            assertRefused(ErrorCode.UNSUPPORTED, "a", () -> provider().attach(request));
            assertEquals(List.of(), provider().attachments());
            return;
        }
        PortMapping mapping = provider().attach(request).portMappings().get(0);
        assertEquals(80, mapping.port());
        assertTrue(mapping.hostPort() > 0);
        AttachRequest again = request("b").portMappings(List.of(mapping)).build();
        assertRefused(
                ErrorCode.ALREADY_EXISTS,
                String.valueOf(mapping.hostPort()),
                () -> provider().attach(again));
        provider().detach(id("a"));
        assertEquals(List.of(mapping), provider().attach(again).portMappings());
    }

    @Test
    default void attach_addressWanted_isThatOneAndNoOneElses() {
        InetAddress address =
                provider().attach(request("a").build()).addresses().get(0).address();
        provider().detach(id("a"));
        AttachRequest wanted = request("b").addresses(List.of(address)).build();
        if (!capabilities().contains(NetworkCapability.STATIC_ADDRESS)) {
            assertRefused(ErrorCode.UNSUPPORTED, "b", () -> provider().attach(wanted));
            return;
        }
        assertEquals(address, provider().attach(wanted).addresses().get(0).address());
        AttachRequest taken = request("c").addresses(List.of(address)).build();
        assertRefused(
                ErrorCode.ALREADY_EXISTS,
                address.getHostAddress(),
                () -> provider().attach(taken));
        AttachRequest outside = request("d")
                .addresses(List.of(InetAddress.getLoopbackAddress()))
                .build();
        assertRefused(ErrorCode.INVALID_ARGUMENT, "127.0.0.1", () -> provider().attach(outside));
    }

    @Test
    default void attach_hardwareAddressWanted_isThatOne() {
        AttachRequest wanted = request("a").macAddress("02:42:0a:01:00:63").build();
        if (!capabilities().contains(NetworkCapability.STATIC_MAC)) {
            assertRefused(ErrorCode.UNSUPPORTED, "a", () -> provider().attach(wanted));
            return;
        }
        assertEquals("02:42:0a:01:00:63", provider().attach(wanted).macAddress());
    }

    @Test
    default void attach_manyAtOnce_haveAddressesOfTheirOwn() throws Exception {
        int count = 8;
        List<Callable<NetworkAttachment>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            AttachRequest request = request("s" + i).build();
            calls.add(() -> provider().attach(request));
        }
        ExecutorService executor = Executors.newFixedThreadPool(count);
        try {
            Set<InetAddress> addresses = new HashSet<>();
            for (Future<NetworkAttachment> made : executor.invokeAll(calls)) {
                addresses.add(made.get().addresses().get(0).address());
            }
            assertEquals(count, addresses.size());
        } finally {
            executor.shutdownNow();
        }
    }
}
