package org.felucca.posix.seccomp;

import java.util.Map;

/**
 * System calls that libseccomp 2.5 does not know. From 424 on all architectures number alike (x32 with its bit
 * added), so one table is enough.
 *
 * @see <a href="https://docs.kernel.org/process/adding-syscalls.html">Adding a New System Call</a>; the numbers are those of
 *     {@code scripts/syscall.tbl}
 */
final class NewerSyscalls {

    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("quotactl_fd", 443),
            Map.entry("landlock_create_ruleset", 444),
            Map.entry("landlock_add_rule", 445),
            Map.entry("landlock_restrict_self", 446),
            Map.entry("memfd_secret", 447),
            Map.entry("process_mrelease", 448),
            Map.entry("futex_waitv", 449),
            Map.entry("set_mempolicy_home_node", 450),
            Map.entry("cachestat", 451),
            Map.entry("fchmodat2", 452),
            Map.entry("map_shadow_stack", 453),
            Map.entry("futex_wake", 454),
            Map.entry("futex_wait", 455),
            Map.entry("futex_requeue", 456),
            Map.entry("statmount", 457),
            Map.entry("listmount", 458),
            Map.entry("lsm_get_self_attr", 459),
            Map.entry("lsm_set_self_attr", 460),
            Map.entry("lsm_list_modules", 461),
            Map.entry("mseal", 462),
            Map.entry("setxattrat", 463),
            Map.entry("getxattrat", 464),
            Map.entry("listxattrat", 465),
            Map.entry("removexattrat", 466),
            Map.entry("open_tree_attr", 467),
            Map.entry("file_getattr", 468),
            Map.entry("file_setattr", 469));

    private NewerSyscalls() {}

    /** The number, -1 if the name is unknown here too. */
    static int number(String name) {
        return NUMBERS.getOrDefault(name, -1);
    }
}
