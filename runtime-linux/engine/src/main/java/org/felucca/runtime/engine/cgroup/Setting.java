package org.felucca.runtime.engine.cgroup;

/**
 * A value to be written into a file of a cgroup.
 *
 * @param controller which controller it belongs to
 * @param file name in the cgroup's directory
 * @param value what to write
 * @param pointer JSON pointer of the property it comes from
 */
public record Setting(String controller, String file, String value, String pointer) {}
