package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.felucca.api.runtime.Pressure;
import org.junit.jupiter.api.Test;

class CgroupUsageTest {
    @Test
    void pressure_ofBothLines_isRead() {
        String text = """
                some avg10=1.50 avg60=0.25 avg300=0.00 total=12345
                full avg10=0.00 avg60=0.10 avg300=100.00 total=9
                """;
        assertEquals(
                Optional.of(new Pressure(
                        new Pressure.Share(1.5, 0.25, 0, Duration.ofNanos(12_345_000)),
                        Optional.of(new Pressure.Share(0, 0.1, 100, Duration.ofNanos(9_000))))),
                CgroupUsage.pressure(text));
    }

    @Test
    void pressure_ofAKernelThatHasNoFull_isSomeAlone() {
        assertEquals(
                Optional.of(new Pressure(new Pressure.Share(0, 0, 0, Duration.ZERO), Optional.empty())),
                CgroupUsage.pressure("some avg10=0.00 avg60=0.00 avg300=0.00 total=0"));
        assertEquals(Optional.empty(), CgroupUsage.pressure(""));
    }
}
