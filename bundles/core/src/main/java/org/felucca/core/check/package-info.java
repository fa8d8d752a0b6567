/**
 * Whether what lies on the disk is whole, and how much of it there is: {@link org.felucca.core.check.StorageCheck} goes
 * through records, blobs, ingests, layers, images and containers; {@link org.felucca.core.check.CleanMark} knows when
 * that is needed by itself; {@link org.felucca.core.check.StorageUsage} measures.
 */
@NullMarked
package org.felucca.core.check;

import org.jspecify.annotations.NullMarked;
