package org.felucca.core.record;

import java.time.Instant;
import org.felucca.api.container.Composition;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/** The JSON document of a container's record, version 1. Members without a value are left out. */
final class ContainerJson {
    private static final int VERSION = 1;

    private ContainerJson() {}

    static String write(ContainerRecord container) {
        return Json.text(JsonObject.builder()
                .put("version", VERSION)
                .put("name", container.name())
                .put("request", RequestJson.write(container.request()))
                .put("imageName", container.imageName())
                .put("imageId", container.imageId().toString())
                .optional("parent", container.parent(), key -> new org.felucca.oci.json.JsonString(key.value()))
                .put("launch", launch(container.launch()))
                .array("composition", container.composition().choices(), ContainerJson::choice)
                .put("phase", container.phase().label())
                .put("created", container.created().toString())
                .optional("started", text(container.started()))
                .optional("exit", container.exit(), ContainerJson::exit)
                .build());
    }

    /**
     * Reads a record.
     *
     * @throws org.felucca.oci.OciFormatException if it is no record of a container, or of a later version
     */
    static ContainerRecord read(MetadataRecord stored) {
        String subject = "record of container " + stored.id().key();
        ObjectReader object =
                JsonCursor.of(subject, Json.parse(subject, stored.document())).object();
        object.required("version", at -> at.integer(VERSION, VERSION));
        ContainerKey key = new ContainerKey(
                new NamespaceName(stored.id().scope()), stored.id().key());
        String parent = object.optionalString("parent");
        return new ContainerRecord(
                key,
                object.string("name"),
                object.required("request", at -> RequestJson.read(at, key.namespace())),
                object.string("imageName"),
                object.required("imageId", at -> Digest.parse(at.string())),
                parent == null ? null : SnapshotKey.of(parent),
                object.required("launch", ContainerJson::launch),
                new Composition(object.list("composition", ContainerJson::choice)),
                object.required("phase", at -> at.oneOf(Phase.values(), Phase::label)),
                Instant.parse(object.string("created")),
                object.optional("started", at -> Instant.parse(at.string())),
                object.optional("exit", ContainerJson::exit));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static JsonObject launch(Launch launch) {
        return JsonObject.builder()
                .strings("args", launch.args())
                .strings("environment", launch.environment())
                .put("workingDirectory", launch.workingDirectory())
                .put("user", launch.user())
                .put("stopSignal", launch.stopSignal())
                .build();
    }

    private static Launch launch(JsonCursor at) {
        ObjectReader object = at.object();
        return new Launch(
                object.strings("args"),
                object.strings("environment"),
                object.string("workingDirectory"),
                object.string("user"),
                object.string("stopSignal"));
    }

    private static JsonObject choice(Composition.Choice choice) {
        return JsonObject.builder()
                .put("role", choice.role())
                .put("id", choice.id())
                .put("reason", choice.reason())
                .strings("others", choice.others())
                .build();
    }

    private static Composition.Choice choice(JsonCursor at) {
        ObjectReader object = at.object();
        return new Composition.Choice(
                object.string("role"), object.string("id"), object.string("reason"), object.strings("others"));
    }

    private static JsonObject exit(TaskExit exit) {
        JsonObject.Builder builder = JsonObject.builder();
        exit.status()
                .fold(
                        code -> builder.put("exited", code),
                        signal -> builder.put("signaled", signal),
                        reason -> builder.put("unknown", reason));
        return builder.put("at", exit.at().toString())
                .flag("outOfMemory", exit.outOfMemory())
                .build();
    }

    private static TaskExit exit(JsonCursor at) {
        ObjectReader object = at.object();
        Integer code = object.optionalInt32("exited");
        Integer signal = object.optionalInt32("signaled");
        ExitStatus status = code != null
                ? new ExitStatus.Exited(code)
                : signal != null ? new ExitStatus.Signaled(signal) : new ExitStatus.Unknown(object.string("unknown"));
        return new TaskExit(status, Instant.parse(object.string("at")), object.flag("outOfMemory"));
    }
}
