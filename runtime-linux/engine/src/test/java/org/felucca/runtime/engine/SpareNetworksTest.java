package org.felucca.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.memfd.MemoryFile;
import org.junit.jupiter.api.Test;

class SpareNetworksTest {
    private final List<Fd> made = new ArrayList<>();
    private final List<Runnable> queue = new ArrayList<>();

    private Fd make() {
        Fd fd = MemoryFile.create("namespace");
        made.add(fd);
        return fd;
    }

    private void runAll() {
        List.copyOf(queue).forEach(Runnable::run);
        queue.clear();
    }

    @Test
    void take_nothingMadeYet_isEmpty() {
        try (SpareNetworks networks = new SpareNetworks(this::make, queue::add)) {
            assertTrue(networks.take().isEmpty());
        }
    }

    @Test
    void replenish_whileOneIsComing_ordersNoOther() {
        try (SpareNetworks networks = new SpareNetworks(this::make, queue::add)) {
            networks.replenish();
            networks.replenish();
            assertEquals(1, queue.size());
        }
    }

    @Test
    void take_afterReplenish_givesEachOnce() {
        try (SpareNetworks networks = new SpareNetworks(this::make, queue::add)) {
            for (int i = 0; i < 5; i++) {
                networks.replenish();
                runAll();
            }
            assertEquals(2, made.size());
            Fd first = networks.take().orElseThrow();
            Fd second = networks.take().orElseThrow();
            assertFalse(first == second);
            assertTrue(networks.take().isEmpty());
            first.close();
            second.close();
        }
    }

    @Test
    void replenish_makerFails_isTriedAgainNextTime() {
        SpareNetworks networks = new SpareNetworks(
                () -> {
                    throw new FeluccaException(ErrorCode.UNAVAILABLE, "cannot make", "spawn is gone");
                },
                queue::add);
        networks.replenish();
        runAll();
        assertTrue(networks.take().isEmpty());
        networks.replenish();
        assertEquals(1, queue.size());
        networks.close();
    }

    @Test
    void close_withSpareAndOneComing_closesBoth() {
        SpareNetworks networks = new SpareNetworks(this::make, queue::add);
        networks.replenish();
        runAll();
        networks.replenish();
        networks.close();
        runAll();
        assertEquals(2, made.size());
        made.forEach(fd -> assertThrows(IllegalStateException.class, fd::raw));
        networks.replenish();
        assertTrue(queue.isEmpty());
    }
}
