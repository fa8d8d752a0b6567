package org.felucca.runtime.ocicli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.NetDevice;
import org.felucca.oci.runtimespec.linux.TimeOffset;
import org.felucca.runtime.testkit.TestSpecs;
import org.junit.jupiter.api.Test;

class OciVersionTest {
    @Test
    void lowest_ofADocument_isThatOfItsNewestProperty() {
        Spec plain = TestSpecs.standard();
        assertEquals("1.0.2", OciVersion.lowest(plain).toString());
        assertEquals(
                "1.1.0",
                OciVersion.lowest(plain.toBuilder().domainname("nis").build()).toString());
        Linux linux = Linux.builder()
                .timeOffsets(Map.of("boottime", new TimeOffset(1L, 0L)))
                .netDevices(Map.of("eth0", new NetDevice("eth0")))
                .build();
        assertEquals(
                "1.3.0",
                OciVersion.lowest(plain.toBuilder().linux(linux).build()).toString());
    }

    @Test
    void parse_ofWhatProgramsSay() {
        assertEquals(new OciVersion(1, 0, 2), OciVersion.parse("1.0.2-dev"));
        assertEquals(new OciVersion(1, 2, 1), OciVersion.parse("1.2.1"));
        assertNull(OciVersion.parse("1.2"));
        assertNull(OciVersion.parse("one.two.three"));
        assertTrue(new OciVersion(1, 10, 0).compareTo(new OciVersion(1, 9, 9)) > 0);
    }
}
