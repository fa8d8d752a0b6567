/**
 * The daemon's side of {@code docs/spec/command-protocol.md}: one thread that accepts and reads every client, a bounded
 * set of threads that run commands, and a session for each client between them.
 */
@NullMarked
package org.felucca.shell.server;

import org.jspecify.annotations.NullMarked;
