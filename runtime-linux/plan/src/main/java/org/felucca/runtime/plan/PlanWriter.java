package org.felucca.runtime.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.felucca.runtime.plan.wire.WireWriter;

/**
 * Builds a plan, one method per operation. The methods check nothing but sizes: what is legal where is the compiler's
 * business and the applets' to refuse. Confined to one thread.
 */
public final class PlanWriter {
    /** No slot. */
    public static final int NONE = -1;

    /** Operation flag: set the nearest value that the host allows, with a warning. */
    public static final int CLAMP = 1;

    /** Operation flag: a failure is a warning. */
    public static final int OPTIONAL = 2;

    /** Plan flag: when the first process ends, what is left in the cgroup is killed. */
    public static final int KILL_REST = 1;

    public static final int OPEN_TREE_RECURSIVE = 1;
    public static final int OPEN_TREE_NOFOLLOW = 2;
    public static final int CGROUP_MEMORY = 1;
    public static final int CGROUP_KILL = 2;
    public static final int ID_MAP_DENY_SETGROUPS = 1;
    public static final int CREATE_DIR = 1;
    public static final int CREATE_FILE = 2;
    public static final int NOFOLLOW = 4;
    public static final int CONSOLE_BIND_DEV_CONSOLE = 1;
    public static final int CWD_CREATE = 1;
    public static final int CWD_EACCES_OK = 2;
    public static final int LABEL_APPARMOR = 1;
    public static final int LABEL_SELINUX_EXEC = 2;
    public static final int CREDENTIALS_KEEP_GROUPS = 1;
    public static final int SECCOMP_TSYNC = 1;
    public static final int SECCOMP_NEW_LISTENER = 8;
    public static final int EXEC_REAPER = 1;

    static final int MAGIC = 0x31504c46;
    static final int VERSION = 1;
    private static final int HEADER = 32;

    private final Plan.Kind kind;
    private final int given;
    private final WireWriter out = new WireWriter(4096);
    private final List<String> origins = new ArrayList<>(64);
    private int slots;
    private String origin = "";
    private int flags;
    private int nextFlags;
    private int argumentsAt;

    /** @param slotsGiven how many descriptors come with the plan, as slots 0 and up */
    public PlanWriter(Plan.Kind kind, int slotsGiven) {
        this.kind = kind;
        this.given = slotsGiven;
        this.slots = slotsGiven;
        out.u32(MAGIC)
                .u16(VERSION)
                .u16(kind.number())
                .u32(0)
                .u32(0)
                .u32(slotsGiven)
                .u32(0)
                .u32(0)
                .u32(0);
    }

    /** Names what the operations that follow come from, as a JSON pointer into the configuration; empty for nothing. */
    public PlanWriter origin(String pointer) {
        origin = pointer;
        return this;
    }

    /** Sets flags of the whole plan. */
    public PlanWriter planFlags(int bits) {
        flags |= bits;
        return this;
    }

    /** Gives the operation that follows these flags. */
    public PlanWriter next(int operationFlags) {
        nextFlags = operationFlags;
        return this;
    }

    /** Returns a slot that no operation has filled yet. */
    public int newSlot() {
        return slots++;
    }

    /**
     * Ends the plan.
     *
     * @throws IllegalStateException if it exceeds a limit; the message names it
     */
    public Plan build() {
        if (out.size() > Plan.MOST_BYTES) {
            throw new IllegalStateException("a plan of " + out.size() + " bytes exceeds " + Plan.MOST_BYTES);
        }
        if (origins.size() > Plan.MOST_OPERATIONS) {
            throw new IllegalStateException(
                    "a plan of " + origins.size() + " operations exceeds " + Plan.MOST_OPERATIONS);
        }
        if (slots > Plan.MOST_SLOTS) {
            throw new IllegalStateException("a plan of " + slots + " slots exceeds " + Plan.MOST_SLOTS);
        }
        out.patchU32(8, out.size());
        out.patchU32(12, origins.size());
        out.patchU32(20, slots);
        out.patchU32(24, flags);
        return new Plan(kind, out.toByteArray(), given, origins);
    }

    private WireWriter begin(Opcode opcode) {
        out.u16(opcode.number()).u16(nextFlags).u32(0);
        nextFlags = 0;
        argumentsAt = out.size();
        origins.add(origin);
        return out;
    }

    private void end() {
        out.patchU32(argumentsAt - 4, out.size() - argumentsAt);
    }

    private int end(int slot) {
        end();
        return slot;
    }

