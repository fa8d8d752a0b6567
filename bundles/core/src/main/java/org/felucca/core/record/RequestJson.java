package org.felucca.core.record;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.felucca.api.container.ContainerMount;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.NetworkMode;
import org.felucca.api.container.Ulimit;
import org.felucca.api.image.PullPolicy;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.platform.Platform;
import org.jspecify.annotations.Nullable;

/** The JSON form of a request within a container's record. What is as the builder has it by default is left out. */
final class RequestJson {
    private static final ContainerRequest DEFAULTS =
            ContainerRequest.of(NamespaceName.DEFAULT, "").build();

    private RequestJson() {}

    static JsonObject write(ContainerRequest request) {
        JsonObject.Builder builder = JsonObject.builder()
                .put("image", request.image())
                .optional("name", text(request.name()))
                .optional("platform", request.platform().map(Platform::toString).orElse(null))
                .strings("command", request.command())
                .strings("environment", request.environment())
                .optional("workingDirectory", text(request.workingDirectory()))
                .optional("user", text(request.user()))
                .optional("hostname", text(request.hostname()))
                .flag("terminal", request.terminal())
                .flag("openStdin", request.openStdin())
                .flag("readOnly", request.readOnly())
                .flag("reaper", request.reaper())
                .flag("privileged", request.privileged())
                .flag("autoRemove", request.autoRemove())
                .array("mounts", request.mounts(), RequestJson::mount)
                .array("ulimits", request.ulimits(), RequestJson::ulimit)
                .strings("capAdd", request.capAdd())
                .strings("capDrop", request.capDrop())
                .strings("securityOptions", request.securityOptions())
                .stringMap("sysctls", request.sysctls())
                .stringMap("labels", request.labels())
                .optional("stopSignal", text(request.stopSignal()))
                .optional("snapshotter", text(request.snapshotter()))
                .optional("runtime", text(request.runtime()));
        request.entrypoint().ifPresent(entrypoint -> builder.put("entrypoint", JsonArray.ofStrings(entrypoint)));
        if (request.pullPolicy() != DEFAULTS.pullPolicy()) {
            builder.put("pullPolicy", request.pullPolicy().name());
        }
        if (request.network() != DEFAULTS.network()) {
            builder.put("network", request.network().label());
        }
        if (!request.stopTimeout().equals(DEFAULTS.stopTimeout())) {
            builder.put("stopTimeout", request.stopTimeout().toString());
        }
        JsonObject limits = limits(request.resources());
        if (!limits.members().isEmpty()) {
            builder.put("resources", limits);
        }
        return builder.build();
    }

    static ContainerRequest read(JsonCursor at, NamespaceName namespace) {
        ObjectReader object = at.object();
        ContainerRequest.Builder builder = ContainerRequest.of(namespace, object.string("image"))
                .name(orEmpty(object.optionalString("name")))
                .command(object.strings("command"))
                .environment(object.strings("environment"))
                .workingDirectory(orEmpty(object.optionalString("workingDirectory")))
                .user(orEmpty(object.optionalString("user")))
                .hostname(orEmpty(object.optionalString("hostname")))
                .terminal(object.flag("terminal"))
                .openStdin(object.flag("openStdin"))
                .readOnly(object.flag("readOnly"))
                .reaper(object.flag("reaper"))
                .privileged(object.flag("privileged"))
                .autoRemove(object.flag("autoRemove"))
                .mounts(object.list("mounts", RequestJson::mount))
                .ulimits(object.list("ulimits", RequestJson::ulimit))
                .capAdd(object.strings("capAdd"))
                .capDrop(object.strings("capDrop"))
                .securityOptions(object.strings("securityOptions"))
                .sysctls(object.stringMap("sysctls"))
                .labels(object.stringMap("labels"))
                .stopSignal(orEmpty(object.optionalString("stopSignal")))
                .snapshotter(orEmpty(object.optionalString("snapshotter")))
                .runtime(orEmpty(object.optionalString("runtime")));
        JsonCursor platform = object.find("platform");
        if (platform != null) {
            builder.platform(Platform.parse(platform.string()));
        }
        JsonCursor entrypoint = object.find("entrypoint");
        if (entrypoint != null) {
            builder.entrypoint(entrypoint.list(JsonCursor::string));
        }
        JsonCursor pullPolicy = object.find("pullPolicy");
        if (pullPolicy != null) {
            builder.pullPolicy(pullPolicy.oneOf(PullPolicy.values(), PullPolicy::name));
        }
        JsonCursor network = object.find("network");
        if (network != null) {
            builder.network(network.oneOf(NetworkMode.values(), NetworkMode::label));
        }
        JsonCursor stopTimeout = object.find("stopTimeout");
        if (stopTimeout != null) {
            builder.stopTimeout(Duration.parse(stopTimeout.string()));
        }
        JsonCursor resources = object.find("resources");
        if (resources != null) {
            builder.resources(limits(resources));
        }
        return builder.build();
    }

