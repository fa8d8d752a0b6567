package org.felucca.plugins;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the plugins folder, {@code etc/org.felucca.plugins.cfg}. */
@ObjectClassDefinition(name = "Felucca plugins folder")
@interface PluginSettings {
    /** The folder. */
    @AttributeDefinition(description = "the folder")
    String directory();

    /** Who may provide a plugin: {@code any}, {@code pinned} or {@code signed}. */
    @AttributeDefinition(description = "any, pinned or signed")
    String trust() default "any";

    /** The file of pinned digests. */
    @AttributeDefinition(description = "file of SHA-256 digests, as sha256sum writes it")
    String pins() default "";

    /** How long a plugin's components may wait for what they need. */
    @AttributeDefinition(description = "seconds until a plugin's components must be satisfied")
    int selfCheckSeconds() default 10;
}
