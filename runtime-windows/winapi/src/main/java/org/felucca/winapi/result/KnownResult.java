package org.felucca.winapi.result;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;

/** A documented HRESULT: its name in the header files, what it means, and which code of the platform it is. */
public sealed interface KnownResult permits ComputeResult, NetworkResult, SystemResult {

    /** The value as Windows returns it, negative for a failure. */
    int value();

    /** The name in the header files: {@code HCS_E_SYSTEM_NOT_FOUND}. */
    String name();

    /** What it means, in lower case and without a full stop. */
    String text();

    /** The code of the platform that it is. */
    ErrorCode code();

    /** The documented result of that value. */
    static Optional<KnownResult> of(int value) {
        return Optional.ofNullable(ByValue.ALL.get(value));
    }

    /** The index over all three lists, made when the first failure is named. */
    final class ByValue {
        private static final Map<Integer, KnownResult> ALL = index();

        private ByValue() {}

        private static Map<Integer, KnownResult> index() {
            Map<Integer, KnownResult> index = new HashMap<>();
            add(index, ComputeResult.values());
            add(index, NetworkResult.values());
            add(index, SystemResult.values());
            return index;
        }

        private static void add(Map<Integer, KnownResult> index, KnownResult[] results) {
            for (KnownResult result : results) {
                KnownResult other = index.put(result.value(), result);
                if (other != null) {
                    throw new AssertionError(result.name() + " and " + other.name() + " have one value");
                }
            }
        }
    }
}
