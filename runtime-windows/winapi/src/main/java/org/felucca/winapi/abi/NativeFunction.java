package org.felucca.winapi.abi;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Type;
import java.util.Arrays;

/**
 * A function of a Windows library that takes integers, handles and addresses, each passed as 64 bits: on x86-64 a
 * narrower parameter reads the lower part of its register or stack slot, so one shape serves all of them. A result of
 * 32 bits leaves the upper half undefined; {@link #call} cuts it off. Any thread may call.
 */
public final class NativeFunction {

    private static final int MOST_ARGUMENTS = 9;
    private static final Invoker INVOKER = Invoker.getInstance();
    private static final LastError LAST_ERROR = LastError.getInstance();
    private static final CallContext[] CONTEXTS = contexts();

    private final String name;
    private final long address;

    NativeFunction(String name, long address) {
        this.name = name;
        this.address = address;
    }

    /** The exported name, for messages. */
    public String name() {
        return name;
    }

    /** Calls the function and returns its lower 32 bits: an HRESULT, a BOOL or a Win32 error code. */
    public int call(long... arguments) {
        return (int) callLong(arguments);
    }

    /** Calls the function and returns its 64 bits: a handle or an address. */
    public long callLong(long... arguments) {
        CallContext context = CONTEXTS[arguments.length];
        HeapInvocationBuffer buffer = new HeapInvocationBuffer(context);
        for (long argument : arguments) {
            buffer.putLong(argument);
        }
        return INVOKER.invokeLong(context, address, buffer);
    }

    /** The calling thread's Win32 error code, as the last call of any function left it. */
    public static int lastError() {
        return LAST_ERROR.get();
    }

    private static CallContext[] contexts() {
        CallContext[] contexts = new CallContext[MOST_ARGUMENTS + 1];
        for (int count = 0; count < contexts.length; count++) {
            Type[] parameters = new Type[count];
            Arrays.fill(parameters, Type.SINT64);
            contexts[count] = CallContext.getCallContext(Type.SINT64, parameters, CallingConvention.DEFAULT, true);
        }
        return contexts;
    }
}
