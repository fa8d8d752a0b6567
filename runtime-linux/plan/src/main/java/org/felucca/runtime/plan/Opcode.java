package org.felucca.runtime.plan;

import static org.felucca.runtime.plan.Field.bytes;
import static org.felucca.runtime.plan.Field.choice;
import static org.felucca.runtime.plan.Field.flags;
import static org.felucca.runtime.plan.Field.slot;
import static org.felucca.runtime.plan.Field.string;
import static org.felucca.runtime.plan.Field.strings;
import static org.felucca.runtime.plan.Field.u32;
import static org.felucca.runtime.plan.Field.u64;

import java.util.List;
import java.util.Optional;
import org.felucca.runtime.plan.Field.Style;
import org.jspecify.annotations.Nullable;

/** The operations of a launch plan, as section 3 of {@code docs/spec/launch-plan.md} lists them. */
public enum Opcode {
    OPEN_TREE(1, slot("slot"), string("path"), flags("RECURSIVE", "NOFOLLOW")),
    OPEN(2, slot("slot"), string("path"), u32("oflags", Style.OCTAL)),
    MOUNT_ATTR(
            3,
            slot("slot"),
            u64("set", Style.MOUNT_ATTRIBUTES),
            u64("clear", Style.MOUNT_ATTRIBUTES),
            u64("propagation", Style.PROPAGATION),
            flags("RECURSIVE"),
            slot("userns")),
    FS_MOUNT(
            4,
            slot("slot"),
            string("type"),
            string("source"),
            strings("options"),
            u64("attributes", Style.MOUNT_ATTRIBUTES)),
    CHECK_NODE(5, slot("slot"), u32("type", Style.FILE_MODE), u32("major"), u32("minor")),
    USER_NAMESPACE(6, slot("slot"), string("uids"), string("gids")),
    NET_DEVICE(7, string("device"), string("name")),
    JOIN(16, slot("slot"), u32("type", Style.NAMESPACES)),
    CGROUP_ENTER(17, slot("slot"), u32("version"), flags("MEMORY", "KILL")),
    CLONE(18, u64("namespaces", Style.NAMESPACES)),
    ENTER(19, u64("namespaces", Style.NAMESPACES)),
    ID_MAP(20, string("uids"), string("gids"), flags("DENY_SETGROUPS")),
    ROOT_IDS(21),
    UNSHARE(22, u64("namespaces", Style.NAMESPACES)),
    SYNC(23),
    PARK(24),
    HOSTNAME(25, string("name")),
    DOMAINNAME(26, string("name")),
    LOOPBACK_UP(27),
    SYSCTL(28, string("name"), string("value")),
    TIME_OFFSETS(29, string("text")),
    HOOK(
            30,
            choice("stage", "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"),
            string("path"),
            strings("args"),
            strings("env"),
            u32("timeout"),
            string("state")),
    KEYRING(31, string("name")),
    PROPAGATION(32, u64("propagation", Style.PROPAGATION), flags("RECURSIVE")),
    ROOT(33, slot("slot")),
    PIVOT(34, flags()),
    ATTACH(35, slot("slot"), string("target"), flags("CREATE_DIR", "CREATE_FILE", "NOFOLLOW")),
    PATH_ATTR(
            36,
            string("path"),
            u64("set", Style.MOUNT_ATTRIBUTES),
            u64("clear", Style.MOUNT_ATTRIBUTES),
            u64("propagation", Style.PROPAGATION),
            flags("RECURSIVE")),
    MKDIR(37, string("path"), u32("mode", Style.OCTAL), u32("uid"), u32("gid")),
    SYMLINK(38, string("text"), string("path")),
    MKNOD(39, string("path"), u32("mode", Style.FILE_MODE), u32("major"), u32("minor"), u32("uid"), u32("gid")),
    MASK(40, strings("paths")),
    READONLY(41, strings("paths")),
    COPY_UP(42, slot("slot"), string("path")),
    CONSOLE(43, u32("rows"), u32("columns"), u32("uid"), u32("gid"), flags("BIND_DEV_CONSOLE")),
    RLIMIT(64, u32("resource"), u64("soft", Style.LIMIT), u64("hard", Style.LIMIT)),
    OOM_SCORE_ADJ(65, u32("value", Style.SIGNED)),
    UMASK(66, u32("mask", Style.OCTAL)),
    CWD(67, string("path"), flags("CREATE", "EACCES_OK")),
    PERSONALITY(68, u32("value", Style.OCTAL)),
    SCHEDULER(
            69,
            u32("policy"),
            u32("nice", Style.SIGNED),
            u32("priority"),
            u64("flags"),
            u64("runtime"),
            u64("deadline"),
            u64("period")),
    IO_PRIORITY(70, u32("value", Style.OCTAL)),
    CPU_AFFINITY(71, bytes("mask")),
    LABEL(72, choice("kind", "apparmor", "selinux-exec", "selinux-key"), string("text")),
    NO_NEW_PRIVS(73),
    SECCOMP(74, flags("TSYNC", "LOG", "SPEC_ALLOW", "NEW_LISTENER", "TSYNC_ESRCH", "WAIT_KILLABLE"), bytes("filter")),
    CREDENTIALS(
            75,
            u32("uid"),
            u32("gid"),
            bytes("groups"),
            u64("bounding", Style.CAPABILITIES),
            u64("permitted", Style.CAPABILITIES),
            u64("effective", Style.CAPABILITIES),
            u64("inheritable", Style.CAPABILITIES),
            u64("ambient", Style.CAPABILITIES),
            flags("KEEP_GROUPS")),
    PRESERVE(76, slot("slot"), u32("number")),
    EXEC(77, string("file"), strings("args"), strings("env"), flags("REAPER", "LISTEN_PID")),
    MEMORY_POLICY(78, u32("mode", Style.OCTAL), bytes("nodes")),
    SECCOMP_LISTENER(79, string("path"), string("state")),
    BUNDLE_ROOT(80, slot("slot"), string("target")),
    HIDE(81, string("path")),
    RUNTIME(
            82,
            choice("stage", "make", "start"),
            string("directory"),
            strings("args"),
            strings("env"),
            string("pidFile"),
            string("console"));

    private static final Opcode[] BY_NUMBER = new Opcode[96];

    static {
        for (Opcode opcode : values()) {
            BY_NUMBER[opcode.number] = opcode;
        }
    }

    private final int number;
    private final List<Field> fields;

    Opcode(int number, Field... fields) {
        this.number = number;
        this.fields = List.of(fields);
    }

    /** Returns the number in the encoding. */
    public int number() {
        return number;
    }

    List<Field> fields() {
        return fields;
    }

    /** Returns the operation of that number; empty if there is none. */
    public static Optional<Opcode> of(int number) {
        @Nullable Opcode found = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        return Optional.ofNullable(found);
    }
}
