/**
 * The runtime backend {@code linux}: {@link org.felucca.runtime.engine.LinuxRuntime} makes and finds tasks,
 * {@link org.felucca.runtime.engine.LinuxTask} is one of them. The components that OSGi sees only hand over to these.
 *
 * <p>Under the state directory each task has {@code tasks/NAMESPACE/ID/}: the monitor's files, {@code config.json} as
 * it was compiled, and {@code cgroups}. They are all that a restarted daemon needs.
 */
@NullMarked
package org.felucca.runtime.engine;

import org.jspecify.annotations.NullMarked;
