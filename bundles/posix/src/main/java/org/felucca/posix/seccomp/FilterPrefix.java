package org.felucca.posix.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The instructions in front of libseccomp's. For each architecture they answer calls that only {@link NewerSyscalls}
 * knows, then ENOSYS for every number above the profile's highest, so that a C library falls back as it would on an
 * old kernel; everything else goes on to libseccomp's part.
 *
 * <pre>
 *   load arch
 *   if arch != A:  jump to next architecture
 *   load nr
 *   if nr == N1:   return action          (one pair per newer call)
 *   if nr &gt;  last: return ENOSYS
 *   jump to libseccomp's part
 *   next architecture: ...
 * </pre>
 *
 * x86-64 and x32 share an audit architecture; bit 30 of the number tells them apart.
 */
final class FilterPrefix {

    private static final short LOAD_WORD = 0x20;
    private static final short JUMP = 0x05;
    private static final short JUMP_IF_EQUAL = 0x15;
    private static final short JUMP_IF_GREATER = 0x25;
    private static final short JUMP_IF_GREATER_OR_EQUAL = 0x35;
    private static final short RETURN = 0x06;
    private static final int OFFSET_NUMBER = 0;
    private static final int OFFSET_ARCH = 4;
    private static final int ENOSYS = 38;
    private static final int X32_BIT = 0x40000000;
    private static final int INSTRUCTION = 8;

    private record Instruction(short code, int onTrue, int onFalse, int operand) {}

    /** What is known of one architecture. */
    private static final class Calls {
        private final Map<Integer, SeccompAction> newer = new TreeMap<>();
        private int last = -1;
    }

    private final Map<Integer, Calls> native64 = new TreeMap<>();
    private final Map<Integer, Calls> x32 = new TreeMap<>();

    /** Notes that the profile knows a call. @param token the audit architecture */
    void known(int token, boolean isX32, int number) {
        Calls calls = calls(token, isX32);
        calls.last = Math.max(calls.last, number);
    }

    /** Notes a call that libseccomp cannot be told about. */
    void newer(int token, boolean isX32, int number, SeccompAction action) {
        known(token, isX32, number);
        calls(token, isX32).newer.put(number, action);
    }

    /** The same without ENOSYS: for a profile whose default answers newer calls as it should. */
    FilterPrefix newerOnly() {
        native64.values().forEach(calls -> calls.last = -1);
        x32.values().forEach(calls -> calls.last = -1);
        return this;
    }

    private Calls calls(int token, boolean isX32) {
        return (isX32 ? x32 : native64).computeIfAbsent(token, key -> new Calls());
    }

    /** The instructions, in the kernel's layout. */
    byte[] assemble() {
        List<List<Instruction>> blocks = new ArrayList<>();
        TreeMap<Integer, Calls> tokens = new TreeMap<>(native64);
        x32.forEach(tokens::putIfAbsent);
        for (int token : tokens.keySet()) {
            blocks.add(block(token));
        }
        int size = 1 + blocks.stream().mapToInt(List::size).sum();
        ByteBuffer out = ByteBuffer.allocate(size * INSTRUCTION).order(ByteOrder.nativeOrder());
        put(out, new Instruction(LOAD_WORD, 0, 0, OFFSET_ARCH));
        for (List<Instruction> block : blocks) {
            for (Instruction instruction : block) {
                boolean toEnd = instruction.code == JUMP && instruction.operand < 0;
                int place = out.position() / INSTRUCTION;
                put(out, toEnd ? new Instruction(JUMP, 0, 0, size - place - 1) : instruction);
            }
        }
        return out.array();
    }

    private List<Instruction> block(int token) {
        List<Instruction> plain = rules(native64.get(token));
        List<Instruction> extended = rules(x32.get(token));
        List<Instruction> body = new ArrayList<>();
        body.add(new Instruction(LOAD_WORD, 0, 0, OFFSET_NUMBER));
        if (token == SeccompCompiler.X86_64) {
            body.add(new Instruction(JUMP_IF_GREATER_OR_EQUAL, 0, 1, X32_BIT));
            body.add(new Instruction(JUMP, 0, 0, plain.size()));
        }
        body.addAll(plain);
        if (token == SeccompCompiler.X86_64) {
            body.addAll(extended);
        }
        List<Instruction> block = new ArrayList<>();
        block.add(new Instruction(JUMP_IF_EQUAL, 1, 0, token));
        block.add(new Instruction(JUMP, 0, 0, body.size()));
        block.addAll(body);
        return block;
    }

    private static List<Instruction> rules(@org.jspecify.annotations.Nullable Calls calls) {
        List<Instruction> rules = new ArrayList<>();
        if (calls != null) {
            calls.newer.forEach((number, action) -> {
                rules.add(new Instruction(JUMP_IF_EQUAL, 0, 1, number));
                rules.add(new Instruction(RETURN, 0, 0, action.code()));
            });
            if (calls.last >= 0) {
                rules.add(new Instruction(JUMP_IF_GREATER, 0, 1, calls.last));
                rules.add(new Instruction(
                        RETURN, 0, 0, SeccompAction.errno(ENOSYS).code()));
            }
        }
        rules.add(new Instruction(JUMP, 0, 0, -1));
        return rules;
    }

    private static void put(ByteBuffer out, Instruction instruction) {
        out.putShort(instruction.code)
                .put((byte) instruction.onTrue)
                .put((byte) instruction.onFalse)
                .putInt(instruction.operand);
    }
}
