package org.felucca.posix.libc;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;

/**
 * System calls through libc's {@code syscall(2)}: one bound symbol for all of them, so that nothing is generated or
 * looked up per call and a call costs what the kernel takes plus some tens of nanoseconds. Arguments are integers and
 * addresses; a result of {@code -1} means failure, and {@link #errno()} on the same thread says why.
 *
 * <p>Any thread may call; errno is kept per thread by jffi, out of reach of what the JVM does between two calls.
 */
public final class Libc {

    private static final int MOST_ARGUMENTS = 6;
    private static final Invoker INVOKER = Invoker.getInstance();
    private static final LastError LAST_ERROR = LastError.getInstance();
    private static final CallContext SIX_LONGS = longs(MOST_ARGUMENTS);
    private static final long SYSCALL = symbol("syscall");
    private static final long COPY_FILE_RANGE = symbol("copy_file_range");

    static {
        String arch = System.getProperty("os.arch");
        if (!"amd64".equals(arch)) {
            throw new UnsupportedOperationException(
                    "system call numbers are known for amd64 only, this JVM says " + arch);
        }
    }

    private Libc() {}

    public static long call(int number, long a, long b, long c, long d, long e) {
        return INVOKER.invokeN6(SIX_LONGS, SYSCALL, number, a, b, c, d, e);
    }

    public static long call(int number, long a, long b, long c, long d) {
        return call(number, a, b, c, d, 0);
    }

    public static long call(int number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0);
    }

    public static long call(int number, long a, long b) {
        return call(number, a, b, 0, 0, 0);
    }

    public static long call(int number, long a) {
        return call(number, a, 0, 0, 0, 0);
    }

    /** The one call with six arguments of its own, which {@code syscall} has no room for; libc wraps it. */
    public static long copyFileRange(int in, long inOffset, int out, long outOffset, long length) {
        return INVOKER.invokeN6(SIX_LONGS, COPY_FILE_RANGE, in, inOffset, out, outOffset, length, 0);
    }

    /** The error number of this thread's last failed call. */
    public static int errno() {
        return LAST_ERROR.get();
    }

    private static CallContext longs(int count) {
        Type[] parameters = new Type[count];
        java.util.Arrays.fill(parameters, Type.SINT64);
        return CallContext.getCallContext(Type.SINT64, parameters, CallingConvention.DEFAULT, true);
    }

    private static long symbol(String name) {
        Library self = Library.getCachedInstance(null, Library.LAZY);
        long address = self.getSymbolAddress(name);
        if (address == 0) {
            throw new UnsatisfiedLinkError("libc has no symbol " + name);
        }
        return address;
    }
}
