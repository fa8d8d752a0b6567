/** Unix sockets with descriptor passing, which the JDK's channels do not do. Internal to the platform. */
@NullMarked
package org.felucca.posix.net;

import org.jspecify.annotations.NullMarked;
