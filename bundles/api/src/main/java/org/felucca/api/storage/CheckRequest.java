package org.felucca.api.storage;

/**
 * How to check.
 *
 * @param repair whether what is found is repaired
 * @param contents whether every byte of blobs and layers is read; without, their sizes and kinds are compared
 */
public record CheckRequest(boolean repair, boolean contents) {}
