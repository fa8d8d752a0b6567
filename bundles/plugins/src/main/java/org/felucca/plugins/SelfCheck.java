package org.felucca.plugins;

import org.osgi.framework.Bundle;

/** Decides whether a bundle that was started does what it is there for. */
@FunctionalInterface
interface SelfCheck {
    /**
     * Returns when the bundle is found to work.
     *
     * @throws RefusedException if it does not, with the reason
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void require(Bundle bundle) throws RefusedException, InterruptedException;
}
