/**
 * What systemd is asked for, over D-Bus: transient scopes, which are cgroups with a process to begin with, and their
 * properties. {@link org.felucca.runtime.engine.systemd.Systemd} asks, {@link org.felucca.runtime.engine.systemd.UnitName}
 * is what a container's cgroup path means to it, {@link org.felucca.runtime.engine.systemd.UnitProperty} a property as it
 * is sent.
 */
@NullMarked
package org.felucca.runtime.engine.systemd;

import org.jspecify.annotations.NullMarked;
