package org.felucca.api.command;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.felucca.api.process.ExitStatus;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;

/** What a command answers; the shell shows it as a table, as lines or as JSON. */
public sealed interface Result {
    /** Nothing to show: success. */
    record Done() implements Result {}

    /**
     * A list. As a table for people; for programs one JSON object a line.
     *
     * @param columns what people see
     * @param rows the documents
     */
    record Table(List<Column> columns, List<JsonObject> rows) implements Result {
        /** Copies. */
        public Table {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /**
     * One document, shown as indented JSON to everybody (or as it is, on one line, to programs).
     *
     * @param value the document
     */
    record Document(JsonValue value) implements Result {}

    /**
     * Lines for people, such as ids; for programs one JSON object a line, which says more.
     *
     * @param lines without line ends
     * @param documents as many as there were things done; need not be as many as there are lines
     */
    record Lines(List<String> lines, List<JsonObject> documents) implements Result {
        /** Copies. */
        public Lines {
            lines = List.copyOf(lines);
            documents = List.copyOf(documents);
        }

        /** Lines of which there is nothing more to say; for programs {@code {"line": ...}} each. */
        public Lines(List<String> lines) {
            this(
                    lines,
                    lines.stream()
                            .map(line -> JsonObject.builder().put("line", line).build())
                            .toList());
        }

        /** One line and one document. */
        public static Lines of(String line, JsonObject document) {
            return new Lines(List.of(line), List.of(document));
        }
    }

    /**
     * Documents that arrive over time (events); each is shown as it comes.
     *
     * @param columns what people see
     * @param source called once; pushes documents until it returns or the thread is interrupted
     */
    record Flow(List<Column> columns, Consumer<Consumer<? super JsonObject>> source) implements Result {
        /** Copies. */
        public Flow {
            columns = List.copyOf(columns);
        }
    }

    /**
     * The end of a container's process, which becomes the exit status of the client.
     *
     * @param status how it ended
     */
    record Exit(ExitStatus status) implements Result {}

    /**
     * What was shown and done, with an exit status of the verb's own: some of many operands failed.
     *
     * @param shown what to show first
     * @param errors one message a line for standard error
     * @param exitCode 1 to 255
     */
    record Partial(Result shown, List<String> errors, int exitCode) implements Result {
        /** Copies. */
        public Partial {
            errors = List.copyOf(errors);
        }
    }

    /** Returns the result of the function that fits. */
    default <R> R fold(
            Function<? super Done, ? extends R> done,
            Function<? super Table, ? extends R> table,
            Function<? super Document, ? extends R> document,
            Function<? super Lines, ? extends R> lines,
            Function<? super Flow, ? extends R> flow,
            Function<? super Exit, ? extends R> exit,
            Function<? super Partial, ? extends R> partial) {
        if (this instanceof Done d) {
            return done.apply(d);
        }
        if (this instanceof Table t) {
            return table.apply(t);
        }
        if (this instanceof Document d) {
            return document.apply(d);
        }
        if (this instanceof Lines l) {
            return lines.apply(l);
        }
        if (this instanceof Flow f) {
            return flow.apply(f);
        }
        if (this instanceof Exit e) {
            return exit.apply(e);
        }
        return partial.apply((Partial) this);
    }
}
