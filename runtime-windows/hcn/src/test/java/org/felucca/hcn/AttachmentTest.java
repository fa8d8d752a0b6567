package org.felucca.hcn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.network.AttachRequest;
import org.felucca.api.network.AttachmentId;
import org.felucca.api.network.NetworkAttachment;
import org.felucca.api.network.NetworkConfig;
import org.felucca.api.network.NetworkName;
import org.felucca.api.network.NetworkPrefix;
import org.felucca.api.network.NetworkRoute;
import org.felucca.api.network.NetworkSandbox;
import org.felucca.api.network.PortMapping;
import org.felucca.hcn.compile.EndpointCompiler;
import org.felucca.hcn.compile.EndpointName;
import org.felucca.hcn.compile.NetworkCompiler;
import org.felucca.hcn.document.ErrorRecord;
import org.felucca.hcn.document.HostComputeEndpoint;
import org.felucca.hcn.document.HostComputeNetwork;
import org.felucca.hcn.document.NetworkType;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service says is understood, and what cannot be is refused. */
class AttachmentTest {
    private static final AttachmentId ID =
            new AttachmentId(NamespaceName.DEFAULT, "web-1", NetworkName.of("front"), "eth0");
    private static final NetworkSandbox SANDBOX = new NetworkSandbox.HostComputeNamespace(new UUID(1, 2));

