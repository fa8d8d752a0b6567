/**
 * The Java side of {@code docs/spec/monitor-protocol.md}: {@link org.felucca.runtime.monitor.SpawnClient} talks to the
 * process that forks monitors and runs helpers, {@link org.felucca.runtime.monitor.MonitorConnection} to the monitor of
 * one task, {@link org.felucca.runtime.monitor.TaskDirectory} reads what a monitor leaves on disk, and
 * {@link org.felucca.runtime.monitor.Adoption} finds a task again after the JVM was restarted. All sockets are read by the
 * one thread of a {@link org.felucca.runtime.monitor.MessageLoop}.
 *
 * <p>Internal to the platform; nothing here decides anything about containers.
 */
@NullMarked
package org.felucca.runtime.monitor;

import org.jspecify.annotations.NullMarked;
