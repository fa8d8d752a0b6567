/**
 * Containers: what a front asks for and what core makes of it.
 *
 * <p>A front builds an immutable {@link org.felucca.api.container.ContainerRequest}. Core resolves its selectors against
 * the live providers into a {@link org.felucca.api.container.Composition} (who was picked for each role, and why), then
 * runs image, snapshot, spec, create and start, each step with its undo.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.container;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
