package org.felucca.shell.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.felucca.api.command.Column;
import org.felucca.api.command.Result;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.ExitStatus.Exited;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.junit.jupiter.api.Test;

class ResultRendererTest {
    private static final List<Column> COLUMNS = List.of(Column.text("NAME", "name"));
    private static final JsonObject A =
            JsonObject.builder().put("name", "a").put("more", 1).build();
    private static final JsonObject B = JsonObject.builder().put("name", "b").build();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private ExitStatus show(Result result, boolean json) {
        return new ResultRenderer(out, err, json, false, InstantSource.system()).show(result);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void table_forPrograms_isOneObjectALine() {
        assertEquals(new Exited(0), show(new Result.Table(COLUMNS, List.of(A, B)), true));
        assertEquals("{\"name\":\"a\",\"more\":1}\n{\"name\":\"b\"}\n", out());
    }

    @Test
    void table_forPeople_hasHeadings() {
        show(new Result.Table(COLUMNS, List.of(A, B)), false);
        assertEquals("NAME\na\nb\n", out());
    }

    @Test
    void document_isIndentedForPeopleAndOneLineForPrograms() {
        show(new Result.Document(new JsonArray(List.of(B))), false);
        assertEquals("[\n  {\n    \"name\": \"b\"\n  }\n]\n", out());
        out.reset();
        show(new Result.Document(new JsonArray(List.of(B))), true);
        assertEquals("[{\"name\":\"b\"}]\n", out());
    }

    @Test
    void lines_areObjectsForPrograms() {
        show(new Result.Lines(List.of("x", "y")), false);
        show(new Result.Lines(List.of("z")), true);
        assertEquals("x\ny\n{\"line\":\"z\"}\n", out());
    }

    @Test
    void flow_isShownAsItComes() {
        show(
                new Result.Flow(COLUMNS, sink -> {
                    sink.accept(A);
                    assertEquals("a\n", out());
                    sink.accept(B);
                }),
                false);
        assertEquals("a\nb\n", out());
    }

    @Test
    void exit_becomesTheStatus() {
        assertEquals(new ExitStatus.Signaled(9), show(new Result.Exit(new ExitStatus.Signaled(9)), false));
    }

    @Test
    void partial_showsWhatWorkedAndWhatDidNot() {
        Result partial = new Result.Partial(new Result.Lines(List.of("a")), List.of("cannot stop b: it is gone"), 1);
        assertEquals(new Exited(1), show(partial, false));
        assertEquals("a\n", out());
        assertEquals("felucca: cannot stop b: it is gone\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void show_toCallerThatHasGone_throws() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };
        ResultRenderer renderer = new ResultRenderer(gone, err, false, false, InstantSource.system());
        assertThrows(UncheckedIOException.class, () -> renderer.show(new Result.Lines(List.of("a"))));
    }
}
