package org.felucca.winapi.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.winapi.abi.WindowsDouble;
import org.felucca.winapi.abi.WindowsDouble.When;
import org.felucca.winapi.result.NetworkResult;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NetworkTest {

    private static final String NAT = "{\"Name\":\"nat\",\"Type\":\"NAT\",\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";

    @RegisterExtension
    static final WindowsDouble WINDOWS = new WindowsDouble();

    private final ComputeNetwork service = ComputeNetwork.open(WINDOWS.locator());
    private final UUID network = UUID.fromString("b95d0c5e-57d4-412b-b571-18a81a16e005");
    private final UUID endpoint = UUID.fromString("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
    private final UUID space = UUID.fromString("ffeeddcc-bbaa-9988-7766-554433221100");

    @AfterEach
    void nothingIsLeft() {
        assertEquals("[]", service.endpoints().enumerate(""));
        assertEquals("[]", service.namespaces().enumerate(""));
        assertEquals("[]", service.networks().enumerate(""));
    }

    @Test
    void create_ofANetwork_keepsItsIdentifierAndSettings() {
        service.networks().create(network, NAT);

        assertEquals("[\"" + upper(network) + "\"]", service.networks().enumerate(""));
        String properties = service.networks().query(network, "");
        assertTrue(properties.contains("\"Type\":\"NAT\""), properties);
        assertTrue(properties.contains("\"ID\":\"" + upper(network) + "\""), properties);
        service.networks().delete(network);
    }

    @Test
    void create_ofANetworkWhoseNameIsTaken_isRefusedWithTheRecordsText() {
        service.networks().create(network, NAT);

        WinapiException e =
                assertThrows(WinapiException.class, () -> service.networks().create(UUID.randomUUID(), NAT));

        assertTrue(e.is(NetworkResult.HCN_E_NETWORK_ALREADY_EXISTS));
        assertEquals(ErrorCode.ALREADY_EXISTS, e.code());
        assertEquals("A network with this name already exists", e.document().text());
        service.networks().delete(network);
    }

    @Test
    void create_ofANetworkOfAnUnknownType_isAnInvalidArgument() {
        WinapiException e = assertThrows(
                WinapiException.class, () -> service.networks().create(network, NAT.replace("NAT", "Carrier pigeon")));

        assertTrue(e.is(NetworkResult.HCN_E_INVALID_NETWORK_TYPE));
    }

    @Test
    void create_withWhatIsNoDocument_isAnInvalidArgument() {
        WinapiException e =
                assertThrows(WinapiException.class, () -> service.networks().create(network, "{"));

        assertTrue(e.is(NetworkResult.HCN_E_INVALID_JSON));
    }

    @Test
    void anything_withAnUnknownIdentifier_isNotFoundByItsKind() {
        assertFailure(
                NetworkResult.HCN_E_NETWORK_NOT_FOUND, () -> service.networks().query(network, ""));
        assertFailure(
                NetworkResult.HCN_E_NETWORK_NOT_FOUND, () -> service.networks().delete(network));
        assertFailure(
                NetworkResult.HCN_E_ENDPOINT_NOT_FOUND,
                () -> service.endpoints().query(endpoint, ""));
        assertFailure(NetworkResult.HCN_E_NETWORK_NOT_FOUND, () -> service.createEndpoint(network, endpoint, "{}"));
        WinapiException e =
                assertThrows(WinapiException.class, () -> service.namespaces().modify(space, "{}"));
        assertTrue(e.is(SystemResult.ERROR_NOT_FOUND));
        assertEquals("namespace " + space, e.subject());
    }

    @Test
    void endpoint_isOfItsNetwork_andJoinsOneNamespace() {
        service.networks().create(network, NAT);
        service.namespaces().create(space, "{\"Type\":\"Host\"}");
        service.createEndpoint(network, endpoint, "{\"Name\":\"eth0\"}");
        String join = "{\"ResourceType\":\"Endpoint\",\"RequestType\":\"Add\",\"Settings\":{\"EndpointId\":\""
                + endpoint + "\"}}";

        service.namespaces().modify(space, join);

        String properties = service.endpoints().query(endpoint, "");
        assertTrue(properties.contains("\"HostComputeNetwork\":\"" + upper(network) + "\""), properties);
        assertTrue(properties.contains("\"HostComputeNamespace\":\"" + upper(space) + "\""), properties);
        assertTrue(service.namespaces().query(space, "").contains("\"Id\":\"" + upper(endpoint) + "\""));
        assertFailure(
                NetworkResult.HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS,
                () -> service.namespaces().modify(space, join));
        assertFailure(
                NetworkResult.HCN_E_ENTITY_HAS_REFERENCES,
                () -> service.networks().delete(network));
        service.namespaces().modify(space, join.replace("Add", "Remove"));
        service.endpoints().delete(endpoint);
        service.namespaces().delete(space);
        service.networks().delete(network);
    }

    @Test
    void modify_ofAnEndpoint_addsPolicies() {
        service.networks().create(network, NAT);
        service.createEndpoint(network, endpoint, "{\"Policies\":[{\"Type\":\"OutBoundNAT\"}]}");

        service.endpoints()
                .modify(
                        endpoint,
                        "{\"ResourceType\":\"Policy\",\"RequestType\":\"Add\",\"Settings\":{\"Policies\":[{\"Type\":\"PortMapping\"}]}}");

        assertTrue(service.endpoints()
                .query(endpoint, "")
                .contains("\"Policies\":[{\"Type\":\"OutBoundNAT\"},{\"Type\":\"PortMapping\"}]"));
        service.endpoints().delete(endpoint);
        service.networks().delete(network);
    }

    @Test
    void subscribe_deliversNotificationsUntilItIsClosed() throws Exception {
        BlockingQueue<NetworkEvent> events = new LinkedBlockingQueue<>();
        try (NetworkEvent.Registration registration = service.subscribe(events::add)) {
            service.networks().create(network, NAT);
            NetworkEvent created = events.poll(1, TimeUnit.MINUTES);
            assertEquals(NetworkEvent.Type.NETWORK_CREATE, created.type());
            assertTrue(created.status().succeeded());
            assertEquals("{\"ID\":\"" + upper(network) + "\"}", created.data());
            registration.close();
        }

        service.networks().delete(network);

        assertTrue(events.isEmpty());
    }

    @Test
    void everyDocumentedFailure_hasItsNameCodeAndText() {
        for (NetworkResult result : NetworkResult.values()) {
            WINDOWS.fail("HcnCreateNetwork", When.AT_CALL, result, "{\"Error\":\"Said so.\",\"Success\":false}");

            WinapiException e =
                    assertThrows(WinapiException.class, () -> service.networks().create(network, NAT));

            assertTrue(e.is(result), e.getMessage());
            assertEquals(result.code(), e.code());
            assertEquals(result.text() + " (" + result.name() + "): Said so", e.reason());
        }
    }

    @Test
    void everyFunction_passesItsFailureOn() {
        service.networks().create(network, NAT);
        service.namespaces().create(space, "{}");
        service.createEndpoint(network, endpoint, "{}");
        fails("HcnCreateEndpoint", () -> service.createEndpoint(network, UUID.randomUUID(), "{}"));
        fails("HcnRegisterServiceCallback", () -> service.subscribe(event -> {}));
        kind("Network", service.networks(), network);
        kind("Namespace", service.namespaces(), space);
        kind("Endpoint", service.endpoints(), endpoint);
        service.endpoints().delete(endpoint);
        service.namespaces().delete(space);
        service.networks().delete(network);
    }

    private static void kind(String kind, HcnObjects objects, UUID id) {
        fails("HcnEnumerate" + kind + "s", () -> objects.enumerate(""));
        fails("HcnOpen" + kind, () -> objects.query(id, ""));
        fails("HcnQuery" + kind + "Properties", () -> objects.query(id, ""));
        fails("HcnModify" + kind, () -> objects.modify(id, "{}"));
        fails("HcnDelete" + kind, () -> objects.delete(id));
    }

    private static void fails(String function, Runnable call) {
        WINDOWS.fail(function, When.AT_CALL, NetworkResult.HCN_E_MANAGER_STOPPED, null);
        WinapiException e = assertThrows(WinapiException.class, call::run);
        assertEquals(function, e.operation());
        assertTrue(e.is(NetworkResult.HCN_E_MANAGER_STOPPED), e.getMessage());
    }

    private static void assertFailure(NetworkResult result, Runnable call) {
        WinapiException e = assertThrows(WinapiException.class, call::run);
        assertTrue(e.is(result), e.getMessage());
    }

    private static String upper(UUID id) {
        return id.toString().toUpperCase(Locale.ROOT);
    }
}
