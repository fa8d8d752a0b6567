package org.felucca.core.ready;

import java.util.ArrayList;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;

/**
 * A role that has to be filled before the platform serves.
 *
 * @param role the role
 * @param id the provider that has to fill it; empty for any
 */
public record Requirement(Role<?> role, String id) {
    /**
     * Reads {@code content,snapshotter:overlay,runtime:linux}.
     *
     * @throws FeluccaException INVALID_ARGUMENT for a role there is none of
     */
    public static List<Requirement> parse(String text) {
        List<Requirement> result = new ArrayList<>();
        for (String part : text.split(",")) {
            String word = part.strip();
            if (word.isEmpty()) {
                continue;
            }
            int colon = word.indexOf(':');
            String name = colon < 0 ? word : word.substring(0, colon);
            Role<?> role = Role.all().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new FeluccaException(
                            ErrorCode.INVALID_ARGUMENT,
                            "cannot require " + word,
                            "there is no role " + name,
                            "use "
                                    + String.join(
                                            ", ",
                                            Role.all().stream().map(Role::name).toList())));
            result.add(new Requirement(role, colon < 0 ? "" : word.substring(colon + 1)));
        }
        return result;
    }

    /** Returns whether it is met at present. */
    boolean met(Providers providers) {
        return id.isEmpty()
                ? !providers.live(role).isEmpty()
                : providers.find(role, id).isPresent();
    }

    @Override
    public String toString() {
        return id.isEmpty() ? role.name() : role.name() + "=" + id;
    }
}
