package org.felucca.oci.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.felucca.oci.OciFormatException;

/**
 * Bytes to tree and back. The only place that knows the streaming parser below. Stateless, safe for any thread.
 */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(64 << 10)
                    .maxNumberLength(512)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Json() {}

    /**
     * Parses one document under {@link JsonLimits#DEFAULT}.
     *
     * @param subject what the document is, for messages
     * @param document UTF-8 text of exactly one JSON value; white space around it is fine
     * @throws OciFormatException if it is not JSON, repeats a name, or exceeds a limit
     */
    public static JsonValue parse(String subject, byte[] document) {
        return parse(subject, document, JsonLimits.DEFAULT);
    }

    /** As {@link #parse(String, byte[])} under other limits. */
    public static JsonValue parse(String subject, byte[] document, JsonLimits limits) {
        if (document.length > limits.bytes()) {
            throw new OciFormatException(
                    subject,
                    null,
                    "it has " + document.length + " bytes",
                    "a document of this kind has at most " + limits.bytes());
        }
        requireUtf8Start(subject, document);
        try (JsonParser parser = FACTORY.createParser(document)) {
            TreeReader reader = new TreeReader(subject, parser, limits);
            if (parser.nextToken() == null) {
                throw new OciFormatException(subject, null, "it is empty", "give one JSON value");
            }
            JsonValue value = reader.value(1);
            if (parser.nextToken() != null) {
                throw reader.syntax("there is more text after the value", "give exactly one JSON value");
            }
            return value;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw new OciFormatException(
                    subject, null, "it is not JSON: " + e.getOriginalMessage() + where, "correct the syntax", e);
        } catch (IOException e) {
            throw new OciFormatException(subject, null, "it is not UTF-8: " + e.getMessage(), "write it as UTF-8", e);
        }
    }

    /** Parses a text; see {@link #parse(String, byte[])}. */
    public static JsonValue parse(String subject, String document) {
        return parse(subject, document.getBytes(StandardCharsets.UTF_8));
    }

    /** The compact form as UTF-8: no white space, members in their order. */
    public static byte[] bytes(JsonValue value) {
        return write(value, false);
    }

    /** The compact form as a text. */
    public static String text(JsonValue value) {
        return new String(write(value, false), StandardCharsets.UTF_8);
    }

    /** The form for people as UTF-8: two spaces a level, a newline at the end. */
    public static byte[] prettyBytes(JsonValue value) {
        return write(value, true);
    }

    /** The parser below would also take UTF-16 and UTF-32, which other readers of the same bytes would not. */
    private static void requireUtf8Start(String subject, byte[] document) {
        for (int i = 0; i < Math.min(2, document.length); i++) {
            int b = document[i] & 0xff;
            if (b == 0 || b == 0xfe || b == 0xff || b == 0xef) {
                throw new OciFormatException(
                        subject, null, "it starts with a byte order mark or is not UTF-8", "write it as plain UTF-8");
            }
        }
    }

    private static byte[] write(JsonValue value, boolean pretty) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            if (pretty) {
                DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
                DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
                printer.indentObjectsWith(indenter);
                printer.indentArraysWith(indenter);
                generator.setPrettyPrinter(printer);
            }
            write(value, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        if (pretty) {
            out.write('\n');
        }
        return out.toByteArray();
    }

    private static void write(JsonValue value, JsonGenerator generator) throws IOException {
        if (value instanceof JsonObject object) {
            generator.writeStartObject();
            for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                generator.writeFieldName(member.getKey());
                write(member.getValue(), generator);
            }
            generator.writeEndObject();
        } else if (value instanceof JsonArray array) {
            generator.writeStartArray();
            for (JsonValue element : array.values()) {
                write(element, generator);
            }
            generator.writeEndArray();
        } else if (value instanceof JsonString string) {
            generator.writeString(string.value());
        } else if (value instanceof JsonNumber number) {
            generator.writeNumber(number.text());
        } else if (value instanceof JsonBoolean literal) {
            generator.writeBoolean(literal.value());
        } else {
            generator.writeNull();
        }
    }

    /** One pass over the tokens of one document. */
    private static final class TreeReader {
        private final String subject;
        private final JsonParser parser;
        private final JsonLimits limits;
        private int values;

        TreeReader(String subject, JsonParser parser, JsonLimits limits) {
            this.subject = subject;
            this.parser = parser;
            this.limits = limits;
        }

        JsonValue value(int depth) throws IOException {
            if (++values > limits.values()) {
                throw syntax("it has too many values", "at most " + limits.values() + " are allowed");
            }
            JsonToken token = parser.currentToken();
            if (token == null) {
                throw syntax("it ends too early", "give the whole document");
            }
            return switch (token) {
                case START_OBJECT -> object(depth);
                case START_ARRAY -> array(depth);
                case VALUE_STRING -> new JsonString(parser.getText());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getText());
                case VALUE_TRUE -> JsonBoolean.TRUE;
                case VALUE_FALSE -> JsonBoolean.FALSE;
                case VALUE_NULL -> JsonNull.NULL;
                default -> throw syntax("unexpected " + token, "correct the syntax");
            };
        }

        private JsonObject object(int depth) throws IOException {
            requireDepth(depth);
            JsonObject.Builder builder = JsonObject.builder();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (builder.has(name)) {
                    throw syntax(
                            "member " + OciFormatException.quote(name) + " appears twice in one object",
                            "keep one of them");
                }
                parser.nextToken();
                builder.put(name, value(depth + 1));
            }
            return builder.build();
        }

        private JsonArray array(int depth) throws IOException {
            requireDepth(depth);
            List<JsonValue> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(depth + 1));
            }
            return elements.isEmpty() ? JsonArray.EMPTY : new JsonArray(elements);
        }

        private void requireDepth(int depth) {
            if (depth > limits.depth()) {
                throw syntax("it nests too deep", "at most " + limits.depth() + " levels are allowed");
            }
        }

        OciFormatException syntax(String reason, String fix) {
            JsonLocation at = parser.currentTokenLocation();
            return new OciFormatException(
                    subject, null, reason + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")", fix);
        }
    }
}
