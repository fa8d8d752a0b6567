package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.linux.Cpu;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.DeviceRuleType;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.runtime.engine.dbus.Marshal;
import org.felucca.runtime.engine.systemd.UnitProperty;
import org.junit.jupiter.api.Test;

class UnitPropertiesTest {
    /** Name to signature and value, the latter in hexadecimal. */
    private static Map<String, String> of(List<UnitProperty> properties) {
        Map<String, String> result = new TreeMap<>();
        for (UnitProperty property : properties) {
            Marshal out = new Marshal();
            property.value().accept(out);
            result.put(
                    property.name(), property.signature() + " " + HexFormat.of().formatHex(out.bytes()));
        }
        return result;
    }

    private static Map<String, String> of(Resources resources) {
        return of(UnitProperties.of(CgroupSettings.of(resources, true)));
    }

    private static String number(long value) {
        return "t " + HexFormat.of().formatHex(new Marshal().u64(value).bytes());
    }

    @Test
    void of_quotaThatIsNoPercent_isRoundedUpToOne() {
        Resources resources = Resources.builder()
                .cpu(Cpu.builder().quota(12_345L).period(50_000L).build())
                .build();
        assertEquals(
                Map.of("CPUQuotaPerSecUSec", number(250_000), "CPUQuotaPeriodUSec", number(50_000)), of(resources));
    }

    @Test
    void of_limitsThatAreLifted_areInfinite() {
        Resources resources = Resources.builder()
                .memory(Memory.builder().limit(-1L).swap(-1L).build())
                .cpu(Cpu.builder().quota(-1L).build())
                .unified(Map.of("pids.max", "max"))
                .build();
        assertEquals(
                Map.of(
                        "MemoryMax", number(-1),
                        "MemorySwapMax", number(-1),
                        "CPUQuotaPerSecUSec", number(-1),
                        "CPUQuotaPeriodUSec", number(100_000),
                        "TasksMax", number(-1)),
                of(resources));
    }

    @Test
    void of_cpuset_isABitForEach() {
        Resources resources = Resources.builder()
                .cpu(Cpu.builder().cpus("0-2,9").mems("0").build())
                .build();
        assertEquals(Map.of("AllowedCPUs", "ay 020000000702", "AllowedMemoryNodes", "ay 0100000001"), of(resources));
        Resources wrong =
                Resources.builder().cpu(Cpu.builder().cpus("3-x").build()).build();
        assertThrows(FeluccaException.class, () -> of(wrong));
    }

    @Test
    void of_idle_leavesTheWeightAlone() {
        Resources resources = Resources.builder()
                .cpu(Cpu.builder().shares(2048L).idle(1L).build())
                .build();
        assertEquals(Map.of(), of(resources));
    }

    @Test
    void of_unifiedFilesWithoutAProperty_areLeftToTheFiles() {
        Resources resources = Resources.builder()
                .unified(Map.of("memory.min", "4096", "memory.oom.group", "1", "hugetlb.2MB.max", "0"))
                .build();
        assertEquals(Map.of("MemoryMin", number(4096)), of(resources));
        Resources wrong =
                Resources.builder().unified(Map.of("memory.max", "64M")).build();
        assertThrows(FeluccaException.class, () -> of(wrong));
    }

    @Test
    void of_policyThatDeniesAll_isAListOfWhatIsAllowed() {
        DevicePolicy policy = DevicePolicy.of(List.of(
                new DeviceRule(false, null, null, null, "rwm"),
                new DeviceRule(true, DeviceRuleType.BLOCK, 8L, 1L, "r"),
                new DeviceRule(true, DeviceRuleType.CHAR, 10L, null, "rw")));
        List<UnitProperty> properties = UnitProperties.of(policy).orElseThrow();
        List<UnitProperty.DeviceAccess> expected = new ArrayList<>(List.of(
                new UnitProperty.DeviceAccess("/dev/block/8:1", "r"), new UnitProperty.DeviceAccess("char-10", "rw")));
        expected.add(new UnitProperty.DeviceAccess("char-*", "m"));
        expected.add(new UnitProperty.DeviceAccess("block-*", "m"));
        for (String device : List.of("1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:2")) {
            expected.add(new UnitProperty.DeviceAccess("/dev/char/" + device, "rwm"));
        }
        expected.add(new UnitProperty.DeviceAccess("char-136", "rwm"));
        assertEquals(
                of(List.of(UnitProperty.text("DevicePolicy", "strict"), UnitProperty.devices("DeviceAllow", expected))),
                of(properties));
    }

    @Test
    void of_policyThatAllowsMost_isLeftToTheDeviceProgram() {
        DevicePolicy policy = DevicePolicy.of(List.of(new DeviceRule(false, DeviceRuleType.CHAR, 10L, 200L, "rwm")));
        assertEquals(Optional.empty(), UnitProperties.of(policy));
    }
}
