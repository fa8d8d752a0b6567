package org.felucca.oci.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.felucca.oci.OciFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void parse_writtenTree_isEqualTree() {
        for (long seed = 0; seed < 300; seed++) {
            JsonValue tree = tree(new Random(seed), 0);
            assertEquals(tree, Json.parse("doc", Json.bytes(tree)), "compact, seed " + seed);
            assertEquals(tree, Json.parse("doc", Json.prettyBytes(tree)), "pretty, seed " + seed);
        }
    }

    @Test
    void text_ofObject_keepsOrderAndNumberText() {
        String text = "{\"z\":1e3,\"a\":-0.10,\"m\":[true,null,\"\\u0001é\"]}";
        assertEquals(text, Json.text(Json.parse("doc", text)));
    }

    @Test
    void prettyBytes_ofObject_indentsByTwo() {
        JsonValue value = Json.parse("doc", "{\"a\":[1,2],\"b\":{}}");
        assertEquals(
                "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": { }\n}\n",
                new String(Json.prettyBytes(value), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1",
                "[1,]",
                "{\"a\":1,}",
                "{'a':1}",
                "nul",
                "01",
                "+1",
                "1.",
                ".5",
                "NaN",
                "\"a",
                "\"\t\"",
                "// c\n1",
                "{\"a\" 1}",
                "\"\\x\"",
                "1 2",
                "{} x"
            })
    void parse_malformedText_isRefused(String text) {
        OciFormatException e = assertThrows(OciFormatException.class, () -> Json.parse("doc", text));
        assertTrue(e.getMessage().startsWith("cannot read doc"), e.getMessage());
    }

    @Test
    void parse_duplicateName_isRefusedByName() {
        OciFormatException e =
                assertThrows(OciFormatException.class, () -> Json.parse("doc", "{\"a\":{\"k\":1,\"\\u006b\":2}}"));
        assertTrue(e.getMessage().contains("member \"k\" appears twice"), e.getMessage());
    }

    @Test
    void parse_otherEncodings_areRefused() {
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
            byte[] bytes = "{\"a\":1}".getBytes(Charset.forName(charset));
            assertThrows(OciFormatException.class, () -> Json.parse("doc", bytes), charset);
        }
        assertThrows(OciFormatException.class, () -> Json.parse("doc", "\ufeff{}"));
    }

    @Test
    void parse_invalidUtf8_isRefused() {
        byte[] bytes = {'"', (byte) 0xc3, '"'};
        assertThrows(OciFormatException.class, () -> Json.parse("doc", bytes));
    }

    @Test
    void parse_loneSurrogate_isRefused() {
        assertThrows(OciFormatException.class, () -> Json.parse("doc", "\"\\ud800\""));
        assertThrows(OciFormatException.class, () -> Json.parse("doc", "{\"\\udc00\":1}"));
        assertEquals(new JsonString("😀"), Json.parse("doc", "\"\\ud83d\\ude00\""));
    }

    @Test
    void parse_beyondLimits_isRefusedNamingTheLimit() {
        JsonLimits limits = new JsonLimits(100, 3, 10);
        assertEquals(JsonNull.NULL, Json.parse("doc", "null".getBytes(StandardCharsets.UTF_8), limits));
        assertLimit("[[[[]]]]", limits, "at most 3 levels");
        assertLimit("[1,2,3,4,5,6,7,8,9,10]", limits, "at most 10 are allowed");
        assertLimit("\"" + "x".repeat(100) + "\"", limits, "at most 100");
        Json.parse("doc", "[[[]]]".getBytes(StandardCharsets.UTF_8), limits);
        Json.parse("doc", "[1,2,3,4,5,6,7,8,9]".getBytes(StandardCharsets.UTF_8), limits);
    }

    @Test
    void exactLong_ofWholeNumbers_isTheirValue() {
        assertEquals(OptionalLong.of(1000), new JsonNumber("1e3").exactLong());
        assertEquals(OptionalLong.of(-5), new JsonNumber("-5.0").exactLong());
        assertEquals(OptionalLong.of(Long.MIN_VALUE), new JsonNumber("-9223372036854775808").exactLong());
        assertEquals(OptionalLong.empty(), new JsonNumber("9223372036854775808").exactLong());
        assertEquals(OptionalLong.empty(), new JsonNumber("0.5").exactLong());
        assertEquals(OptionalLong.empty(), new JsonNumber("1e999999999").exactLong());
        assertEquals(OptionalLong.empty(), new JsonNumber("1e9999999999").exactLong());
    }

    @Test
    void exactUnsignedLong_upToAllOnes_isItsBits() {
        assertEquals(OptionalLong.of(-1), new JsonNumber("18446744073709551615").exactUnsignedLong());
        assertEquals(OptionalLong.of(Long.MIN_VALUE), new JsonNumber("9223372036854775808").exactUnsignedLong());
        assertEquals(OptionalLong.empty(), new JsonNumber("18446744073709551616").exactUnsignedLong());
        assertEquals(OptionalLong.empty(), new JsonNumber("-1").exactUnsignedLong());
        assertEquals("18446744073709551615", JsonNumber.ofUnsigned(-1).text());
    }

    private static void assertLimit(String text, JsonLimits limits, String expected) {
        OciFormatException e = assertThrows(
                OciFormatException.class, () -> Json.parse("doc", text.getBytes(StandardCharsets.UTF_8), limits));
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    private static JsonValue tree(Random random, int depth) {
        switch (random.nextInt(depth > 4 ? 4 : 6)) {
            case 0:
                return random.nextBoolean() ? JsonNull.NULL : JsonBoolean.of(random.nextBoolean());
            case 1:
                return JsonNumber.of(random.nextLong());
            case 2:
                return JsonNumber.ofUnsigned(random.nextLong());
            case 3:
                return new JsonString(string(random));
            case 4:
                List<JsonValue> values = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    values.add(tree(random, depth + 1));
                }
                return new JsonArray(values);
            default:
                JsonObject.Builder builder = JsonObject.builder();
                for (int i = random.nextInt(5); i > 0; i--) {
                    builder.put(string(random), tree(random, depth + 1));
                }
                return builder.build();
        }
    }

    private static String string(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x10ffff);
            out.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 'x' : c);
        }
        return out.toString();
    }
}
