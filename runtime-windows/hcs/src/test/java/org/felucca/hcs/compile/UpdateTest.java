package org.felucca.hcs.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.Signal;
import org.felucca.hcs.document.process.ProcessSignal;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.windows.WindowsResources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes while a container runs: its limits, and the signals it gets. */
class UpdateTest {
    private static WindowsResources resources(String json) {
        Spec spec = Documents.patched("{\"windows\":{\"resources\":" + json.replace('\'', '"') + "}}");
        return spec.windows().resources();
    }

    private static List<String> requests(String json, HostFacts host, List<Warning> warnings) {
        return UpdateCompiler.compile(resources(json), host, warnings).stream()
                .map(request -> request.toJson().toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'memory':{'limit':2097152}} | {'ResourcePath':'Container/Memory/SizeInMB','RequestType':'Update','Settings':2}",
                "{'cpu':{'count':3}}       | {'ResourcePath':'Container/Processor','RequestType':'Update','Settings':{'Count':3}}",
                "{'cpu':{'maximum':2500}}  | {'ResourcePath':'Container/Processor','RequestType':'Update','Settings':{'Maximum':2500}}",
                "{'cpu':{'shares':9}}      | {'ResourcePath':'Container/Processor','RequestType':'Update','Settings':{'Weight':9}}",
            })
    void update_oneLimit_isOneRequest(String limit, String request) {
        List<Warning> warnings = new ArrayList<>();
        assertEquals(List.of(request.replace('\'', '"')), requests(limit, Documents.SERVER_2022, warnings));
        assertEquals(List.of(), warnings);
    }

    @Test
    void update_bothLimits_areTwoRequestsAndACountAboveTheHostWarns() {
        List<Warning> warnings = new ArrayList<>();
        List<String> requests =
                requests("{'cpu':{'count':9},'memory':{'limit':1048576}}", Documents.SERVER_2022, warnings);
        assertEquals(2, requests.size());
        assertTrue(requests.get(1).contains("\"Count\":8"), requests::toString);
        assertEquals(
                List.of("/windows/resources/cpu/count: the host has 8 processors, not 9"),
                warnings.stream().map(Warning::toString).toList());
    }

    @Test
    void update_nothing_isNoRequest() {
        assertEquals(List.of(), requests("{}", Documents.SERVER_2019, new ArrayList<>()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/windows/resources/storage      | {'storage':{'iops':1}}",
                "/windows/resources/storage      | {'storage':{'sandboxSize':1}}",
                "/windows/resources/cpu          | {'cpu':{'count':1}}",
                "/windows/resources/cpu/affinity | {'cpu':{'affinity':[{'mask':1,'group':0}]}}",
            })
    void update_whatDoesNotChange_isRefusedByPointer(String pointer, String limits) {
        FeluccaException refusal =
                assertThrows(FeluccaException.class, () -> requests(limits, Documents.SERVER_2019, new ArrayList<>()));
        assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
        assertTrue(refusal.subject().endsWith(" at " + pointer), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1,CTRL_CLOSE", "2,CTRL_C", "3,CTRL_BREAK", "15,CTRL_SHUTDOWN"})
    void signal_withAConsoleEvent_isThatEvent(int number, ProcessSignal event) {
        assertEquals(Optional.of(event), ProcessCompiler.signal(new Signal(number)));
    }

    @Test
    void signal_kill_isNoEvent() {
        assertEquals(Optional.empty(), ProcessCompiler.signal(Signal.KILL));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 19, 28, 64})
    void signal_thatWindowsLacks_isUnsupportedByName(int number) {
        FeluccaException refusal =
                assertThrows(FeluccaException.class, () -> ProcessCompiler.signal(new Signal(number)));
        assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
        assertTrue(refusal.getMessage().contains(new Signal(number).displayName()), refusal.getMessage());
    }

    @Test
    void compile_networkOfAProvider_isTheNamespaceAlone() {
        UUID namespace = new UUID(1, 2);
        ContainerFacts facts = Documents.facts().networkNamespace(namespace);
        String document = SystemCompiler.compile(Documents.patched("{}"), Documents.SERVER_2019, facts)
                .document()
                .toJson()
                .toString();
        assertTrue(document.contains("\"Networking\":{\"Namespace\":\"" + namespace + "\"}"), document);
    }

    @Test
    void compile_mountedScratch_replacesThePathOfTheRoot() {
        ContainerFacts facts = Documents.facts().rootVolume("\\\\?\\Volume{0b4bf9a4-3f02-11e7-ac6c-00155d7682cf}");
        for (String root : List.of("{\"root\":null}", "{\"root\":{\"path\":\"ignored\"}}")) {
            assertEquals(
                    "\\\\?\\Volume{0b4bf9a4-3f02-11e7-ac6c-00155d7682cf}\\",
                    SystemCompiler.compile(Documents.patched(root), Documents.SERVER_2019, facts)
                            .document()
                            .container()
                            .storage()
                            .path());
        }
    }
}
