package org.felucca.api.container;

/**
 * A limit on what a process uses (setrlimit(2)).
 *
 * @param name lower case without prefix: {@code nofile}
 * @param soft the limit in force; -1 for none
 * @param hard the limit up to which the process may raise it; -1 for none
 */
public record Ulimit(String name, long soft, long hard) {}
