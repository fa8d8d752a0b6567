/**
 * The narrow waist to native code: one entry point (libc's {@code syscall}), symbols of optional libraries, and
 * scratch memory. Private to this bundle; nothing here checks more than the kernel does.
 */
@NullMarked
package org.felucca.posix.libc;

import org.jspecify.annotations.NullMarked;
