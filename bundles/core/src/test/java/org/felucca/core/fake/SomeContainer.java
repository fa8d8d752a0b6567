package org.felucca.core.fake;

import java.time.Instant;
import java.util.List;
import org.felucca.api.container.Composition;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.core.record.ContainerKey;
import org.felucca.core.record.ContainerRecord;
import org.felucca.core.record.Phase;
import org.felucca.core.spec.Launches;
import org.felucca.oci.image.ContainerDefaults;

/** A container's record for tests that need one. */
public final class SomeContainer {
    /** Its id. */
    public static final String ID = "0123456789abcdef".repeat(4);

    private SomeContainer() {}

    /** Starts a request for it. */
    public static ContainerRequest.Builder request() {
        return ContainerRequest.of(NamespaceName.DEFAULT, "busybox").command(List.of("sh"));
    }

    /** Makes its record from a request. */
    public static ContainerRecord of(ContainerRequest request) {
        return new ContainerRecord(
                new ContainerKey(request.namespace(), ID),
                "web",
                request,
                "docker.io/library/busybox:latest",
                FakeImages.LAYER,
                SnapshotKey.of("top"),
                Launches.of(request, ContainerDefaults.EMPTY),
                new Composition(List.of(
                        new Composition.Choice("snapshotter", "overlay", "the only one", List.of()),
                        new Composition.Choice("runtime", "linux", "asked for", List.of("runc: not asked for")))),
                Phase.CREATED,
                Instant.parse("2026-01-02T03:04:05.678Z"),
                null,
                null);
    }
}
