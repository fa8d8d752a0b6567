package org.felucca.oci.image;

import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;

/**
 * The shape of an image layout, a directory or archive of content: names of its files and its version marker.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">image-spec, image layout</a>
 */
public final class ImageLayout {
    /** Marks a directory as an image layout and holds the version. */
    public static final String MARKER_FILE = "oci-layout";
    /** The entry point, an {@link ImageIndex}. */
    public static final String INDEX_FILE = "index.json";
    /** Holds all content by digest. */
    public static final String BLOBS_DIRECTORY = "blobs";
    /** The version written, and the major version read. */
    public static final String VERSION = "1.0.0";

    private ImageLayout() {}

    /**
     * Checks a marker file.
     *
     * @throws OciFormatException if it is malformed or of another major version
     */
    public static void requireSupported(byte[] marker) {
        JsonCursor version = JsonCursor.of(MARKER_FILE, marker).object().require("imageLayoutVersion");
        if (!version.string().startsWith("1.")) {
            throw version.mismatch("version 1.x.y");
        }
    }

    /** The marker file's content. */
    public static JsonObject marker() {
        return JsonObject.builder().put("imageLayoutVersion", VERSION).build();
    }

    /** Where content lies, relative to the layout's root, with slashes. */
    public static String blobPath(Digest digest) {
        return BLOBS_DIRECTORY + "/" + digest.algorithm().id() + "/" + digest.hex();
    }
}
