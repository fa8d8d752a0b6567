package org.felucca.api.plugin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * The identity of a provider within its role, as a service property ({@code felucca.plugin.id}).
 *
 * <p>Lower-case letters, digits and dashes, starting with a letter, at most 63 characters. A second live provider with
 * the same role and id is refused and shown as a conflict.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface PluginId {
    /** The service property that carries the id. */
    String PROPERTY = "felucca.plugin.id";

    /** Prefix of the property's name; read by the component tooling. */
    String PREFIX_ = "felucca.";

    /** Returns the id. */
    String value();
}
