/**
 * Waiting for the kernel: epoll, event and timer descriptors, process descriptors, inotify. Internal to the platform.
 */
@NullMarked
package org.felucca.posix.poll;

import org.jspecify.annotations.NullMarked;
