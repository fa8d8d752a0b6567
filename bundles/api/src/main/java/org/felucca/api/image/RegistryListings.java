package org.felucca.api.image;

import java.util.List;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Says what registries have, without fetching it. Thread-safe; calls block and end with CANCELLED on interrupt.
 *
 * <p>All methods throw NOT_FOUND if the registry does not know the repository, UNAUTHENTICATED or PERMISSION_DENIED if
 * it wants (other) credentials, UNAVAILABLE if it cannot be reached, DATA_LOSS if its answer is no list.
 */
@ProviderType
public interface RegistryListings {
    /**
     * Lists the tags of a repository.
     *
     * @param repository registry and repository count, tag and digest do not
     * @return all tags, sorted; empty if none is left
     * @throws FeluccaException as the interface says
     */
    List<String> tags(ImageReference repository);

    /**
     * Lists what refers to an image: signatures, bills of materials and other manifests whose {@code subject} it is.
     *
     * @param image a name; what its tag points to is looked up first, unless it has a digest
     * @param artifactType only of this type; null for all
     * @return their descriptors; empty if there is none
     * @throws FeluccaException as the interface says
     * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers">listing
     *     referrers</a>
     */
    List<Descriptor> referrers(ImageReference image, @Nullable MediaType artifactType);
}
