package org.felucca.hcn.document;

import java.util.UUID;
import java.util.regex.Pattern;
import org.felucca.oci.json.JsonCursor;

/** GUIDs as the schema writes them: five groups of hexadecimal digits, in braces or without. */
public final class Guids {
    private static final Pattern GRAMMAR = Pattern.compile("[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}");

    private Guids() {}

    /** Whether the text is a GUID without braces. */
    public static boolean matches(String text) {
        return GRAMMAR.matcher(text).matches();
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. */
    public static UUID read(JsonCursor at) {
        String text = at.string();
        boolean braces = text.length() == 38 && text.charAt(0) == '{' && text.charAt(37) == '}';
        String bare = braces ? text.substring(1, 37) : text;
        if (!matches(bare)) {
            throw at.mismatch("a GUID such as 7a010682-17e0-4455-a838-02e5d9655fe6");
        }
        return UUID.fromString(bare);
    }
}
