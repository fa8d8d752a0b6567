package org.felucca.core.registry;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * Turns what a provider throws into what may be kept: a {@link FeluccaException} whose causes pin no class loader of a
 * plugin.
 */
final class Foreign {
    private Foreign() {}

    /** The text of an exception whose class must not be kept. */
    private static final class Text extends Exception {
        private static final long serialVersionUID = 1L;

        Text(Throwable original) {
            super(original.toString());
            setStackTrace(original.getStackTrace());
        }
    }

    /**
     * Returns what to throw instead.
     *
     * @throws VirtualMachineError if that is what was thrown: the JVM is in no state to go on
     */
    static FeluccaException translate(Throwable thrown, String provider) {
        if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
            throw fatal;
        }
        if (thrown instanceof FeluccaException known) {
            return ours(known) ? known : copy(known);
        }
        return new FeluccaException(
                ErrorCode.INTERNAL,
                "cannot use " + provider,
                "it failed with " + thrown,
                "report this to its authors",
                text(thrown, Collections.newSetFromMap(new IdentityHashMap<>())));
    }

    private static FeluccaException copy(FeluccaException known) {
        Throwable cause = known.getCause();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        FeluccaException copy = new FeluccaException(
                known.code(),
                known.subject(),
                known.reason(),
                known.fix().orElse(null),
                cause == null ? null : text(cause, seen));
        copy.setStackTrace(known.getStackTrace());
        for (Throwable suppressed : known.getSuppressed()) {
            copy.addSuppressed(text(suppressed, seen));
        }
        return copy;
    }

    private static Throwable text(Throwable original, Set<Throwable> seen) {
        Text text = new Text(original);
        Throwable cause = original.getCause();
        if (cause != null && seen.add(original)) {
            text.initCause(text(cause, seen));
        }
        return text;
    }

    /** Whether every throwable reachable from this one is of the JDK or the api. */
    private static boolean ours(Throwable thrown) {
        return ours(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean ours(Throwable thrown, Set<Throwable> seen) {
        if (thrown.getCause() == null && thrown.getSuppressed().length == 0) {
            return kept(thrown);
        }
        if (!seen.add(thrown)) {
            return true;
        }
        if (!kept(thrown) || (thrown.getCause() != null && !ours(thrown.getCause(), seen))) {
            return false;
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (!ours(suppressed, seen)) {
                return false;
            }
        }
        return true;
    }

    private static boolean kept(Throwable thrown) {
        ClassLoader loader = thrown.getClass().getClassLoader();
        return loader == null
                || loader == ClassLoader.getPlatformClassLoader()
                || thrown.getClass() == FeluccaException.class;
    }
}
