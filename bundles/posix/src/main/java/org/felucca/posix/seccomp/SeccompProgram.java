package org.felucca.posix.seccomp;

import java.util.Arrays;
import java.util.List;

/**
 * A compiled filter.
 *
 * @param bytes {@code struct sock_filter} after {@code struct sock_filter}, eight bytes each; copied
 * @param unknown names of the profile that no architecture and no table of ours has
 */
public record SeccompProgram(byte[] bytes, List<String> unknown) {

    public SeccompProgram {
        bytes = bytes.clone();
        unknown = List.copyOf(unknown);
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    public int instructions() {
        return bytes.length / 8;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SeccompProgram program
                && Arrays.equals(bytes, program.bytes)
                && unknown.equals(program.unknown);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
