package org.felucca.shell.render;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.felucca.api.command.Column;
import org.felucca.api.command.Result;
import org.felucca.api.process.ExitStatus;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonObject;

/** Shows one result to one caller. Confined to the thread of the invocation. */
public final class ResultRenderer {
    private static final int CHUNK = 64 * 1024;

    private final OutputStream out;
    private final OutputStream err;
    private final boolean json;
    private final boolean whole;
    private final InstantSource clock;

    /**
     * @param json whether documents for programs are wanted: one JSON document, or one object a line
     * @param whole whether ids are shown whole in tables
     * @param clock what ages are counted from
     */
    public ResultRenderer(OutputStream out, OutputStream err, boolean json, boolean whole, InstantSource clock) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.whole = whole;
        this.clock = clock;
    }

    /**
     * Shows a result and returns the status to end with. Blocks while the caller is slow, and for a flow until it ends.
     *
     * @throws UncheckedIOException if the caller has gone
     */
    public ExitStatus show(Result result) {
        return result.fold(
                done -> success(),
                table -> {
                    write(
                            out,
                            json ? lines(table.rows()) : text(table.columns()).table(table.rows()));
                    return success();
                },
                document -> {
                    byte[] bytes = json
                            ? (Json.text(document.value()) + "\n").getBytes(StandardCharsets.UTF_8)
                            : Json.prettyBytes(document.value());
                    write(out, bytes);
                    return success();
                },
                lines -> {
                    write(out, json ? lines(lines.documents()) : join(lines.lines()));
                    return success();
                },
                this::follow,
                Result.Exit::status,
                partial -> {
                    show(partial.shown());
                    partial.errors().forEach(message -> write(err, "felucca: " + message + "\n"));
                    return new ExitStatus.Exited(partial.exitCode());
                });
    }

    private static ExitStatus success() {
        return new ExitStatus.Exited(0);
    }

    private ExitStatus follow(Result.Flow flow) {
        flow.source()
                .accept(row -> write(
                        out, json ? Json.text(row) + "\n" : text(flow.columns()).line(row)));
        return success();
    }

    private TableText text(List<Column> columns) {
        return new TableText(
                columns, whole, Instant.ofEpochSecond(clock.instant().getEpochSecond()));
    }

    private static String lines(List<JsonObject> rows) {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(Json.text(row)).append('\n'));
        return text.toString();
    }

    private static String join(List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static void write(OutputStream stream, String text) {
        write(stream, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(OutputStream stream, byte[] bytes) {
        try {
            for (int at = 0; at < bytes.length; at += CHUNK) {
                stream.write(bytes, at, Math.min(CHUNK, bytes.length - at));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
