/**
 * Garbage collection: a mark over the records' references, then a sweep of what snapshotters and content stores hold.
 */
@NullMarked
package org.felucca.core.gc;

import org.jspecify.annotations.NullMarked;
