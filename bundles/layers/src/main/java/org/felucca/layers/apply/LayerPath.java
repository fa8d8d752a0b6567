package org.felucca.layers.apply;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths of members, cleaned: components between single slashes, none at either end; the root is empty. */
final class LayerPath {

    /** What the kernel takes in one path; a longer one could be made, and never be named again. */
    private static final int LONGEST = 4095;

    private static final int LONGEST_NAME = 255;

    private LayerPath() {}

    /**
     * Cleans. "." and empty components vanish, ".." takes back the one before.
     *
     * @throws IllegalArgumentException if the path leaves the root, or is too long
     */
    static String clean(String path) {
        if (isClean(path)) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        for (String component : path.split("/")) {
            if (component.equals("..")) {
                if (kept.pollLast() == null) {
                    throw new IllegalArgumentException("its path leaves the root");
                }
            } else if (!component.isEmpty() && !component.equals(".")) {
                kept.addLast(component);
            }
        }
        String clean = String.join("/", kept);
        if (!clean.isEmpty() && !isClean(clean)) {
            throw new IllegalArgumentException("its path is too long");
        }
        return clean;
    }

    private static boolean isClean(String path) {
        int length = path.length();
        if (length == 0 || length > LONGEST) {
            return false;
        }
        int from = 0;
        while (from <= length) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? length : slash;
            if (end == from
                    || end - from > LONGEST_NAME
                    || end - from == 1 && path.charAt(from) == '.'
                    || end - from == 2 && path.charAt(from) == '.' && path.charAt(from + 1) == '.') {
                return false;
            }
            from = end + 1;
        }
        return true;
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String child(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    /** Whether {@code path} is {@code ancestor} or lies below it. */
    static boolean isWithin(String path, String ancestor) {
        return path.startsWith(ancestor)
                && (path.length() == ancestor.length() || ancestor.isEmpty() || path.charAt(ancestor.length()) == '/');
    }
}
