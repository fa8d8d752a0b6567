package org.felucca.winapi.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.winapi.abi.WindowsDouble.When;
import org.felucca.winapi.handle.Kernel;
import org.felucca.winapi.handle.SecurityDescriptor;
import org.felucca.winapi.result.ComputeResult;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;
import org.junit.jupiter.api.Test;

class ComputeSystemTest extends ComputeFixture {

    @Test
    void create_makesASystemThatIsNotStarted() {
        try (ComputeSystem system = core.create("zażółć-\uD83D\uDE00", CONFIGURATION, null, LONG)) {
            assertEquals(
                    "{\"Id\":\"zażółć-\uD83D\uDE00\",\"SystemType\":\"Container\",\"Owner\":\"felucca\",\"State\":\"Created\"}",
                    system.properties(null, LONG));
            system.terminate(null, LONG);
        }
    }

    @Test
    void create_withAnIdInUse_isRefusedWithTheDocumentsText() {
        ComputeSystem first = running("twice");

        WinapiException e = assertThrows(WinapiException.class, () -> core.create("twice", CONFIGURATION, null, LONG));

        assertTrue(e.is(ComputeResult.HCS_E_SYSTEM_ALREADY_EXISTS));
        assertEquals(ErrorCode.ALREADY_EXISTS, e.code());
        assertEquals("twice", e.subject());
        assertEquals(
                "A container with the specified identifier already exists",
                e.document().message());
        end(first);
    }

    @Test
    void create_withADocumentThatIsWrong_namesTheField() {
        WinapiException e = assertThrows(
                WinapiException.class, () -> core.create("x", CONFIGURATION.replace("Owner", "Ovner"), null, LONG));

        assertTrue(e.is(ComputeResult.HCS_E_INVALID_JSON));
        assertTrue(e.getMessage().contains("Unexpected or missing field 'Ovner'"), e.getMessage());
    }

    @Test
    void create_withASecurityDescriptor_passesIt() {
        try (SecurityDescriptor security = Kernel.open(WINDOWS.locator()).securityDescriptor("D:P(A;;GA;;;BA)")) {
            end(core.create("guarded", CONFIGURATION, security, LONG));
        }
    }

    @Test
    void securityDescriptor_thatIsMalformed_isAnInvalidArgument() {
        Kernel kernel = Kernel.open(WINDOWS.locator());

        WinapiException e = assertThrows(WinapiException.class, () -> kernel.securityDescriptor("D:(A;;GA"));

        assertTrue(e.is(SystemResult.ERROR_INVALID_ACL), e.getMessage());
        assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
    }

    @Test
    void open_ofAnUnknownId_isNotFound() {
        WinapiException e = assertThrows(WinapiException.class, () -> core.open("nobody"));

        assertTrue(e.is(ComputeResult.HCS_E_SYSTEM_NOT_FOUND));
        assertEquals(ErrorCode.NOT_FOUND, e.code());
        assertEquals(
                "HcsOpenComputeSystem nobody: no container of that identifier exists (HCS_E_SYSTEM_NOT_FOUND)",
                e.getMessage());
    }

    @Test
    void open_afterAllHandlesWereClosed_findsTheSystemAndItsProcess() throws Exception {
        long process;
        try (ComputeSystem before = running("kept");
                ComputeSystem.Started started = before.createProcess(command("exec sleep 1000"), null, LONG)) {
            process = started.information().id();
        }

        ComputeSystem again = core.open("kept");

        assertTrue(
                again.properties("{\"PropertyTypes\":[\"ProcessList\"]}", LONG).contains("\"ProcessId\":" + process));
        try (ComputeProcess adopted = again.openProcess(process)) {
            adopted.subscribe(events::add);
            assertEquals(process, adopted.information(LONG).id());
            adopted.terminate(LONG);
            assertEquals(ComputeEvent.Type.PROCESS_EXITED, nextEvent().type());
        }
        end(again);
    }

    @Test
    void close_ofTheLastHandleOfASystemThatAsksForIt_endsTheSystem() {
        String configuration =
                CONFIGURATION.replace("{\"Schema", "{\"ShouldTerminateOnLastHandleClosed\":true,\"Schema");
        ComputeSystem system = core.create("bound", configuration, null, LONG);
        ComputeSystem second = core.open("bound");

        system.close();
        assertTrue(core.enumerate(null, LONG).contains("bound"));
        second.close();

        assertEquals("[]", core.enumerate(null, LONG));
    }

