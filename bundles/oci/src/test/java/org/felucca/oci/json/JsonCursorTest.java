package org.felucca.oci.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.junit.jupiter.api.Test;

class JsonCursorTest {

    private enum Color {
        RED,
        GREEN
    }

    @Test
    void mismatch_deepInside_namesPointerValueAndAllowed() {
        ObjectReader root = read("{\"a/b\":[{\"m~n\":\"x\"}]}");
        OciFormatException e = assertThrows(
                OciFormatException.class,
                () -> root.list("a/b", at -> at.object().require("m~n").integer(1, 9)));
        assertEquals("/a~1b/0/m~0n", e.pointer());
        assertEquals(
                "cannot read doc at /a~1b/0/m~0n: found \"x\"; expected a whole number from 1 to 9", e.getMessage());
    }

    @Test
    void require_missingMember_namesItAndTheObject() {
        OciFormatException e = assertThrows(
                OciFormatException.class,
                () -> read("{\"o\":{}}").require("o").object().string("p"));
        assertEquals("cannot read doc at /o: property \"p\" is missing; it is required; add it", e.getMessage());
    }

    @Test
    void find_nullMember_isAbsent() {
        ObjectReader root = read("{\"a\":null,\"l\":null,\"m\":null}");
        assertNull(root.optionalString("a"));
        assertEquals(List.of(), root.strings("l"));
        assertEquals(Map.of(), root.stringMap("m"));
        assertThrows(OciFormatException.class, () -> root.require("a"));
    }

    @Test
    void typedGetters_ofOtherKinds_areRefused() {
        ObjectReader root = read("{\"s\":\"t\",\"n\":1.5,\"o\":{},\"a\":[],\"b\":true,\"neg\":-1}");
        assertThrows(OciFormatException.class, () -> root.require("n").string());
        assertThrows(OciFormatException.class, () -> root.require("n").int64());
        assertThrows(OciFormatException.class, () -> root.require("s").object());
        assertThrows(OciFormatException.class, () -> root.require("o").list(JsonCursor::string));
        assertThrows(OciFormatException.class, () -> root.require("a").map(JsonCursor::string));
        assertThrows(OciFormatException.class, () -> root.require("s").bool());
        assertThrows(OciFormatException.class, () -> root.require("neg").uint64());
        assertThrows(OciFormatException.class, () -> root.require("neg").uint32());
        assertEquals(true, root.flag("b"));
    }

    @Test
    void oneOf_unknownName_listsWhatIsAllowed() {
        OciFormatException e = assertThrows(
                OciFormatException.class,
                () -> read("{\"c\":\"BLUE\"}").require("c").oneOf(Color.values(), Color::name));
        assertEquals("cannot read doc at /c: found \"BLUE\"; expected one of RED GREEN", e.getMessage());
    }

    @Test
    void as_parserThatRefuses_putsThePlaceIntoTheMessage() {
        OciFormatException e = assertThrows(
                OciFormatException.class,
                () -> read("{\"d\":\"md5:00\"}").require("d").as(at -> Digest.parse(at.string())));
        assertEquals(
                "cannot read doc at /d: \"md5:00\": algorithm \"md5\" is not supported; use sha256 or sha512",
                e.getMessage());
    }

    @Test
    void finish_unreadMembers_areListedByPointer() {
        JsonCursor cursor = JsonCursor.of("doc", Json.parse("doc", "{\"a\":{\"x\":1,\"y/z\":2},\"b\":1}"));
        ObjectReader root = cursor.object();
        ObjectReader inner = root.require("a").object();
        inner.optionalInt64("x");
        inner.finish();
        root.finish();
        assertEquals(List.of("/a/y~1z", "/b"), cursor.unknown());
    }

    private static ObjectReader read(String text) {
        return JsonCursor.of("doc", Json.parse("doc", text)).object();
    }
}
