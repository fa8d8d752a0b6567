package org.felucca.oci.image;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;

/** What manifest and index check alike before anything else. */
final class SchemaVersion {
    private SchemaVersion() {}

    /** The media type the document claims, or the default of its format; schema 1 is refused by name. */
    static MediaType mediaType(ObjectReader object, MediaType byDefault) {
        MediaType mediaType = object.optional("mediaType", Descriptor::mediaType);
        long version = object.require("schemaVersion").int64();
        if (version == 1 || (mediaType != null && mediaType.isSchema1())) {
            throw object.at()
                    .error(
                            "it is a Docker schema 1 manifest, which has no verifiable layers",
                            "push the image again as OCI");
        }
        if (version != 2) {
            throw object.require("schemaVersion").mismatch("2");
        }
        return mediaType == null ? byDefault : mediaType;
    }

    /**
     * Refuses a member that belongs to the other format: one document must not mean an image to one reader and an
     * index to another (CVE-2021-41190).
     */
    static void refuse(ObjectReader object, String member) {
        JsonCursor found = object.find(member);
        if (found != null) {
            throw found.error("the document has members of a manifest and of an index", "push the image again");
        }
    }
}
