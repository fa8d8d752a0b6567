package org.felucca.core.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.container.Composition;
import org.felucca.api.container.Composition.Choice;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Role;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.RuntimeFeatures;
import org.felucca.api.runtime.RuntimeFeatures.Capability;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.core.fake.FakeSnapshotter;
import org.felucca.core.fake.Faults;
import org.felucca.core.fake.SomeContainer;
import org.felucca.core.registry.Origin;
import org.felucca.core.registry.ProviderRegistry;
import org.felucca.oci.platform.Platform;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComposerTest {
    private final ProviderRegistry providers = new ProviderRegistry(Runnable::run);
    private final Composer composer = new Composer(providers, Platform.of("linux", "amd64"));

    private static RuntimeBackend backend(String system, Capability... capabilities) {
        return new RuntimeBackend() {
            @Override
            public RuntimeFeatures features() {
                return new RuntimeFeatures(
                        Set.of(system), Set.of(SnapshotMount.Kind.OVERLAY), Set.of(capabilities), "1.2.0");
            }

            @Override
            public Task create(TaskRequest request) {
                throw new UnsupportedOperationException("not part of a composition");
            }

            @Override
            public Optional<Task> recover(TaskId id) {
                return Optional.empty();
            }

            @Override
            public List<TaskId> tasks() {
                return List.of();
            }
        };
    }

    private void runtime(String id, int ranking, RuntimeBackend backend) {
        providers.registry(Role.RUNTIME).bind(id, backend, new Origin(ranking, "bundle", "1.0.0"));
    }

    @BeforeEach
    void snapshotters() {
        providers
                .registry(Role.SNAPSHOTTER)
                .bind("native", new FakeSnapshotter(new Faults()), new Origin(0, "bundle", "1.0.0"));
        providers
                .registry(Role.SNAPSHOTTER)
                .bind("overlay", new FakeSnapshotter(new Faults()), new Origin(10, "bundle", "1.0.0"));
    }

    private static FeluccaException refused(Runnable work) {
        return assertThrows(FeluccaException.class, work::run);
    }

    @Test
    void withoutWishes_theHighestRankingIsPicked() {
        runtime("runc", 0, backend("linux"));
        runtime("linux", 5, backend("linux"));

        Composition composition = composer.compose(SomeContainer.request().build());

        assertEquals(
                List.of(
                        new Choice("snapshotter", "overlay", "highest ranking of 2", List.of("native: ranked below")),
                        new Choice("runtime", "linux", "highest ranking of 2", List.of("runc: ranked below"))),
                composition.choices());
    }

    @Test
    void whatIsAskedFor_isPickedWhateverItsRanking() {
        runtime("linux", 5, backend("linux"));

        Choice choice = composer.compose(
                        SomeContainer.request().snapshotter("native").build())
                .choices()
                .get(0);

        assertEquals(
                new Choice("snapshotter", "native", "asked for by --snapshotter", List.of("overlay: not asked for")),
                choice);
    }

    @Test
    void backendOfAnotherSystem_isPassedOver() {
        runtime("hcs", 9, backend("windows"));
        runtime("linux", 0, backend("linux"));

        Choice choice =
                composer.compose(SomeContainer.request().build()).choices().get(1);

        assertEquals("linux", choice.id());
        assertEquals(List.of("hcs: it does not run linux containers"), choice.others());
        assertEquals(
                "hcs",
                composer.compose(SomeContainer.request()
                                .platform(Platform.of("windows", "amd64"))
                                .build())
                        .id("runtime"));
    }

    @Test
    void backendThatLacksAFeature_isPassedOver_orRefusedWhenAskedFor() {
        runtime("plain", 9, backend("linux"));
        runtime("full", 0, backend("linux", Capability.REAPER));

        assertEquals(
                "full",
                composer.compose(SomeContainer.request().reaper(true).build()).id("runtime"));
        FeluccaException failure = refused(() -> composer.compose(
                SomeContainer.request().reaper(true).runtime("plain").build()));
        assertEquals(ErrorCode.UNSUPPORTED, failure.code());
        assertTrue(failure.getMessage().contains("init"), failure.getMessage());
    }

    @Test
    void noBackend_throwsUnavailable_noneThatFits_throwsUnsupported() {
        assertEquals(
                ErrorCode.UNAVAILABLE,
                refused(() -> composer.compose(SomeContainer.request().build())).code());
        runtime("hcs", 0, backend("windows"));
        assertEquals(
                ErrorCode.UNSUPPORTED,
                refused(() -> composer.compose(SomeContainer.request().build())).code());
    }

    @Test
    void unknownIds_throwUnavailableNamingTheLiveOnes() {
        runtime("linux", 0, backend("linux"));

        FeluccaException failure = refused(() ->
                composer.compose(SomeContainer.request().snapshotter("zfs").build()));

        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("overlay, native"), failure.getMessage());
    }

    @Test
    void mountsTheBackendCannotMake_areRefusedNamingBoth() {
        runtime("linux", 0, backend("linux"));
        var handle = providers.require(Role.RUNTIME, "linux");

        composer.requireMountable(
                List.of(new SnapshotMount.Overlay(
                        List.of(Path.of("/a")), Optional.empty(), Optional.empty(), List.of())),
                handle,
                "overlay");
        FeluccaException failure = refused(() ->
                composer.requireMountable(List.of(new SnapshotMount.Bind(Path.of("/a"), false)), handle, "native"));
        assertEquals(ErrorCode.UNSUPPORTED, failure.code());
        assertTrue(
                failure.getMessage().contains("native") && failure.getMessage().contains("linux"));
    }
}
