package org.felucca.api.metadata;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * The identity of a record.
 *
 * @param kind what it is
 * @param scope the namespace of tenants ({@code default}, {@code k8s.io}, ...) or the provider's id for snapshots; empty
 *     where the kind has no scope
 * @param key its name within kind and scope
 */
public record RecordId(RecordKind kind, String scope, String key) {
    /** Validates. */
    public RecordId {
        if (key.isEmpty() || key.length() > 1024) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT, "invalid key of a " + kind.label() + " record", "1 to 1024 characters");
        }
    }

    @Override
    public String toString() {
        return kind.label() + "/" + (scope.isEmpty() ? "" : scope + "/") + key;
    }
}
