package org.felucca.core.registry;

/**
 * Where a service comes from.
 *
 * @param ranking the service ranking
 * @param bundle symbolic name of its bundle
 * @param version version of its bundle
 */
public record Origin(int ranking, String bundle, String version) {}
