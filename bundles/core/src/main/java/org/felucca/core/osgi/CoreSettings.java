package org.felucca.core.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the core, {@code etc/felucca.cfg}. */
@ObjectClassDefinition(name = "Felucca core")
@interface CoreSettings {
    /** The configuration's name. */
    String PID = "felucca";

    /** What has to be there before the platform serves: {@code role[:id],...}. */
    @AttributeDefinition(description = "roles that must be filled before the platform serves: role[:id],...")
    String require() default "";

    /** How long backends are waited for whose containers are recorded. */
    @AttributeDefinition(description = "seconds to wait for backends whose containers are recorded")
    int recovery_grace_seconds() default 30;

    /** How long a provider that leaves may finish what is under way. */
    @AttributeDefinition(description = "seconds a leaving provider has to finish what is under way")
    int drain_grace_seconds() default 10;

    /** Size at which the log of a container is rotated. */
    @AttributeDefinition(description = "bytes at which the log of a container is rotated; 0 for never")
    long log_max_bytes() default 67108864;

    /** How many log files of a container are kept. */
    @AttributeDefinition(description = "log files kept for a container, the current one included")
    int log_max_files() default 4;
}
