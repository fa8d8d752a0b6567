/**
 * Leases: what is under way keeps its parts alive.
 *
 * <p>Work that makes several things before a record refers to them (a pull, a create) holds a lease and adds each thing
 * to it. Garbage collection treats live leases as roots. A lease has an expiry, so that a crash does not keep garbage.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.lease;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
