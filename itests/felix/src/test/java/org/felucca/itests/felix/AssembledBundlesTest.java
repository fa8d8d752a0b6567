package org.felucca.itests.felix;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.condition.Condition;

/** The bundle set of the distribution, as the build has put it together, in a real framework. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AssembledBundlesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    private BundleContext context;

    @Inject
    private ServiceComponentRuntime components;

    /**
     * What stands on the process service, which only supervise can provide: its socket is inherited. The condition of
     * readiness waits for the runtime among them. The tests of the assembled daemon see these live.
     */
    private static final Set<String> NEEDS_SUPERVISE = Set.of(
            "org.felucca.runtime.engine.ProcessServiceComponent",
            "org.felucca.runtime.engine.LinuxRuntimeComponent",
            "org.felucca.runtime.ocicli.OciCliComponent",
            "org.felucca.runtime.ocicli.RuntimeConfiguration",
            "org.felucca.core.ready");

    @Configuration
    public Option[] configuration() {
        return Distribution.configuration();
    }

    /** What the launcher registers beside the bundles. */
    @Before
    public void registerConditions() {
        for (String id : List.of(Condition.CONDITION_ID_TRUE, "felucca.host.linux")) {
            context.registerService(
                    Condition.class, Condition.INSTANCE, new Hashtable<>(Map.of(Condition.CONDITION_ID, id)));
        }
    }

    @Test
    public void start_ofWholeSet_resolvesAndStartsEveryBundle() {
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        assertTrue("some bundle does not resolve", wiring.resolveBundles(null));
        List<String> idle = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
            if (!fragment && bundle.getState() != Bundle.ACTIVE) {
                idle.add(bundle.getSymbolicName());
            }
        }
        assertEquals(List.of("org.apache.felix.gogo.jline"), idle);
    }

    @Test
    public void start_ofWholeSet_satisfiesEveryComponent() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        List<String> open = unsatisfied();
        while (!open.isEmpty() && System.nanoTime() < end) {
            // Configurations arrive on File Install's thread; nothing tells that the last one has.
            never.await(50, TimeUnit.MILLISECONDS);
            open = unsatisfied();
        }
        assertEquals(List.of(), open);
        assertTrue(
                "no component was seen",
                components.getComponentDescriptionDTOs().size() > 0);
    }

    @Test
    public void start_withoutSupervise_refusesTheProcessServiceByName() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        String failures = failures();
        while (!failures.contains("FELUCCA_SPAWN_FD") && System.nanoTime() < end) {
            never.await(50, TimeUnit.MILLISECONDS);
            failures = failures();
        }
        assertTrue(failures, failures.contains("FELUCCA_SPAWN_FD"));
        assertTrue(failures, failures.contains("start the platform with bin/felucca-daemon"));
    }

    private String failures() {
        StringBuilder text = new StringBuilder();
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(description)) {
                text.append(configuration.failure == null ? "" : configuration.failure);
            }
        }
        return text.toString();
    }

    private List<String> unsatisfied() {
        List<String> open = new ArrayList<>();
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs()) {
            if (NEEDS_SUPERVISE.contains(description.name)) {
                continue;
            }
            Collection<ComponentConfigurationDTO> configurations =
                    components.getComponentConfigurationDTOs(description);
            if (configurations.isEmpty()) {
                open.add(description.name + " has no configuration " + List.of(description.configurationPid));
            }
            for (ComponentConfigurationDTO configuration : configurations) {
                if (configuration.state != ComponentConfigurationDTO.SATISFIED
                        && configuration.state != ComponentConfigurationDTO.ACTIVE) {
                    open.add(description.name + " is in state " + configuration.state + " "
                            + List.of(configuration.unsatisfiedReferences) + " " + configuration.failure);
                }
            }
        }
        return open;
    }
}
