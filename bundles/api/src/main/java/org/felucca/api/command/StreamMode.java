package org.felucca.api.command;

/**
 * How a client is connected to a container's streams.
 *
 * @param terminal whether the process has a terminal: the client's own goes into raw mode, and its size is passed on
 * @param input whether the client's standard input goes to the process
 * @param signals whether the client passes the signals it gets on to the process
 * @param running whether the process runs already; otherwise the client waits for its start, and until then a signal
 *     interrupts the command
 * @param detachKeys keys that end the client and leave the process, as docker writes them ({@code ctrl-p,ctrl-q});
 *     empty for none; they count only with a terminal
 */
public record StreamMode(boolean terminal, boolean input, boolean signals, boolean running, String detachKeys) {}
