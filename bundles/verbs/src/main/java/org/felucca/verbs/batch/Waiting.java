package org.felucca.verbs.batch;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Waits for what the world does. Stateless. */
public final class Waiting {
    private Waiting() {}

    /**
     * Waits for a stage.
     *
     * @param subject what is waited for, for messages: {@code cannot wait for container web}
     * @throws FeluccaException CANCELLED on interrupt; what the stage failed with
     */
    public static <T> T forStage(String subject, CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(ErrorCode.CANCELLED, subject, "interrupted", null, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FeluccaException failure) {
                throw failure;
            }
            throw new FeluccaException(ErrorCode.INTERNAL, subject, String.valueOf(e.getCause()), null, e);
        }
    }
}
