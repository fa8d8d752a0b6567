package org.felucca.verbs.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.felucca.api.command.Result;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Event;
import org.felucca.api.event.Events;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.plugin.PluginFile;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.ProviderInfo;
import org.felucca.api.plugin.ProviderInfo.State;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Readiness;
import org.felucca.api.plugin.Role;
import org.felucca.verbs.CommandLine;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class PlatformVerbsTest {
    private final CommandLine shell = new CommandLine();

    /** An inventory and nothing else. */
    private record Inventory(List<ProviderInfo> inventory) implements Providers {
        @Override
        public <T> Provider<T> require(Role<T> role, String id) {
            throw new AssertionError("not by a verb");
        }

        @Override
        public <T> Optional<Provider<T>> find(Role<T> role, String id) {
            throw new AssertionError("not by a verb");
        }

        @Override
        public <T> List<Provider<T>> live(Role<T> role) {
            throw new AssertionError("not by a verb");
        }

        @Override
        public <T> AutoCloseable watch(Role<T> role, ProviderListener<T> listener) {
            throw new AssertionError("not by a verb");
        }
    }

    private record Ready(Optional<Instant> readySince, List<String> waitingFor) implements Readiness {
        @Override
        public CompletionStage<Void> whenReady() {
            return new CompletableFuture<>();
        }
    }

    /** Delivers some events at once, and if asked to says then that the listener was too slow. */
    private static final class ScriptedEvents implements Events {
        private final List<Event> events = new ArrayList<>();
        private int replay = -1;
        private boolean closed;
        private boolean overruns;

        void add(String namespace, String topic) {
            events.add(new Event(
                    events.size(), CommandLine.NOW, new NamespaceName(namespace), topic, "id", Map.of("k", "v")));
        }

        @Override
        public void publish(NamespaceName namespace, String topic, String subject, Map<String, String> attributes) {
            throw new AssertionError("not by a verb");
        }

        @Override
        public Subscription subscribe(
                Predicate<? super Event> filter, int past, Consumer<? super Event> listener, Runnable overrun) {
            replay = past;
            events.stream().filter(filter).forEach(listener);
            if (overruns) {
                overrun.run();
            }
            return () -> closed = true;
        }
    }

    private static ProviderInfo info(String role, String id, State state, String note) {
        return new ProviderInfo(role, id, state, 10, "org.felucca." + id, "1.0.0", note);
    }

    private static PluginsVerb plugins() {
        return new PluginsVerb(new Inventory(List.of(
                info("snapshotter", "overlay", State.LIVE, ""),
                info("runtime", "linux", State.DEPARTED, "3 containers refer to it"),
                info("verb", "ps", State.LIVE, ""))));
    }

    @Test
    void plugins_areListedWithoutCommands() {
        assertEquals(0, shell.run(plugins(), ""));
        assertEquals("""
                ROLE          ID        STATE      RANKING   BUNDLE                VERSION   NOTE
                snapshotter   overlay   live       10        org.felucca.overlay   1.0.0
                runtime       linux     departed   10        org.felucca.linux     1.0.0     3 containers refer to it
                """, shell.out());
        shell.run(plugins(), "-a --format json");
        assertEquals(3, shell.out().lines().count());
        shell.run(plugins(), "--role verb --format json");
        assertEquals(1, shell.out().lines().count());
    }

    @Test
    void plugins_refusedFiles_areListedWithTheReason() {
        PluginsVerb verb = plugins();
        verb.bindFolder(() -> List.of(
                new PluginFile("good.jar", PluginFile.State.INSTALLED, "", "good", "1", List.of("verb:x"), ""),
                new PluginFile("bad.jar", PluginFile.State.REFUSED, "", "", "", List.of(), "it is no bundle")));
        shell.run(verb, "");
        String out = shell.out();
        assertTrue(out.contains("bad.jar") && out.contains("refused") && out.contains("it is no bundle"), out);
        assertFalse(out.contains("good.jar"));
    }

    @Test
    void version_isShownForPeopleAndPrograms() {
        VersionVerb verb = new VersionVerb(
                new Version(1, 2, 3, "SNAPSHOT"), new Ready(Optional.empty(), List.of("runtime=linux")));
        assertEquals(0, shell.run(verb, ""));
        assertTrue(shell.out().startsWith("felucca 1.2.3-SNAPSHOT\njava "));
        shell.run(verb, "--format json");
        assertTrue(shell.out().startsWith("{\"version\":\"1.2.3-SNAPSHOT\",\"java\":"));
    }

    @Test
    void version_verbose_tellsTimeToReadyAndMemory() {
        Instant start = Instant.now()
                .minus(StartTime.ofDaemon(Path.of("/proc"), Map.of()).ago().orElseThrow());
        VersionVerb verb =
                new VersionVerb(new Version(1, 2, 3), new Ready(Optional.of(start.plusMillis(570)), List.of()));
        shell.run(verb, "--verbose");
        String out = shell.out();
        // The kernel tells the start in hundredths of a second, and time passes between two readings.
        assertTrue(out.matches("(?s).*\nready: 0\\.5[5-9] s after the start\n.*"), out);
        assertTrue(out.matches("(?s).*\nresident memory: \\d+\\.\\d MB\n.*"), out);
    }

    @Test
    void version_verboseWhileStarting_saysWhatIsMissing() {
        VersionVerb verb = new VersionVerb(new Version(1, 2, 3), new Ready(Optional.empty(), List.of("runtime=linux")));
        shell.run(verb, "--verbose");
        assertTrue(shell.out().contains("\nnot ready: waiting for runtime=linux\n"));
    }

    @Test
    void events_areFilteredAndShownUntilInterrupted() {
        ScriptedEvents events = new ScriptedEvents();
        events.add("default", "container/start");
        events.add("other", "container/start");
        events.add("default", "image/pull");
        events.add("default", "container/exit");
        Result.Flow flow = (Result.Flow) shell.result(new EventsVerb(events), "--topic container --replay 5");
        List<String> topics = new ArrayList<>();
        flow.source().accept(document -> {
            topics.add(document.get("sequence").orElseThrow() + " "
                    + document.get("attributes").orElseThrow());
            if (topics.size() == 2) {
                Thread.currentThread().interrupt();
            }
        });
        assertTrue(Thread.interrupted());
        assertEquals(List.of("JsonNumber[text=0] {\"k\":\"v\"}", "JsonNumber[text=3] {\"k\":\"v\"}"), topics);
        assertEquals(5, events.replay);
        assertTrue(events.closed);
    }

    @Test
    void events_thatComeTooFast_endWithAnErrorInsteadOfAGap() {
        ScriptedEvents events = new ScriptedEvents();
        events.add("default", "container/start");
        events.overruns = true;
        FeluccaException ended = assertThrows(FeluccaException.class, () -> shell.run(new EventsVerb(events), ""));
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, ended.code());
        assertEquals("", shell.out());
    }
}
