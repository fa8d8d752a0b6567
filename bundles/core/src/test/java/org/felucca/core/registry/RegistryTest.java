package org.felucca.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.ProviderInfo;
import org.felucca.api.plugin.ProviderInfo.State;
import org.felucca.api.plugin.Providers.ProviderListener;
import org.felucca.api.plugin.Role;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Registry<CredentialProvider> registry =
            new Registry<>(Role.CREDENTIALS, Guard.plain(), Runnable::run);

    private static CredentialProvider provider(String user) {
        return registryName -> Optional.of(new Credentials(user, "secret"));
    }

    private static Origin origin(int ranking) {
        return new Origin(ranking, "bundle-" + ranking, "1.0.0");
    }

    private static String user(Provider<CredentialProvider> provider) {
        return provider.call(credentials -> credentials.credentials("host"))
                .orElseThrow()
                .user();
    }

    private List<String> live() {
        return registry.live().stream().map(Provider::id).toList();
    }

    private static ErrorCode code(Runnable work) {
        return assertThrows(FeluccaException.class, work::run).code();
    }

    @Test
    void live_isOrderedByRankingThenAge() {
        registry.bind("b", provider("b"), origin(0));
        registry.bind("c", provider("c"), origin(5));
        registry.bind("a", provider("a"), origin(0));

        assertEquals(List.of("c", "b", "a"), live());
    }

    @Test
    void updatedRanking_changesTheOrder() {
        CredentialProvider a = provider("a");
        registry.bind("b", provider("b"), origin(0));
        registry.bind("a", a, origin(0));

        registry.updated(a, origin(1));

        assertEquals(List.of("a", "b"), live());
    }

    @Test
    void secondProviderOfAnIdentity_isAConflictUntilTheFirstLeaves() {
        CredentialProvider first = provider("first");
        registry.bind("x", first, origin(1));
        registry.bind("x", provider("second"), origin(2));

        assertEquals("first", user(registry.require("x")));
        assertEquals(
                List.of(State.LIVE, State.CONFLICT),
                registry.inventory().stream().map(ProviderInfo::state).toList());
        assertTrue(registry.inventory().get(1).note().contains("bundle-1"));

        Provider<CredentialProvider> handle = registry.require("x");
        registry.unbind(first, GRACE);
        assertEquals("second", user(handle), "a handle finds the identity again");
        assertEquals(1, registry.inventory().size());
    }

    @Test
    void conflictingProviderThatLeaves_changesNothing() {
        CredentialProvider second = provider("second");
        registry.bind("x", provider("first"), origin(1));
        registry.bind("x", second, origin(2));

        registry.unbind(second, GRACE);

        assertEquals("first", user(registry.require("x")));
        assertEquals(1, registry.inventory().size());
    }

    @Test
    void providerWithoutProperId_isRefusedAndShown() {
        registry.bind(null, provider("a"), origin(0));
        registry.bind("Bad Id", provider("a"), origin(0));

        assertEquals(List.of(), live());
        assertEquals(
                List.of(State.CONFLICT, State.CONFLICT),
                registry.inventory().stream().map(ProviderInfo::state).toList());
    }

    @Test
    void require_ofAnUnknownId_throwsUnavailableNamingTheLiveOnes() {
        registry.bind("here", provider("a"), origin(0));

        FeluccaException failure = assertThrows(FeluccaException.class, () -> registry.require("there"));

        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("here"), failure.getMessage());
    }

    @Test
    void departedProvider_isShownAsSuch() {
        CredentialProvider a = provider("a");
        registry.bind("a", a, origin(0));
        Provider<CredentialProvider> handle = registry.require("a");

        registry.unbind(a, GRACE);

        assertFalse(handle.live());
        assertEquals(ErrorCode.UNAVAILABLE, code(() -> user(handle)));
        assertEquals(State.DEPARTED, registry.inventory().get(0).state());
    }

    @Test
    void unbind_waitsForCallsUnderWay() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        CredentialProvider slow = host -> {
            inside.countDown();
            try {
                finish.await();
            } catch (InterruptedException e) {
                throw new AssertionError("cut off", e);
            }
            return Optional.of(new Credentials("slow", ""));
        };
        registry.bind("slow", slow, origin(0));
        Provider<CredentialProvider> handle = registry.require("slow");
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> user(handle));
        inside.await();

        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> registry.unbind(slow, GRACE));
        while (handle.live()) {
            Thread.onSpinWait();
        }
        assertEquals(State.DRAINING, registry.inventory().get(0).state());
        assertEquals(ErrorCode.UNAVAILABLE, code(() -> user(handle)), "intake is closed");
        assertFalse(gone.isDone());
        finish.countDown();

        assertEquals("slow", answer.get(10, TimeUnit.SECONDS));
        gone.get(10, TimeUnit.SECONDS);
    }

    @Test
    void unbind_afterTheGrace_cutsCallsOff() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CredentialProvider stuck = host -> {
            inside.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return Optional.empty();
        };
        registry.bind("stuck", stuck, origin(0));
        CompletableFuture<ErrorCode> outcome = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            outcome.complete(code(() -> user(registry.require("stuck"))));
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        inside.await();

        registry.unbind(stuck, Duration.ofMillis(1));

        assertEquals(ErrorCode.UNAVAILABLE, outcome.get(10, TimeUnit.SECONDS));
        assertFalse(interrupted.get(10, TimeUnit.SECONDS), "the interrupt was the guard's and is taken back");
        caller.join();
    }

    @Test
    void unbind_fromWithinACallOfTheProvider_doesNotWaitForItself() {
        CredentialProvider[] self = new CredentialProvider[1];
        self[0] = host -> {
            registry.unbind(self[0], Duration.ofHours(1));
            return Optional.of(new Credentials("me", ""));
        };
        registry.bind("self", self[0], origin(0));

        assertEquals("me", user(registry.require("self")));
        assertEquals(List.of(), live());
    }

    @Test
    void exceptionOfAProvider_becomesInternalWithItsText() {
        class Own extends RuntimeException {
            private static final long serialVersionUID = 1L;

            Own() {
                super("broken by design");
            }
        }
        registry.bind(
                "bad",
                host -> {
                    throw new Own();
                },
                origin(0));

        FeluccaException failure = assertThrows(FeluccaException.class, () -> user(registry.require("bad")));

        assertEquals(ErrorCode.INTERNAL, failure.code());
        assertTrue(failure.getMessage().contains("broken by design"));
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertFalse(cause instanceof Own, "no class of the plugin is kept");
        }
    }

    @Test
    void linkageErrorOfAProvider_becomesInternal() {
        registry.bind(
                "bad",
                host -> {
                    throw new NoClassDefFoundError("org/gone/Away");
                },
                origin(0));

        assertEquals(ErrorCode.INTERNAL, code(() -> user(registry.require("bad"))));
    }

    @Test
    void feluccaExceptionOfAProvider_keepsItsCodeAndLosesForeignCauses() {
        class Own extends Exception {
            private static final long serialVersionUID = 1L;
        }
        registry.bind(
                "bad",
                host -> {
                    throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot a", "b", "c", new Own());
                },
                origin(0));

        FeluccaException failure = assertThrows(FeluccaException.class, () -> user(registry.require("bad")));

        assertEquals(ErrorCode.NOT_FOUND, failure.code());
        assertEquals("cannot a: b; c", failure.getMessage());
        assertFalse(failure.getCause() instanceof Own);
        assertTrue(String.valueOf(failure.getCause().getMessage()).contains("Own"));
    }

    @Test
    void feluccaExceptionWithCausesOfTheJdk_isLeftAsItIs() {
        FeluccaException original =
                new FeluccaException(ErrorCode.NOT_FOUND, "a", "b", null, new java.io.IOException("c"));
        registry.bind(
                "bad",
                host -> {
                    throw original;
                },
                origin(0));

        assertEquals(original, assertThrows(FeluccaException.class, () -> user(registry.require("bad"))));
    }

    @Test
    void watch_tellsArrivalsAndDeparturesInOrder() throws Exception {
        List<String> heard = new ArrayList<>();
        CredentialProvider a = provider("a");
        registry.bind("a", a, origin(0));
        AutoCloseable watch = registry.watch(new ProviderListener<>() {
            @Override
            public void arrived(Provider<CredentialProvider> provider) {
                heard.add("+" + provider.id());
            }

            @Override
            public void departed(String id) {
                heard.add("-" + id);
            }
        });
        registry.bind("b", provider("b"), origin(0));
        registry.unbind(a, GRACE);
        registry.bind("a", provider("a"), origin(0));
        watch.close();
        registry.bind("c", provider("c"), origin(0));

        assertEquals(List.of("+a", "+b", "-a", "+a"), heard);
    }

    @Test
    void unbind_ofAServiceThatIsNotBound_doesNothing() {
        registry.bind("a", provider("a"), origin(0));

        registry.unbind(provider("other"), GRACE);

        assertEquals(List.of("a"), live());
        assertNull(registry.find("b").orElse(null));
    }
}
