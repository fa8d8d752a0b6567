package org.felucca.shell.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.felucca.api.command.Column;
import org.felucca.api.command.Column.Format;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonNull;
import org.felucca.oci.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTextTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private static final List<Column> COLUMNS = List.of(
            Column.of("ID", "id", Format.SHORT_ID),
            Column.text("NAME", "name"),
            Column.of("CREATED", "created", Format.AGO),
            Column.of("SIZE", "size", Format.BYTES),
            Column.of("TAGS", "tags", Format.LIST),
            Column.text("OWNER", "labels.owner"));

    private static final JsonObject WHOLE = JsonObject.builder()
            .put("id", "sha256:0123456789abcdef0123")
            .put("name", "wéb")
            .put("created", "2026-05-01T09:00:00Z")
            .put("size", 7_830_000)
            .put("tags", JsonArray.ofStrings(List.of("a", "b")))
            .put("labels", JsonObject.builder().put("owner", "me").build())
            .build();

    private static final JsonObject BARE = JsonObject.builder()
            .put("id", "short")
            .put("name", "evil\u001b[2Jname\nwith lines")
            .put("size", JsonNull.NULL)
            .build();

    @Test
    void table_ofRows_isAligned() {
        assertEquals("""
                ID             NAME                      CREATED       SIZE     TAGS   OWNER
                0123456789ab   wéb                       3 hours ago   7.83MB   a,b    me
                short          evil [2Jname with lines
                """, new TableText(COLUMNS, false, NOW).table(List.of(WHOLE, BARE)));
    }

    @Test
    void table_ofWholeIds_doesNotShorten() {
        assertEquals(
                "ID\nsha256:0123456789abcdef0123\n",
                new TableText(COLUMNS.subList(0, 1), true, NOW).table(List.of(WHOLE)));
    }

    @Test
    void table_withoutRows_hasHeadings() {
        assertEquals("ID   NAME\n", new TableText(COLUMNS.subList(0, 2), false, NOW).table(List.of()));
    }

    @Test
    void line_ofOneDocument_leavesOutWhatIsEmpty() {
        assertEquals("short evil [2Jname with lines\n", new TableText(COLUMNS, false, NOW).line(BARE));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0B",
        "999, 999B",
        "1000, 1kB",
        "1234, 1.23kB",
        "12345, 12.3kB",
        "123456, 123kB",
        "999999, 1MB",
        "7830000, 7.83MB",
        "1500000000, 1.5GB",
        "9223372036854775807, 9.22EB"
    })
    void bytes_haveThreeDigits(long count, String text) {
        assertEquals(text, Humane.bytes(count));
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.4S, less than a second",
        "PT1S, 1 second",
        "PT59S, 59 seconds",
        "PT60S, about a minute",
        "PT119S, about a minute",
        "PT120S, 2 minutes",
        "PT59M, 59 minutes",
        "PT60M, about an hour",
        "PT100M, 2 hours",
        "PT47H, 47 hours",
        "PT72H, 3 days",
        "P20D, 2 weeks",
        "P90D, 3 months",
        "P800D, 2 years",
        "PT-5S, less than a second"
    })
    void span_isTheLargestSensibleUnit(Duration span, String text) {
        assertEquals(text, Humane.span(span));
    }
}
