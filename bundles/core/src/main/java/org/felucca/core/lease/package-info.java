/**
 * What is under way and must not be collected: {@link org.felucca.core.lease.Pins} in memory for short work of the core
 * itself, {@link org.felucca.core.lease.LeaseBook} with records for work that should survive a crash of the daemon.
 */
@NullMarked
package org.felucca.core.lease;

import org.jspecify.annotations.NullMarked;
