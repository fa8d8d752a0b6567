package org.felucca.api.network;

import java.math.BigInteger;
import java.net.InetAddress;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * An address with the length of its network's prefix: an interface's address ({@code 10.1.0.5/16}) or a whole network
 * ({@code 10.1.0.0/16}).
 *
 * @param address the address
 * @param length bits of the prefix, 0 to 32 or to 128
 */
public record NetworkPrefix(InetAddress address, int length) {
    /** Validates. */
    public NetworkPrefix {
        if (length < 0 || length > address.getAddress().length * Byte.SIZE) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid prefix " + address.getHostAddress() + "/" + length,
                    "a prefix has 0 to " + address.getAddress().length * Byte.SIZE + " bits");
        }
    }

    /** Returns {@code true} if the address is of the same family and has this prefix. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        BigInteger difference = new BigInteger(1, mine).xor(new BigInteger(1, theirs));
        return difference.bitLength() <= mine.length * Byte.SIZE - length;
    }

    /** Returns {@code 10.1.0.5/16}. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
