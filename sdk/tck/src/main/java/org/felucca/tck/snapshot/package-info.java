/**
 * The contract suite of snapshotters, one class per clause. A provider's tests extend a common base of their own,
 * which says how to open the snapshotter and how to read a tree, and each of the suites through it:
 *
 * <ul>
 *   <li>{@link org.felucca.tck.snapshot.PrepareContract}: what prepare and view make, and refuse.
 *   <li>{@link org.felucca.tck.snapshot.CommitContract}: active becomes committed.
 *   <li>{@link org.felucca.tck.snapshot.MendContract}: one sync for a chain, and what was damaged made whole.
 *   <li>{@link org.felucca.tck.snapshot.RemoveContract}: what goes, what stays.
 *   <li>{@link org.felucca.tck.snapshot.QueryContract}: mounts, stat, usage, walk.
 *   <li>{@link org.felucca.tck.snapshot.LayeringContract}: what a chain of snapshots looks like.
 *   <li>{@link org.felucca.tck.snapshot.CapabilityContract}: what is declared works, what is not is refused.
 *   <li>{@link org.felucca.tck.snapshot.ConcurrencyContract}: many callers at once.
 *   <li>{@link org.felucca.tck.snapshot.RestartContract}: what survives the process, and what is cleaned up.
 * </ul>
 *
 * <p>The suites are interfaces of default test methods, so that one class can run them all:
 *
 * <pre>{@code
 * class MySnapshotterTest {
 *     @Nested class Prepare extends MyFixture implements PrepareContract {}
 *     @Nested class Commit extends MyFixture implements CommitContract {}
 *     ...
 * }
 *
 * abstract class MyFixture extends SnapshotterFixture {
 *     protected Snapshotter open(Path directory) { return new MySnapshotter(directory); }
 *     protected void close(Snapshotter snapshotter) { ((MySnapshotter) snapshotter).close(); }
 * }
 * }</pre>
 *
 * <p>Every capability is expected; a fixture that overrides {@link
 * org.felucca.tck.snapshot.SnapshotterFixture#capabilities} has the missing ones asserted to be refused in the way
 * the contract says.
 */
@Version("1.0.0")
@NullMarked
package org.felucca.tck.snapshot;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
