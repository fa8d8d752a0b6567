/**
 * File systems as a tree of snapshots.
 *
 * <p>The model is containerd's. A snapshot has a key and at most one parent. It is <em>active</em> (writable, made by
 * {@code prepare}), a <em>view</em> (read-only, made by {@code view}) or <em>committed</em> (made by {@code commit} from
 * an active one, immutable, the only kind that can be a parent). {@code mounts} describes how to mount an active
 * snapshot or a view, as data: nothing is mounted by a snapshotter, so any runtime can use any snapshotter.
 *
 * <pre>
 *   prepare(a) ── ACTIVE a ── write ── commit(n, a) ──&gt; COMMITTED n ── prepare(b, parent n) ── ACTIVE b ── remove(b)
 *                                                           └── view(v, parent n) ── VIEW v ── remove(v)
 * </pre>
 *
 * <p>Unpacking an image of two layers with diffIDs d1, d2 and chain ids c1 = d1, c2:
 *
 * <pre>{@code
 * List<SnapshotMount> m = snapshotter.prepare(SnapshotRequest.of(SnapshotKey.of(unpack-1)));
 * applier.apply(layer1, m);                       // verified: diffId == d1
 * snapshotter.commit(SnapshotKey.of(c1), SnapshotKey.of(unpack-1), labels);
 * m = snapshotter.prepare(SnapshotRequest.of(SnapshotKey.of(unpack-2)).parent(SnapshotKey.of(c1)));
 * applier.apply(layer2, m);
 * snapshotter.commit(SnapshotKey.of(c2), SnapshotKey.of(unpack-2), labels);
 * }</pre>
 *
 * <p>With {@link org.felucca.api.snapshot.SnapshotCapability#REBASE} both layers are unpacked at the same time, the second
 * one without its parent, onto which it is committed at the end:
 *
 * <pre>{@code
 * SnapshotRequest isolated = SnapshotRequest.of(SnapshotKey.of(unpack-2)).labels(Map.of(LABEL_ISOLATED, "true"));
 * List<SnapshotMount> m2 = snapshotter.prepare(isolated);
 * IsolatedDiff diff = applier.applyIsolated(layer2, m2).orElseThrow();
 * diff.settle(List.of(m1));                       // what layer 2 takes for granted of layer 1
 * snapshotter.commit(SnapshotKey.of(c2), SnapshotKey.of(unpack-2), labels, SnapshotKey.of(c1));
 * }</pre>
 *
 * <p>Invariants: keys are unique per snapshotter over all kinds; a parent is committed; a snapshot with children is not
 * removed; a committed snapshot never changes. Every operation is atomic: it happened or it did not, also over a crash.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.snapshot;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
