package org.felucca.registry.toml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.felucca.registry.toml.TomlValue.Table;

/** Reads a whole document: key by key, header by header. Confined to one thread. */
public final class TomlReader {
    private final TomlScanner in;

    /** How a table came to be, which decides who may still add to it. */
    private enum Origin {
        /** Lies on the path of a header. */
        IMPLICIT,
        /** Has a header of its own. */
        HEADER,
        /** Lies on the path of a dotted key. */
        DOTTED,
        /** Is written in braces. */
        INLINE
    }

    /** A table under construction. */
    private static final class Node {
        final Map<String, Object> values = new LinkedHashMap<>();
        final int line;
        Origin origin;

        Node(Origin origin, int line) {
            this.origin = origin;
            this.line = line;
        }
    }

    /** An array of tables under construction. */
    private static final class Nodes {
        final List<Node> nodes = new ArrayList<>();
        final int line;

        Nodes(int line) {
            this.line = line;
        }

        Node last() {
            return nodes.get(nodes.size() - 1);
        }
    }

    private TomlReader(String text) {
        this.in = new TomlScanner(text);
    }

    /**
     * Reads a document.
     *
     * @return its root table
     * @throws TomlException if it is malformed, or defines something twice
     */
    public static Table read(String text) throws TomlException {
        return new TomlReader(text).document();
    }

    private Table document() throws TomlException {
        Node root = new Node(Origin.HEADER, 1);
        Node current = root;
        in.skipLines();
        while (!in.atEnd()) {
            if (in.take('[')) {
                current = in.take('[') ? arrayHeader(root) : header(root);
            } else {
                pair(current);
            }
            in.endLine();
            in.skipLines();
        }
        return table(root);
    }

    private Node header(Node root) throws TomlException {
        int line = in.line();
        List<String> path = keys();
        in.expect(']', "a header ends with ']'");
        Node parent = walk(root, path, line);
        String name = path.get(path.size() - 1);
        Object existing = parent.values.get(name);
        if (existing == null) {
            Node made = new Node(Origin.HEADER, line);
            parent.values.put(name, made);
            return made;
        }
        if (existing instanceof Node node && node.origin == Origin.IMPLICIT) {
            node.origin = Origin.HEADER;
            return node;
        }
        throw twice(line, path);
    }

    private Node arrayHeader(Node root) throws TomlException {
        int line = in.line();
        List<String> path = keys();
        in.expect(']', "the header of an array of tables ends with ']]'");
        in.expect(']', "the header of an array of tables ends with ']]'");
        Node parent = walk(root, path, line);
        String name = path.get(path.size() - 1);
        Object existing = parent.values.computeIfAbsent(name, key -> new Nodes(line));
        if (existing instanceof Nodes nodes) {
            Node made = new Node(Origin.HEADER, line);
            nodes.nodes.add(made);
            return made;
        }
        throw twice(line, path);
    }

    /** The table that holds the last key of a header's path. */
    private static Node walk(Node root, List<String> path, int line) throws TomlException {
        Node at = root;
        for (String key : path.subList(0, path.size() - 1)) {
            Object next = at.values.computeIfAbsent(key, absent -> new Node(Origin.IMPLICIT, line));
            if (next instanceof Nodes nodes) {
                at = nodes.last();
            } else if (next instanceof Node node && node.origin != Origin.INLINE) {
                at = node;
            } else {
                throw new TomlException(line, "'" + key + "' has a value and cannot be a table as well");
            }
        }
        return at;
    }

    /** One {@code key = value} into a table. */
    private void pair(Node into) throws TomlException {
        int line = in.line();
        List<String> path = keys();
        in.expect('=', "'=' stands between a key and its value");
        in.skipBlanks();
        Node at = into;
        for (String key : path.subList(0, path.size() - 1)) {
            Object next = at.values.computeIfAbsent(key, absent -> new Node(Origin.DOTTED, line));
            if (!(next instanceof Node node) || node.origin != Origin.DOTTED) {
                throw twice(line, path);
            }
            at = node;
        }
        String name = path.get(path.size() - 1);
        if (at.values.containsKey(name)) {
            throw twice(line, path);
        }
        at.values.put(name, value());
    }

    private List<String> keys() throws TomlException {
        List<String> path = new ArrayList<>();
        do {
            in.skipBlanks();
            path.add(in.key());
            in.skipBlanks();
        } while (in.take('.'));
        return path;
    }

    /** A {@link TomlValue}, or a node for a table in braces. */
    private Object value() throws TomlException {
        if (in.take('[')) {
            return array();
        }
        return in.take('{') ? inlineTable() : in.scalar();
    }

    private TomlValue array() throws TomlException {
        int line = in.line();
        List<TomlValue> values = new ArrayList<>();
        in.skipLines();
        while (!in.take(']')) {
            values.add(finished(value()));
            in.skipLines();
            if (!in.take(',')) {
                in.expect(']', "',' or ']' follows a value of an array");
                break;
            }
            in.skipLines();
        }
        return new TomlValue.Array(values, line);
    }

    private Node inlineTable() throws TomlException {
        Node table = new Node(Origin.HEADER, in.line());
        in.skipBlanks();
        if (!in.take('}')) {
            do {
                pair(table);
                in.skipBlanks();
            } while (in.take(','));
            in.expect('}', "',' or '}' follows a value of a table in braces");
        }
        seal(table);
        return table;
    }

    /** What stands in braces is complete: nothing outside can add to it. */
    private static void seal(Node table) {
        table.origin = Origin.INLINE;
        for (Object value : table.values.values()) {
            if (value instanceof Node node) {
                seal(node);
            }
        }
    }

    private static TomlValue finished(Object value) {
        if (value instanceof Node node) {
            return table(node);
        }
        if (value instanceof Nodes nodes) {
            List<TomlValue> tables = new ArrayList<>();
            nodes.nodes.forEach(node -> tables.add(table(node)));
            return new TomlValue.Array(tables, nodes.line);
        }
        return (TomlValue) value;
    }

    private static Table table(Node node) {
        Map<String, TomlValue> values = new LinkedHashMap<>();
        node.values.forEach((key, value) -> values.put(key, finished(value)));
        return new Table(Collections.unmodifiableMap(values), node.line);
    }

    private static TomlException twice(int line, List<String> path) {
        return new TomlException(line, "'" + String.join(".", path) + "' is defined twice");
    }
}
