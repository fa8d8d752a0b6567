package org.felucca.registry.toml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.TreeMap;
import org.felucca.registry.toml.TomlValue.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents of TOML 1.0; what each means was compared with another reader of it, Python's tomllib. */
class TomlReaderTest {

    static List<Arguments> documents() {
        return List.of(
                Arguments.of("", "{}"),
                Arguments.of("# only\n\n", "{}"),
                Arguments.of("a = 1\r\nb=2\r\n", "{a=1, b=2}"),
                Arguments.of("a=\"x\\u00e9\\n\\\"\"", "{a='x\u00e9\n\"'}"),
                Arguments.of("a=\"\\U0001F600\"", "{a='\uD83D\uDE00'}"),
                Arguments.of("a='b\\c'", "{a='b\\c'}"),
                Arguments.of("a=\"\"\"\nx\\\n   y\"\"\"", "{a='xy'}"),
                Arguments.of("a=\"\"\"a\\   \n\n  b\"\"\"", "{a='ab'}"),
                Arguments.of("a=\"\"\"x\"\"y\"\"\"", "{a='x\"\"y'}"),
                Arguments.of("a=\"\"\"x\"\"\"\"\"", "{a='x\"\"'}"),
                Arguments.of("a='''x'y\n'''", "{a='x'y\n'}"),
                Arguments.of("a.b.c=1\na.b.d=2", "{a={b={c=1, d=2}}}"),
                Arguments.of("[a.b]\nx=1\n[a]\ny=2", "{a={b={x=1}, y=2}}"),
                Arguments.of("[f]\na.c=1\n[f.a.t]\ns=true", "{f={a={c=1, t={s=true}}}}"),
                Arguments.of("[[a]]\nx=1\n[[a]]\nx=2\n[a.b]\ny=1", "{a=[{x=1}, {b={y=1}, x=2}]}"),
                Arguments.of("a={b.c=1, b.d=2}", "{a={b={c=1, d=2}}}"),
                Arguments.of("a=[1,2,\n3, # c\n]", "{a=[1, 2, 3]}"),
                Arguments.of("a=[[1],[\"x\"],{y=1}, []]", "{a=[[1], ['x'], {y=1}, []]}"),
                Arguments.of("a=1_000\nb=0xFF\nc=0o17\nd=0b11\ne=-0", "{a=1000, b=255, c=15, d=3, e=0}"),
                Arguments.of("a=-9223372036854775808", "{a=-9223372036854775808}"),
                Arguments.of("a=1.5\nb=1e3\nc=-inf\nd=0e0", "{a=1.5, b=1000.0, c=-Infinity, d=0.0}"),
                Arguments.of("a=1979-05-27 07:32:00Z # x\nb=07:32:00.5", "{a=1979-05-27 07:32:00Z, b=07:32:00.5}"),
                Arguments.of("\"\"=1\n'x y'=2\n1.2=3\ntrue=4", "{=1, 1={2=3}, true=4, x y=2}"),
                Arguments.of("[ a . 'b.c' ]\nd=1", "{a={b.c={d=1}}}"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void read_document_isWhatItSays(String document, String tree) throws TomlException {
        assertEquals(tree, show(TomlReader.read(document)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1\na=2",
                "[a]\nb=1\n[a]\nc=1",
                "[a]\nb.c=1\n[a.b]\nd=1",
                "[a.b.c]\nz=9\n[a]\nb.c.t=1",
                "a=[]\n[[a]]",
                "[[a]]\n[a]",
                "[a]\n[[a]]",
                "a={b=1}\n[a.c]\nx=1",
                "a={b=1}\na.c=2",
                "a={b=1,}",
                "a={\nb=1}",
                "a=1\na.b=2",
                "a=[1 2]",
                "a=[,]",
                "a=\"\"\"x\"\"\"\"\"\"",
                "a=\"\"\"x",
                "a=\"\\q\"",
                "a=\"\\ud800\"",
                "a=\"x\ny\"",
                "a=\"\u0001\"",
                "# \u0001",
                "a=1\rb=2",
                "a=01",
                "a=1__0",
                "a=+0xF",
                "a=9223372036854775808",
                "a=1.",
                "a=.5",
                "a=1e",
                "a=tru",
                "a=",
                "a",
                "=1",
                "a b=1",
                "a=1 b=2",
                "[a",
                "[a]]",
                "[]",
                "[a.]",
                "\"\"\"a\"\"\"=1",
                "a=1979-05-27 07",
                "\u00e9=1",
            })
    void read_malformed_isRefused(String document) {
        assertThrows(TomlException.class, () -> TomlReader.read(document));
    }

    @Test
    void read_malformed_saysTheLine() {
        TomlException e = assertThrows(TomlException.class, () -> TomlReader.read("a = '''\n\n'''\n\nb = x\n"));
        assertEquals(5, e.line());
        assertEquals("'x' is no value; a string stands in quotes", e.reason());
    }

    @Test
    void read_values_knowTheirLines() throws TomlException {
        Table root = TomlReader.read("a = 1\n[t]\n# c\nb = [\n'x']\n");
        Table table = (Table) root.values().get("t");
        assertEquals(1, root.values().get("a").line());
        assertEquals(2, table.line());
        TomlValue.Array array = (TomlValue.Array) table.values().get("b");
        assertEquals(4, array.line());
        assertEquals(5, array.values().get(0).line());
    }

    @Test
    void read_tables_keepTheOrderOfTheText() throws TomlException {
        Table root = TomlReader.read("[h.z]\n[h.a]\n[h.m]\n");
        assertEquals(
                List.of("z", "a", "m"),
                List.copyOf(((Table) root.values().get("h")).values().keySet()));
    }

    private static String show(TomlValue value) {
        if (value instanceof TomlValue.Text text) {
            return "'" + text.value() + "'";
        }
        if (value instanceof TomlValue.Whole whole) {
            return Long.toString(whole.value());
        }
        if (value instanceof TomlValue.Real real) {
            return Double.toString(real.value());
        }
        if (value instanceof TomlValue.Truth truth) {
            return Boolean.toString(truth.value());
        }
        if (value instanceof TomlValue.Moment moment) {
            return moment.text();
        }
        if (value instanceof TomlValue.Array array) {
            return array.values().stream().map(TomlReaderTest::show).toList().toString();
        }
        TreeMap<String, String> sorted = new TreeMap<>();
        ((Table) value).values().forEach((key, one) -> sorted.put(key, show(one)));
        return sorted.toString();
    }
}
