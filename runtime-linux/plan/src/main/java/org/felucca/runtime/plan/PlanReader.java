package org.felucca.runtime.plan;

import java.util.ArrayList;
import java.util.List;
import org.felucca.runtime.plan.wire.WireFormatException;
import org.felucca.runtime.plan.wire.WireReader;

/**
 * Takes a plan apart. Checks the encoding (lengths, padding, known operations and flags) as the applets do; the rules of
 * order are theirs alone.
 */
public final class PlanReader {
    private PlanReader() {}

    /**
     * A plan that was read.
     *
     * @param kind 1 container, 2 exec
     * @param slotsGiven descriptors that come along
     * @param slotsTotal all slots
     * @param flags flags of the whole plan
     * @param operations in order
     */
    public record Contents(int kind, int slotsGiven, int slotsTotal, int flags, List<Operation> operations) {}

    /** @throws WireFormatException if these bytes are no plan */
    public static Contents read(byte[] plan) {
        WireReader in = new WireReader(plan);
        if (in.u32() != PlanWriter.MAGIC) {
            throw new WireFormatException("not a launch plan");
        }
        int version = in.u16();
        if (version != PlanWriter.VERSION) {
            throw new WireFormatException("plan version " + version + " is not known");
        }
        int kind = in.u16();
        int length = in.u32();
        int count = in.u32();
        int given = in.u32();
        int total = in.u32();
        int flags = in.u32();
        if (in.u32() != 0 || length != plan.length || count < 0 || count > Plan.MOST_OPERATIONS) {
            throw new WireFormatException("malformed plan header");
        }
        List<Operation> operations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            operations.add(operation(in, i));
        }
        in.end();
        return new Contents(kind, given, total, flags, List.copyOf(operations));
    }

    private static Operation operation(WireReader in, int index) {
        int number = in.u16();
        int flags = in.u16();
        WireReader arguments = in.section(in.u32());
        Opcode opcode = Opcode.of(number)
                .orElseThrow(() -> new WireFormatException("operation " + index + " has unknown number " + number));
        if ((flags & ~(PlanWriter.CLAMP | PlanWriter.OPTIONAL)) != 0) {
            throw new WireFormatException("operation " + index + " has unknown flags " + flags);
        }
        List<Object> values = new ArrayList<>(opcode.fields().size());
        for (Field field : opcode.fields()) {
            values.add(
                    switch (field.type()) {
                        case U32 -> arguments.u32();
                        case U64 -> arguments.u64();
                        case STRING -> arguments.string();
                        case BYTES -> arguments.bytes();
                        case STRINGS -> arguments.strings();
                    });
        }
        arguments.end();
        return new Operation(opcode, flags, values);
    }
}
