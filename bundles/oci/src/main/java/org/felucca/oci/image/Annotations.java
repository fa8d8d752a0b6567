package org.felucca.oci.image;

/** Names of annotations the image formats define or everybody writes. */
public final class Annotations {
    /** In an image layout's index: the name of the reference, a tag or a full image reference. */
    public static final String REF_NAME = "org.opencontainers.image.ref.name";
    /** In an image layout's index, as containerd and buildkit write it: the full image reference. */
    public static final String CONTAINERD_IMAGE_NAME = "io.containerd.image.name";
    /** When the image was built. */
    public static final String CREATED = "org.opencontainers.image.created";
    /** Digest of the image this one is based on. */
    public static final String BASE_DIGEST = "org.opencontainers.image.base.digest";
    /** Reference of the image this one is based on. */
    public static final String BASE_NAME = "org.opencontainers.image.base.name";

    private Annotations() {}
}
