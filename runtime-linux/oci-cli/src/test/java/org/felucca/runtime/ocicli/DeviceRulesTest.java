package org.felucca.runtime.ocicli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.DeviceRuleType;
import org.junit.jupiter.api.Test;

class DeviceRulesTest {
    private static final DeviceRule REFUSE_ALL = new DeviceRule(false, null, null, null, "rwm");
    private static final DeviceRule MAKE_ANY = new DeviceRule(true, DeviceRuleType.CHAR, null, null, "m");
    private static final DeviceRule REFUSE_FUSE = new DeviceRule(false, DeviceRuleType.CHAR, 10L, 229L, "rwm");

    @Test
    void withoutHoles_refusalOfWhatNobodyMayOpen_isLeftOut() {
        assertEquals(
                List.of(REFUSE_ALL, MAKE_ANY), DeviceRules.withoutHoles(List.of(REFUSE_ALL, MAKE_ANY, REFUSE_FUSE)));
    }

    @Test
    void withoutHoles_refusalOfWhatIsOpenOtherwise_stays() {
        DeviceRule allMisc = new DeviceRule(true, DeviceRuleType.CHAR, 10L, -1L, "rw");
        List<DeviceRule> rules = List.of(REFUSE_ALL, allMisc, REFUSE_FUSE);
        assertEquals(rules, DeviceRules.withoutHoles(rules));
        List<DeviceRule> open = List.of(REFUSE_FUSE);
        assertEquals(open, DeviceRules.withoutHoles(open));
        DeviceRule blocks = new DeviceRule(true, DeviceRuleType.BLOCK, 10L, 229L, "rw");
        assertEquals(List.of(REFUSE_ALL, blocks), DeviceRules.withoutHoles(List.of(REFUSE_ALL, blocks, REFUSE_FUSE)));
    }
}
