package org.felucca.runtime.ocicli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.DeviceRuleType;
import org.jspecify.annotations.Nullable;

/** Rules of the device controller in a form that runc takes. */
final class DeviceRules {
    private DeviceRules() {}

    /**
     * Leaves out refusals of single devices that nothing before them let in: everything is refused already. runc
     * rejects a refusal that overlaps a rule for all devices, such as the usual one that lets every node be made; since
     * it adds that rule itself, at the end, a node can be made whatever is refused here.
     */
    static List<DeviceRule> withoutHoles(List<DeviceRule> rules) {
        List<DeviceRule> kept = new ArrayList<>(rules.size());
        boolean closed = false;
        for (DeviceRule rule : rules) {
            boolean hole = !rule.allow() && closed && kept.stream().noneMatch(other -> letsIn(other, rule));
            closed = closed || refusesAll(rule);
            if (!hole) {
                kept.add(rule);
            }
        }
        return kept;
    }

    private static boolean refusesAll(DeviceRule rule) {
        return !rule.allow()
                && (rule.type() == null || rule.type() == DeviceRuleType.ALL)
                && isAny(rule.major())
                && isAny(rule.minor())
                && access(rule).length() == 3;
    }

    private static boolean letsIn(DeviceRule rule, DeviceRule refusal) {
        return rule.allow()
                && overlaps(rule.type(), refusal.type())
                && overlaps(rule.major(), refusal.major())
                && overlaps(rule.minor(), refusal.minor())
                && Stream.of("r", "w")
                        .anyMatch(kind ->
                                access(rule).contains(kind) && access(refusal).contains(kind));
    }

    private static boolean overlaps(@Nullable DeviceRuleType one, @Nullable DeviceRuleType other) {
        return one == null || other == null || one == DeviceRuleType.ALL || other == DeviceRuleType.ALL || one == other;
    }

    private static boolean overlaps(@Nullable Long one, @Nullable Long other) {
        return one == null || other == null || one < 0 || other < 0 || one.equals(other);
    }

    private static boolean isAny(@Nullable Long number) {
        return number == null || number < 0;
    }

    private static String access(DeviceRule rule) {
        return rule.access() == null || rule.access().isEmpty() ? "rwm" : rule.access();
    }
}