    private static @Nullable String text(String value) {
        return value.isEmpty() ? null : value;
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static JsonObject mount(ContainerMount mount) {
        return mount.fold(
                bind -> JsonObject.builder()
                        .put("type", "bind")
                        .put("source", bind.source())
                        .put("target", bind.target())
                        .flag("readOnly", bind.readOnly())
                        .flag("createSource", bind.createSource())
                        .strings("options", bind.options())
                        .build(),
                tmpfs -> JsonObject.builder()
                        .put("type", "tmpfs")
                        .put("target", tmpfs.target())
                        .strings("options", tmpfs.options())
                        .build());
    }

    private static ContainerMount mount(JsonCursor at) {
        ObjectReader object = at.object();
        String type = object.string("type");
        List<String> options = object.strings("options");
        return switch (type) {
            case "bind" ->
                new ContainerMount.Bind(
                        object.string("source"),
                        object.string("target"),
                        object.flag("readOnly"),
                        object.flag("createSource"),
                        options);
            case "tmpfs" -> new ContainerMount.Tmpfs(object.string("target"), options);
            default -> throw object.require("type").mismatch("bind or tmpfs");
        };
    }

    private static JsonObject ulimit(Ulimit limit) {
        return JsonObject.builder()
                .put("name", new JsonString(limit.name()))
                .put("soft", limit.soft())
                .put("hard", limit.hard())
                .build();
    }

    private static Ulimit ulimit(JsonCursor at) {
        ObjectReader object = at.object();
        return new Ulimit(
                object.string("name"),
                object.required("soft", JsonCursor::int64),
                object.required("hard", JsonCursor::int64));
    }

    private static JsonObject limits(ResourceLimits limits) {
        return JsonObject.builder()
                .optional("memoryBytes", boxed(limits.memoryBytes()))
                .optional("memorySwapBytes", boxed(limits.memorySwapBytes()))
                .optional("nanoCpus", boxed(limits.nanoCpus()))
                .optional("cpuShares", boxed(limits.cpuShares()))
                .optional("pids", boxed(limits.pids()))
                .build();
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? (Long) value.getAsLong() : null;
    }

    private static ResourceLimits limits(JsonCursor at) {
        ObjectReader object = at.object();
        ResourceLimits limits = ResourceLimits.NONE;
        Long memory = object.optionalInt64("memoryBytes");
        Long swap = object.optionalInt64("memorySwapBytes");
        Long nanoCpus = object.optionalInt64("nanoCpus");
        Long shares = object.optionalInt64("cpuShares");
        Long pids = object.optionalInt64("pids");
        limits = memory == null ? limits : limits.memoryBytes(memory);
        limits = swap == null ? limits : limits.memorySwapBytes(swap);
        limits = nanoCpus == null ? limits : limits.nanoCpus(nanoCpus);
        limits = shares == null ? limits : limits.cpuShares(shares);
        return pids == null ? limits : limits.pids(pids);
    }
}