    @Test
    void enumerate_withAQuery_selects() {
        ComputeSystem one = running("one");
        ComputeSystem two = core.create("two", CONFIGURATION.replace("felucca", "other"), null, LONG);

        assertTrue(core.enumerate("{\"Owners\":[\"felucca\"]}", LONG).contains("one"));
        assertFalse(core.enumerate("{\"Owners\":[\"felucca\"]}", LONG).contains("two"));
        assertEquals("[]", core.enumerate("{\"Ids\":[]}", LONG));
        end(one);
        end(two);
    }

    @Test
    void start_twice_isAFailedPrecondition() {
        ComputeSystem system = running("started");

        WinapiException e = assertThrows(WinapiException.class, () -> system.start(null, LONG));

        assertTrue(e.is(ComputeResult.HCS_E_INVALID_STATE));
        assertEquals(ErrorCode.FAILED_PRECONDITION, e.code());
        end(system);
    }

    @Test
    void start_thatDoesNotCompleteInTime_isADeadlineAndLeavesTheHandleUsable() {
        try (ComputeSystem system = core.create("slow", CONFIGURATION, null, LONG)) {
            WINDOWS.fail("HcsStartComputeSystem", When.NEVER, 0, null);

            WinapiException e = assertThrows(WinapiException.class, () -> system.start(null, Duration.ofMillis(20)));

            assertTrue(e.is(ComputeResult.HCS_E_OPERATION_TIMEOUT));
            assertEquals(ErrorCode.DEADLINE_EXCEEDED, e.code());
            system.terminate(null, LONG);
        }
    }

    @Test
    void pause_andResume_changeTheState() {
        ComputeSystem system = running("paused");

        system.pause(null, LONG);
        assertTrue(system.properties(null, LONG).contains("\"State\":\"Paused\""));
        system.resume(null, LONG);
        assertTrue(system.properties(null, LONG).contains("\"State\":\"Running\""));
        end(system);
    }

    @Test
    void modify_handsTheRequestOn() {
        ComputeSystem system = running("modified");
        String request = "{\"ResourcePath\":\"Container/Memory/SizeInMB\",\"RequestType\":\"Update\",\"Settings\":512}";

        system.modify(request, LONG);

        assertTrue(WINDOWS.system("modified").contains("\"Modifications\":[" + request + "]"));
        end(system);
    }

    @Test
    void properties_withStatistics_tellsThem() {
        ComputeSystem system = running("counted");

        assertTrue(system.properties("{\"PropertyTypes\":[\"Statistics\"]}", LONG)
                .contains("\"MemoryUsageCommitBytes\":3000"));
        end(system);
    }

    @Test
    void serviceProperties_tellTheSchemas() {
        assertTrue(core.serviceProperties(null).contains("SupportedSchemaVersions"));
    }

    @Test
    void shutdown_ofASystemWhoseProcessesObey_exitsGracefully() throws Exception {
        ComputeSystem system = running("obedient");
        system.subscribe(events::add);
        try (ComputeSystem.Started started = system.createProcess(command("exec sleep 1000"), null, LONG)) {
            system.shutdown(null, LONG);

            ComputeEvent event = nextEvent();
            assertEquals(ComputeEvent.Type.SYSTEM_EXITED, event.type());
            assertTrue(event.data().contains("\"ExitType\":\"GracefulExit\""), event.data());
        }
        system.close();
    }

    @Test
    void shutdown_thatAProcessIgnores_isFollowedByTerminate() throws Exception {
        ComputeSystem system = running("stubborn");
        system.subscribe(events::add);
        String line = "trap '' TERM; echo ready; exec sleep 1000";
        try (ComputeSystem.Started started = system.createProcess(command(line, "CreateStdOutPipe"), null, LONG)) {
            byte[] ready = new byte[6];
            assertEquals(6, started.information().output().orElseThrow().input().readNBytes(ready, 0, 6));

            system.shutdown(null, LONG);
            assertTrue(events.isEmpty());
            system.terminate(null, LONG);

            assertTrue(nextEvent().data().contains("\"ExitType\":\"ForcedExit\""));
        }
        system.close();
    }

    @Test
    void terminate_ofASystemThatIsGone_isAFailedPrecondition() {
        ComputeSystem system = running("gone");
        system.terminate(null, LONG);

        WinapiException e = assertThrows(WinapiException.class, () -> system.terminate(null, LONG));

        assertTrue(e.is(ComputeResult.HCS_E_SYSTEM_ALREADY_STOPPED));
        system.close();
    }

    @Test
    void subscribe_twiceOnOneHandle_isRefused() {
        ComputeSystem system = running("watched");
        system.subscribe(events::add);

        WinapiException e = assertThrows(WinapiException.class, () -> system.subscribe(events::add));

        assertTrue(e.is(ComputeResult.HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET));
        end(system);
    }

