/**
 * The applier {@code tar}: layer archives, as registries hold them, into snapshots on Linux.
 */
@NullMarked
package org.felucca.layers;

import org.jspecify.annotations.NullMarked;
