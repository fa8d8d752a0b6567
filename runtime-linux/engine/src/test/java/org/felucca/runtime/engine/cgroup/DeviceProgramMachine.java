package org.felucca.runtime.engine.cgroup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.felucca.oci.runtimespec.linux.DeviceRuleType;

/** Interprets the instructions that device programs are made of. */
final class DeviceProgramMachine {
    private DeviceProgramMachine() {}

    static boolean run(byte[] program, DeviceRuleType type, long major, long minor, String access) {
        int bits = 0;
        for (char c : access.toCharArray()) {
            bits |= c == 'm' ? 1 : c == 'r' ? 2 : 4;
        }
        long[] context = {(long) bits << 16 | (type == DeviceRuleType.BLOCK ? 1 : 2), major, minor};
        long[] register = new long[11];
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; ; at++) {
            int opcode = code.get(at * 8) & 0xff;
            int destination = code.get(at * 8 + 1) & 15;
            int source = code.get(at * 8 + 1) >> 4 & 15;
            int offset = code.getShort(at * 8 + 2);
            int value = code.getInt(at * 8 + 4);
            switch (opcode) {
                case 0x61 -> register[destination] = context[offset / 4];
                case 0xbf -> register[destination] = register[source];
                case 0xb7 -> register[destination] = value;
                case 0x57 -> register[destination] &= value;
                case 0x77 -> register[destination] >>>= value;
                case 0x55 -> at += register[destination] != value ? offset : 0;
                case 0x15 -> at += register[destination] == value ? offset : 0;
                case 0x95 -> {
                    return register[0] == 1;
                }
                default -> throw new AssertionError("instruction 0x" + Integer.toHexString(opcode));
            }
        }
    }
}
