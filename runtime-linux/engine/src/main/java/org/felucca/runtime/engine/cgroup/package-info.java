/**
 * Cgroups of both versions behind one interface: {@link org.felucca.runtime.engine.cgroup.CgroupLayout} is what the host
 * has, {@link org.felucca.runtime.engine.cgroup.CgroupSettings} what a configuration means in files,
 * {@link org.felucca.runtime.engine.cgroup.Cgroups} makes and finds the cgroups of tasks, and
 * {@link org.felucca.runtime.engine.cgroup.TaskCgroup} is what one task has. Which hierarchies a task gets, and why, is
 * in {@code docs/decisions/0301-few-cgroups.md}.
 */
@NullMarked
package org.felucca.runtime.engine.cgroup;

import org.jspecify.annotations.NullMarked;
