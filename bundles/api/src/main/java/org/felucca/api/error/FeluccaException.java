package org.felucca.api.error;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that crosses a contract of the platform.
 *
 * <p>It carries a code for programs and three texts for people: what could not be done and to what ({@code subject}),
 * why ({@code reason}) and what to do about it ({@code fix}, where there is something). It is wrapped once, at the
 * boundary that adds the subject, and never logged and rethrown. Instances are immutable but for suppressed exceptions.
 */
public final class FeluccaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String subject;
    private final String reason;
    private final @Nullable String fix;

    /**
     * Makes an exception without advice.
     *
     * @param code for programs
     * @param subject what could not be done and to what: {@code cannot remove container web-1}
     * @param reason why: {@code it is running}
     */
    public FeluccaException(ErrorCode code, String subject, String reason) {
        this(code, subject, reason, null, null);
    }

    /**
     * Makes an exception with advice.
     *
     * @param code for programs
     * @param subject what could not be done and to what
     * @param reason why
     * @param fix what to do: {@code stop it first or use --force}
     */
    public FeluccaException(ErrorCode code, String subject, String reason, @Nullable String fix) {
        this(code, subject, reason, fix, null);
    }

    /**
     * Makes an exception with advice and a cause.
     *
     * @param code for programs
     * @param subject what could not be done and to what
     * @param reason why
     * @param fix what to do, or null where there is nothing
     * @param cause what was thrown below, or null
     */
    public FeluccaException(
            ErrorCode code, String subject, String reason, @Nullable String fix, @Nullable Throwable cause) {
        super(message(subject, reason, fix), cause);
        this.code = Objects.requireNonNull(code, "code");
        this.subject = subject;
        this.reason = reason;
        this.fix = fix;
    }

    private static String message(String subject, String reason, @Nullable String fix) {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(reason, "reason");
        return fix == null ? subject + ": " + reason : subject + ": " + reason + "; " + fix;
    }

    /** Returns the code that programs act on. */
    public ErrorCode code() {
        return code;
    }

    /** Returns what could not be done and to what. */
    public String subject() {
        return subject;
    }

    /** Returns why. */
    public String reason() {
        return reason;
    }

    /** Returns what to do about it, where there is something. */
    public Optional<String> fix() {
        return Optional.ofNullable(fix);
    }

    /** Returns {@code true} if this exception has the given code. */
    public boolean is(ErrorCode other) {
        return code == other;
    }

    /** Returns the whole sentence: {@code <subject>: <reason>; <fix>}. */
    @Override
    public String getMessage() {
        return message(subject, reason, fix);
    }

    @Override
    public String toString() {
        return code.name().toLowerCase(Locale.ROOT) + ": " + getMessage();
    }
}
