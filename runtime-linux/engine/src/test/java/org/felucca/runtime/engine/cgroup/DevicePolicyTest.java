package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.DeviceRuleType;
import org.felucca.posix.bpf.CgroupDeviceProgram;
import org.felucca.posix.fs.Fd;
import org.junit.jupiter.api.Test;

class DevicePolicyTest {
    private static final DeviceRule DENY_ALL = new DeviceRule(false, null, null, null, "rwm");
    private static final String[] ACCESSES = {"r", "w", "m", "rw", "rm", "wm", "rwm"};

    private static boolean allowed(DevicePolicy policy, DeviceRuleType type, long major, long minor, String access) {
        return DeviceProgramMachine.run(DeviceProgramWriter.write(policy), type, major, minor, access);
    }

    @Test
    void of_noDenyingRule_isOpen() {
        assertTrue(DevicePolicy.of(List.of()).isOpen());
        assertTrue(DevicePolicy.of(List.of(new DeviceRule(true, DeviceRuleType.CHAR, 1L, 3L, "r")))
                .isOpen());
    }

    @Test
    void of_denyAll_keepsWhatEveryContainerNeeds() {
        DevicePolicy policy = DevicePolicy.of(List.of(DENY_ALL));
        assertFalse(policy.isOpen());
        assertTrue(allowed(policy, DeviceRuleType.CHAR, 1, 3, "rw"));
        assertTrue(allowed(policy, DeviceRuleType.CHAR, 136, 7, "rw"));
        assertTrue(allowed(policy, DeviceRuleType.BLOCK, 8, 0, "m"));
        assertFalse(allowed(policy, DeviceRuleType.BLOCK, 8, 0, "r"));
        assertFalse(allowed(policy, DeviceRuleType.CHAR, 1, 11, "r"));
    }

    @Test
    void v1Settings_areInOrder() {
        List<String> lines =
                DevicePolicy.of(List.of(DENY_ALL, new DeviceRule(true, DeviceRuleType.BLOCK, 8L, null, "r")))
                        .v1Settings()
                        .stream()
                        .map(setting -> setting.file() + " " + setting.value())
                        .toList();
        assertEquals(List.of("devices.deny a", "devices.allow b 8:* r", "devices.allow c *:* m"), lines.subList(0, 3));
    }

    @Test
    void program_ofRandomPolicies_decidesAsTheRulesSay() {
        Random random = new Random(20261125);
        for (int round = 0; round < 300; round++) {
            List<DeviceRule> rules = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                rules.add(rule(random));
            }
            DevicePolicy policy = new DevicePolicy(rules);
            for (int probe = 0; probe < 60; probe++) {
                DeviceRuleType type = random.nextBoolean() ? DeviceRuleType.CHAR : DeviceRuleType.BLOCK;
                long major = random.nextInt(3);
                long minor = random.nextInt(3);
                String access = ACCESSES[random.nextInt(ACCESSES.length)];
                assertEquals(
                        expected(rules, type, major, minor, access),
                        allowed(policy, type, major, minor, access),
                        () -> rules + " " + type + " " + major + ":" + minor + " " + access);
            }
        }
    }

    private static DeviceRule rule(Random random) {
        DeviceRuleType type = DeviceRuleType.values()[random.nextInt(3)];
        Long major = random.nextBoolean() ? null : Long.valueOf(random.nextInt(3));
        Long minor = random.nextBoolean() ? null : Long.valueOf(random.nextInt(3));
        return new DeviceRule(random.nextBoolean(), type, major, minor, ACCESSES[random.nextInt(ACCESSES.length)]);
    }

    private static boolean expected(
            List<DeviceRule> rules, DeviceRuleType type, long major, long minor, String access) {
        for (int i = rules.size() - 1; i >= 0; i--) {
            DeviceRule rule = rules.get(i);
            boolean node = (rule.type() == DeviceRuleType.ALL || rule.type() == type)
                    && (rule.major() == null || rule.major() == major)
                    && (rule.minor() == null || rule.minor() == minor);
            boolean all = access.chars().allMatch(c -> rule.access().indexOf(c) >= 0);
            boolean any = access.chars().anyMatch(c -> rule.access().indexOf(c) >= 0);
            if (node && (rule.allow() ? all : any)) {
                return rule.allow();
            }
        }
        return true;
    }

    @Test
    void program_isAcceptedByTheKernel() {
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            List<DeviceRule> rules = new ArrayList<>(List.of(rule(random), DENY_ALL, rule(random), rule(random)));
            try (Fd program = CgroupDeviceProgram.load(DeviceProgramWriter.write(DevicePolicy.of(rules)))) {
                assertTrue(program.isOpen());
            }
        }
    }
}
