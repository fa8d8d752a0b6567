package org.felucca.oci.runtimespec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.Json;
import org.felucca.oci.runtimespec.features.Features;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Namespace;
import org.felucca.oci.runtimespec.linux.NamespaceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecTest {

    /** Samples without default values in them, so that what is written must be what was read. */
    @ParameterizedTest
    @ValueSource(strings = {"linux-everything.json", "windows-everything.json"})
    void parse_everyProperty_isUnderstoodAndWrittenBack(String file) {
        byte[] document = resource(file);
        Spec.Parsed parsed = Spec.parse(document);
        assertEquals(List.of(), parsed.unknown());
        assertEquals(Json.parse(file, document), parsed.spec().toJson());
        assertEquals(parsed.spec(), Spec.parse(parsed.spec().toBytes()).spec());
    }

    @Test
    void parse_exampleOfTheSpecification_isUnderstood() {
        Spec.Parsed parsed = Spec.parse(resource("spec-example.json"));
        // The specification's example still carries a property that was dropped before 1.0.
        assertEquals(List.of("/linux/resources/oomScoreAdj"), parsed.unknown());
        assertEquals(parsed.spec(), Spec.parse(parsed.spec().toBytes()).spec());
    }

    @Test
    void toBuilder_build_isEqual() {
        Spec spec = Spec.parse(resource("linux-everything.json")).spec();
        assertEquals(spec, spec.toBuilder().build());
        Linux linux = assertNotNullAnd(spec.linux());
        assertEquals(linux, linux.toBuilder().build());
        Process process = assertNotNullAnd(spec.process());
        assertEquals(process, process.toBuilder().build());
        assertEquals("/tmp", process.toBuilder().cwd("/tmp").build().cwd());
    }

    @Test
    void parse_unknownProperties_areListedByPointer() {
        Spec.Parsed parsed = Spec.parse(utf8("""
                {"ociVersion":"1.0.2","process":{"user":{"uid":0,"gid":0,"shoeSize":46},"cwd":"/"},
                 "linux":{"namespaces":[{"type":"pid","x":1}],"turbo":true},"zos":{}}
                """));
        assertEquals(
                List.of("/process/user/shoeSize", "/linux/namespaces/0/x", "/linux/turbo", "/zos"), parsed.unknown());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | `` | 'ociVersion' is missing",
                "{'ociVersion':'1'} | `` | no semantic version",
                "{@,'process':{'cwd':'/'}} | /process | 'user' is missing",
                "{@,'root':{'path':7}} | /root/path | expected a string",
                "{@,'mounts':[{'destination':'/'},{}]} | /mounts/1 | 'destination' is missing",
                "{@,'linux':{'namespaces':[{'type':'pod'}]}} | /linux/namespaces/0/type"
                        + " | expected one of pid network mount ipc uts user cgroup time",
                "{@,'linux':{'namespaces':[{'type':'pid'},{'type':'pid'}]}} | /linux | namespace pid is named twice",
                "{@,'linux':{'timeOffsets':{'realtime':{}}}} | /linux | has no offset",
                "{@,'linux':{'devices':[{'type':'c','path':'/d'}]}} | /linux/devices/0 | major or minor is missing",
                "{@,'linux':{'resources':{'hugepageLimits':[{'pageSize':'64kB','limit':1}]}}}"
                        + " | /linux/resources/hugepageLimits/0 | is malformed",
                "{@,'linux':{'resources':{'pids':{'limit':1e30}}}} | /linux/resources/pids/limit | found 1e30",
                "{@,'linux':{'uidMappings':[{'containerID':4294967295,'hostID':0,'size':2}]}}"
                        + " | /linux/uidMappings/0 | outside 32 bits",
                "{@,'hooks':{'poststop':[{'path':'x'}]}} | /hooks/poststop/0 | not absolute",
                "{@,'process':{'user':{'uid':0,'gid':0},'cwd':'/','rlimits':[{'type':'RLIMIT_CPU','hard':1,'soft':2}]}}"
                        + " | /process/rlimits/0 | soft 2 is above hard 1",
                "{@,'windows':{}} | /windows | 'layerFolders' is missing",
                "{@,'windows':{'layerFolders':[]}} | /windows | layerFolders is empty",
                "{@,'windows':{'layerFolders':['C:','D:'],'devices':[{'id':'x'}]}}"
                        + " | /windows/devices/0 | 'idType' is missing",
                "{@,'windows':{'layerFolders':['C:'],'resources':{'memory':{'limit':-1}}}}"
                        + " | /windows/resources/memory/limit | found -1",
                "{@,'windows':{'layerFolders':['C:'],'resources':{'cpu':{'count':1,'shares':1}}}}"
                        + " | /windows/resources/cpu | count, shares and maximum exclude each other",
                "{@,'windows':{'layerFolders':['C:'],'resources':{'cpu':{'shares':10001}}}}"
                        + " | /windows/resources/cpu | shares 10001 is out of range; use 0 to 10000",
                "{@,'windows':{'layerFolders':['C:'],'resources':{'cpu':{'maximum':65535}}}}"
                        + " | /windows/resources/cpu | maximum 65535 is out of range; use 0 to 10000",
                "{@,'windows':{'layerFolders':['C:'],'resources':{'cpu':{'maximum':65536}}}}"
                        + " | /windows/resources/cpu/maximum | found 65536",
                "{@,'windows':{'layerFolders':['C:'],'resources':{'cpu':{'affinity':[{'group':-1}]}}}}"
                        + " | /windows/resources/cpu/affinity/0/group | found -1",
                "{@,'windows':{'layerFolders':['C:'],'resources':{'storage':{'iops':'many'}}}}"
                        + " | /windows/resources/storage/iops | found 'many'",
                "{@,'windows':{'layerFolders':['C:'],'network':{'endpointList':'e'}}}"
                        + " | /windows/network/endpointList | expected an array",
                "{@,'windows':{'layerFolders':['C:'],'hyperv':true}} | /windows/hyperv | expected an object",
                "{@,'process':{'user':{'uid':0},'cwd':'/'}} | /process/user | 'gid' is missing",
            })
    void parse_brokenRule_namesThePlaceAndTheRule(String document, String pointer, String reason) {
        String json = document.replace("@", "'ociVersion':'1.0.0'").replace('\'', '"');
        OciFormatException e = assertThrows(OciFormatException.class, () -> Spec.parse(utf8(json)));
        assertEquals(pointer, e.pointer(), e::getMessage);
        assertTrue(e.getMessage().contains(reason.replace('\'', '"')), e.getMessage());
    }

    @Test
    void parse_userOfWindows_needsNoNumbers() {
        Spec spec = Spec.parse(utf8("""
                {"ociVersion":"1.0.2","process":{"user":{"username":"ContainerUser"},"cwd":"C:\\\\"}}
                """)).spec();
        assertEquals("ContainerUser", assertNotNullAnd(spec.process()).user().username());
        assertEquals(spec, Spec.parse(spec.toBytes()).spec());
    }

    @Test
    void build_brokenRule_isRefusedWithoutADocument() {
        Linux.Builder builder = Linux.builder()
                .namespaces(List.of(new Namespace(NamespaceType.PID, null), new Namespace(NamespaceType.PID, null)));
        assertThrows(OciFormatException.class, builder::build);
    }

    @Test
    void parse_state_isUnderstoodAndWrittenBack() {
        State state = State.parse(resource("state-example.json"));
        assertEquals(ContainerStatus.RUNNING, state.status());
        assertEquals(4422L, state.pid());
        assertEquals(Json.parse("state", resource("state-example.json")), state.toJson());
    }

    @Test
    void parse_featuresOfRunc_areUnderstoodAndWrittenBack() {
        byte[] document = resource("features-runc.json");
        Features features = Features.parse(document);
        assertEquals(Json.parse("features", document), features.toJson());
        assertTrue(assertNotNullAnd(features.hooks()).contains("createRuntime"));
        assertFalse(assertNotNullAnd(assertNotNullAnd(features.linux()).namespaces())
                .isEmpty());
    }

    @Test
    void isEmpty_ofHooks_isAboutAnyHook() {
        assertTrue(Hooks.NONE.isEmpty());
        assertFalse(Hooks.builder()
                .poststop(List.of(new Hook("/x", List.of(), List.of(), null)))
                .build()
                .isEmpty());
    }

    private static <T> T assertNotNullAnd(T value) {
        assertNotNull(value);
        return value;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) {
        try (InputStream in = SpecTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
