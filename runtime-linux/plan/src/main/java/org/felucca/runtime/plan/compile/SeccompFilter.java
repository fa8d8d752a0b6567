package org.felucca.runtime.plan.compile;

/**
 * A compiled filter.
 *
 * @param program {@code struct sock_filter[]}; not to be changed
 * @param flags {@code SECCOMP_FILTER_FLAG_*}
 */
public record SeccompFilter(byte[] program, int flags) {}
