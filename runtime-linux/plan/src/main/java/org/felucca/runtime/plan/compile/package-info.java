/**
 * Policy: what a {@code config.json} means on this host, as a launch plan.
 *
 * <p>{@link org.felucca.runtime.plan.compile.ContainerCompiler} makes the plan of a container's first process,
 * {@link org.felucca.runtime.plan.compile.ExecCompiler} that of one more process. Both take the document, what was found
 * out about the host once ({@link org.felucca.runtime.plan.compile.HostFacts}) and what was prepared for this container
 * ({@link org.felucca.runtime.plan.compile.ContainerFacts}); they touch nothing of the host themselves, so the same
 * input gives the same plan. A property that cannot be honoured is refused by its JSON pointer; one that the host's
 * limits bend is reported as a {@link org.felucca.runtime.plan.compile.Warning}. Nothing is ignored silently.
 */
@NullMarked
package org.felucca.runtime.plan.compile;

import org.jspecify.annotations.NullMarked;