    @Test
    void subscribe_withAListenerThatThrows_reportsItAndGoesOn() throws Exception {
        CompletableFuture<Throwable> reported = new CompletableFuture<>();
        RuntimeException thrown = new RuntimeException("from the listener");
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> reported.complete(e));
        try (ComputeSystem system = running("throwing")) {
            system.subscribe(event -> {
                throw thrown;
            });

            system.terminate(null, LONG);

            assertSame(thrown, reported.get(1, TimeUnit.MINUTES));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void anyCall_onAClosedHandle_isRefusedHere() {
        ComputeSystem system = running("closed");
        end(system);

        assertThrows(IllegalStateException.class, () -> system.start(null, LONG));
        assertThrows(IllegalStateException.class, () -> system.subscribe(events::add));
        system.close();
    }

    @Test
    void everyDocumentedFailure_atTheCallAndAtCompletion_hasItsNameAndCode() {
        try (ComputeSystem system = core.create("failing", CONFIGURATION, null, LONG)) {
            for (ComputeResult result : ComputeResult.values()) {
                WINDOWS.fail("HcsStartComputeSystem", When.AT_CALL, result, null);
                assertFailure(result, "", () -> system.start(null, LONG));
                WINDOWS.fail(
                        "HcsStartComputeSystem",
                        When.AT_COMPLETION,
                        result,
                        "{\"Error\":" + result.value() + ",\"ErrorMessage\":\"Said so.\"}");
                assertFailure(result, ": Said so", () -> system.start(null, LONG));
            }
            system.terminate(null, LONG);
        }
    }

    @Test
    void everyFunctionThatStartsAnOperation_passesItsFailureOn() {
        ComputeSystem system = running("everything");
        try (ComputeSystem.Started started = system.createProcess(command("exec sleep 1000"), null, LONG)) {
            ComputeProcess process = started.process();
            ComputeResult result = ComputeResult.HCS_E_SERVICE_DISCONNECT;
            fails("HcsCreateComputeSystem", result, () -> core.create("n", CONFIGURATION, null, LONG));
            fails("HcsEnumerateComputeSystems", result, () -> core.enumerate(null, LONG));
            fails("HcsShutDownComputeSystem", result, () -> system.shutdown(null, LONG));
            fails("HcsTerminateComputeSystem", result, () -> system.terminate(null, LONG));
            fails("HcsPauseComputeSystem", result, () -> system.pause(null, LONG));
            fails("HcsResumeComputeSystem", result, () -> system.resume(null, LONG));
            fails("HcsModifyComputeSystem", result, () -> system.modify("{}", LONG));
            fails("HcsGetComputeSystemProperties", result, () -> system.properties(null, LONG));
            fails("HcsCreateProcess", result, () -> system.createProcess(command("true"), null, LONG));
            fails("HcsTerminateProcess", result, () -> process.terminate(LONG));
            fails("HcsSignalProcess", result, () -> process.signal("{}", LONG));
            fails("HcsGetProcessInfo", result, () -> process.information(LONG));
            fails("HcsGetProcessProperties", result, () -> process.properties(null, LONG));
            fails("HcsModifyProcess", result, () -> process.modify("{}", LONG));
        }
        end(system);
    }

    @Test
    void theFunctionsThatAnswerAtOnce_passTheirFailureOn() {
        ComputeSystem system = running("atonce");
        ComputeResult result = ComputeResult.HCS_E_ACCESS_DENIED;
        failsAtCall("HcsOpenComputeSystem", result, () -> core.open("atonce"));
        failsAtCall("HcsGetServiceProperties", result, () -> core.serviceProperties(null));
        failsAtCall("HcsOpenProcess", result, () -> system.openProcess(1));
        failsAtCall("HcsSetComputeSystemCallback", result, () -> system.subscribe(events::add));
        failsAtCall("HcsWaitForOperationResult", result, () -> system.properties(null, LONG));
        end(system);
    }

    private static void fails(String function, ComputeResult result, Runnable call) {
        failsAtCall(function, result, call);
        WINDOWS.fail(function, When.AT_COMPLETION, result, "{\"ErrorMessage\":\"Said so.\"}");
        assertFailure(result, ": Said so", call);
    }

    private static void failsAtCall(String function, ComputeResult result, Runnable call) {
        WINDOWS.fail(function, When.AT_CALL, result, null);
        assertFailure(result, "", call);
    }

    private static void assertFailure(ComputeResult result, String text, Runnable call) {
        WinapiException e = assertThrows(WinapiException.class, call::run);
        assertTrue(e.is(result), () -> result + ": " + e.getMessage());
        assertEquals(result.code(), e.code());
        assertEquals(result.text() + " (" + result.name() + ")" + text, e.reason());
    }
}
