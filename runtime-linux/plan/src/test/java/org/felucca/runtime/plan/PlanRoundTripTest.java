package org.felucca.runtime.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.felucca.runtime.plan.wire.WireFormatException;
import org.felucca.runtime.plan.wire.WireReader;
import org.felucca.runtime.plan.wire.WireWriter;
import org.junit.jupiter.api.Test;

class PlanRoundTripTest {
    @Test
    void build_smallPlan_isByteForByteWhatTheSpecificationSays() {
        PlanWriter plan = new PlanWriter(Plan.Kind.EXEC, 1);
        plan.next(PlanWriter.OPTIONAL).hostname("abc");
        plan.cgroupEnter(0, 2, PlanWriter.CGROUP_KILL);
        assertEquals(
                "464c5031" + "0100" + "0200" + "44000000" + "02000000" + "01000000" + "01000000" + "00000000"
                        + "00000000"
                        + "1900" + "0200" + "08000000" + "03000000" + "61626300"
                        + "1100" + "0000" + "0c000000" + "00000000" + "02000000" + "02000000",
                HexFormat.of().formatHex(plan.build().bytes()));
    }

    @Test
    void read_everyOpcode_givesItsArgumentsBack() {
        PlanWriter plan = new PlanWriter(Plan.Kind.CONTAINER, 1);
        plan.planFlags(PlanWriter.KILL_REST);
        plan.openTree("/a", 1);
        plan.fsMount("tmpfs", "", List.of("mode=1", "é"), 0x21);
        plan.credentials(1, -1, new byte[] {5, 0, 0, 0}, 1L << 40, 0, 0, 0, 3, 0);
        PlanReader.Contents contents = PlanReader.read(plan.build().bytes());
        assertEquals(1, contents.kind());
        assertEquals(1, contents.slotsGiven());
        assertEquals(3, contents.slotsTotal());
        assertEquals(PlanWriter.KILL_REST, contents.flags());
        assertEquals(List.of(1, "/a", 1), contents.operations().get(0).arguments());
        assertEquals(
                List.of(2, "tmpfs", "", List.of("mode=1", "é"), 0x21L),
                contents.operations().get(1).arguments());
        assertEquals(-1, contents.operations().get(2).arguments().get(1));
        assertArrayEquals(new byte[] {5, 0, 0, 0}, (byte[])
                contents.operations().get(2).arguments().get(2));
    }

    @Test
    void read_planCutAnywhere_isRefused() {
        PlanWriter plan = new PlanWriter(Plan.Kind.CONTAINER, 0);
        plan.exec("sh", List.of("sh"), List.of("A=1"), 0);
        byte[] bytes = plan.build().bytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(WireFormatException.class, () -> PlanReader.read(cut));
        }
    }

    @Test
    void build_tooManySlots_throws() {
        PlanWriter plan = new PlanWriter(Plan.Kind.CONTAINER, 0);
        for (int i = 0; i <= Plan.MOST_SLOTS; i++) {
            plan.open("/x", 0);
        }
        assertThrows(IllegalStateException.class, plan::build);
    }

    @Test
    void origin_ofOperation_isWhatTheWriterSaid() {
        PlanWriter plan = new PlanWriter(Plan.Kind.CONTAINER, 0);
        plan.sync();
        plan.origin("/mounts/3").park();
        Plan built = plan.build();
        assertEquals(Optional.empty(), built.origin(0));
        assertEquals(Optional.of("/mounts/3"), built.origin(1));
        assertEquals(Optional.empty(), built.origin(-1));
    }

    @Test
    void string_ofEveryLength_isPaddedToFour() {
        for (int length = 0; length < 9; length++) {
            byte[] bytes = new WireWriter(0).string("x".repeat(length)).toByteArray();
            assertEquals(0, bytes.length % 4);
            assertEquals("x".repeat(length), new WireReader(bytes).string());
        }
    }
}
