package org.felucca.hcs.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every property that is not honoured is refused by its pointer, every wrong value by value and by what is allowed. */
class RefusalTest {
    private static FeluccaException assertRefused(ErrorCode code, String pointer, Executable call) {
        FeluccaException refusal = assertThrows(FeluccaException.class, call);
        assertEquals(code, refusal.code(), refusal.getMessage());
        assertTrue(refusal.subject().endsWith(" container configuration at " + pointer), refusal.getMessage());
        return refusal;
    }

    private static void compile(Spec spec, HostFacts host) {
        SystemCompiler.compile(spec, host, Documents.facts());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/ociVersion            | UNSUPPORTED      | {'ociVersion':'2.0.0'}",
                "/linux                 | UNSUPPORTED      | {'linux':{}}",
                "/domainname            | UNSUPPORTED      | {'domainname':'d'}",
                "/hooks/prestart        | UNSUPPORTED      | {'hooks':{'prestart':[{'path':'/x'}]}}",
                "/hooks/createRuntime   | UNSUPPORTED      | {'hooks':{'createRuntime':[{'path':'/x'}]}}",
                "/hooks/createContainer | UNSUPPORTED      | {'hooks':{'createContainer':[{'path':'/x'}]}}",
                "/hooks/startContainer  | UNSUPPORTED      | {'hooks':{'startContainer':[{'path':'/x'}]}}",
                "/hooks/poststart       | UNSUPPORTED      | {'hooks':{'poststart':[{'path':'/x'}]}}",
                "/hooks/poststop        | UNSUPPORTED      | {'hooks':{'poststop':[{'path':'/x'}]}}",
                "/windows               | INVALID_ARGUMENT | {'windows':null}",
                "/windows/hyperv        | UNSUPPORTED      | {'windows':{'hyperv':{}}}",
                "/windows/hyperv        | UNSUPPORTED      | {'windows':{'hyperv':{'utilityVMPath':'C:\\\\vm'}}}",
                "/windows/servicing     | UNSUPPORTED      | {'windows':{'servicing':true}}",
                "/hostname              | INVALID_ARGUMENT | {'hostname':'a.b'}",
                "/hostname              | INVALID_ARGUMENT | {'hostname':'12345'}",
                "/hostname              | INVALID_ARGUMENT | {'hostname':'-a'}",
                "/root                  | INVALID_ARGUMENT | {'root':null}",
                "/root/path             | INVALID_ARGUMENT | {'root':{'path':'C:\\\\scratch'}}",
                "/root/path             | INVALID_ARGUMENT | {'root':{'path':'\\\\\\\\?\\\\Volume{1}\\\\'}}",
                "/root/readonly         | UNSUPPORTED      | {'root':{'readonly':true}}",
                "/annotations/microsoft.com~1hostprocess-container | UNSUPPORTED"
                        + " | {'annotations':{'microsoft.com/hostprocess-container':'True'}}",
                "/annotations/io.microsoft.container.processdumplocation | INVALID_ARGUMENT"
                        + " | {'annotations':{'io.microsoft.container.processdumplocation':'dumps'}}",
                "/annotations/io.microsoft.wcow.processdumptype | INVALID_ARGUMENT"
                        + " | {'annotations':{'io.microsoft.wcow.processdumptype':'mini'}}",
                "/annotations/io.microsoft.wcow.processdumptype | INVALID_ARGUMENT"
                        + " | {'annotations':{'io.microsoft.container.processdumplocation':'C:\\\\d','io.microsoft.wcow.processdumptype':'core'}}",
                "/annotations/io.microsoft.wcow.processdumpcount | INVALID_ARGUMENT"
                        + " | {'annotations':{'io.microsoft.container.processdumplocation':'C:\\\\d','io.microsoft.wcow.processdumpcount':'0'}}",
            })
    void compile_document_isRefusedByPointer(String pointer, ErrorCode code, String patch) {
        Spec spec = Documents.patched(patch.replace('\'', '"'));
        assertRefused(code, pointer, () -> compile(spec, Documents.SERVER_2022));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/windows/layerFolders               | INVALID_ARGUMENT | {'layerFolders':['C:\\\\s']}",
                "/windows/layerFolders/0             | INVALID_ARGUMENT | {'layerFolders':['l','C:\\\\s']}",
                "/windows/layerFolders/1             | INVALID_ARGUMENT | {'layerFolders':['C:\\\\l','\\\\\\\\srv\\\\s']}",
                "/windows/devices/0/id               | INVALID_ARGUMENT | {'devices':[{'id':'x','idType':'class'}]}",
                "/windows/devices/0/idType           | UNSUPPORTED      | {'devices':[{'id':'x','idType':'gpu'}]}",
                "/windows/resources/memory/limit     | INVALID_ARGUMENT | {'resources':{'memory':{'limit':1048575}}}",
                "/windows/resources/cpu/count        | INVALID_ARGUMENT | {'resources':{'cpu':{'count':0}}}",
                "/windows/resources/cpu/shares       | INVALID_ARGUMENT | {'resources':{'cpu':{'shares':0}}}",
                "/windows/resources/cpu/maximum      | INVALID_ARGUMENT | {'resources':{'cpu':{'maximum':0}}}",
                "/windows/resources/cpu/affinity     | UNSUPPORTED      | {'resources':{'cpu':{'affinity':[{'mask':1}]}}}",
                "/windows/resources/storage/iops     | INVALID_ARGUMENT | {'resources':{'storage':{'iops':0}}}",
                "/windows/resources/storage/bps      | INVALID_ARGUMENT | {'resources':{'storage':{'bps':0}}}",
                "/windows/credentialSpec             | INVALID_ARGUMENT | {'credentialSpec':' '}",
                "/windows/network/endpointList/0     | INVALID_ARGUMENT | {'network':{'endpointList':['e']}}",
                "/windows/network/networkNamespace   | INVALID_ARGUMENT | {'network':{'networkNamespace':'n'}}",
                "/windows/network/DNSSearchList/1    | INVALID_ARGUMENT | {'network':{'DNSSearchList':['a','b,c']}}",
            })
    void compile_windowsProperty_isRefusedByPointer(String pointer, ErrorCode code, String windows) {
        Spec spec = Documents.patched("{\"windows\":" + windows.replace('\'', '"') + "}");
        assertRefused(code, pointer, () -> compile(spec, Documents.SERVER_2022));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "endpointList               | ['7a010682-17e0-4455-a838-02e5d9655fe6']",
                "allowUnqualifiedDNSQuery   | true",
                "DNSSearchList              | ['a']",
                "networkSharedContainerName | 'c'",
            })
    void compile_propertyBesideANetworkNamespace_isRefusedByPointer(String name, String value) {
        Spec spec = Documents.patched(
                "{'windows':{'network':{'networkNamespace':'168f3daf-efc6-4377-b20a-2c86764ba892','@':#}}}"
                        .replace("@", name)
                        .replace("#", value)
                        .replace('\'', '"'));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT, "/windows/network/" + name, () -> compile(spec, Documents.SERVER_2022));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/mounts/0/destination | INVALID_ARGUMENT | {'destination':'data','source':'C:\\\\s'}",
                "/mounts/0/destination | INVALID_ARGUMENT | {'destination':'c:\\\\','source':'C:\\\\s'}",
                "/mounts/0/destination | INVALID_ARGUMENT | {'destination':'C:\\\\a\\\\..\\\\b','source':'C:\\\\s'}",
                "/mounts/0/destination | INVALID_ARGUMENT | {'destination':'C:\\\\a:b','source':'C:\\\\s'}",
                "/mounts/0/destination | INVALID_ARGUMENT | {'destination':'C:\\\\a','source':'\\\\\\\\.\\\\pipe\\\\p'}",
                "/mounts/0/destination | INVALID_ARGUMENT | {'destination':'\\\\\\\\.\\\\pipe\\\\','source':'\\\\\\\\.\\\\pipe\\\\p'}",
                "/mounts/0/source      | INVALID_ARGUMENT | {'destination':'C:\\\\a'}",
                "/mounts/0/source      | INVALID_ARGUMENT | {'destination':'C:\\\\a','source':'s'}",
                "/mounts/0/source      | INVALID_ARGUMENT | {'destination':'C:\\\\a','source':'\\\\\\\\server\\\\share'}",
                "/mounts/0/source      | INVALID_ARGUMENT | {'destination':'\\\\\\\\.\\\\pipe\\\\p','source':'C:\\\\s'}",
                "/mounts/0/type        | UNSUPPORTED      | {'destination':'C:\\\\a','source':'C:\\\\s','type':'tmpfs'}",
                "/mounts/0/options/1   | UNSUPPORTED      | {'destination':'C:\\\\a','source':'C:\\\\s','options':['ro','noexec']}",
                "/mounts/0/options     | UNSUPPORTED      | {'destination':'\\\\\\\\.\\\\pipe\\\\p','source':'\\\\\\\\.\\\\pipe\\\\p','options':['ro']}",
                "/mounts/0/uidMappings | UNSUPPORTED      | {'destination':'C:\\\\a','source':'C:\\\\s',"
                        + "'uidMappings':[{'containerID':0,'hostID':1,'size':1}],'gidMappings':[{'containerID':0,'hostID':1,'size':1}]}",
            })
    void compile_mount_isRefusedByPointer(String pointer, ErrorCode code, String mount) {
        Spec spec = Documents.patched("{\"mounts\":[" + mount.replace('\'', '"') + "]}");
        assertRefused(code, pointer, () -> compile(spec, Documents.SERVER_2022));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "C:\\\\a | C:\\\\A",
                "C:\\\\a | C:\\\\a\\\\b",
                "C:\\\\a\\\\b | C:/A/",
                "D:\\\\ | d:\\\\x",
                "\\\\\\\\.\\\\pipe\\\\p | \\\\\\\\.\\\\PIPE\\\\P",
            })
    void compile_mountsThatOverlap_areRefusedByPointer(String first, String second) {
        String source = first.contains("pipe") ? "\\\\\\\\.\\\\pipe\\\\s" : "C:\\\\s";
        Spec spec = Documents.patched("{\"mounts\":[{\"destination\":\"" + first + "\",\"source\":\"" + source
                + "\"},{\"destination\":\"" + second + "\",\"source\":\"" + source + "\"}]}");
        assertRefused(ErrorCode.INVALID_ARGUMENT, "/mounts/1/destination", () -> compile(spec, Documents.SERVER_2022));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/process/args               | INVALID_ARGUMENT | {'args':null}",
                "/process/args               | INVALID_ARGUMENT | {'args':['']}",
                "/process/args               | INVALID_ARGUMENT | {'args':['a\\u0000b']}",
                "/process/commandLine        | INVALID_ARGUMENT | {'commandLine':'a\\u0000b'}",
                "/process/cwd                | INVALID_ARGUMENT | {'cwd':'/'}",
                "/process/env/1              | INVALID_ARGUMENT | {'env':['A=b','C']}",
                "/process/env/0              | INVALID_ARGUMENT | {'env':['=C:=C:']}",
                "/process/user/username      | INVALID_ARGUMENT | {'user':{'username':' '}}",
                "/process/user/uid           | UNSUPPORTED      | {'user':{'uid':1,'gid':0}}",
                "/process/user/gid           | UNSUPPORTED      | {'user':{'uid':0,'gid':1}}",
                "/process/user/umask         | UNSUPPORTED      | {'user':{'umask':18}}",
                "/process/user/additionalGids | UNSUPPORTED     | {'user':{'additionalGids':[1]}}",
                "/process/consoleSize/height | INVALID_ARGUMENT | {'terminal':true,'consoleSize':{'height':65536,'width':1}}",
                "/process/consoleSize/width  | INVALID_ARGUMENT | {'terminal':true,'consoleSize':{'height':1,'width':0}}",
                "/process/capabilities       | UNSUPPORTED      | {'capabilities':{}}",
                "/process/rlimits            | UNSUPPORTED      | {'rlimits':[{'type':'RLIMIT_CPU','hard':1,'soft':1}]}",
                "/process/noNewPrivileges    | UNSUPPORTED      | {'noNewPrivileges':true}",
                "/process/apparmorProfile    | UNSUPPORTED      | {'apparmorProfile':'p'}",
                "/process/oomScoreAdj        | UNSUPPORTED      | {'oomScoreAdj':0}",
                "/process/scheduler          | UNSUPPORTED      | {'scheduler':{'policy':'SCHED_OTHER'}}",
                "/process/selinuxLabel       | UNSUPPORTED      | {'selinuxLabel':'l'}",
                "/process/ioPriority         | UNSUPPORTED      | {'ioPriority':{'class':'IOPRIO_CLASS_IDLE','priority':0}}",
                "/process/execCPUAffinity    | UNSUPPORTED      | {'execCPUAffinity':{'initial':'0'}}",
            })
    void compile_process_isRefusedByPointer(String pointer, ErrorCode code, String process) {
        Spec spec = Documents.patched("{\"process\":" + process.replace('\'', '"') + "}");
        assertRefused(
                code,
                pointer,
                () -> ProcessCompiler.compile(spec.process(), new ProcessCompiler.Streams(false, false, false)));
    }

    @Test
    void compile_longCommandLine_isRefusedWithTheLimit() {
        String longest = "a".repeat(32766);
        Spec fits = Documents.patched("{\"process\":{\"commandLine\":\"" + longest + "\"}}");
        ProcessCompiler.Streams none = new ProcessCompiler.Streams(false, false, false);
        assertEquals(
                longest,
                ProcessCompiler.compile(fits.process(), none).parameters().commandLine());
        Spec exceeds = Documents.patched("{\"process\":{\"commandLine\":\"" + longest + "b\"}}");
        FeluccaException refusal = assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "/process/commandLine",
                () -> ProcessCompiler.compile(exceeds.process(), none));
        assertTrue(refusal.getMessage().contains("32767 characters; Windows takes at most 32766"));
    }

    @Test
    void compile_wrongValue_saysValueAndWhatIsAllowed() {
        Spec spec = Documents.patched("{\"root\":{\"path\":\"C:\\\\scratch\"}}");
        FeluccaException refusal =
                assertRefused(ErrorCode.INVALID_ARGUMENT, "/root/path", () -> compile(spec, Documents.SERVER_2022));
        assertEquals("\"C:\\\\scratch\" is no volume", refusal.reason());
        assertEquals(
                "give a volume GUID path such as \\\\?\\Volume{ec84d99e-3f02-11e7-ac6c-00155d7682cf}\\",
                refusal.fix().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/windows/devices/0/idType | {'windows':{'devices':[{'id':'x','idType':'vpci-location-path'}]}}",
            })
    void compile_onAnOlderHost_isRefusedWithTheBuildThatHasIt(String pointer, String patch) {
        Spec spec = Documents.patched(patch.replace('\'', '"'));
        FeluccaException refusal =
                assertRefused(ErrorCode.UNSUPPORTED, pointer, () -> compile(spec, Documents.SERVER_2019));
        assertEquals("use build 18362 or later", refusal.fix().orElseThrow());
        compile(spec, Documents.SERVER_2022);
    }

    @Test
    void compile_extensionsOnAnOlderHost_areRefused() {
        Spec spec = Documents.patched(Documents.resource("config/device-extensions.json"));
        ContainerFacts facts = Documents.facts()
                .extensions(
                        java.util.List.of(Preparation.extension("x", Documents.resource("config/extension.device"))));
        String pointer = "/annotations/" + Preparation.DEVICE_EXTENSIONS;
        assertRefused(ErrorCode.UNSUPPORTED, pointer, () -> SystemCompiler.compile(spec, Documents.SERVER_2019, facts));
        SystemCompiler.compile(spec, Documents.SERVER_2022, facts);
    }

    @Test
    void compile_hostBeforeSchema2_isRefused() {
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> new HostFacts(16299, 1));
        assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
        assertTrue(refusal.getMessage().contains("build 16299"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/windows/network/endpointList | network-endpoints",
                "/windows/credentialSpec       | credential-spec-text",
                "/annotations/io.microsoft.container.wcow.deviceextensions | device-extensions",
            })
    void compile_whatWasNotPrepared_isFailedPrecondition(String pointer, String config) {
        Spec spec = Documents.patched(Documents.resource("config/" + config + ".json"));
        assertRefused(ErrorCode.FAILED_PRECONDITION, pointer, () -> compile(spec, Documents.SERVER_2022));
    }

    @Test
    void compile_networkOfAnotherNamespace_isRefused() {
        Spec spec = Documents.patched(Documents.resource("config/network-namespace.json"));
        ContainerFacts other = Documents.facts().networkNamespace(new java.util.UUID(1, 2));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "/windows/network/networkNamespace",
                () -> SystemCompiler.compile(spec, Documents.SERVER_2022, other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "INVALID_ARGUMENT | {'device_category':7}",
                "INVALID_ARGUMENT | {'device_category':{'interface_class':[{'identifier':'x'}]}}",
                "UNSUPPORTED      | {'namespace':{'registry':{}}}",
            })
    void extension_thatIsNone_isRefusedByAnnotation(ErrorCode code, String file) {
        FeluccaException refusal = assertRefused(
                code,
                "/annotations/" + Preparation.DEVICE_EXTENSIONS,
                () -> Preparation.extension(
                        "C:\\x.json", file.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
        assertTrue(refusal.getMessage().contains("C:\\x.json"), refusal.getMessage());
    }
}
