package org.felucca.shell.verb;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.felucca.api.plugin.Readiness;

/** The platform's readiness as a gate. */
public final class ReadinessGate implements StartGate {
    private final Readiness readiness;

    /** Makes a gate. */
    public ReadinessGate(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public String await(Duration patience) throws InterruptedException {
        if (readiness.ready()) {
            return "";
        }
        try {
            readiness.whenReady().toCompletableFuture().get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return "";
        } catch (TimeoutException e) {
            List<String> missing = readiness.waitingFor();
            return String.join(", ", missing);
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }
}
