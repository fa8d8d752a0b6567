package org.felucca.winapi.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.felucca.winapi.abi.WindowsDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the tests of the compute service share. */
abstract class ComputeFixture {

    static final Duration LONG = Duration.ofMinutes(1);
    static final String CONFIGURATION =
            "{\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"Owner\":\"felucca\",\"Container\":{\"Storage\":{}}}";

    @RegisterExtension
    static final WindowsDouble WINDOWS = new WindowsDouble();

    final ComputeCore core = ComputeCore.open(WINDOWS.locator());
    final BlockingQueue<ComputeEvent> events = new LinkedBlockingQueue<>();

    @AfterEach
    void noSystemIsLeft() {
        assertEquals("[]", core.enumerate(null, LONG));
    }

    /** A system that runs; {@link #end} it. */
    ComputeSystem running(String id) {
        ComputeSystem system = core.create(id, CONFIGURATION, null, LONG);
        system.start(null, LONG);
        return system;
    }

    static void end(ComputeSystem system) {
        system.terminate(null, LONG);
        system.close();
    }

    ComputeEvent nextEvent() throws InterruptedException {
        ComputeEvent event = events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event came");
        }
        return event;
    }

    static String command(String line, String... pipes) {
        StringBuilder document =
                new StringBuilder("{\"CommandLine\":\"").append(line).append('"');
        for (String pipe : pipes) {
            document.append(",\"").append(pipe).append("\":true");
        }
        return document.append('}').toString();
    }
}
