/**
 * System call filters: a profile in, a BPF program out. libseccomp makes the program; a prefix of our own in front of
 * it answers ENOSYS for system calls that are newer than the profile, and knows the numbers of calls that are newer
 * than libseccomp. Internal to the platform.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#seccomp">runtime-spec,
 *     seccomp</a>
 */
@NullMarked
package org.felucca.posix.seccomp;

import org.jspecify.annotations.NullMarked;
