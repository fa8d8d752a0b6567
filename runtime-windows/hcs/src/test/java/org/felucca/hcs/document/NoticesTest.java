package org.felucca.hcs.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.felucca.api.process.ExitStatus;
import org.felucca.hcs.document.notice.CredentialGuardInstance;
import org.felucca.hcs.document.notice.CredentialGuardInstances;
import org.felucca.hcs.document.notice.ExitType;
import org.felucca.hcs.document.notice.HcsEvent;
import org.felucca.hcs.document.notice.ProcessDetails;
import org.felucca.hcs.document.notice.ResultError;
import org.felucca.hcs.document.notice.Statistics;
import org.felucca.hcs.document.notice.SystemExitStatus;
import org.felucca.hcs.document.notice.SystemProperties;
import org.felucca.hcs.document.notice.SystemState;
import org.felucca.hcs.document.process.ProcessStatus;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service says is understood, with and without what it leaves out. */
class NoticesTest {
    private static JsonCursor document(String json) {
        return JsonCursor.of("document", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void properties_withStatisticsAndProcesses_areUnderstood() {
        SystemProperties properties = SystemProperties.read(document("""
                {'Id':'web-1','SystemType':'Container','RuntimeOsType':'Windows','Owner':'felucca',
                 'RuntimeId':'0F8FAD5B-D9CB-469F-A165-70867728950E','State':'Running',
                 'Statistics':{'Timestamp':'2026-11-25T10:00:00.1234567Z',
                   'ContainerStartTime':'2026-11-25T11:59:00+02:00','Uptime100ns':18446744073709551615,
                   'Processor':{'TotalRuntime100ns':30,'RuntimeUser100ns':10,'RuntimeKernel100ns':20},
                   'Memory':{'MemoryUsageCommitBytes':1,'MemoryUsageCommitPeakBytes':2,
                     'MemoryUsagePrivateWorkingSetBytes':3},
                   'Storage':{'ReadCountNormalized':4,'ReadSizeBytes':5,'WriteCountNormalized':6,
                     'WriteSizeBytes':7}},
                 'ProcessList':[{'ProcessId':4294967295,'ImageName':'cmd.exe',
                   'CreateTimestamp':'2026-11-25T10:00:00Z','UserTime100ns':1,'KernelTime100ns':2,
                   'MemoryCommitBytes':3,'MemoryWorkingSetPrivateBytes':4,'MemoryWorkingSetSharedBytes':5}],
                 'OfALaterSchema':{}}"""));
        assertEquals("web-1", properties.id());
        assertEquals("felucca", properties.owner());
        assertEquals(UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e"), properties.runtimeId());
        assertEquals(SystemState.RUNNING, properties.state());
        Statistics statistics = properties.statistics();
        assertEquals(Instant.parse("2026-11-25T10:00:00.123456700Z"), statistics.timestamp());
        assertEquals(Instant.parse("2026-11-25T09:59:00Z"), statistics.containerStartTime());
        assertEquals(-1L, statistics.uptime100ns());
        assertEquals(30L, statistics.processor().totalRuntime100ns());
        assertEquals(10L, statistics.processor().runtimeUser100ns());
        assertEquals(20L, statistics.processor().runtimeKernel100ns());
        assertEquals(1L, statistics.memory().commitBytes());
        assertEquals(2L, statistics.memory().commitPeakBytes());
        assertEquals(3L, statistics.memory().privateWorkingSetBytes());
        assertEquals(4L, statistics.storage().readCount());
        assertEquals(5L, statistics.storage().readBytes());
        assertEquals(6L, statistics.storage().writeCount());
        assertEquals(7L, statistics.storage().writeBytes());
        ProcessDetails process = properties.processes().get(0);
        assertEquals(4294967295L, process.processId());
        assertEquals("cmd.exe", process.imageName());
        assertEquals(Instant.parse("2026-11-25T10:00:00Z"), process.createTimestamp());
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L),
                List.of(
                        process.userTime100ns(),
                        process.kernelTime100ns(),
                        process.commitBytes(),
                        process.privateWorkingSetBytes(),
                        process.sharedWorkingSetBytes()));
    }

    @Test
    void properties_withTheIdAlone_leaveTheRestOpen() {
        SystemProperties properties = SystemProperties.read(document("{'Id':'web-1'}"));
        assertNull(properties.state());
        assertNull(properties.statistics());
        assertNull(properties.exitType());
        assertEquals(List.of(), properties.processes());
    }

    @ParameterizedTest
    @CsvSource({
        "Created,CREATED",
        "Running,RUNNING",
        "Paused,PAUSED",
        "Stopped,STOPPED",
        "SavedAsTemplate,SAVED_AS_TEMPLATE",
        "Unknown,UNKNOWN",
        "Dreaming,UNKNOWN"
    })
    void state_anyName_isAState(String name, SystemState state) {
        assertEquals(
                state,
                SystemProperties.read(document("{'Id':'x','State':'" + name + "'}"))
                        .state());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'Id':7}",
                "{'Id':'x','RuntimeId':'1'}",
                "{'Id':'x','Statistics':{'Timestamp':'yesterday'}}",
                "{'Id':'x','ProcessList':[{'ProcessId':-1}]}",
            })
    void properties_malformed_areRefused(String json) {
        assertThrows(OciFormatException.class, () -> SystemProperties.read(document(json)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'ProcessId':5,'Exited':true,'ExitCode':3} | 3",
                "{'ProcessId':5,'Exited':true} | 0",
                "{'ProcessId':5,'Exited':true,'ExitCode':3221225477,'LastWaitResult':0} | -1073741819",
            })
    void exitStatus_ofAnEndedProcess_isItsCode(String json, int code) {
        assertEquals(
                new ExitStatus.Exited(code), ProcessStatus.read(document(json)).exitStatus());
    }

    @Test
    void exitStatus_thatTheHostCouldNotLearn_isUnknown() {
        assertEquals(
                new ExitStatus.Unknown("the host could not wait for it: 0x80370110"),
                ProcessStatus.read(document("{'ProcessId':5,'Exited':true,'LastWaitResult':-2143878896}"))
                        .exitStatus());
    }

    @Test
    void exitStatus_ofARunningProcess_isNone() {
        ProcessStatus status = ProcessStatus.read(document("{'ProcessId':5}"));
        assertThrows(IllegalStateException.class, status::exitStatus);
    }

    @ParameterizedTest
    @CsvSource({
        "None,NONE",
        "GracefulExit,GRACEFUL",
        "ForcedExit,FORCED",
        "UnexpectedExit,UNEXPECTED",
        "Unknown,UNKNOWN",
        "Evaporated,UNKNOWN"
    })
    void event_endOfASystem_saysHow(String name, ExitType type) {
        HcsEvent event = HcsEvent.read(
                1,
                "{'Status':-1070137082,'ExitType':'@','Attribution':[{'SystemExit':{'Detail':'d','Initiator':'Client'}}]}"
                        .replace("@", name)
                        .replace('\'', '"'));
        SystemExitStatus status = ((HcsEvent.SystemExited) event).status();
        assertEquals(type, status.exitType());
        assertEquals(-1070137082, status.status());
        assertEquals("Client", status.attribution().get(0).systemExit().initiator());
    }

    @Test
    void event_endOfAProcess_holdsItsStatus() {
        HcsEvent event = HcsEvent.read(0x10000, "{\"ProcessId\":9,\"Exited\":true,\"ExitCode\":1}");
        assertEquals(new HcsEvent.ProcessExited(new ProcessStatus(9, true, 1L, null)), event);
    }

    @Test
    void event_crash_saysWhetherMoreComes() {
        String report = "{\"SystemId\":\"web-1\",\"CrashParameters\":[239,18446744073709551615],\"Status\":0}";
        HcsEvent.SystemCrashed first = (HcsEvent.SystemCrashed) HcsEvent.read(2, report);
        HcsEvent.SystemCrashed second = (HcsEvent.SystemCrashed) HcsEvent.read(3, report);
        assertEquals(List.of(239L, -1L), first.report().crashParameters());
        assertEquals(first.report(), second.report());
        assertTrue(!first.complete() && second.complete());
    }

    @Test
    void event_withoutADocument_isItsKind() {
        assertEquals(new HcsEvent.ServiceDisconnected(), HcsEvent.read(0x2000000, null));
        assertEquals(new HcsEvent.Other(0x1000000), HcsEvent.read(0x1000000, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 0x10000})
    void event_thatLacksItsDocument_isRefused(int type) {
        assertThrows(OciFormatException.class, () -> HcsEvent.read(type, null));
        assertThrows(OciFormatException.class, () -> HcsEvent.read(type, "[]"));
    }

    @Test
    void error_withEvents_isOneTextWithoutRepeats() {
        ResultError error = ResultError.read(document("""
                {'Error':-1070137082,'ErrorMessage':'The file is not there.\\r\\n',
                 'ErrorEvents':[{'Message':'The file is not there.','Provider':'{80CE50DE-D264-4581-950D-ABADEEE0D340}',
                   'EventId':65535,'Source':'onecore\\\\vm','Data':[{'Type':'String','Value':'C:\\\\x'}]},
                  {'Message':'Layer  C:\\\\x'},{'EventId':1}],
                 'Attribution':[{'OperationFailure':{'Detail':'CreateInternalError'}}]}"""));
        assertEquals(-1070137082, error.error());
        assertEquals("The file is not there.; Layer C:\\x", error.text());
        assertEquals(65535, error.errorEvents().get(0).eventId());
        assertEquals("C:\\x", error.errorEvents().get(0).data().get(0).value());
        assertEquals(
                "CreateInternalError",
                error.attribution().get(0).operationFailure().detail());
        assertEquals("", ResultError.read(document("{}")).text());
    }

    @Test
    void credentials_ofAContainer_areAmongTheInstances() {
        List<CredentialGuardInstance> instances = CredentialGuardInstances.read(document("""
                {'Properties':[{'Instances':[{'Id':'web-1','CredentialGuard':
                  {'Cookie':'AQID','RpcEndpoint':'rpc','Transport':'LRPC','CredentialSpec':'{}'}},{'Id':'db-1'}]}]}"""));
        assertEquals(
                List.of("web-1", "db-1"),
                instances.stream().map(CredentialGuardInstance::id).toList());
        assertEquals(
                new CredentialGuardState("AQID", "rpc", "LRPC", "{}"),
                instances.get(0).credentialGuard());
        assertThrows(OciFormatException.class, () -> CredentialGuardInstances.read(document("{'Properties':[]}")));
    }
}
