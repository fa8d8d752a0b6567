package org.felucca.oci.image;

import java.time.Instant;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * One step of how an image was built.
 *
 * @param created when
 * @param author by whom
 * @param createdBy by which command
 * @param comment a note
 * @param emptyLayer whether the step made no layer
 */
public record History(
        @Nullable Instant created,
        @Nullable String author,
        @Nullable String createdBy,
        @Nullable String comment,
        boolean emptyLayer) {

    static History read(JsonCursor at) {
        ObjectReader object = at.object();
        return new History(
                object.optional("created", ImageConfig::instant),
                object.optionalString("author"),
                object.optionalString("created_by"),
                object.optionalString("comment"),
                object.flag("empty_layer"));
    }

    JsonObject toJson() {
        return JsonObject.builder()
                .optional("created", created == null ? null : created.toString())
                .optional("author", author)
                .optional("created_by", createdBy)
                .optional("comment", comment)
                .flag("empty_layer", emptyLayer)
                .build();
    }
}
