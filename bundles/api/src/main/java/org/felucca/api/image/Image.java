package org.felucca.api.image;

import java.time.Instant;
import org.felucca.api.metadata.NamespaceName;
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
public record Image(
        NamespaceName namespace, ImageReference name, Descriptor target, Instant created, Instant updated) {}
