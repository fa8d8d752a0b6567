package org.felucca.core.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.felucca.api.container.ContainerMount.Bind;
import org.felucca.api.container.ContainerMount.Tmpfs;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.NetworkMode;
import org.felucca.api.container.Ulimit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.PullPolicy;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.TaskExit;
import org.felucca.core.fake.FakeStore;
import org.felucca.core.fake.Faults;
import org.felucca.core.fake.SomeContainer;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.platform.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordsTest {
    private final FakeStore store = new FakeStore(new Faults());
    private final Records records = new Records(store, Clock.systemUTC());

    private static ContainerRequest everything() {
        return SomeContainer.request()
                .name("web")
                .pullPolicy(PullPolicy.ALWAYS)
                .platform(Platform.of("linux", "arm64"))
                .command(List.of("a", "b"))
                .entrypoint(List.of())
                .environment(List.of("A=é"))
                .workingDirectory("/w")
                .user("u:g")
                .hostname("h")
                .terminal(true)
                .openStdin(true)
                .readOnly(true)
                .reaper(true)
                .privileged(true)
                .autoRemove(true)
                .mounts(List.of(
                        new Bind("/s", "/t", true, true, List.of("rslave")), new Tmpfs("/m", List.of("size=1m"))))
                .network(NetworkMode.HOST)
                .resources(ResourceLimits.NONE
                        .memoryBytes(1)
                        .memorySwapBytes(-1)
                        .nanoCpus(2)
                        .cpuShares(3)
                        .pids(-1))
                .ulimits(List.of(new Ulimit("core", -1, -1)))
                .capAdd(List.of("KILL"))
                .capDrop(List.of("ALL"))
                .securityOptions(List.of("no-new-privileges"))
                .sysctls(Map.of("net.a", "1"))
                .labels(Map.of("l", ""))
                .stopSignal("9")
                .stopTimeout(Duration.ofMillis(1500))
                .snapshotter("overlay")
                .runtime("linux")
                .build();
    }

    static Stream<ContainerRecord> samples() {
        ContainerRecord plain = SomeContainer.of(SomeContainer.request().build());
        ContainerRecord full = SomeContainer.of(everything());
        Instant at = Instant.parse("2026-02-03T04:05:06.000000007Z");
        return Stream.of(
                plain,
                full,
                full.running(at),
                full.running(at).exited(new TaskExit(new ExitStatus.Exited(3), at, true)),
                full.running(at).exited(new TaskExit(new ExitStatus.Signaled(9), at, false)),
                plain.exited(new TaskExit(new ExitStatus.Unknown("gone"), at, false)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void record_isReadBackAsItWasWritten(ContainerRecord container) {
        records.insert(container, Durability.NORMAL);

        List<ContainerRecord> loaded = records.load();

        assertEquals(1, loaded.size());
        ContainerRecord found = loaded.get(0);
        assertEquals(ContainerJson.write(container), ContainerJson.write(found));
        assertEquals(container.phase(), found.phase());
        assertEquals(container.exit(), found.exit());
        assertEquals(container.started(), found.started());
        assertEquals(container.launch(), found.launch());
        assertEquals(container.composition(), found.composition());
        assertEquals(container.parent(), found.parent());
    }

    @Test
    void requestInARecord_keepsEveryProperty() {
        JsonObject document = (JsonObject) Json.parse("record", ContainerJson.write(SomeContainer.of(everything())));
        JsonObject request = (JsonObject) document.get("request").orElseThrow();

        // One member for each property of a request but the namespace, which is the record's scope.
        long properties = Stream.of(ContainerRequest.class.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 0
                        && !method.isSynthetic()
                        && java.lang.reflect.Modifier.isPublic(method.getModifiers())
                        && !method.getName().equals("toBuilder")
                        && !method.getName().equals("namespace"))
                .count();
        assertEquals(
                properties, request.members().size(), request.members().keySet().toString());
    }

    @Test
    void references_areImageAndSnapshots() {
        records.insert(SomeContainer.of(SomeContainer.request().build()), Durability.NORMAL);

        assertEquals(
                List.of(
                        "image/default/docker.io/library/busybox:latest",
                        "snapshot/overlay/default/" + SomeContainer.ID,
                        "snapshot/overlay/top"),
                store.list(RecordKind.CONTAINER).get(0).references().stream()
                        .map(Object::toString)
                        .toList());
    }

    @Test
    void table_findsByIdNameAndPrefix_inThisOrder() {
        Table table = new Table();
        Entry entry = new Entry(SomeContainer.of(SomeContainer.request().build()));
        assertTrue(table.reserve(entry.key(), "web"));
        table.add(entry);
        NamespaceName ns = NamespaceName.DEFAULT;

        assertEquals(entry, table.find(ns, SomeContainer.ID));
        assertEquals(entry, table.find(ns, "web"));
        assertEquals(entry, table.find(ns, "0123"));
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertThrows(FeluccaException.class, () -> table.find(ns, "")).code());
        table.remove(entry);
        assertTrue(table.reserve(new ContainerKey(ns, "other"), "web"), "the name is free again");
    }
}