    private static JsonCursor document(String json) {
        return JsonCursor.of("document", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static FeluccaException assertRefused(ErrorCode code, Runnable call) {
        FeluccaException refusal = assertThrows(FeluccaException.class, call::run);
        assertEquals(code, refusal.code(), refusal::getMessage);
        return refusal;
    }

    private static NetworkConfig network(String driver, Map<String, String> options) {
        NetworkPrefix prefix = new NetworkPrefix(ip("10.1.0.0"), 16);
        return NetworkConfig.of(NetworkName.of("front"), driver)
                .subnets(List.of(new NetworkConfig.Subnet(prefix, Optional.of(ip("10.1.0.1")))))
                .options(options)
                .build();
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void attachment_ofAnEndpoint_hasWhatTheServiceSays() {
        HostComputeEndpoint endpoint = HostComputeEndpoint.read(document("""
                {'ID':'7A010682-17E0-4455-A838-02E5D9655FE6','Name':'n','HostComputeNetwork':'b95d0c5e-57d4-412b-b571-18a81a16e005',
                 'IpConfigurations':[{'IpAddress':'10.1.0.9','PrefixLength':16},{'IpAddress':'fd00::9'}],
                 'Routes':[{'NextHop':'10.1.0.1','DestinationPrefix':'0.0.0.0/0','Metric':5},
                   {'NextHop':'0.0.0.0','DestinationPrefix':'10.1.0.0/16'},{'DestinationPrefix':'fd00::/64'}],
                 'Dns':{'Domain':'a.example','Search':['b.example'],'ServerList':['10.0.0.53,10.0.0.54','fd00::53']},
                 'MacAddress':'00-15-5D-0A-01-09','Health':{'Extra':{}},'SchemaVersion':{'Major':2,'Minor':16}}"""));
        PortMapping mapping = new PortMapping(PortMapping.Protocol.TCP, Optional.empty(), 8080, 80);
        NetworkAttachment attachment = EndpointCompiler.attachment(
                AttachRequest.of(ID, SANDBOX).portMappings(List.of(mapping)).build(), endpoint);
        assertEquals(ID, attachment.id());
        assertEquals(SANDBOX, attachment.sandbox());
        assertEquals("00:15:5d:0a:01:09", attachment.macAddress());
        assertEquals(
                List.of(new NetworkPrefix(ip("10.1.0.9"), 16), new NetworkPrefix(ip("fd00::9"), 128)),
                attachment.addresses());
        assertEquals(
                List.of(
                        new NetworkRoute(new NetworkPrefix(ip("0.0.0.0"), 0), Optional.of(ip("10.1.0.1"))),
                        new NetworkRoute(new NetworkPrefix(ip("10.1.0.0"), 16), Optional.empty()),
                        new NetworkRoute(new NetworkPrefix(ip("fd00::"), 64), Optional.empty())),
                attachment.routes());
        assertEquals(
                List.of(ip("10.0.0.53"), ip("10.0.0.54"), ip("fd00::53")),
                attachment.dns().servers());
        assertEquals(List.of("a.example", "b.example"), attachment.dns().search());
        assertEquals(List.of(mapping), attachment.portMappings());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",'IpConfigurations':[{'IpAddress':'host.example','PrefixLength':16}]",
                ",'IpConfigurations':[{'IpAddress':'cafe.fe','PrefixLength':16}]",
                ",'IpConfigurations':[{'IpAddress':'10.1','PrefixLength':16}]",
                ",'IpConfigurations':[{'IpAddress':'10.1.0.9','PrefixLength':33}]",
                ",'IpConfigurations':[{'IpAddress':'10.1.0.9'}],'Routes':[{'NextHop':'10.1.0.1'}]",
            })
    void attachment_ofAnEndpointThatCannotBe_isInternal(String members) {
        HostComputeEndpoint endpoint = HostComputeEndpoint.read(
                document("{'HostComputeNetwork':'b95d0c5e-57d4-412b-b571-18a81a16e005'" + members + "}"));
        FeluccaException refusal = assertRefused(
                ErrorCode.INTERNAL,
                () -> EndpointCompiler.attachment(AttachRequest.of(ID, SANDBOX).build(), endpoint));
        assertTrue(refusal.getMessage().contains(ID.toString()), refusal::getMessage);
    }

    @Test
    void read_networkWithoutType_isNat() {
        HostComputeNetwork network = HostComputeNetwork.read(document("""
                {'ID':'b95d0c5e-57d4-412b-b571-18a81a16e005','Name':'nat','Policies':[{'Type':'VSwitchExtension',
                 'Settings':{'Enable':true}}],'Ipams':[{'Type':'Static','Subnets':[{'IpAddressPrefix':'10.0.0.0/24',
                 'Policies':[{'Type':'VSID'}],'Routes':[{'NextHop':'10.0.0.1','DestinationPrefix':'0.0.0.0/0'}]}]}]}"""));
        assertEquals(NetworkType.NAT, network.type());
        assertEquals("VSwitchExtension", network.policies().get(0).type());
        assertEquals("10.0.0.0/24", network.ipams().get(0).subnets().get(0).ipAddressPrefix());
        assertThrows(OciFormatException.class, () -> HostComputeNetwork.read(document("{'Type':'Carrier'}")));
    }

    @Test
    void read_errorRecord_hasTextAndCode() {
        ErrorRecord error =
                ErrorRecord.read(document("{'Success':false,'Error':'Element not found.','ErrorCode':2151350278}"));
        assertEquals("Element not found.", error.error());
        assertEquals(0x803b0006L, error.errorCode());
    }

    @Test
    void endpointName_ofAnAttachment_saysWhoseItIs() {
        assertEquals("felucca/default/web-1/front/eth0", EndpointName.of(ID));
        assertEquals(Optional.of(ID), EndpointName.parse(EndpointName.of(ID)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nat", "felucca/default/web-1/front", "felucca//a/b/c", "felucca/a/b/c/d/e", "other/a/b/c/d"
            })
    void endpointName_ofOthers_isNobodys(String name) {
        assertEquals(Optional.empty(), EndpointName.parse(name));
    }

    @ParameterizedTest
    @CsvSource({
        "overlay,,",
        "nat,adapter,Ethernet",
        "transparent,outbound-nat-exceptions,10.0.0.0/8",
        "l2bridge,mtu,1400",
        "l2bridge,vlan,0",
        "transparent,vlan,4095",
        "transparent,vlan,x",
    })
    void network_thatCannotBe_isInvalidByName(String driver, String option, String value) {
        Map<String, String> options = option == null ? Map.of() : Map.of(option, value);
        FeluccaException refusal =
                assertRefused(ErrorCode.INVALID_ARGUMENT, () -> NetworkCompiler.compile(network(driver, options)));
        assertTrue(refusal.subject().contains("front") && refusal.fix().isPresent(), refusal::getMessage);
    }

    @Test
    void network_l2bridgeWithoutGateway_isInvalid() {
        NetworkConfig.Builder bare = NetworkConfig.of(NetworkName.of("front"), "l2bridge");
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> NetworkCompiler.compile(bare.build()));
        NetworkConfig.Subnet closed = new NetworkConfig.Subnet(new NetworkPrefix(ip("10.1.0.0"), 16), Optional.empty());
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                () -> NetworkCompiler.compile(bare.subnets(List.of(closed)).build()));
    }

    @ParameterizedTest
    @CsvSource({
        "nat,TCP,0,INVALID_ARGUMENT",
        "nat,SCTP,80,UNSUPPORTED",
        "transparent,TCP,80,UNSUPPORTED",
        "l2bridge,TCP,80,UNSUPPORTED",
    })
    void endpoint_portMappingThatCannotBe_isRefused(
            String driver, PortMapping.Protocol protocol, int hostPort, ErrorCode code) {
        AttachRequest request = AttachRequest.of(ID, SANDBOX)
                .portMappings(List.of(new PortMapping(protocol, Optional.empty(), hostPort, 80)))
                .build();
        assertRefused(code, () -> EndpointCompiler.compile(request, network(driver, Map.of()), new UUID(3, 4)));
    }

    @Test
    void endpoint_requestThatCannotBe_isRefused() {
        NetworkConfig network = network("nat", Map.of());
        AttachRequest.Builder outside = AttachRequest.of(ID, SANDBOX).addresses(List.of(ip("10.2.0.1")));
        AttachRequest.Builder hardware = AttachRequest.of(ID, SANDBOX).macAddress("02-42-0a-01-00-05");
        AttachRequest.Builder linux = AttachRequest.of(ID, new NetworkSandbox.LinuxNamespace(Path.of("/run/netns/a")));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT, () -> EndpointCompiler.compile(outside.build(), network, new UUID(3, 4)));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT, () -> EndpointCompiler.compile(hardware.build(), network, new UUID(3, 4)));
        assertRefused(ErrorCode.UNSUPPORTED, () -> EndpointCompiler.compile(linux.build(), network, new UUID(3, 4)));
        NetworkConfig odd = network("l2bridge", Map.of(NetworkCompiler.ENCAPSULATED, "10.96.0.0"));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                () -> EndpointCompiler.compile(AttachRequest.of(ID, SANDBOX).build(), odd, new UUID(3, 4)));
    }
}
