package org.felucca.winapi.abi;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Closure;
import com.kenai.jffi.ClosureManager;
import com.kenai.jffi.Type;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Functions of ours that native threads call. There is one native entry for each shape of callback, made once and never
 * freed, and what Windows hands back as its context is a number that finds the receiver: a call that arrives after its
 * registration has ended, as a race with closing a handle allows, finds nobody and is dropped instead of jumping into
 * freed memory.
 *
 * <p>A receiver runs on the native thread, for which Windows may wait: it hands on and returns. What it throws goes to
 * the thread's handler of uncaught exceptions and never into native code.
 */
public final class Callbacks {

    /** Receives an event of a compute system or of a process. */
    @FunctionalInterface
    public interface EventReceiver {
        /**
         * @param type an {@code HCS_EVENT_TYPE}
         * @param data the event's document, or the empty string
         */
        void event(int type, String data);
    }

    /** Receives a notification of the network service. */
    @FunctionalInterface
    public interface NotificationReceiver {
        /**
         * @param type an {@code HCN_NOTIFICATIONS}
         * @param status an HRESULT
         * @param data the notification's document, or the empty string
         */
        void notification(int type, int status, String data);
    }

    private static final int EVENT_DATA = 8;
    private static final AtomicLong NEXT = new AtomicLong(1);
    private static final ConcurrentHashMap<Long, EventReceiver> EVENTS = new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<Long, NotificationReceiver> NOTIFICATIONS = new ConcurrentHashMap<>();

    private static final Closure.Handle EVENT_ENTRY = entry(Callbacks::enterEvent, Type.POINTER, Type.POINTER);
    private static final Closure.Handle NOTIFICATION_ENTRY =
            entry(Callbacks::enterNotification, Type.UINT32, Type.POINTER, Type.SINT32, Type.POINTER);

    private Callbacks() {}

    /** The address of an {@code HCS_EVENT_CALLBACK}. */
    public static long eventEntry() {
        return EVENT_ENTRY.getAddress();
    }

    /** The address of an {@code HCN_NOTIFICATION_CALLBACK}. */
    public static long notificationEntry() {
        return NOTIFICATION_ENTRY.getAddress();
    }

    /** Registers a receiver and returns the context to register with Windows. */
    public static long register(EventReceiver receiver) {
        long context = NEXT.getAndIncrement();
        EVENTS.put(context, receiver);
        return context;
    }

    /** Registers a receiver and returns the context to register with Windows. */
    public static long register(NotificationReceiver receiver) {
        long context = NEXT.getAndIncrement();
        NOTIFICATIONS.put(context, receiver);
        return context;
    }

    /** Forgets a receiver; calls that arrive from now on are dropped, one that is running goes on. */
    public static void forget(long context) {
        EVENTS.remove(context);
        NOTIFICATIONS.remove(context);
    }

    /** How many receivers are registered: what tests watch for leaks. */
    public static int registered() {
        return EVENTS.size() + NOTIFICATIONS.size();
    }

    private static Closure.Handle entry(Closure closure, Type... parameters) {
        CallContext context = CallContext.getCallContext(Type.VOID, parameters, CallingConvention.DEFAULT, false);
        Closure.Handle handle = ClosureManager.getInstance().newClosure(guarded(closure), context);
        handle.setAutoRelease(false);
        return handle;
    }

    private static Closure guarded(Closure closure) {
        return buffer -> {
            try {
                closure.invoke(buffer);
            } catch (Throwable thrown) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
            }
        };
    }

    private static void enterEvent(Closure.Buffer arguments) {
        long event = arguments.getAddress(0);
        EventReceiver receiver = EVENTS.get(arguments.getAddress(1));
        if (receiver != null && event != 0) {
            receiver.event(Arena.getInt(event), Arena.getWide(Arena.getLong(event + EVENT_DATA)));
        }
    }

    private static void enterNotification(Closure.Buffer arguments) {
        NotificationReceiver receiver = NOTIFICATIONS.get(arguments.getAddress(1));
        if (receiver != null) {
            receiver.notification(arguments.getInt(0), arguments.getInt(2), Arena.getWide(arguments.getAddress(3)));
        }
    }
}
