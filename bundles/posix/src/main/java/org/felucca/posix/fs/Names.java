package org.felucca.posix.fs;

import org.felucca.posix.libc.Scratch;

/**
 * File names are bytes; here they are strings. Valid UTF-8 is what it looks like; any other byte {@code b} is the
 * lone surrogate {@code U+DC00 + b}, so that every name survives the way through Java unharmed.
 */
public final class Names {

    private Names() {}

    /** @throws IllegalArgumentException if the name holds a zero character, which no file name can */
    public static byte[] encode(String name) {
        return Scratch.encode(name);
    }

    public static String decode(byte[] name) {
        return Scratch.decode(name);
    }
}
