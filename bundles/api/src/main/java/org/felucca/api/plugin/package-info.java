/**
 * Roles, identities and live providers.
 *
 * <p>A plugin is a bundle that registers an OSGi service of a role's contract and carries a
 * {@link org.felucca.api.plugin.PluginId}. Identity is role + id: records store it and bind to it alone. Core tracks
 * every provider in one registry per role and hands out {@link org.felucca.api.plugin.Provider}s, which count the calls
 * in and the objects out, so that a provider can leave while the system runs.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.plugin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
