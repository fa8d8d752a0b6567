package org.felucca.api.image;

import java.time.Instant;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.reference.ImageReference;

/**
 * A name and what it points to.
 *
 * @param namespace the tenant it belongs to
 * @param name the normalised reference it is known by
 * @param target the manifest or index
 * @param created when the name was first set
 * @param updated when the name was last pointed elsewhere
 */
public record Image(NamespaceName namespace, ImageReference name, Descriptor target, Instant created, Instant updated) {
    /** The repository of images that nobody has named; the digest tells them apart. */
    private static final String UNNAMED = "localhost/unnamed";

    /** Returns what an image is called that nobody has named: {@code localhost/unnamed@sha256:…}. */
    public static ImageReference unnamed(Digest target) {
        return ImageReference.parse(UNNAMED + "@" + target);
    }

    /** Returns {@code true} if nobody has named it. */
    public boolean unnamed() {
        return name.name().equals(UNNAMED) && name.tag().isEmpty();
    }
}
