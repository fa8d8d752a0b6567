package org.felucca.winapi.result;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;

/**
 * A function of Windows failed. Used inside providers; a class at a contract's boundary turns it into the contract's
 * own exception with {@link #toFelucca}, with the subject it knows about.
 */
public final class WinapiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int result;
    private final String operation;
    private final String subject;
    private final transient ResultDocument document;

    /**
     * Makes an exception.
     *
     * @param result a failure
     * @param operation the function's name
     * @param subject what it was applied to, as the caller named it; empty if there is nothing to name
     * @param document what Windows said beyond the code: a result document, or a text; empty if nothing
     */
    public WinapiException(HResult result, String operation, String subject, String document) {
        super(message(result, operation, subject, ResultDocument.of(document)));
        this.result = result.value();
        this.operation = operation;
        this.subject = subject;
        this.document = ResultDocument.of(document);
    }

    private static String message(HResult result, String operation, String subject, ResultDocument document) {
        return operation + (subject.isEmpty() ? "" : ' ' + subject) + ": " + reason(result, document);
    }

    private static String reason(HResult result, ResultDocument document) {
        String detail = document.text();
        return detail.isEmpty() ? result.text() : result.text() + ": " + detail;
    }

    /** The result. */
    public HResult result() {
        return new HResult(result);
    }

    /** Returns {@code true} if the function failed with this documented result. */
    public boolean is(KnownResult known) {
        return result().is(known);
    }

    /** The code of the platform that the result is. */
    public ErrorCode code() {
        return result().code();
    }

    /** The function's name. */
    public String operation() {
        return operation;
    }

    /** What the function was applied to; empty if there was nothing to name. */
    public String subject() {
        return subject;
    }

    /** What Windows said beyond the code. */
    public ResultDocument document() {
        return document;
    }

    /** Why it failed: the meaning and the name of the code, and what Windows said beyond it. */
    public String reason() {
        return reason(result(), document);
    }

    /**
     * The exception that crosses a contract.
     *
     * @param what what could not be done and to what: {@code cannot start container web-1}
     * @param fix what to do, or null where there is nothing
     */
    public FeluccaException toFelucca(String what, @Nullable String fix) {
        return new FeluccaException(code(), what, reason(), fix, this);
    }
}
