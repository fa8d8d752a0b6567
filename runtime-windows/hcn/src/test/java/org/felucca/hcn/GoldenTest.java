package org.felucca.hcn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.network.AttachRequest;
import org.felucca.api.network.AttachmentId;
import org.felucca.api.network.DnsSettings;
import org.felucca.api.network.NetworkConfig;
import org.felucca.api.network.NetworkName;
import org.felucca.api.network.NetworkPrefix;
import org.felucca.api.network.NetworkSandbox;
import org.felucca.api.network.PortMapping;
import org.felucca.hcn.compile.EndpointCompiler;
import org.felucca.hcn.compile.NetworkCompiler;
import org.felucca.hcn.document.AclAction;
import org.felucca.hcn.document.AclDirection;
import org.felucca.hcn.document.AclRule;
import org.felucca.hcn.document.AclRuleType;
import org.felucca.hcn.document.EndpointPolicy;
import org.felucca.hcn.document.HostComputeNamespace;
import org.felucca.hcn.document.NamespaceResource;
import org.felucca.hcn.document.NamespaceType;
import org.felucca.hcn.document.NetworkRequests;
import org.felucca.hcn.document.ResourceId;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks, attachments and requests, and the documents that become of them: a file in {@code golden} for each. */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/org/felucca/hcn/golden");
    private static final UUID NETWORK = UUID.fromString("b95d0c5e-57d4-412b-b571-18a81a16e005");
    private static final UUID NAMESPACE = UUID.fromString("168f3daf-efc6-4377-b20a-2c86764ba892");
    private static final UUID ENDPOINT = UUID.fromString("7a010682-17e0-4455-a838-02e5d9655fe6");

    private static NetworkConfig.Builder network(String driver) {
        return NetworkConfig.of(NetworkName.of("front"), driver);
    }

    private static NetworkConfig.Subnet subnet(String address, int length, String gateway) {
        return new NetworkConfig.Subnet(
                new NetworkPrefix(ip(address), length),
                gateway.isEmpty() ? Optional.empty() : Optional.of(ip(gateway)));
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static AttachRequest.Builder request() {
        return AttachRequest.of(
                new AttachmentId(NamespaceName.DEFAULT, "web-1", NetworkName.of("front"), "eth0"),
                new NetworkSandbox.HostComputeNamespace(NAMESPACE));
    }

    private static JsonObject endpoint(AttachRequest.Builder request, NetworkConfig.Builder network) {
        return EndpointCompiler.compile(request.build(), network.build(), NETWORK)
                .toJson();
    }

    private static JsonObject compiled(NetworkConfig.Builder network) {
        return NetworkCompiler.compile(network.build()).toJson();
    }

    private static Map<String, Supplier<JsonObject>> cases() {
        NetworkConfig.Subnet usual = subnet("10.1.0.0", 16, "10.1.0.1");
        return Map.ofEntries(
                Map.entry("network-nat", () -> compiled(network("nat"))),
                Map.entry(
                        "network-nat-subnets",
                        () -> compiled(network("nat").subnets(List.of(usual, subnet("fd00:1::", 64, "fd00:1::1"))))),
                Map.entry(
                        "network-dns",
                        () -> compiled(network("nat")
                                .dns(new DnsSettings(
                                        List.of(ip("10.0.0.53")), List.of("a.example"), List.of("ndots:2"))))),
                Map.entry("network-transparent", () -> compiled(network("transparent"))),
                Map.entry(
                        "network-transparent-static",
                        () -> compiled(network("transparent")
                                .subnets(List.of(subnet("10.1.0.0", 16, "")))
                                .options(Map.of(NetworkCompiler.ADAPTER, "Ethernet 2", NetworkCompiler.VLAN, "4094")))),
                Map.entry(
                        "network-l2bridge",
                        () -> compiled(network("l2bridge")
                                .subnets(List.of(usual))
                                .options(Map.of(NetworkCompiler.ADAPTER, "Ethernet")))),
                Map.entry("endpoint", () -> endpoint(request(), network("nat").subnets(List.of(usual)))),
                Map.entry(
                        "endpoint-addresses",
                        () -> endpoint(
                                request().addresses(List.of(ip("10.1.0.9"))).macAddress("02:42:0a:01:00:09"),
                                network("l2bridge").subnets(List.of(usual)))),
                Map.entry(
                        "endpoint-port-mappings",
                        () -> endpoint(
                                request()
                                        .portMappings(List.of(
                                                new PortMapping(PortMapping.Protocol.TCP, Optional.empty(), 8080, 80),
                                                new PortMapping(
                                                        PortMapping.Protocol.UDP,
                                                        Optional.of(ip("192.0.2.1")),
                                                        53,
                                                        5353))),
                                network("nat"))),
                Map.entry(
                        "endpoint-outbound-nat",
                        () -> endpoint(
                                request(),
                                network("l2bridge")
                                        .subnets(List.of(usual))
                                        .options(Map.of(NetworkCompiler.NAT_EXCEPTIONS, "10.1.0.0/16, 10.96.0.0/12")))),
                Map.entry(
                        "endpoint-sdn-route",
                        () -> endpoint(
                                request(),
                                network("l2bridge")
                                        .subnets(List.of(usual))
                                        .options(Map.of(NetworkCompiler.ENCAPSULATED, "10.96.0.0/12,192.0.2.0/24")))),
                Map.entry(
                        "endpoint-dns",
                        () -> endpoint(
                                request(),
                                network("nat")
                                        .dns(new DnsSettings(
                                                List.of(ip("fd00::53")), List.of("b.example"), List.of())))),
                Map.entry(
                        "policy-acl",
                        () -> NetworkRequests.addPolicies(List.of(
                                EndpointPolicy.acl(new AclRule(
                                        "6",
                                        AclAction.ALLOW,
                                        AclDirection.IN,
                                        "10.1.0.9",
                                        "192.0.2.0/24",
                                        "80,443",
                                        null,
                                        AclRuleType.SWITCH,
                                        200)),
                                EndpointPolicy.acl(new AclRule(
                                        null,
                                        AclAction.BLOCK,
                                        AclDirection.OUT,
                                        null,
                                        null,
                                        null,
                                        "25",
                                        AclRuleType.HOST,
                                        300))))),
                Map.entry("namespace", () -> new HostComputeNamespace(null, NamespaceType.HOST, List.of()).toJson()),
                Map.entry("namespace-add-endpoint", () -> NetworkRequests.addEndpoint(ENDPOINT)),
                Map.entry("namespace-remove-endpoint", () -> NetworkRequests.removeEndpoint(ENDPOINT)),
                Map.entry("query-all", NetworkRequests::queryAll),
                Map.entry("query-by-name", () -> NetworkRequests.queryByName("felucca/default/web-1/front/eth0")));
    }

    static Stream<String> names() {
        return cases().keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("names")
    void compile_input_isTheGoldenDocument(String name) throws IOException {
        String actual = new String(Json.prettyBytes(cases().get(name).get()), StandardCharsets.UTF_8);
        assertEquals(Files.readString(GOLDEN.resolve(name + ".json")), actual.stripTrailing() + "\n");
    }

    @Test
    void compile_everyGoldenFile_isOneOfTheInputs() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertEquals(
                    names().toList(),
                    files.map(file -> file.getFileName().toString().replace(".json", ""))
                            .sorted()
                            .toList());
        }
    }

    @Test
    void read_namespaceWithResources_isWrittenBack() {
        HostComputeNamespace namespace = new HostComputeNamespace(
                NAMESPACE,
                NamespaceType.HOST_DEFAULT,
                List.of(new NamespaceResource("Endpoint", new ResourceId(ENDPOINT.toString()))));
        assertEquals(namespace, HostComputeNamespace.read(JsonCursor.of("namespace", namespace.toJson())));
    }
}
