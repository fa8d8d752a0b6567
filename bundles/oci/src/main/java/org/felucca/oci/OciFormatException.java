package org.felucca.oci;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text or document breaks the rules of its format. The parts are kept apart so that a front can render them; the
 * message reads {@code cannot read <subject>[ at <pointer>]: <reason>; <fix>}.
 */
public final class OciFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Longest piece of foreign text that is repeated in a message. */
    private static final int QUOTE_LIMIT = 80;

    private final String subject;
    private final @Nullable String pointer;
    private final String reason;
    private final String fix;

    /**
     * @param subject what was read, such as {@code config.json} or {@code image reference "Foo"}
     * @param pointer RFC 6901 pointer of the offending value in the document; null if the subject is no document
     * @param reason what is wrong, lower case, no full stop
     * @param fix what would be right or what to do
     */
    public OciFormatException(String subject, @Nullable String pointer, String reason, String fix) {
        this(subject, pointer, reason, fix, null);
    }

    /** As the other constructor, with the cause found below. */
    public OciFormatException(
            String subject, @Nullable String pointer, String reason, String fix, @Nullable Throwable cause) {
        super(
                "cannot read " + subject + (pointer == null ? "" : " at " + (pointer.isEmpty() ? "/" : pointer)) + ": "
                        + reason + "; " + fix,
                cause);
        this.subject = Objects.requireNonNull(subject, "subject");
        this.pointer = pointer;
        this.reason = Objects.requireNonNull(reason, "reason");
        this.fix = Objects.requireNonNull(fix, "fix");
    }

    /** {@code cannot read <subject>[ at <pointer>]: <reason>; <fix>}; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage(), "message");
    }

    /** What was read. */
    public String subject() {
        return subject;
    }

    /** RFC 6901 pointer to the offending value ({@code ""} is the whole document); null outside documents. */
    public @Nullable String pointer() {
        return pointer;
    }

    /** What is wrong. */
    public String reason() {
        return reason;
    }

    /** What would be right. */
    public String fix() {
        return fix;
    }

    /** Foreign text made fit for a one-line message: quoted, control characters escaped, cut after 80 characters. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), QUOTE_LIMIT) + 8).append('"');
        for (int i = 0; i < text.length(); i++) {
            if (i == QUOTE_LIMIT) {
                return out.append("…\"").toString();
            }
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
