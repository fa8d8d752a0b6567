package org.felucca.runtime.plan;

import java.util.List;

/**
 * One argument of an operation.
 *
 * @param name as the printed plan has it
 * @param type how it is encoded
 * @param style how it is printed
 * @param symbols names of bits ({@link Style#BITS}, in the order 1, 2, 4...) or of values from 1 on
 *     ({@link Style#ENUM})
 */
record Field(String name, Type type, Style style, List<String> symbols) {
    enum Type {
        U32,
        U64,
        STRING,
        BYTES,
        STRINGS
    }

    enum Style {
        PLAIN,
        SIGNED,
        OCTAL,
        SLOT,
        BITS,
        ENUM,
        MOUNT_ATTRIBUTES,
        PROPAGATION,
        NAMESPACES,
        CAPABILITIES,
        LIMIT,
        FILE_MODE
    }

    static Field u32(String name) {
        return new Field(name, Type.U32, Style.PLAIN, List.of());
    }

    static Field u32(String name, Style style) {
        return new Field(name, Type.U32, style, List.of());
    }

    static Field u64(String name) {
        return new Field(name, Type.U64, Style.PLAIN, List.of());
    }

    static Field u64(String name, Style style) {
        return new Field(name, Type.U64, style, List.of());
    }

    static Field slot(String name) {
        return new Field(name, Type.U32, Style.SLOT, List.of());
    }

    static Field flags(String... bits) {
        return new Field("flags", Type.U32, Style.BITS, List.of(bits));
    }

    static Field choice(String name, String... values) {
        return new Field(name, Type.U32, Style.ENUM, List.of(values));
    }

    static Field string(String name) {
        return new Field(name, Type.STRING, Style.PLAIN, List.of());
    }

    static Field bytes(String name) {
        return new Field(name, Type.BYTES, Style.PLAIN, List.of());
    }

    static Field strings(String name) {
        return new Field(name, Type.STRINGS, Style.PLAIN, List.of());
    }
}
