package org.felucca.hcs.compile;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.felucca.hcs.document.CredentialGuardState;
import org.felucca.hcs.document.device.DeviceExtension;
import org.jspecify.annotations.Nullable;

/** What was made ahead for one container, see {@link Preparation}. Immutable; withers return new values. */
public final class ContainerFacts {
    private final String id;
    private final String owner;
    private final Function<String, UUID> layerIds;
    private final @Nullable String rootVolume;
    private final @Nullable UUID networkNamespace;
    private final @Nullable CredentialGuardState credentials;
    private final List<DeviceExtension> extensions;

    private ContainerFacts(
            String id,
            String owner,
            Function<String, UUID> layerIds,
            @Nullable String rootVolume,
            @Nullable UUID networkNamespace,
            @Nullable CredentialGuardState credentials,
            List<DeviceExtension> extensions) {
        this.id = Objects.requireNonNull(id, "id");
        this.owner = Objects.requireNonNull(owner, "owner");
        this.layerIds = Objects.requireNonNull(layerIds, "layerIds");
        this.rootVolume = rootVolume;
        this.networkNamespace = networkNamespace;
        this.credentials = credentials;
        this.extensions = extensions;
    }

    /**
     * Starts with nothing made.
     *
     * @param id id of the container
     * @param owner who makes it, by which a later daemon finds it
     * @param layerIds what the filter driver knows a layer by, given its folder
     */
    public static ContainerFacts of(String id, String owner, Function<String, UUID> layerIds) {
        return new ContainerFacts(id, owner, layerIds, null, null, null, List.of());
    }

    /** The scratch is mounted as this volume: the root's path in the configuration does not count. */
    public ContainerFacts rootVolume(String volume) {
        return new ContainerFacts(id, owner, layerIds, volume, networkNamespace, credentials, extensions);
    }

    /** The container's network is in this namespace: with the endpoints asked for, or of a network provider. */
    public ContainerFacts networkNamespace(UUID namespace) {
        return new ContainerFacts(id, owner, layerIds, rootVolume, namespace, credentials, extensions);
    }

    /** The credential guard has an instance for the container. */
    public ContainerFacts credentials(CredentialGuardState state) {
        return new ContainerFacts(id, owner, layerIds, rootVolume, networkNamespace, state, extensions);
    }

    /** The files with extensions of devices hold these. */
    public ContainerFacts extensions(List<DeviceExtension> read) {
        return new ContainerFacts(id, owner, layerIds, rootVolume, networkNamespace, credentials, List.copyOf(read));
    }

    String id() {
        return id;
    }

    String owner() {
        return owner;
    }

    UUID layerId(String folder) {
        return layerIds.apply(folder);
    }

    @Nullable
    String rootVolume() {
        return rootVolume;
    }

    @Nullable
    UUID networkNamespace() {
        return networkNamespace;
    }

    @Nullable
    CredentialGuardState credentials() {
        return credentials;
    }

    List<DeviceExtension> extensions() {
        return extensions;
    }
}
