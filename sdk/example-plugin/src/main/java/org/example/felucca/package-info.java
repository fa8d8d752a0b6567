/**
 * A complete plugin: the snapshotter {@code plain}, which keeps each snapshot as a directory of its own and copies with
 * the host's {@code cp}, and the command {@code plain-usage}, which says what they take.
 *
 * <p>It needs nothing but published contracts. The components are thin adapters over {@link PlainStore}, so that the
 * logic is tested without OSGi.
 */
@NullMarked
package org.example.felucca;

import org.jspecify.annotations.NullMarked;
