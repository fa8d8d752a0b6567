package org.felucca.api.snapshot;

import java.nio.file.Path;

/**
 * Where the files of a snapshot are, for those who write and check them without mounting.
 *
 * @param tree the directory of its own files, those of its parents not included unless the snapshotter copies them
 * @param manifest where the description of the tree belongs; it is synced with the tree and goes with it, and need not
 *     be there
 */
public record SnapshotFiles(Path tree, Path manifest) {}
