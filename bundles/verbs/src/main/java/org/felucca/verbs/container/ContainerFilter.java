package org.felucca.verbs.container;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * Filters of {@code ps} as docker has them: {@code name=}, {@code id=}, {@code status=}, {@code label=KEY[=VALUE]},
 * {@code ancestor=}, {@code exited=}. Values of one key are alternatives, keys are all needed, but labels are all
 * needed. Stateless.
 */
final class ContainerFilter {
    private ContainerFilter() {}

    static Predicate<Container> of(List<String> texts) {
        java.util.Map<String, List<Predicate<Container>>> byKey = new java.util.TreeMap<>();
        Predicate<Container> labels = container -> true;
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw error(text, "it is not KEY=VALUE");
            }
            String key = text.substring(0, equals);
            String value = text.substring(equals + 1);
            if (key.equals("label")) {
                labels = labels.and(label(value));
            } else {
                byKey.computeIfAbsent(key, name -> new ArrayList<>()).add(one(text, key, value));
            }
        }
        Predicate<Container> all = labels;
        for (List<Predicate<Container>> alternatives : byKey.values()) {
            all = all.and(container -> alternatives.stream().anyMatch(filter -> filter.test(container)));
        }
        return all;
    }

    private static Predicate<Container> one(String text, String key, String value) {
        return switch (key) {
            case "name" -> container -> container.name().contains(value);
            case "id" -> container -> container.id().startsWith(value);
            case "status" -> status(text, value);
            case "ancestor" ->
                container -> container.imageName().equals(value)
                        || container.request().image().equals(value)
                        || container.imageId().hex().startsWith(value);
            case "exited" ->
                container -> container
                        .exit()
                        .map(exit ->
                                Integer.toString(exit.status().shellStatus()).equals(value))
                        .orElse(Boolean.FALSE);
            default -> throw error(text, "'" + key + "' is unknown");
        };
    }

    private static Predicate<Container> status(String text, String value) {
        for (ContainerState state : ContainerState.values()) {
            if (state.label().equals(value)) {
                return container -> container.state() == state;
            }
        }
        throw error(text, "there is no state '" + value + "'");
    }

    private static Predicate<Container> label(String value) {
        int equals = value.indexOf('=');
        String key = equals < 0 ? value : value.substring(0, equals);
        return container -> {
            String actual = container.request().labels().get(key);
            return actual != null && (equals < 0 || actual.equals(value.substring(equals + 1)));
        };
    }

    private static FeluccaException error(String text, String reason) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT,
                "invalid filter '" + text + "'",
                reason,
                "use name=, id=, status=, label=KEY[=VALUE], ancestor= or exited=");
    }
}
