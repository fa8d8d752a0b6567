package org.felucca.core.osgi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadPoolExecutor;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Events;
import org.felucca.api.image.ImageService;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.plugin.Providers;
import org.felucca.core.lifecycle.Orchestrator;
import org.felucca.core.lifecycle.Settings;
import org.felucca.core.ready.Requirement;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The orchestrator behind the public services of this bundle. It enables {@link ReadyCondition} while the platform is
 * ready.
 */
@Component(
        service = OrchestratorComponent.class,
        configurationPid = CoreSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CoreSettings.class)
public final class OrchestratorComponent {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String ROOT = "felucca.root";
    private static final String STATE = "felucca.state";
    private static final int THREADS = 16;

    private final ThreadPoolExecutor pool = Pools.of("felucca-core", THREADS);
    private final Orchestrator orchestrator;
    private volatile @Nullable ImageService images;

    /** Puts the orchestrator together and starts it. */
    @Activate
    public OrchestratorComponent(
            CoreSettings settings,
            ComponentContext component,
            BundleContext context,
            @Reference MetadataStore store,
            @Reference LeasesComponent leases,
            @Reference Providers providers,
            @Reference Events events) {
        orchestrator = new Orchestrator(
                store,
                leases.book(),
                providers,
                events,
                this::images,
                new Settings(
                        directory(context, ROOT),
                        directory(context, STATE),
                        Requirement.parse(settings.require()),
                        Duration.ofSeconds(settings.recovery_grace_seconds()),
                        settings.log_max_bytes(),
                        settings.log_max_files(),
                        boot()),
                pool,
                Clock.systemUTC(),
                ready -> enable(component, ready));
        orchestrator.start();
    }

    /** Where the kernel does not tell, each start counts as one after a crash, and verifies more than it must. */
    private static String boot() {
        try {
            return Files.readString(BOOT_ID).trim();
        } catch (IOException e) {
            return UUID.randomUUID().toString();
        }
    }

    private static Path directory(BundleContext context, String property) {
        String value = context.getProperty(property);
        if (value == null || value.isBlank()) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot manage containers",
                    "the framework property " + property + " is not set",
                    "start the platform through felucca-daemon");
        }
        return Path.of(value);
    }

    private static void enable(ComponentContext component, boolean ready) {
        if (ready) {
            component.enableComponent(ReadyCondition.NAME);
        } else {
            component.disableComponent(ReadyCondition.NAME);
        }
    }

    /** Lets go; containers go on. */
    @Deactivate
    void deactivate() {
        orchestrator.close();
        Pools.stop(pool);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindImages(ImageService service) {
        images = service;
    }

    void unbindImages(ImageService service) {
        if (images == service) {
            images = null;
        }
    }

    private ImageService images() {
        ImageService current = images;
        if (current == null) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE,
                    "cannot look for images",
                    "the image service is not live",
                    "wait until its bundle is back");
        }
        return current;
    }

    Orchestrator orchestrator() {
        return orchestrator;
    }
}
