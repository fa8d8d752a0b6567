/**
 * Processes and kernel objects of the host, as data: handles that cross contracts, exit statuses, signals, and the
 * service that runs a helper program for the platform without forking the JVM.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.process;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
