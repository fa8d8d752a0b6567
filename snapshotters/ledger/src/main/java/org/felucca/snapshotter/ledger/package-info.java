/**
 * The model of snapshots, once for all snapshotters that keep a directory each: what is legal, and what is recorded.
 * A snapshotter adds what its directories hold.
 *
 * <ul>
 *   <li>{@link org.felucca.snapshotter.ledger.Ledger}: snapshots as records of the metadata store; every change
 *       is one transaction.
 *   <li>{@link org.felucca.snapshotter.ledger.Storage}: numbered directories, made before the record that names
 *       them and removed after it, so that a crash leaves at most a directory that no record names.
 *   <li>{@link org.felucca.snapshotter.ledger.DirectorySnapshotter}: both put together into the contract.
 * </ul>
 */
@NullMarked
package org.felucca.snapshotter.ledger;

import org.jspecify.annotations.NullMarked;
