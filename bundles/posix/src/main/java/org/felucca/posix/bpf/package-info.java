/**
 * The part of {@code bpf(2)} that cgroups of version 2 need: a program that decides about devices. Internal to the
 * platform.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#device-controller">cgroup v2, device controller</a>
 */
@NullMarked
package org.felucca.posix.bpf;

import org.jspecify.annotations.NullMarked;
