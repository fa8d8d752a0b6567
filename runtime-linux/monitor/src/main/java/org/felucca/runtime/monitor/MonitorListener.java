package org.felucca.runtime.monitor;

/** What a monitor tells without being asked. Called on the loop's thread: must not wait. */
public interface MonitorListener {
    /** The first process ended; it is on disk. Output may still come. */
    void exited(ProcessEnd end);

    /** All output of the first process went to log and clients. */
    void drained();

    /** Another process ended, and its output is out. */
    void execExited(String execId, ProcessEnd end);

    /** Memory ran out in the container; so often in all. */
    void outOfMemory(int count);

    /** Something was not done exactly, or an optional part failed. */
    void warning(AppletException warning);

    /** The connection is over. The monitor may live on. */
    void disconnected(String reason);
}
