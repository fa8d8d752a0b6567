package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Architecture of system calls, by its name in libseccomp. */
public enum SeccompArch {
    /** {@code SCMP_ARCH_X86}. */
    X86("SCMP_ARCH_X86"),
    /** {@code SCMP_ARCH_X86_64}. */
    X86_64("SCMP_ARCH_X86_64"),
    /** {@code SCMP_ARCH_X32}. */
    X32("SCMP_ARCH_X32"),
    /** {@code SCMP_ARCH_ARM}. */
    ARM("SCMP_ARCH_ARM"),
    /** {@code SCMP_ARCH_AARCH64}. */
    AARCH64("SCMP_ARCH_AARCH64"),
    /** {@code SCMP_ARCH_MIPS}. */
    MIPS("SCMP_ARCH_MIPS"),
    /** {@code SCMP_ARCH_MIPS64}. */
    MIPS64("SCMP_ARCH_MIPS64"),
    /** {@code SCMP_ARCH_MIPS64N32}. */
    MIPS64N32("SCMP_ARCH_MIPS64N32"),
    /** {@code SCMP_ARCH_MIPSEL}. */
    MIPSEL("SCMP_ARCH_MIPSEL"),
    /** {@code SCMP_ARCH_MIPSEL64}. */
    MIPSEL64("SCMP_ARCH_MIPSEL64"),
    /** {@code SCMP_ARCH_MIPSEL64N32}. */
    MIPSEL64N32("SCMP_ARCH_MIPSEL64N32"),
    /** {@code SCMP_ARCH_PPC}. */
    PPC("SCMP_ARCH_PPC"),
    /** {@code SCMP_ARCH_PPC64}. */
    PPC64("SCMP_ARCH_PPC64"),
    /** {@code SCMP_ARCH_PPC64LE}. */
    PPC64LE("SCMP_ARCH_PPC64LE"),
    /** {@code SCMP_ARCH_S390}. */
    S390("SCMP_ARCH_S390"),
    /** {@code SCMP_ARCH_S390X}. */
    S390X("SCMP_ARCH_S390X"),
    /** {@code SCMP_ARCH_PARISC}. */
    PARISC("SCMP_ARCH_PARISC"),
    /** {@code SCMP_ARCH_PARISC64}. */
    PARISC64("SCMP_ARCH_PARISC64"),
    /** {@code SCMP_ARCH_RISCV64}. */
    RISCV64("SCMP_ARCH_RISCV64"),
    /** {@code SCMP_ARCH_LOONGARCH64}. */
    LOONGARCH64("SCMP_ARCH_LOONGARCH64"),
    /** {@code SCMP_ARCH_M68K}. */
    M68K("SCMP_ARCH_M68K"),
    /** {@code SCMP_ARCH_SH}. */
    SH("SCMP_ARCH_SH"),
    /** {@code SCMP_ARCH_SHEB}. */
    SHEB("SCMP_ARCH_SHEB");

    private final String id;

    SeccompArch(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static SeccompArch read(JsonCursor at) {
        return at.oneOf(values(), SeccompArch::id);
    }
}
