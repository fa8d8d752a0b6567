package org.felucca.posix.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The instructions in front of libseccomp's: they answer what depends on the call's number alone, and leave calls
 * whose arguments matter to libseccomp's part. For each architecture the numbers are cut into ranges of one answer,
 * found by bisection:
 *
 * <pre>
 *   load arch
 *   if arch != A:  jump to next architecture
 *   load nr
 *   if nr &gt;= B1:   ...
 *     return ALLOW | return ENOSYS (above the newest in the profile) | jump to libseccomp's part | ...
 *   next architecture: ...
 * </pre>
 *
 * <p>ENOSYS lets a C library fall back as it would on an old kernel. x86-64 and x32 share an audit architecture; bit
 * 30 of the number tells them apart. Ranges keep the program short: the kernel converts, compiles and evaluates it for
 * each number when a container starts.
 */
final class FilterPrefix {

    private static final short LOAD_WORD = 0x20;
    private static final short JUMP = 0x05;
    private static final short JUMP_IF_EQUAL = 0x15;
    private static final short JUMP_IF_GREATER_OR_EQUAL = 0x35;
    private static final short RETURN = 0x06;
    private static final int OFFSET_NUMBER = 0;
    private static final int OFFSET_ARCH = 4;
    private static final int ENOSYS = 38;
    private static final int X32_BIT = 0x40000000;
    private static final int INSTRUCTION = 8;
    private static final int FARTHEST = 0xFF;
    private static final int TO_LIBRARY = -1;

    private record Instruction(short code, int onTrue, int onFalse, int operand) {}

    /** What is known of one architecture. An answer of {@code null} stands for libseccomp's part. */
    private static final class Calls {
        private final Map<Integer, @Nullable SeccompAction> answers = new TreeMap<>();
    }

    /** Numbers from {@code first} to the next range's have one answer. */
    private record Range(int first, @Nullable SeccompAction answer) {}

    private final boolean enosys;
    private final Map<Integer, Calls> native64 = new TreeMap<>();
    private final Map<Integer, Calls> x32 = new TreeMap<>();

    /**
     * @param enosys whether calls above the newest that the profile names do not exist
     */
    FilterPrefix(boolean enosys) {
        this.enosys = enosys;
    }

    /** Decides a call. @param token the audit architecture */
    void answer(int token, boolean isX32, int number, SeccompAction action) {
        calls(token, isX32).answers.put(number, action);
    }

    /** Leaves a call to libseccomp's part, as all that nobody names. */
    void leave(int token, boolean isX32, int number) {
        calls(token, isX32).answers.put(number, null);
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
                boolean toEnd = instruction.code == JUMP && instruction.operand == TO_LIBRARY;
                int place = out.position() / INSTRUCTION;
                put(out, toEnd ? new Instruction(JUMP, 0, 0, size - place - 1) : instruction);
            }
        }
        return out.array();
    }

    private List<Instruction> block(int token) {
        List<Instruction> plain = rules(native64.get(token), 0);
        List<Instruction> extended = rules(x32.get(token), X32_BIT);
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

    private List<Instruction> rules(@Nullable Calls calls, int lowest) {
        return calls == null ? List.of(leaf(null)) : bisect(ranges(calls, lowest));
    }

    private List<Range> ranges(Calls calls, int lowest) {
        List<Range> ranges = new ArrayList<>();
        int next = lowest;
        for (Map.Entry<Integer, @Nullable SeccompAction> call : calls.answers.entrySet()) {
            if (call.getKey() > next) {
                add(ranges, next, null);
            }
            add(ranges, call.getKey(), call.getValue());
            next = call.getKey() + 1;
        }
        add(ranges, next, enosys ? SeccompAction.errno(ENOSYS) : null);
        return ranges;
    }

    private static void add(List<Range> ranges, int first, @Nullable SeccompAction answer) {
        if (ranges.isEmpty() || !Objects.equals(ranges.get(ranges.size() - 1).answer, answer)) {
            ranges.add(new Range(first, answer));
        }
    }

    /** A tree of comparisons in front of its answers, cut in two where a jump would not reach. */
    private static List<Instruction> bisect(List<Range> ranges) {
        List<@Nullable SeccompAction> answers = new ArrayList<>(
                new LinkedHashSet<>(ranges.stream().map(Range::answer).toList()));
        List<Instruction> code = new ArrayList<>();
        if (ranges.size() + answers.size() <= FARTHEST) {
            compare(ranges, ranges.size() - 1, answers, code);
            answers.forEach(answer -> code.add(leaf(answer)));
            return code;
        }
        int middle = ranges.size() / 2;
        List<Instruction> below = bisect(ranges.subList(0, middle));
        code.add(new Instruction(JUMP_IF_GREATER_OR_EQUAL, 0, 1, ranges.get(middle).first));
        code.add(new Instruction(JUMP, 0, 0, below.size()));
        code.addAll(below);
        code.addAll(bisect(ranges.subList(middle, ranges.size())));
        return code;
    }

    /** Appends the comparisons between {@code ranges}. @param end where the answers will be, in their order */
    private static void compare(
            List<Range> ranges, int end, List<@Nullable SeccompAction> answers, List<Instruction> code) {
        if (ranges.size() == 1) {
            return;
        }
        int middle = ranges.size() / 2;
        List<Range> below = ranges.subList(0, middle);
        List<Range> above = ranges.subList(middle, ranges.size());
        int next = code.size() + 1;
        int toBelow = below.size() == 1 ? end + answers.indexOf(below.get(0).answer) - next : 0;
        int toAbove = above.size() == 1 ? end + answers.indexOf(above.get(0).answer) - next : below.size() - 1;
        code.add(new Instruction(JUMP_IF_GREATER_OR_EQUAL, toAbove, toBelow, above.get(0).first));
        compare(below, end, answers, code);
        compare(above, end, answers, code);
    }

    private static Instruction leaf(@Nullable SeccompAction answer) {
        return answer == null ? new Instruction(JUMP, 0, 0, TO_LIBRARY) : new Instruction(RETURN, 0, 0, answer.code());
    }

    private static void put(ByteBuffer out, Instruction instruction) {
        out.putShort(instruction.code)
                .put((byte) instruction.onTrue)
                .put((byte) instruction.onFalse)
                .putInt(instruction.operand);
    }
}
