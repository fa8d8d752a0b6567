package org.felucca.runtime.monitor;

/** Numbers of {@code docs/spec/monitor-protocol.md}, version 1. */
final class Protocol {
    static final int VERSION = 1;
    static final int MOST_BYTES = 65536;
    static final int HEADER = 8;

    // requests to spawn
    static final int SPAWN_HELLO = 1;
    static final int SPAWN = 2;
    static final int RUN = 3;
    static final int CANCEL = 4;
    static final int SOCKET_IN_NETNS = 5;
    static final int NEW_NETNS = 6;
    static final int LOOPBACK_UP = 1;
    static final int AHEAD = 2;
    static final int MOUNT = 7;

    // requests to a monitor
    static final int HELLO = 1;
    static final int START = 2;
    static final int KILL = 3;
    static final int EXEC = 4;
    static final int ATTACH = 5;
    static final int RESIZE = 6;
    static final int CLOSE_STDIN = 7;
    static final int STATE = 8;
    static final int DELETE = 9;
    static final int REOPEN_LOG = 10;
    static final int ROOT = 11;

    // answers and events of both
    static final int OK = 32;
    static final int SPAWN_HELLO_REPLY = 33;
    static final int READY = 34;
    static final int ERROR = 35;
    static final int RUN_RESULT = 36;
    static final int DESCRIPTOR = 37;
    static final int MONITOR_ENDED = 38;
    static final int CREATED = 40;
    static final int STARTED = 41;
    static final int EXIT = 42;
    static final int DRAINED = 43;
    static final int EXEC_STARTED = 44;
    static final int EXEC_EXIT = 45;
    static final int OOM = 46;
    static final int WARNING = 47;
    static final int HELLO_REPLY = 48;
    static final int STATE_REPLY = 49;
    static final int ROOT_FD = 50;
    static final int CLIENT_GONE = 51;

    // flags of SPAWN, and of EXEC where they apply
    static final int AUTOSTART = 1;
    static final int PLAN_FD = 2;
    static final int CLIENT0 = 4;
    static final int LOG = 8;
    static final int STDIN = 16;
    static final int STDIN_ONCE = 32;

    static final int KILL_ALL = 1;
    static final int ATTACH_STDIN = 1;
    static final int ATTACH_OUTPUT = 6;
    static final int DELETE_FORCE = 1;
    static final int RUN_STDIN = 1;

    /** Bytes left for a plan beside the other arguments of its message. */
    static final int MOST_PLAN_BYTES = MOST_BYTES - 4096;

    private Protocol() {}
}
