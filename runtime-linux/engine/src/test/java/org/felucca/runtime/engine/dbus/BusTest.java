package org.felucca.runtime.engine.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.runtime.testkit.Awaiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real message bus, started here. */
class BusTest {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final String NAME = "org.freedesktop.DBus";
    private static final String PATH = "/org/freedesktop/DBus";

    @TempDir
    Path directory;

    private Process daemon;
    private Path socket;

    @BeforeEach
    void start() throws IOException {
        socket = directory.resolve("bus");
        Path configuration = Files.writeString(directory.resolve("bus.conf"), """
                <busconfig>
                  <type>session</type>
                  <listen>unix:path=%s</listen>
                  <auth>EXTERNAL</auth>
                  <policy context="default">
                    <allow user="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
                  </policy>
                </busconfig>
                """.formatted(socket));
        daemon = new ProcessBuilder("dbus-daemon", "--nofork", "--nopidfile", "--config-file=" + configuration)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("bus.log").toFile())
                .start();
        Awaiting.path(socket);
    }

    @AfterEach
    void stop() throws InterruptedException {
        daemon.destroy();
        daemon.waitFor();
    }

    @Test
    void call_isAnswered() throws BusError {
        try (Bus bus = Bus.connect(socket, WAIT)) {
            Unmarshal answer = bus.call(NAME, PATH, NAME, "NameHasOwner", "s", new Marshal().string(NAME));
            assertEquals(1, answer.u32());
        }
    }

    @Test
    void call_ofWhatIsNotThere_isAnErrorWithItsName() {
        try (Bus bus = Bus.connect(socket, WAIT)) {
            BusError error = assertThrows(
                    BusError.class,
                    () -> bus.call("org.felucca.None", "/", "org.felucca.None", "Do", "", new Marshal()));
            assertEquals("org.freedesktop.DBus.Error.ServiceUnknown", error.name());
            assertTrue(String.valueOf(error.getMessage()).contains("org.felucca.None"), error.getMessage());
        }
    }

    @Test
    void signal_thatComesBeforeTheAnswer_isKept() throws BusError {
        try (Bus bus = Bus.connect(socket, WAIT)) {
            bus.match("type='signal',member='NameOwnerChanged',arg0='org.felucca.Test'");
            bus.call(
                    NAME,
                    PATH,
                    NAME,
                    "RequestName",
                    "su",
                    new Marshal().string("org.felucca.Test").u32(0));
            bus.call(NAME, PATH, NAME, "GetId", "", new Marshal());
            Bus.Signal signal = bus.awaitSignal(seen -> seen.member().equals("NameOwnerChanged"));
            assertEquals("org.felucca.Test", signal.values().string());
            assertEquals(NAME, signal.contract());
        }
    }

    @Test
    void awaitSignal_thatDoesNotCome_endsAtTheDeadline() {
        FeluccaException late = assertThrows(FeluccaException.class, () -> {
            try (Bus bus = Bus.connect(socket, Duration.ofMillis(300))) {
                bus.awaitSignal(signal -> false);
            }
        });
        assertEquals(ErrorCode.DEADLINE_EXCEEDED, late.code());
    }

    @Test
    void connect_whereNobodyListens_isUnavailable() {
        FeluccaException refusal =
                assertThrows(FeluccaException.class, () -> Bus.connect(directory.resolve("none"), WAIT));
        assertEquals(ErrorCode.UNAVAILABLE, refusal.code());
    }

    @Test
    void connect_toWhatNeverAnswers_endsAtTheDeadline() throws IOException {
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(directory.resolve("silent")));
            FeluccaException late = assertThrows(
                    FeluccaException.class, () -> Bus.connect(directory.resolve("silent"), Duration.ofMillis(100)));
            assertEquals(ErrorCode.DEADLINE_EXCEEDED, late.code());
        }
    }

    @Test
    void call_whenTheBusHasEnded_isUnavailable() throws InterruptedException {
        try (Bus bus = Bus.connect(socket, WAIT)) {
            daemon.destroy();
            daemon.waitFor();
            FeluccaException gone =
                    assertThrows(FeluccaException.class, () -> bus.call(NAME, PATH, NAME, "GetId", "", new Marshal()));
            assertEquals(ErrorCode.UNAVAILABLE, gone.code());
        }
    }

    @Test
    void call_interrupted_isCancelledAndTheFlagStays() {
        try (Bus bus = Bus.connect(socket, WAIT)) {
            Thread.currentThread().interrupt();
            FeluccaException cancelled = assertThrows(FeluccaException.class, () -> bus.awaitSignal(signal -> false));
            assertEquals(ErrorCode.CANCELLED, cancelled.code());
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void systemBus_ofAnAddress_isItsPath() {
        assertEquals(Path.of("/run/dbus/system_bus_socket"), Bus.systemBus(null));
        assertEquals(Path.of("/a/b"), Bus.systemBus("tcp:host=x;unix:guid=1,path=/a/b"));
        assertThrows(FeluccaException.class, () -> Bus.systemBus("unix:abstract=/tmp/x"));
    }
}
