package org.felucca.hcs.document.process;

import java.util.List;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonNumber;

/**
 * Size of a console in characters.
 *
 * @param height rows, 1 to 65535
 * @param width columns, 1 to 65535
 */
public record ConsoleDimensions(int height, int width) {
    /** The most rows or columns. */
    public static final int MOST = 0xffff;

    /** Checks the ranges. */
    public ConsoleDimensions {
        if (height < 1 || height > MOST || width < 1 || width > MOST) {
            throw new IllegalArgumentException(
                    "console of " + height + " rows and " + width + " columns; both are 1 to " + MOST);
        }
    }

    /** As parameters of a process have it: height, then width. */
    public JsonArray toJson() {
        return new JsonArray(List.of(JsonNumber.of(height), JsonNumber.of(width)));
    }
}
