package org.felucca.metadata;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.json.ObjectReader;

/** A record as a document of its own, with a digest over it, so that damage shows. Stateless. */
final class Sidecar {
    private static final int VERSION = 1;

    private Sidecar() {}

    /** The file's bytes. */
    static byte[] write(MetadataRecord record) {
        JsonObject content = JsonObject.builder()
                .put("kind", record.id().kind().label())
                .put("scope", record.id().scope())
                .put("key", record.id().key())
                .stringMap("labels", new java.util.TreeMap<>(record.labels()))
                .put("document", record.document())
                .array("references", record.references(), Sidecar::triple)
                .put("created", record.created().toString())
                .put("updated", record.updated().toString())
                .build();
        JsonObject file = JsonObject.builder()
                .put("version", VERSION)
                .put("digest", Digest.of(Json.bytes(content)).toString())
                .put("record", content)
                .build();
        return Json.bytes(file);
    }

    private static JsonValue triple(RecordId id) {
        return JsonArray.ofStrings(List.of(id.kind().label(), id.scope(), id.key()));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param subject the file, for messages
     * @throws OciFormatException if it is not what was written
     */
    static MetadataRecord read(String subject, byte[] bytes) {
        JsonCursor root = JsonCursor.of(subject, bytes);
        ObjectReader file = root.object();
        file.required("version", at -> at.integer(VERSION, VERSION));
        JsonCursor content = file.require("record");
        if (!Digest.of(Json.bytes(content.value())).toString().equals(file.string("digest"))) {
            throw root.error("its digest is another one", "the copy is written again from the database");
        }
        ObjectReader object = content.object();
        try {
            RecordId id = new RecordId(
                    object.required("kind", at -> at.oneOf(RecordKind.values(), RecordKind::label)),
                    object.string("scope"),
                    object.string("key"));
            List<RecordId> references = new ArrayList<>();
            for (List<String> parts : object.list("references", at -> at.list(JsonCursor::string))) {
                if (parts.size() != 3) {
                    throw root.error("a reference is no triple", "the copy is written again from the database");
                }
                references.add(new RecordId(kind(root, parts.get(0)), parts.get(1), parts.get(2)));
            }
            return new MetadataRecord(
                    id,
                    object.stringMap("labels"),
                    object.string("document"),
                    references,
                    Instant.parse(object.string("created")),
                    Instant.parse(object.string("updated")));
        } catch (DateTimeException | FeluccaException e) {
            throw root.error(String.valueOf(e.getMessage()), "the copy is written again from the database");
        }
    }

    private static RecordKind kind(JsonCursor root, String label) {
        for (RecordKind kind : RecordKind.values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw root.error("there is no kind " + label, "the copy is written again from the database");
    }
}
