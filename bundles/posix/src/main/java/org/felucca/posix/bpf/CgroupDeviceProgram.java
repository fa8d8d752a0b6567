package org.felucca.posix.bpf;

import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/** Programs of type {@code BPF_PROG_TYPE_CGROUP_DEVICE}. Any thread may call. */
public final class CgroupDeviceProgram {

    private static final int PROG_LOAD = 5;
    private static final int PROG_ATTACH = 8;
    private static final int TYPE_CGROUP_DEVICE = 15;
    private static final int ATTACH_CGROUP_DEVICE = 6;
    private static final int ALLOW_MULTI = 2;
    private static final int INSTRUCTION = 8;
    /** Up to {@code prog_name}, which is all that is used here. */
    private static final int LOAD_ATTRIBUTES = 48;

    private static final int ATTACH_ATTRIBUTES = 16;
    private static final int LOG = 8192;

    private CgroupDeviceProgram() {}

    /**
     * Has the kernel check a program.
     *
     * @param instructions {@code struct bpf_insn} after {@code struct bpf_insn}, eight bytes each
     * @return the program, owned by the caller; it can be attached to many cgroups and lives on where it is
     * @throws PosixException with the verifier's words if the program is refused; ENOSYS, EPERM or EINVAL on
     *     kernels without it
     */
    public static Fd load(byte[] instructions) {
        long result = load(instructions, 0);
        return Fd.adopt((int) (result < 0 ? load(instructions, LOG) : result));
    }

    private static long load(byte[] instructions, int logSize) {
        Scratch scratch = Scratch.begin();
        long code = scratch.bytes(instructions);
        long license = scratch.string("Apache-2.0");
        long log = logSize == 0 ? 0 : scratch.zeros(logSize);
        long attributes = scratch.zeros(LOAD_ATTRIBUTES);
        Scratch.putInt(attributes, TYPE_CGROUP_DEVICE);
        Scratch.putInt(attributes + 4, instructions.length / INSTRUCTION);
        Scratch.putLong(attributes + 8, code);
        Scratch.putLong(attributes + 16, license);
        Scratch.putInt(attributes + 24, logSize == 0 ? 0 : 1);
        Scratch.putInt(attributes + 28, logSize);
        Scratch.putLong(attributes + 32, log);
        long result = Libc.call(Syscalls.BPF, PROG_LOAD, attributes, LOAD_ATTRIBUTES);
        if (result < 0 && logSize > 0) {
            throw new PosixException(
                    Libc.errno(),
                    "bpf",
                    "device program",
                    Scratch.getCString(log).strip());
        }
        return result;
    }

    /** Attaches a program to a cgroup directory; those of its ancestors count as well, and all must allow. */
    public static void attach(Fd program, Fd cgroup) {
        long attributes = Scratch.begin().zeros(ATTACH_ATTRIBUTES);
        Scratch.putInt(attributes, cgroup.raw());
        Scratch.putInt(attributes + 4, program.raw());
        Scratch.putInt(attributes + 8, ATTACH_CGROUP_DEVICE);
        Scratch.putInt(attributes + 12, ALLOW_MULTI);
        if (Libc.call(Syscalls.BPF, PROG_ATTACH, attributes, ATTACH_ATTRIBUTES) < 0) {
            throw new PosixException(Libc.errno(), "bpf attach", cgroup.toString());
        }
    }
}
