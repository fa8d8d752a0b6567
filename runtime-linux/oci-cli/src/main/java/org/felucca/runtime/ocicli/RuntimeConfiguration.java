package org.felucca.runtime.ocicli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.runtime.RuntimeBackend;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.ComponentInstance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configured program: makes its backend if the program is there, and takes it back with the configuration. */
@Component(
        service = {},
        immediate = true,
        configurationPid = RuntimeConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@SatisfyingConditionTarget("(osgi.condition.id=felucca.host.linux)")
@Designate(ocd = RuntimeConfiguration.Settings.class, factory = true)
public final class RuntimeConfiguration {
    /** Name of the factory configuration. */
    public static final String PID = "org.felucca.runtime.ocicli";

    private static final Logger LOG = LoggerFactory.getLogger(RuntimeConfiguration.class);
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final String RANKING = "service.ranking";
    /** Below every backend that is chosen when nobody asks for one. */
    private static final int LAST_RESORT = -1000;

    private final @Nullable ComponentInstance<RuntimeBackend> backend;

    /** What a configuration holds. */
    @ObjectClassDefinition(
            name = "Felucca runtime of another program",
            description = "A runtime backend that drives the program of another OCI runtime.")
    public @interface Settings {
        /** Identity of the backend, as {@code --runtime} takes it. */
        @AttributeDefinition(description = "Identity of the backend, as --runtime takes it.")
        String id();

        /** Absolute path of the program. */
        @AttributeDefinition(description = "Absolute path of the program.")
        String binary();

        /** Options that stand before every command. */
        @AttributeDefinition(description = "Options that stand before every command.")
        String[] args() default {};

        /** The program's environment. */
        @AttributeDefinition(description = "The program's environment, KEY=VALUE.")
        String[] env() default {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"};

        /** Mount points that the program must not see; those that are not there are passed over. */
        @AttributeDefinition(
                description = "Mount points that the program must not see; those that are not there are passed over.")
        String[] hide() default {};

        /** Path, below each cgroup hierarchy's root, of the cgroup that holds those of containers. */
        @AttributeDefinition(
                description = "Path, below each cgroup hierarchy's root, of the cgroup that holds those of containers.")
        String cgroupParent() default "/felucca";

        /** Seconds after which a command of the program that does not end is killed. */
        @AttributeDefinition(description = "Seconds after which a command of the program that does not end is killed.")
        int deadlineSeconds() default 30;

        /** Most threads that wait for monitors and run what callers hang on futures. */
        @AttributeDefinition(description = "Most threads that wait for monitors and run what callers hang on futures.")
        int threads() default 2;
    }

    /** Looks for the program. */
    @Activate
    public RuntimeConfiguration(
            Settings settings,
            Map<String, Object> properties,
            @Reference(target = "(" + ComponentConstants.COMPONENT_FACTORY + "=" + OciCliComponent.FACTORY + ")")
                    ComponentFactory<RuntimeBackend> factory) {
        if (settings.id() == null || !ID.matcher(settings.id()).matches()) {
            throw invalid(
                    properties, "its id '" + settings.id() + "' is not made of lower-case letters, digits and dashes");
        }
        if (settings.binary() == null || !settings.binary().startsWith("/")) {
            throw invalid(properties, "its binary '" + settings.binary() + "' is not an absolute path");
        }
        this.backend = isThere(settings) ? factory.newInstance(properties(settings, properties)) : null;
    }

    private static FeluccaException invalid(Map<String, Object> properties, String reason) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT,
                "invalid configuration " + properties.get("service.pid"),
                reason,
                "set id and binary");
    }

    private static boolean isThere(Settings settings) {
        if (Files.isExecutable(Path.of(settings.binary()))) {
            return true;
        }
        LOG.info("runtime {}: there is no program {}", settings.id(), settings.binary());
        return false;
    }

    private static Hashtable<String, Object> properties(Settings settings, Map<String, Object> configured) {
        Hashtable<String, Object> result = new Hashtable<>();
        configured.forEach((key, value) -> {
            if (!key.startsWith("component.") && !key.startsWith("service.") && !key.startsWith("osgi.ds.")) {
                result.put(key, value);
            }
        });
        result.put(PluginId.PROPERTY, settings.id());
        result.put(RANKING, LAST_RESORT);
        return result;
    }

    @Deactivate
    void close() {
        if (backend != null) {
            backend.dispose();
        }
    }
}
