package org.felucca.shell.server;

/** The frames of the command connection by number; {@code docs/spec/command-protocol.md}, section 1. */
final class FrameType {
    static final int HELLO = 1;
    static final int STDIN = 2;
    static final int STDOUT = 3;
    static final int STDERR = 4;
    static final int WINDOW = 5;
    static final int SIGNAL = 6;
    static final int CREDIT = 7;
    static final int EXIT = 8;
    static final int ERROR = 9;
    static final int STDIN_EOF = 11;
    static final int STREAMS = 33;
    static final int OPEN_FILE = 34;
    static final int FILE = 35;
    static final int CREATE_FILE = 36;
    static final int ECHO = 37;

    static final int HEADER = 8;
    static final int PAYLOAD = 65536;
    static final int FLAG_MORE = 1;

    private FrameType() {}
}
