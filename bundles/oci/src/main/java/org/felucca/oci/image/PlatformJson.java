package org.felucca.oci.image;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.platform.Platform;

/** The platform object of an index entry. */
final class PlatformJson {
    private PlatformJson() {}

    static Platform read(JsonCursor at) {
        ObjectReader object = at.object();
        String variant = object.optionalString("variant");
        String osVersion = object.optionalString("os.version");
        return new Platform(
                object.string("os"),
                object.string("architecture"),
                variant == null ? "" : variant,
                osVersion == null ? "" : osVersion,
                object.strings("os.features"));
    }

    static JsonObject write(Platform platform) {
        return JsonObject.builder()
                .put("architecture", platform.architecture())
                .put("os", platform.os())
                .optional("os.version", platform.osVersion().isEmpty() ? null : platform.osVersion())
                .strings("os.features", platform.osFeatures())
                .optional("variant", platform.variant().isEmpty() ? null : platform.variant())
                .build();
    }
}
