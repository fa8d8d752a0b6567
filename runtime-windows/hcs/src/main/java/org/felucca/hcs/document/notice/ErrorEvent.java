package org.felucca.hcs.document.notice;

import java.util.List;
import java.util.UUID;
import org.felucca.hcs.document.Guids;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * An event that led to an error.
 *
 * @param message text for people; null if not given
 * @param provider who reported it; null if not given
 * @param eventId which event of that provider; null if not given
 * @param source where in its code; null if not given
 * @param data values of the event
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ErrorEvent">ErrorEvent</a>
 */
public record ErrorEvent(
        @Nullable String message,
        @Nullable UUID provider,
        @Nullable Integer eventId,
        @Nullable String source,
        List<EventData> data) {
    /** Copies what can be changed. */
    public ErrorEvent {
        data = List.copyOf(data);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static ErrorEvent read(JsonCursor at) {
        ObjectReader object = at.object();
        ErrorEvent result = new ErrorEvent(
                object.optionalString("Message"),
                object.optional("Provider", Guids::read),
                object.optionalUint16("EventId"),
                object.optionalString("Source"),
                object.list("Data", EventData::read));
        return result;
    }
}
