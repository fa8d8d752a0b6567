package org.felucca.runtime.engine.cgroup;

import java.util.ArrayList;
import java.util.List;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.DeviceRuleType;

/**
 * Which devices a container may use: rules in order, of which the last that matches decides; where none matches the
 * device is allowed, as in the kernel's root cgroup.
 *
 * @param rules in order
 */
record DevicePolicy(List<DeviceRule> rules) {
    private static final long ANY = -1;

    /** What every container needs: its own default devices, terminals, and making any node (opening it is another matter). */
    private static final List<DeviceRule> ALWAYS = List.of(
            allow(DeviceRuleType.CHAR, ANY, ANY, "m"),
            allow(DeviceRuleType.BLOCK, ANY, ANY, "m"),
            allow(DeviceRuleType.CHAR, 1, 3, "rwm"),
            allow(DeviceRuleType.CHAR, 1, 5, "rwm"),
            allow(DeviceRuleType.CHAR, 1, 7, "rwm"),
            allow(DeviceRuleType.CHAR, 1, 8, "rwm"),
            allow(DeviceRuleType.CHAR, 1, 9, "rwm"),
            allow(DeviceRuleType.CHAR, 5, 0, "rwm"),
            allow(DeviceRuleType.CHAR, 5, 2, "rwm"),
            allow(DeviceRuleType.CHAR, 136, ANY, "rwm"));

    private static DeviceRule allow(DeviceRuleType type, long major, long minor, String access) {
        return new DeviceRule(true, type, major, minor, access);
    }

    /** The policy of a configuration. */
    static DevicePolicy of(List<DeviceRule> configured) {
        if (configured.stream().allMatch(DeviceRule::allow)) {
            return new DevicePolicy(List.of());
        }
        List<DeviceRule> rules = new ArrayList<>(configured);
        rules.addAll(ALWAYS);
        return new DevicePolicy(List.copyOf(rules));
    }

    /** Whether every device is allowed, so that there is nothing to enforce. */
    boolean isOpen() {
        return rules.isEmpty();
    }

    /** The lines for {@code devices.allow} and {@code devices.deny} of version 1, in order. */
    List<Setting> v1Settings() {
        List<Setting> settings = new ArrayList<>(rules.size());
        for (DeviceRule rule : rules) {
            String file = rule.allow() ? "devices.allow" : "devices.deny";
            settings.add(new Setting("devices", file, line(rule), "/linux/resources/devices"));
        }
        return settings;
    }

    private static String line(DeviceRule rule) {
        String access = access(rule);
        if (matchesAll(rule) && access.equals("rwm")) {
            return "a";
        }
        String type = rule.type() == null ? "a" : rule.type().id();
        return type + " " + number(rule.major()) + ":" + number(rule.minor()) + " " + access;
    }

    private static String number(@org.jspecify.annotations.Nullable Long value) {
        return value == null || value < 0 ? "*" : Long.toString(value);
    }

    private static boolean matchesAll(DeviceRule rule) {
        return (rule.type() == null || rule.type() == DeviceRuleType.ALL)
                && number(rule.major()).equals("*")
                && number(rule.minor()).equals("*");
    }

    static String access(DeviceRule rule) {
        return rule.access() == null || rule.access().isEmpty() ? "rwm" : rule.access();
    }
}
