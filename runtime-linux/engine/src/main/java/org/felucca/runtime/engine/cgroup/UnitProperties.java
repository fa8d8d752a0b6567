package org.felucca.runtime.engine.cgroup;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.DeviceRuleType;
import org.felucca.runtime.engine.systemd.UnitProperty;
import org.felucca.runtime.engine.systemd.UnitProperty.DeviceAccess;
import org.felucca.runtime.plan.compile.SpecProblem;

/**
 * What limits mean in properties of a unit. systemd has properties for some files of version 2 only; and it rounds
 * processor quotas to percents: so the files are written as well, into a cgroup that it has delegated.
 */
final class UnitProperties {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long PERCENT = MICROS_PER_SECOND / 100;

    private UnitProperties() {}

    /** The limits among these that systemd knows. */
    static List<UnitProperty> of(List<Setting> settings) {
        boolean idle = settings.stream()
                .anyMatch(setting ->
                        setting.file().equals("cpu.idle") && setting.value().equals("1"));
        List<UnitProperty> properties = new ArrayList<>();
        for (Setting setting : settings) {
            String value = setting.value();
            switch (setting.file()) {
                case "memory.max" -> properties.add(limit("MemoryMax", setting));
                case "memory.high" -> properties.add(limit("MemoryHigh", setting));
                case "memory.low" -> properties.add(limit("MemoryLow", setting));
                case "memory.min" -> properties.add(limit("MemoryMin", setting));
                case "memory.swap.max" -> properties.add(limit("MemorySwapMax", setting));
                case "pids.max" -> properties.add(limit("TasksMax", setting));
                case "cpu.weight" -> {
                    if (!idle) {
                        properties.add(limit("CPUWeight", setting));
                    }
                }
                case "cpu.max" -> quota(properties, setting);
                case "cpuset.cpus" -> properties.add(UnitProperty.bits("AllowedCPUs", bits(setting)));
                case "cpuset.mems" -> properties.add(UnitProperty.bits("AllowedMemoryNodes", bits(setting)));
                case "io.weight" -> {
                    if (value.startsWith("default ")) {
                        properties.add(UnitProperty.number("IOWeight", number(setting, value.substring(8))));
                    }
                }
                default -> {} // written as a file alone
            }
        }
        return properties;
    }

    private static UnitProperty limit(String name, Setting setting) {
        String value = setting.value();
        return UnitProperty.number(name, value.equals("max") ? UnitProperty.INFINITY : number(setting, value));
    }

    private static long number(Setting setting, String text) {
        try {
            return Long.parseUnsignedLong(text.strip());
        } catch (NumberFormatException e) {
            throw SpecProblem.invalid(setting.pointer(), "'" + setting.value() + "' is no number", "write digits");
        }
    }

    /** {@code cpu.max} is the quota and the period of it, in microseconds. */
    private static void quota(List<UnitProperty> properties, Setting setting) {
        String[] parts = setting.value().strip().split(" +");
        long perSecond = UnitProperty.INFINITY;
        if (!parts[0].equals("max")) {
            long period = parts.length > 1 ? number(setting, parts[1]) : MICROS_PER_SECOND / 10;
            if (period == 0) {
                throw SpecProblem.invalid(setting.pointer(), "its period is 0", "give at least 1000");
            }
            long exact = ceilDiv(number(setting, parts[0]) * MICROS_PER_SECOND, period);
            perSecond = ceilDiv(exact, PERCENT) * PERCENT;
        }
        properties.add(UnitProperty.number("CPUQuotaPerSecUSec", perSecond));
        if (parts.length > 1) {
            properties.add(UnitProperty.number("CPUQuotaPeriodUSec", number(setting, parts[1])));
        }
    }

    private static long ceilDiv(long value, long by) {
        return (value + by - 1) / by;
    }

    /** {@code 0-2,5} as a bit for each number. */
    private static byte[] bits(Setting setting) {
        BitSet bits = new BitSet();
        try {
            for (String range : setting.value().strip().split(",")) {
                String[] ends = range.strip().split("-", 2);
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[ends.length - 1]);
                bits.set(first, last + 1);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw SpecProblem.invalid(
                    setting.pointer(), "'" + setting.value() + "' is no list of numbers", "write it as 0-2,5");
        }
        return bits.toByteArray();
    }

    /**
     * A policy that begins by denying everything, as systemd can say it: without what is denied again later, which the
     * device program sees to. Empty for a policy of another kind.
     */
    static Optional<List<UnitProperty>> of(DevicePolicy policy) {
        if (policy.isOpen() || !deniesAll(policy.rules().get(0))) {
            return Optional.empty();
        }
        List<DeviceAccess> allowed = new ArrayList<>();
        for (DeviceRule rule : policy.rules()) {
            if (rule.allow()) {
                allow(allowed, rule);
            }
        }
        return Optional.of(
                List.of(UnitProperty.text("DevicePolicy", "strict"), UnitProperty.devices("DeviceAllow", allowed)));
    }

    private static boolean deniesAll(DeviceRule rule) {
        return !rule.allow()
                && isAny(rule.type())
                && any(rule.major())
                && any(rule.minor())
                && DevicePolicy.access(rule).equals("rwm");
    }

    private static boolean isAny(@org.jspecify.annotations.Nullable DeviceRuleType type) {
        return type == null || type == DeviceRuleType.ALL;
    }

    private static boolean any(@org.jspecify.annotations.Nullable Long number) {
        return number == null || number < 0;
    }

    private static void allow(List<DeviceAccess> allowed, DeviceRule rule) {
        for (String type : isAny(rule.type())
                ? List.of("char", "block")
                : List.of(rule.type() == DeviceRuleType.BLOCK ? "block" : "char")) {
            String specifier;
            if (any(rule.major())) {
                specifier = type + "-*";
            } else if (any(rule.minor())) {
                specifier = type + "-" + rule.major();
            } else {
                specifier = "/dev/" + type + "/" + rule.major() + ":" + rule.minor();
            }
            allowed.add(new DeviceAccess(specifier, DevicePolicy.access(rule)));
        }
    }
}
