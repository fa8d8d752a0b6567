/**
 * From a container's record to the document its runtime gets: Docker's defaults for Linux containers, and what the
 * request changes about them.
 *
 * <p>Nothing here touches the host but {@link org.felucca.core.spec.HostFacts} (read once) and
 * {@link org.felucca.core.spec.HostFiles} (the files of a container's own directory).
 */
@NullMarked
package org.felucca.core.spec;

import org.jspecify.annotations.NullMarked;
