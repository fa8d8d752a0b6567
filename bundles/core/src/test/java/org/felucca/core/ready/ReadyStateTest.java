package org.felucca.core.ready;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.core.fake.FakeRuntime;
import org.felucca.core.fake.FakeSnapshotter;
import org.felucca.core.fake.Faults;
import org.felucca.core.registry.Origin;
import org.felucca.core.registry.ProviderRegistry;
import org.junit.jupiter.api.Test;

class ReadyStateTest {
    private static final Origin ORIGIN = new Origin(0, "bundle", "1.0.0");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ProviderRegistry providers = new ProviderRegistry(Runnable::run);
    private final Set<String> unrecovered = new TreeSet<>();
    private final List<Boolean> changes = new ArrayList<>();
    private final ReadyState state = new ReadyState(
            providers,
            Requirement.parse("snapshotter:overlay, runtime"),
            () -> unrecovered,
            changes::add,
            Clock.fixed(NOW, ZoneOffset.UTC));
    private final Snapshotter snapshotter = new FakeSnapshotter(new Faults());

    private void fill() {
        providers.registry(Role.SNAPSHOTTER).bind("overlay", snapshotter, ORIGIN);
        providers.registry(Role.RUNTIME).bind("any", new FakeRuntime(new Faults()), ORIGIN);
        state.check();
    }

    @Test
    void waitingFor_namesWhatIsMissing() {
        unrecovered.add("linux");
        assertEquals(List.of("records", "snapshotter=overlay", "runtime"), state.waitingFor());

        state.loaded();
        assertEquals(List.of("snapshotter=overlay", "runtime", "recovery of runtime=linux"), state.waitingFor());
        assertFalse(state.ready());
    }

    @Test
    void ready_whenNothingIsMissing_isToldOnce() {
        state.loaded();
        assertFalse(state.whenReady().toCompletableFuture().isDone());
        fill();
        state.check();

        assertTrue(state.ready());
        assertEquals(List.of(true), changes);
        assertTrue(state.whenReady().toCompletableFuture().isDone());
        assertEquals(Optional.of(NOW), state.readySince());
    }

    @Test
    void departureOfARequiredProvider_isTold() {
        state.loaded();
        fill();

        providers.registry(Role.SNAPSHOTTER).unbind(snapshotter, Duration.ZERO);
        state.check();

        assertEquals(List.of(true, false), changes);
        assertEquals(List.of("snapshotter=overlay"), state.waitingFor());
    }

    @Test
    void backendThatDoesNotCome_isWaitedForDuringTheGraceOnly() {
        unrecovered.add("gone");
        state.loaded();
        fill();
        assertEquals(List.of("recovery of runtime=gone"), state.waitingFor());

        state.graceOver();

        assertTrue(state.ready());
    }

    @Test
    void requirement_ofAnUnknownRole_isRefused() {
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                assertThrows(FeluccaException.class, () -> Requirement.parse("engine:x"))
                        .code());
        assertEquals(List.of(), Requirement.parse(" , "));
    }
}
