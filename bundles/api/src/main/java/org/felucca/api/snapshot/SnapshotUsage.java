package org.felucca.api.snapshot;

/**
 * What a snapshot takes by itself, its parents not included.
 *
 * @param bytes allocated bytes on disk
 * @param inodes files, directories and others; hard links counted once
 */
public record SnapshotUsage(long bytes, long inodes) {}
