package org.felucca.hcs.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.felucca.hcs.document.process.ConsoleDimensions;
import org.felucca.hcs.document.process.ProcessRequest;
import org.felucca.hcs.document.process.ProcessSignal;
import org.felucca.hcs.document.process.StdHandle;
import org.felucca.oci.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    @Test
    void toJson_everyRequest_isTheGoldenDocument() throws IOException {
        MappedDirectory directory = new MappedDirectory("D:\\host", "C:\\data", true);
        MappedPipe pipe = new MappedPipe("docker_engine", "\\\\.\\pipe\\felucca");
        Map<String, JsonObject> requests = new TreeMap<>();
        requests.put("memory", ModifySettingRequest.memory(-1).toJson());
        requests.put(
                "processor",
                ModifySettingRequest.processor(new ContainerProcessor(null, 5000L, null))
                        .toJson());
        requests.put("add-directory", ModifySettingRequest.add(directory).toJson());
        requests.put("remove-directory", ModifySettingRequest.remove(directory).toJson());
        requests.put("add-pipe", ModifySettingRequest.add(pipe).toJson());
        requests.put("remove-pipe", ModifySettingRequest.remove(pipe).toJson());
        requests.put("shutdown-default", new ShutdownOptions(null, null, false, null).toJson());
        requests.put(
                "shutdown",
                new ShutdownOptions(ShutdownMechanism.GUEST_CONNECTION, ShutdownType.SHUTDOWN, true, "stop").toJson());
        requests.put("query-basic", new PropertyQuery(List.of()).toJson());
        requests.put(
                "query-all", new PropertyQuery(List.of(PropertyType.STATISTICS, PropertyType.PROCESS_LIST)).toJson());
        requests.put("systems", new SystemQuery(List.of(), List.of("felucca"), List.of("Container")).toJson());
        requests.put("credentials-add", CredentialGuardRequest.add("web-1", "{\"CmsPlugins\":[]}"));
        requests.put("credentials-remove", CredentialGuardRequest.remove("web-1"));
        requests.put("credentials-query", CredentialGuardRequest.query());
        requests.put("resize", ProcessRequest.resize(new ConsoleDimensions(24, 80)));
        requests.put("close-stdin", ProcessRequest.close(StdHandle.STDIN));
        requests.put("close-all", ProcessRequest.close(StdHandle.ALL));
        for (ProcessSignal signal : ProcessSignal.values()) {
            requests.put("signal-" + signal.id(), ProcessRequest.signal(signal));
        }
        StringBuilder actual = new StringBuilder();
        requests.forEach((name, document) ->
                actual.append(name).append(' ').append(document).append('\n'));
        try (var golden = RequestsTest.class.getResourceAsStream("requests.txt")) {
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), actual.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "17762,",
        "17763,V2_1",
        "18361,V2_1",
        "18362,V2_2",
        "19041,V2_3",
        "20347,V2_3",
        "20348,V2_5",
        "26100,V2_5"
    })
    void ofBuild_ofAHost_isTheNewestItHas(int build, SchemaVersion version) {
        assertEquals(Optional.ofNullable(version), SchemaVersion.ofBuild(build));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 2 -", "1 - 2", "- 1 2", "1 2 3"})
    void processor_withTwoLimits_isRefused(String limits) {
        Long[] values = new Long[3];
        String[] texts = limits.split(" ");
        for (int i = 0; i < texts.length; i++) {
            values[i] = texts[i].equals("-") ? null : Long.valueOf(texts[i]);
        }
        assertThrows(IllegalArgumentException.class, () -> new ContainerProcessor(values[0], values[1], values[2]));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,0", "65536,1", "1,65536"})
    void console_outOfRange_isRefused(int height, int width) {
        assertThrows(IllegalArgumentException.class, () -> new ConsoleDimensions(height, width));
    }
}