    /** Returns the slot of the opened tree. */
    public int openTree(String path, int bits) {
        int slot = newSlot();
        begin(Opcode.OPEN_TREE).u32(slot).string(path).u32(bits);
        return end(slot);
    }

    /** Returns the slot of the opened file. */
    public int open(String path, int oflags) {
        int slot = newSlot();
        begin(Opcode.OPEN).u32(slot).string(path).u32(oflags);
        return end(slot);
    }

    public void mountAttr(int slot, long set, long clear, long propagation, boolean recursive, int userns) {
        begin(Opcode.MOUNT_ATTR)
                .u32(slot)
                .u64(set)
                .u64(clear)
                .u64(propagation)
                .u32(recursive ? 1 : 0)
                .u32(userns);
        end();
    }

    /** Returns the slot of the mount. */
    public int fsMount(String type, String source, Collection<String> options, long attributes) {
        int slot = newSlot();
        begin(Opcode.FS_MOUNT)
                .u32(slot)
                .string(type)
                .string(source)
                .strings(options)
                .u64(attributes);
        return end(slot);
    }

    public void checkNode(int slot, int type, int major, int minor) {
        begin(Opcode.CHECK_NODE).u32(slot).u32(type).u32(major).u32(minor);
        end();
    }

    /** Returns the slot of a user namespace that carries these mappings. */
    public int userNamespace(String uids, String gids) {
        int slot = newSlot();
        begin(Opcode.USER_NAMESPACE).u32(slot).string(uids).string(gids);
        return end(slot);
    }

    /** @param name in the container; {@code %d} in it stands for the first number that makes it free */
    public void netDevice(String device, String name) {
        begin(Opcode.NET_DEVICE).string(device).string(name);
        end();
    }

    public void join(int slot, long namespace) {
        begin(Opcode.JOIN).u32(slot).u32((int) namespace);
        end();
    }

    public void cgroupEnter(int slot, int version, int bits) {
        begin(Opcode.CGROUP_ENTER).u32(slot).u32(version).u32(bits);
        end();
    }

    public void cloneProcess(long namespaces) {
        begin(Opcode.CLONE).u64(namespaces);
        end();
    }

    public void enter(long namespaces) {
        begin(Opcode.ENTER).u64(namespaces);
        end();
    }

    public void idMap(String uids, String gids, int bits) {
        begin(Opcode.ID_MAP).string(uids).string(gids).u32(bits);
        end();
    }

    public void rootIds() {
        begin(Opcode.ROOT_IDS);
        end();
    }

    public void unshare(long namespaces) {
        begin(Opcode.UNSHARE).u64(namespaces);
        end();
    }

    public void sync() {
        begin(Opcode.SYNC);
        end();
    }

    public void park() {
        begin(Opcode.PARK);
        end();
    }

    public void hostname(String name) {
        begin(Opcode.HOSTNAME).string(name);
        end();
    }

    public void domainname(String name) {
        begin(Opcode.DOMAINNAME).string(name);
        end();
    }

    public void loopbackUp() {
        begin(Opcode.LOOPBACK_UP);
        end();
    }

    public void sysctl(String name, String value) {
        begin(Opcode.SYSCTL).string(name).string(value);
        end();
    }

    public void timeOffsets(String text) {
        begin(Opcode.TIME_OFFSETS).string(text);
        end();
    }

    /** @param stage 1 prestart to 6 poststop */
    public void hook(int stage, String path, List<String> args, List<String> env, int timeoutMillis, String state) {
        begin(Opcode.HOOK)
                .u32(stage)
                .string(path)
                .strings(args)
                .strings(env)
                .u32(timeoutMillis)
                .string(state);
        end();
    }

    public void keyring(String name) {
        begin(Opcode.KEYRING).string(name);
        end();
    }

    public void propagation(long propagation, boolean recursive) {
        begin(Opcode.PROPAGATION).u64(propagation).u32(recursive ? 1 : 0);
        end();
    }

    public void root(int slot) {
        begin(Opcode.ROOT).u32(slot);
        end();
    }

    public void pivot() {
        begin(Opcode.PIVOT).u32(0);
        end();
    }

    public void attach(int slot, String target, int bits) {
        begin(Opcode.ATTACH).u32(slot).string(target).u32(bits);
        end();
    }

    public void pathAttr(String path, long set, long clear, long propagation, boolean recursive) {
        begin(Opcode.PATH_ATTR)
                .string(path)
                .u64(set)
                .u64(clear)
                .u64(propagation)
                .u32(recursive ? 1 : 0);
        end();
    }

    public void mkdir(String path, int mode, int uid, int gid) {
        begin(Opcode.MKDIR).string(path).u32(mode).u32(uid).u32(gid);
        end();
    }

