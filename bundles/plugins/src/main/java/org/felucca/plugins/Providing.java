package org.felucca.plugins;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.plugin.Role;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Reads from the service registry what a bundle provides. */
final class Providing {
    private Providing() {}

    /** Returns {@code role:id} if the service fills a role under an id. */
    static Optional<String> of(ServiceReference<?> reference) {
        Object id = reference.getProperty(PluginId.PROPERTY);
        if (id == null || !(reference.getProperty(Constants.OBJECTCLASS) instanceof String[] contracts)) {
            return Optional.empty();
        }
        List<String> names = Arrays.asList(contracts);
        return Role.all().stream()
                .filter(role -> names.contains(role.contract().getName()))
                .findFirst()
                .map(role -> role.name() + ":" + id);
    }

    /** Returns every {@code role:id} of a bundle, sorted; nothing if it is being uninstalled meanwhile. */
    static List<String> by(Bundle bundle) {
        ServiceReference<?>[] references;
        try {
            references = bundle.getRegisteredServices();
        } catch (IllegalStateException e) {
            return List.of();
        }
        return references == null
                ? List.of()
                : Stream.of(references)
                        .flatMap(reference -> of(reference).stream())
                        .sorted()
                        .toList();
    }
}
