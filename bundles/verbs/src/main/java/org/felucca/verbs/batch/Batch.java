package org.felucca.verbs.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.felucca.api.command.Result;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Does the same to each operand, as docker does: the good ones are printed, the bad ones reported, in order. */
public final class Batch {
    private static final int SOME_FAILED = 1;

    private Batch() {}

    /** Acts on each operand and prints those that it worked for. */
    public static Result each(List<String> operands, Consumer<String> action) {
        return lines(operands, operand -> {
            action.accept(operand);
            return List.of(operand);
        });
    }

    /**
     * Acts on each operand and prints the lines it answers.
     *
     * @throws FeluccaException CANCELLED at once; any other failure is reported at the end
     */
    public static Result lines(List<String> operands, Function<String, List<String>> action) {
        List<String> shown = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (String operand : operands) {
            try {
                shown.addAll(action.apply(operand));
            } catch (FeluccaException e) {
                if (e.code() == ErrorCode.CANCELLED) {
                    throw e;
                }
                errors.add(e.getMessage());
            }
        }
        Result.Lines lines = new Result.Lines(shown);
        return errors.isEmpty() ? lines : new Result.Partial(lines, errors, SOME_FAILED);
    }
}
