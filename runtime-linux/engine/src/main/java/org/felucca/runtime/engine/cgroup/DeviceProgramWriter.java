package org.felucca.runtime.engine.cgroup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.DeviceRuleType;
import org.jspecify.annotations.Nullable;

/**
 * Writes a device policy as eBPF. Register 1 points to {@code struct bpf_cgroup_dev_ctx}: access and type in one word,
 * major, minor. Rules are tried from the last to the first; the first that matches ends the program.
 *
 * <p>A rule that allows matches what asks for no more than its access; one that denies matches what asks for any of it.
 */
final class DeviceProgramWriter {
    private static final int LOAD_WORD = 0x61;
    private static final int MOVE = 0xbf;
    private static final int MOVE_VALUE = 0xb7;
    private static final int AND_VALUE = 0x57;
    private static final int SHIFT_RIGHT_VALUE = 0x77;
    private static final int JUMP_NOT_EQUAL_VALUE = 0x55;
    private static final int JUMP_EQUAL_VALUE = 0x15;
    private static final int EXIT = 0x95;

    private static final int CONTEXT = 1;
    private static final int TYPE = 2;
    private static final int ACCESS = 3;
    private static final int MAJOR = 4;
    private static final int MINOR = 5;
    private static final int SCRATCH = 6;

    private static final int BLOCK = 1;
    private static final int CHAR = 2;
    private static final int MKNOD = 1;
    private static final int READ = 2;
    private static final int WRITE = 4;
    private static final int ALL = MKNOD | READ | WRITE;
    private static final int INSTRUCTION = 8;

    private final List<long[]> instructions = new ArrayList<>();

    private DeviceProgramWriter() {}

    static byte[] write(DevicePolicy policy) {
        DeviceProgramWriter writer = new DeviceProgramWriter();
        writer.prologue();
        List<DeviceRule> rules = policy.rules();
        for (int i = rules.size() - 1; i >= 0; i--) {
            writer.rule(rules.get(i));
        }
        writer.verdict(true);
        return writer.assemble();
    }

    private void add(int code, int destination, int source, int offset, int value) {
        instructions.add(new long[] {code, destination, source, offset, value});
    }

    private void prologue() {
        add(LOAD_WORD, TYPE, CONTEXT, 0, 0);
        add(MOVE, ACCESS, TYPE, 0, 0);
        add(AND_VALUE, TYPE, 0, 0, 0xffff);
        add(SHIFT_RIGHT_VALUE, ACCESS, 0, 0, 16);
        add(LOAD_WORD, MAJOR, CONTEXT, 4, 0);
        add(LOAD_WORD, MINOR, CONTEXT, 8, 0);
    }

    private void rule(DeviceRule rule) {
        List<Integer> exits = new ArrayList<>();
        if (rule.type() != null && rule.type() != DeviceRuleType.ALL) {
            exits.add(jump(JUMP_NOT_EQUAL_VALUE, TYPE, rule.type() == DeviceRuleType.BLOCK ? BLOCK : CHAR));
        }
        int access = bits(DevicePolicy.access(rule));
        if (access != ALL) {
            add(MOVE, SCRATCH, ACCESS, 0, 0);
            add(AND_VALUE, SCRATCH, 0, 0, rule.allow() ? ALL & ~access : access);
            exits.add(jump(rule.allow() ? JUMP_NOT_EQUAL_VALUE : JUMP_EQUAL_VALUE, SCRATCH, 0));
        }
        number(MAJOR, rule.major(), exits);
        number(MINOR, rule.minor(), exits);
        verdict(rule.allow());
        for (int at : exits) {
            instructions.get(at)[3] = instructions.size() - at - 1;
        }
    }

    private void number(int register, @Nullable Long value, List<Integer> exits) {
        if (value != null && value >= 0) {
            exits.add(jump(JUMP_NOT_EQUAL_VALUE, register, value.intValue()));
        }
    }

    /** A jump whose distance is filled in later. */
    private int jump(int code, int register, int value) {
        add(code, register, 0, 0, value);
        return instructions.size() - 1;
    }

    private void verdict(boolean allow) {
        add(MOVE_VALUE, 0, 0, 0, allow ? 1 : 0);
        add(EXIT, 0, 0, 0, 0);
    }

    private static int bits(String access) {
        int bits = 0;
        for (int i = 0; i < access.length(); i++) {
            bits |= switch (access.charAt(i)) {
                case 'r' -> READ;
                case 'w' -> WRITE;
                default -> MKNOD;
            };
        }
        return bits;
    }

    /** A program whose last rule matches everything ends there; the kernel refuses code that cannot be reached. */
    private byte[] assemble() {
        boolean[] reached = reachable();
        ByteBuffer bytes =
                ByteBuffer.allocate(instructions.size() * INSTRUCTION).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < instructions.size() && reached[i]; i++) {
            long[] in = instructions.get(i);
            bytes.put((byte) in[0])
                    .put((byte) (in[1] | in[2] << 4))
                    .putShort((short) in[3])
                    .putInt((int) in[4]);
        }
        byte[] program = new byte[bytes.position()];
        bytes.flip().get(program);
        return program;
    }

    /** Jumps only lead forward, so one pass finds what can be reached; the first that cannot ends the program. */
    private boolean[] reachable() {
        boolean[] reached = new boolean[instructions.size() + 1];
        reached[0] = true;
        for (int i = 0; i < instructions.size(); i++) {
            if (!reached[i]) {
                continue;
            }
            long[] in = instructions.get(i);
            if (in[0] != EXIT) {
                reached[i + 1] = true;
            }
            if (in[0] == JUMP_NOT_EQUAL_VALUE || in[0] == JUMP_EQUAL_VALUE) {
                reached[i + 1 + (int) in[3]] = true;
            }
        }
        return reached;
    }
}
