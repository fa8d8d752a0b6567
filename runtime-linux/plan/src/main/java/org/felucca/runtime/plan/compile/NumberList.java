package org.felucca.runtime.plan.compile;

import java.util.Arrays;
import org.felucca.api.error.FeluccaException;

/** Lists of processors or memory nodes, {@code 0-3,7}, as bits: number n is bit n of byte n/8. */
final class NumberList {
    private final String pointer;
    private final String what;
    private final String list;
    private final int end;

    private NumberList(String pointer, String what, String list, int end) {
        this.pointer = pointer;
        this.what = what;
        this.list = list;
        this.end = end;
    }

    /**
     * Reads one.
     *
     * @param what is listed, for the message
     * @param end the first number that is too high
     * @throws FeluccaException INVALID_ARGUMENT if it is malformed
     */
    static byte[] mask(String pointer, String what, String list, int end) {
        return new NumberList(pointer, what, list, end).mask();
    }

    private byte[] mask() {
        byte[] mask = new byte[0];
        for (String part : list.split(",", -1)) {
            String[] ends = part.strip().split("-", 2);
            int first = number(ends[0]);
            int last = ends.length == 1 ? first : number(ends[1]);
            if (last < first) {
                throw malformed();
            }
            if (last / 8 >= mask.length) {
                mask = Arrays.copyOf(mask, last / 8 + 1);
            }
            for (int i = first; i <= last; i++) {
                mask[i / 8] |= (byte) (1 << i % 8);
            }
        }
        return mask;
    }

    private int number(String text) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 0 && number < end) {
                return number;
            }
            throw malformed();
        } catch (NumberFormatException e) {
            throw malformed();
        }
    }

    private FeluccaException malformed() {
        return SpecProblem.invalid(pointer, "'" + list + "' is no list of " + what, "write it as 0-3,7, below " + end);
    }
}
