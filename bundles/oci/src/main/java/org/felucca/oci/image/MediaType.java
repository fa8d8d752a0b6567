package org.felucca.oci.image;

import java.util.Set;
import java.util.regex.Pattern;
import org.felucca.oci.OciFormatException;

/**
 * A media type (RFC 6838), with what the image formats mean by it. Any syntactically valid type is an instance; the
 * questions say whether it is one of those known here.
 *
 * @param value {@code type/subtype}, without parameters
 */
public record MediaType(String value) {
    private static final Pattern SYNTAX =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}");

    /** OCI image index. */
    public static final MediaType OCI_INDEX = new MediaType("application/vnd.oci.image.index.v1+json");
    /** OCI image manifest. */
    public static final MediaType OCI_MANIFEST = new MediaType("application/vnd.oci.image.manifest.v1+json");
    /** OCI image configuration. */
    public static final MediaType OCI_CONFIG = new MediaType("application/vnd.oci.image.config.v1+json");
    /** OCI layer, plain tar. */
    public static final MediaType OCI_LAYER = new MediaType("application/vnd.oci.image.layer.v1.tar");
    /** OCI layer, gzip. */
    public static final MediaType OCI_LAYER_GZIP = new MediaType("application/vnd.oci.image.layer.v1.tar+gzip");
    /** OCI layer, zstd. */
    public static final MediaType OCI_LAYER_ZSTD = new MediaType("application/vnd.oci.image.layer.v1.tar+zstd");
    /** OCI's value for "there is nothing": the document {@code {}}. */
    public static final MediaType OCI_EMPTY = new MediaType("application/vnd.oci.empty.v1+json");
    /** Docker manifest list. */
    public static final MediaType DOCKER_INDEX =
            new MediaType("application/vnd.docker.distribution.manifest.list.v2+json");
    /** Docker image manifest, schema 2. */
    public static final MediaType DOCKER_MANIFEST =
            new MediaType("application/vnd.docker.distribution.manifest.v2+json");
    /** Docker image configuration. */
    public static final MediaType DOCKER_CONFIG = new MediaType("application/vnd.docker.container.image.v1+json");
    /** Docker layer, plain tar. */
    public static final MediaType DOCKER_LAYER = new MediaType("application/vnd.docker.image.rootfs.diff.tar");
    /** Docker layer, gzip. */
    public static final MediaType DOCKER_LAYER_GZIP =
            new MediaType("application/vnd.docker.image.rootfs.diff.tar.gzip");
    /** Docker layer, zstd. */
    public static final MediaType DOCKER_LAYER_ZSTD =
            new MediaType("application/vnd.docker.image.rootfs.diff.tar.zstd");

    private static final String OCI_FOREIGN = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    private static final String DOCKER_FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar";
    private static final Set<String> SCHEMA_1 = Set.of(
            "application/vnd.docker.distribution.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v1+prettyjws");

    /** How a layer's tar archive is packed. */
    public enum Compression {
        /** Not at all. */
        NONE,
        /** RFC 1952. */
        GZIP,
        /** RFC 8878. */
        ZSTD
    }

    /**
     * @throws OciFormatException if the text is not of the form {@code type/subtype}
     */
    public MediaType {
        if (!SYNTAX.matcher(value).matches()) {
            throw new OciFormatException(
                    "media type " + OciFormatException.quote(value),
                    null,
                    "it is malformed",
                    "write type/subtype as in RFC 6838, without parameters");
        }
    }

    /** The type in a {@code Content-Type} header, without its parameters. */
    public static MediaType ofContentType(String header) {
        int semicolon = header.indexOf(';');
        return new MediaType((semicolon < 0 ? header : header.substring(0, semicolon)).strip());
    }

    /** An OCI index or Docker manifest list. */
    public boolean isIndex() {
        return equals(OCI_INDEX) || equals(DOCKER_INDEX);
    }

    /** An OCI manifest or Docker schema 2 manifest. */
    public boolean isManifest() {
        return equals(OCI_MANIFEST) || equals(DOCKER_MANIFEST);
    }

    /** An OCI or Docker image configuration. */
    public boolean isConfig() {
        return equals(OCI_CONFIG) || equals(DOCKER_CONFIG);
    }

    /** Docker's schema 1, which nothing here reads. */
    public boolean isSchema1() {
        return SCHEMA_1.contains(value);
    }

    /** A layer, in any packing, distributable or not. */
    public boolean isLayer() {
        String base = layerBase();
        return base.equals(OCI_LAYER.value)
                || base.equals(DOCKER_LAYER.value)
                || base.equals(OCI_FOREIGN)
                || base.equals(DOCKER_FOREIGN);
    }

    /** A layer that registries may not hold; its descriptor's URLs say where it is. */
    public boolean isForeignLayer() {
        String base = layerBase();
        return base.equals(OCI_FOREIGN) || base.equals(DOCKER_FOREIGN);
    }

    /** How a layer of this type is packed, by its suffix. */
    public Compression compression() {
        if (value.endsWith("+gzip") || value.endsWith(".gzip")) {
            return Compression.GZIP;
        }
        return value.endsWith("+zstd") || value.endsWith(".zstd") ? Compression.ZSTD : Compression.NONE;
    }

    private String layerBase() {
        return compression() == Compression.NONE ? value : value.substring(0, value.length() - "+gzip".length());
    }

    /** The text itself. */
    @Override
    public String toString() {
        return value;
    }
}
