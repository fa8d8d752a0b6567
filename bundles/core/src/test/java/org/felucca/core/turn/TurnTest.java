package org.felucca.core.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.Test;

class TurnTest {
    private final Turn turn = new Turn();

    @Test
    void hold_isExclusive() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                for (int k = 0; k < 1000; k++) {
                    turn.hold("work", () -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                    });
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(1, most.get());
    }

    @Test
    void whenFree_whileHeld_runsAfterwards() {
        List<String> order = new ArrayList<>();
        turn.hold("work", () -> {
            turn.whenFree(Runnable::run, () -> order.add("later"));
            order.add("first");
        });
        assertEquals(List.of("first", "later"), order);
    }

    @Test
    void whenFree_whileFree_runsAtOnceOnThisThread() {
        Thread[] ran = new Thread[1];
        turn.whenFree(
                task -> {
                    throw new AssertionError("not needed");
                },
                () -> ran[0] = Thread.currentThread());
        assertEquals(Thread.currentThread(), ran[0]);
    }

    @Test
    void afterwards_runsWhenTheTurnIsFree() {
        List<String> order = new ArrayList<>();
        turn.hold("work", () -> {
            turn.afterwards(() -> turn.hold("more", () -> {
                order.add("after");
            }));
            order.add("work");
        });
        turn.hold("other", () -> {
            order.add("other");
        });
        assertEquals(List.of("work", "after", "other"), order, "once, and it could take the turn");
    }

    @Test
    void hold_whoseWorkThrows_endsTheTurn() {
        assertThrows(
                IllegalStateException.class,
                () -> turn.hold("work", () -> {
                    throw new IllegalStateException("no");
                }));
        boolean[] ran = new boolean[1];
        turn.hold("work", () -> {
            ran[0] = true;
        });
        assertTrue(ran[0]);
    }

    @Test
    void hold_interruptedWhileWaiting_throwsCancelledAndLeavesTheQueue() throws Exception {
        CompletableFuture<FeluccaException> outcome = new CompletableFuture<>();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread holder = new Thread(() -> turn.hold("work", () -> {
            held.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
        holder.start();
        held.await();
        Thread waiter = new Thread(() -> {
            Thread.currentThread().interrupt();
            outcome.complete(assertThrows(FeluccaException.class, () -> turn.hold("cannot wait", () -> {})));
        });
        waiter.start();

        FeluccaException failure = outcome.get(10, TimeUnit.SECONDS);
        assertEquals(ErrorCode.CANCELLED, failure.code());
        assertFalse(failure.getMessage().isEmpty());
        leave.countDown();
        holder.join();
        turn.hold("work", () -> {});
    }
}
