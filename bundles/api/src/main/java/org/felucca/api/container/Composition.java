package org.felucca.api.container;

import java.util.List;

/**
 * Who serves a container, and why.
 *
 * @param choices one per role
 */
public record Composition(List<Choice> choices) {
    /**
     * A provider that was picked.
     *
     * @param role the role's name
     * @param id the provider's id
     * @param reason why it, for people: {@code asked for by --snapshotter}, {@code highest ranking of 2}
     * @param others ids that were live but not picked, each with why not
     */
    public record Choice(String role, String id, String reason, List<String> others) {
        /** Copies. */
        public Choice {
            others = List.copyOf(others);
        }
    }

    /** Copies. */
    public Composition {
        choices = List.copyOf(choices);
    }

    /**
     * Returns the id that was picked for a role.
     *
     * @throws IllegalArgumentException if the role is not part of it
     */
    public String id(String role) {
        return choices.stream()
                .filter(c -> c.role().equals(role))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no choice for role " + role))
                .id();
    }
}
