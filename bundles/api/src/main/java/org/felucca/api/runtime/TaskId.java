package org.felucca.api.runtime;

import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;

/**
 * The identity of a task: the container's id within its tenant.
 *
 * @param namespace the tenant
 * @param id 1 to 76 letters, digits, dots, dashes, underscores, starting with a letter or digit (containerd's limit)
 */
public record TaskId(NamespaceName namespace, String id) {
    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    /** Validates. */
    public TaskId {
        if (id.length() > 76 || !GRAMMAR.matcher(id).matches()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid container id '" + id + "'",
                    "an id has 1 to 76 letters, digits, '.', '_' or '-' and starts with a letter or digit");
        }
    }

    @Override
    public String toString() {
        return namespace + "/" + id;
    }
}
