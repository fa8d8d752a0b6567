package org.felucca.verbs.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.felucca.api.command.Result;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.json.JsonObject;

/** Does the same to each operand, as docker does: the good ones are printed, the bad ones reported, in order. */
public final class Batch {
    private static final int SOME_FAILED = 1;

    private Batch() {}

    /**
     * What was done to one operand.
     *
     * @param lines what people see
     * @param documents what programs get
     */
    public record Outcome(List<String> lines, List<JsonObject> documents) {
        /** Nothing to do, nothing to say. */
        public static final Outcome NONE = new Outcome(List.of(), List.of());

        /** Copies. */
        public Outcome {
            lines = List.copyOf(lines);
            documents = List.copyOf(documents);
        }

        /** One line and one document. */
        public static Outcome of(String line, JsonObject document) {
            return new Outcome(List.of(line), List.of(document));
        }
    }

    /**
     * Acts on each operand and prints the outcomes.
     *
     * @throws FeluccaException CANCELLED at once; any other failure is reported at the end
     */
    public static Result each(List<String> operands, Function<String, Outcome> action) {
        List<String> lines = new ArrayList<>();
        List<JsonObject> documents = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (String operand : operands) {
            try {
                Outcome outcome = action.apply(operand);
                lines.addAll(outcome.lines());
                documents.addAll(outcome.documents());
            } catch (FeluccaException e) {
                if (e.code() == ErrorCode.CANCELLED) {
                    throw e;
                }
                errors.add(e.getMessage());
            }
        }
        Result.Lines shown = new Result.Lines(lines, documents);
        return errors.isEmpty() ? shown : new Result.Partial(shown, errors, SOME_FAILED);
    }
}
