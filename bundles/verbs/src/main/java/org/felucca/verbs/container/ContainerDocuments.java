package org.felucca.verbs.container;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.felucca.api.container.Composition;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerDetails;
import org.felucca.api.container.ContainerMount;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.Ulimit;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.TaskExit;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonNumber;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.platform.Platform;

/** Containers as documents. Stateless. */
final class ContainerDocuments {
    private ContainerDocuments() {}

    /** A document that starts with who it is. */
    static JsonObject.Builder identity(Container container) {
        return JsonObject.builder().put("id", container.id()).put("name", container.name());
    }

    /** A container that was made. */
    static JsonObject made(Container container) {
        return identity(container)
                .put("image", container.imageName())
                .put("imageId", container.imageId().toString())
                .build();
    }

    /** One row of {@code ps}. */
    static JsonObject row(Container container, Instant now) {
        JsonObject.Builder row = identity(container)
                .put("image", container.request().image())
                .put("imageId", container.imageId().toString())
                .put("command", String.join(" ", container.arguments()))
                .put("created", container.created().toString())
                .put("state", container.state().label())
                .put("status", StatusText.of(container, now));
        container.pid().ifPresent(pid -> row.put("pid", pid));
        container.started().ifPresent(started -> row.put("started", started.toString()));
        container.exit().ifPresent(exit -> row.put("exit", exit(exit)));
        return row.stringMap("labels", container.request().labels()).build();
    }

    /** Everything there is to say. */
    static JsonObject whole(ContainerDetails details) {
        Container container = details.container();
        JsonObject.Builder state =
                JsonObject.builder().put("status", container.state().label());
        container.pid().ifPresent(pid -> state.put("pid", pid));
        container.started().ifPresent(started -> state.put("started", started.toString()));
        container.exit().ifPresent(exit -> state.put("exit", exit(exit)));
        if (!container.note().isEmpty()) {
            state.put("note", container.note());
        }
        return JsonObject.builder()
                .put("id", container.id())
                .put("name", container.name())
                .put("created", container.created().toString())
                .put("state", state.build())
                .put("image", container.imageName())
                .put("imageId", container.imageId().toString())
                .put("process", process(details))
                .put("snapshot", snapshot(details))
                .put("log", details.log().toString())
                .put("request", request(container.request()))
                .put("composition", composition(container.composition()))
                .build();
    }

    /** What the process gets, of request and image together. */
    private static JsonObject process(ContainerDetails details) {
        return JsonObject.builder()
                .put("arguments", JsonArray.ofStrings(details.container().arguments()))
                .put("environment", JsonArray.ofStrings(details.environment()))
                .put("workingDirectory", details.workingDirectory())
                .put("user", details.user().isEmpty() ? "root" : details.user())
                .put("stopSignal", details.stopSignal())
                .build();
    }

    private static JsonObject snapshot(ContainerDetails details) {
        JsonObject.Builder snapshot =
                JsonObject.builder().put("key", details.snapshot().toString());
        details.container().composition().choices().stream()
                .filter(choice -> choice.role().equals("snapshotter"))
                .forEach(choice -> snapshot.put("snapshotter", choice.id()));
        return snapshot.build();
    }

    static JsonObject exit(TaskExit exit) {
        JsonObject.Builder document = JsonObject.builder();
        exit.status()
                .fold(
                        code -> document.put("code", code),
                        signal -> document.put("signal", signal).put("code", 128 + signal),
                        reason -> document.put("unknown", reason));
        return document.put("at", exit.at().toString())
                .flag("outOfMemory", exit.outOfMemory())
                .build();
    }

    private static JsonObject request(ContainerRequest request) {
        JsonObject.Builder document = JsonObject.builder().put("image", request.image());
        request.entrypoint().ifPresent(entrypoint -> document.put("entrypoint", JsonArray.ofStrings(entrypoint)));
        return document.strings("command", request.command())
                .strings("environment", request.environment())
                .optional("workingDirectory", nonEmpty(request.workingDirectory()))
                .optional("user", nonEmpty(request.user()))
                .optional("hostname", nonEmpty(request.hostname()))
                .optional("platform", request.platform().map(Platform::toString).orElse(null))
                .put("terminal", request.terminal())
                .put("openStdin", request.openStdin())
                .flag("readOnly", request.readOnly())
                .flag("init", request.reaper())
                .flag("privileged", request.privileged())
                .flag("autoRemove", request.autoRemove())
                .array("mounts", request.mounts(), ContainerDocuments::mount)
                .put("network", request.network().label())
                .put("resources", resources(request.resources()))
                .array("ulimits", request.ulimits(), ContainerDocuments::ulimit)
                .strings("capAdd", request.capAdd())
                .strings("capDrop", request.capDrop())
                .strings("securityOptions", request.securityOptions())
                .stringMap("sysctls", request.sysctls())
                .stringMap("labels", request.labels())
                .optional("stopSignal", nonEmpty(request.stopSignal()))
                .put("stopTimeout", seconds(request.stopTimeout()))
                .build();
    }

    private static @org.jspecify.annotations.Nullable String nonEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static JsonNumber seconds(Duration duration) {
        return JsonNumber.of(duration.toSeconds());
    }

    private static JsonObject mount(ContainerMount mount) {
        return mount.fold(
                bind -> JsonObject.builder()
                        .put("type", "bind")
                        .put("source", bind.source())
                        .put("target", bind.target())
                        .put("readOnly", bind.readOnly())
                        .strings("options", bind.options())
                        .build(),
                tmpfs -> JsonObject.builder()
                        .put("type", "tmpfs")
                        .put("target", tmpfs.target())
                        .strings("options", tmpfs.options())
                        .build());
    }

    private static JsonObject resources(ResourceLimits limits) {
        JsonObject.Builder document = JsonObject.builder();
        limits.memoryBytes().ifPresent(value -> document.put("memoryBytes", value));
        limits.memorySwapBytes().ifPresent(value -> document.put("memorySwapBytes", value));
        limits.nanoCpus().ifPresent(value -> document.put("nanoCpus", value));
        limits.cpuShares().ifPresent(value -> document.put("cpuShares", value));
        limits.pids().ifPresent(value -> document.put("pids", value));
        return document.build();
    }

    private static JsonObject ulimit(Ulimit limit) {
        return JsonObject.builder()
                .put("name", limit.name())
                .put("soft", limit.soft())
                .put("hard", limit.hard())
                .build();
    }

    /** Who serves a container, one document per role. */
    static List<JsonObject> choices(Composition composition) {
        return composition.choices().stream()
                .map(choice -> JsonObject.builder()
                        .put("role", choice.role())
                        .put("id", choice.id())
                        .put("reason", choice.reason())
                        .put("others", JsonArray.ofStrings(choice.others()))
                        .build())
                .toList();
    }

    private static JsonObject composition(Composition composition) {
        return JsonObject.builder()
                .map(
                        "roles",
                        composition.choices().stream()
                                .collect(java.util.stream.Collectors.toMap(
                                        Composition.Choice::role,
                                        Composition.Choice::id,
                                        (a, b) -> b,
                                        java.util.TreeMap::new)),
                        JsonString::new)
                .build();
    }
}
