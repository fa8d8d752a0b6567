package org.felucca.shell.verb;

import java.io.ByteArrayOutputStream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Reads keys as docker writes them: {@code ctrl-p,ctrl-q}, {@code ctrl-a,d}, {@code ctrl-@}. Stateless. */
final class DetachKeys {
    private static final int MOST = 16;
    private static final String CONTROL = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_";

    private DetachKeys() {}

    /**
     * Returns the bytes a terminal sends for the keys.
     *
     * @param text keys joined by commas; empty for none
     * @throws FeluccaException INVALID_ARGUMENT if a part is no key, or there are more than 16
     */
    static byte[] parse(String text) {
        ByteArrayOutputStream keys = new ByteArrayOutputStream();
        if (text.isEmpty()) {
            return keys.toByteArray();
        }
        for (String key : text.split(",", -1)) {
            keys.write(key(text, key));
        }
        if (keys.size() > MOST) {
            throw invalid(text, "it has " + keys.size() + " keys");
        }
        return keys.toByteArray();
    }

    private static int key(String text, String key) {
        if (key.length() == 1 && key.charAt(0) < 0x80) {
            return key.charAt(0);
        }
        if (key.length() == 6 && key.startsWith("ctrl-")) {
            int code = CONTROL.indexOf(Character.toUpperCase(key.charAt(5)));
            if (code >= 0) {
                return code;
            }
        }
        throw invalid(text, "'" + key + "' is no key");
    }

    private static FeluccaException invalid(String text, String reason) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT,
                "invalid detach keys '" + text + "'",
                reason,
                "give up to 16 keys joined by commas: a letter, or ctrl- and one of a-z @ [ \\ ] ^ _");
    }
}
