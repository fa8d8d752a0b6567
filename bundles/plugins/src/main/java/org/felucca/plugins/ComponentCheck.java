package org.felucca.plugins;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/**
 * Checks that every component of a bundle has what it needs and that every service of a role can be got. What a component needs may
 * still be on its way, so that there is a deadline; changes are told by the component runtime itself. Used by one thread at a time.
 */
final class ComponentCheck implements SelfCheck {
    private static final String CHANGES = "(objectClass=" + ServiceComponentRuntime.class.getName() + ")";
    private static final String SATISFYING_CONDITION = "osgi.ds.satisfying.condition";

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final Duration deadline;

    ComponentCheck(BundleContext context, ServiceComponentRuntime components, Duration deadline) {
        this.context = context;
        this.components = components;
        this.deadline = deadline;
    }

    @Override
    public void require(Bundle bundle) throws RefusedException, InterruptedException {
        Semaphore changes = new Semaphore(0);
        ServiceListener listener = event -> changes.release();
        try {
            context.addServiceListener(listener, CHANGES);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        try {
            long end = System.nanoTime() + deadline.toNanos();
            Optional<String> problem = problem(bundle);
            while (problem.isPresent()) {
                if (!changes.tryAcquire(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    throw new RefusedException(problem.get());
                }
                changes.drainPermits();
                problem = problem(bundle);
            }
        } finally {
            context.removeServiceListener(listener);
        }
        requireServices(bundle);
    }

    private Optional<String> problem(Bundle bundle) {
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(bundle)) {
            if (!components.isComponentEnabled(description)) {
                continue;
            }
            Collection<ComponentConfigurationDTO> configurations =
                    components.getComponentConfigurationDTOs(description);
            if (configurations.isEmpty()) {
                return Optional.of(needsConfiguration(description));
            }
            for (ComponentConfigurationDTO configuration : configurations) {
                Optional<String> problem = problem(description, configuration);
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> problem(
            ComponentDescriptionDTO description, ComponentConfigurationDTO configuration) {
        return switch (configuration.state) {
            case ComponentConfigurationDTO.SATISFIED, ComponentConfigurationDTO.ACTIVE -> Optional.empty();
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> Optional.of(needsConfiguration(description));
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
                Optional.of(needsReferences(description, configuration));
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                Optional.of("component " + description.name + " failed: " + firstLine(configuration.failure));
            default -> Optional.of("component " + description.name + " is in the unknown state " + configuration.state);
        };
    }

    private static String needsConfiguration(ComponentDescriptionDTO description) {
        return "component " + description.name + " needs a configuration; add "
                + String.join(".cfg or ", description.configurationPid) + ".cfg and put the jar there again";
    }

    private static String needsReferences(
            ComponentDescriptionDTO description, ComponentConfigurationDTO configuration) {
        List<String> needs = new ArrayList<>();
        for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
            String service = description.references.length == 0 ? reference.name : service(description, reference.name);
            String target = reference.target == null ? "" : " " + reference.target;
            needs.add(
                    SATISFYING_CONDITION.equals(reference.name) ? "condition" + target : "service " + service + target);
        }
        return "component " + description.name + " needs " + String.join(", ", needs);
    }

    private static String service(ComponentDescriptionDTO description, String reference) {
        for (var candidate : description.references) {
            if (candidate.name.equals(reference)) {
                return candidate.interfaceName;
            }
        }
        return reference;
    }

    private static String firstLine(String text) {
        return text == null
                ? "no reason given"
                : text.lines().findFirst().orElse("").strip();
    }

    /** Gets every service of a role once, which makes its component. */
    private void requireServices(Bundle bundle) throws RefusedException {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        if (references == null) {
            return;
        }
        for (ServiceReference<?> reference : references) {
            Optional<String> provider = Providing.of(reference);
            if (provider.isEmpty()) {
                continue;
            }
            Object service = context.getService(reference);
            if (service == null) {
                String reason = problem(bundle).orElse("its component could not be made; see the log");
                throw new RefusedException(provider.get() + " does not answer: " + reason);
            }
            context.ungetService(reference);
        }
    }
}
