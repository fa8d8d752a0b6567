package org.felucca.hcs.document.notice;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Why an operation of the host failed, besides its HRESULT.
 *
 * @param error HRESULT; null if not given
 * @param errorMessage text for people; null if not given
 * @param errorEvents what led to it, in order
 * @param attribution who or what is to blame
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ResultError">ResultError</a>
 */
public record ResultError(
        @Nullable Integer error,
        @Nullable String errorMessage,
        List<ErrorEvent> errorEvents,
        List<AttributionRecord> attribution) {
    /** Copies what can be changed. */
    public ResultError {
        errorEvents = List.copyOf(errorEvents);
        attribution = List.copyOf(attribution);
    }

    /** Returns the texts in order, each once, on one line; empty if the host gave none. */
    public String text() {
        Set<String> texts = new LinkedHashSet<>();
        if (errorMessage != null) {
            texts.add(errorMessage.strip());
        }
        for (ErrorEvent event : errorEvents) {
            if (event.message() != null) {
                texts.add(event.message().strip());
            }
        }
        texts.remove("");
        return String.join("; ", texts).replaceAll("\\s+", " ");
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static ResultError read(JsonCursor at) {
        ObjectReader object = at.object();
        ResultError result = new ResultError(
                object.optionalInt32("Error"),
                object.optionalString("ErrorMessage"),
                object.list("ErrorEvents", ErrorEvent::read),
                object.list("Attribution", AttributionRecord::read));
        return result;
    }
}