    public void symlink(String text, String path) {
        begin(Opcode.SYMLINK).string(text).string(path);
        end();
    }

    public void mknod(String path, int mode, int major, int minor, int uid, int gid) {
        begin(Opcode.MKNOD)
                .string(path)
                .u32(mode)
                .u32(major)
                .u32(minor)
                .u32(uid)
                .u32(gid);
        end();
    }

    public void mask(List<String> paths) {
        begin(Opcode.MASK).strings(paths);
        end();
    }

    public void readonly(List<String> paths) {
        begin(Opcode.READONLY).strings(paths);
        end();
    }

    public void copyUp(int slot, String path) {
        begin(Opcode.COPY_UP).u32(slot).string(path);
        end();
    }

    public void console(int rows, int columns, int uid, int gid, int bits) {
        begin(Opcode.CONSOLE).u32(rows).u32(columns).u32(uid).u32(gid).u32(bits);
        end();
    }

    public void rlimit(int resource, long soft, long hard) {
        begin(Opcode.RLIMIT).u32(resource).u64(soft).u64(hard);
        end();
    }

    public void oomScoreAdj(int value) {
        begin(Opcode.OOM_SCORE_ADJ).u32(value);
        end();
    }

    public void umask(int mask) {
        begin(Opcode.UMASK).u32(mask);
        end();
    }

    public void cwd(String path, int bits) {
        begin(Opcode.CWD).string(path).u32(bits);
        end();
    }

    public void personality(int value) {
        begin(Opcode.PERSONALITY).u32(value);
        end();
    }

    public void scheduler(int policy, int nice, int priority, long bits, long runtime, long deadline, long period) {
        begin(Opcode.SCHEDULER)
                .u32(policy)
                .u32(nice)
                .u32(priority)
                .u64(bits)
                .u64(runtime)
                .u64(deadline)
                .u64(period);
        end();
    }

    public void ioPriority(int value) {
        begin(Opcode.IO_PRIORITY).u32(value);
        end();
    }

    public void cpuAffinity(byte[] mask) {
        begin(Opcode.CPU_AFFINITY).bytes(mask);
        end();
    }

    /** @param nodes bit n of byte n/8 is node n */
    public void memoryPolicy(int mode, byte[] nodes) {
        begin(Opcode.MEMORY_POLICY).u32(mode).bytes(nodes);
        end();
    }

    public void label(int labelKind, String text) {
        begin(Opcode.LABEL).u32(labelKind).string(text);
        end();
    }

    public void noNewPrivs() {
        begin(Opcode.NO_NEW_PRIVS);
        end();
    }

    /** Says where the listener of the filter that follows is sent. */
    public void seccompListener(String path, String state) {
        begin(Opcode.SECCOMP_LISTENER).string(path).string(state);
        end();
    }

    public void seccomp(int bits, byte[] filter) {
        begin(Opcode.SECCOMP).u32(bits).bytes(filter);
        end();
    }

    /** @param groups supplementary group ids, four little-endian bytes each */
    public void credentials(
            int uid,
            int gid,
            byte[] groups,
            long bounding,
            long permitted,
            long effective,
            long inheritable,
            long ambient,
            int bits) {
        begin(Opcode.CREDENTIALS)
                .u32(uid)
                .u32(gid)
                .bytes(groups)
                .u64(bounding)
                .u64(permitted)
                .u64(effective)
                .u64(inheritable)
                .u64(ambient)
                .u32(bits);
        end();
    }

    public void preserve(int slot, int number) {
        begin(Opcode.PRESERVE).u32(slot).u32(number);
        end();
    }

    public void exec(String file, List<String> args, List<String> env, int bits) {
        begin(Opcode.EXEC).string(file).strings(args).strings(env).u32(bits);
        end();
    }

    public void bundleRoot(int slot, String target) {
        begin(Opcode.BUNDLE_ROOT).u32(slot).string(target);
        end();
    }

    public void hide(String path) {
        begin(Opcode.HIDE).string(path);
        end();
    }

    public void runtimeMake(String directory, List<String> args, List<String> env, String pidFile, String console) {
        begin(Opcode.RUNTIME)
                .u32(1)
                .string(directory)
                .strings(args)
                .strings(env)
                .string(pidFile)
                .string(console);
        end();
    }

    public void runtimeStart(String directory, List<String> args, List<String> env) {
        begin(Opcode.RUNTIME)
                .u32(2)
                .string(directory)
                .strings(args)
                .strings(env)
                .string("")
                .string("");
        end();
    }
}
