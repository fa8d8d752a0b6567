package org.felucca.api.process;

/**
 * The size of a terminal in character cells; 0 by 0 means unknown.
 *
 * @param rows lines, 0 to 65535
 * @param columns cells in a line, 0 to 65535
 */
public record WindowSize(int rows, int columns) {
    /** Checks the range. */
    public WindowSize {
        if (rows < 0 || rows > 65535 || columns < 0 || columns > 65535) {
            throw new IllegalArgumentException("window " + rows + "x" + columns + " is not within 0..65535");
        }
    }
}
