package org.felucca.metadata;

/** Ending threads. Stateless. */
final class Threads {
    private Threads() {}

    /** Waits for a thread that was told to end; an interrupt meanwhile is kept for the caller. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
