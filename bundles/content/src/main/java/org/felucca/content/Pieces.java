package org.felucca.content;

import java.util.Map;
import java.util.TreeMap;

/** The ranges that arrived past a gap. Confined to one thread at a time. */
final class Pieces {
    /** End by beginning; ranges neither overlap nor touch. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Whether nothing of a range is there. */
    boolean isFree(long from, long to) {
        Map.Entry<Long, Long> before = ranges.lowerEntry(to);
        return before == null || before.getValue() <= from;
    }

    /** Adds a range of which nothing is there. */
    void add(long from, long to) {
        long begin = from;
        long end = to;
        Map.Entry<Long, Long> before = ranges.floorEntry(from);
        if (before != null && before.getValue() == from) {
            begin = before.getKey();
        }
        Long after = ranges.remove(to);
        if (after != null) {
            end = after;
        }
        ranges.put(begin, end);
    }

    /** Takes out what follows a position without a gap; returns its end, or the position. */
    long takeFrom(long position) {
        Long end = ranges.remove(position);
        return end == null ? position : end;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    void clear() {
        ranges.clear();
    }
}
