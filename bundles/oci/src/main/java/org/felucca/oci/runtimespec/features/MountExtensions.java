package org.felucca.oci.runtimespec.features;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Support of extended mounts; null means unknown.
 *
 * @param idmap idmapped mounts; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features-linux.md#mount-extensions">
 *     runtime-spec, features</a>
 */
public record MountExtensions(@Nullable Enabled idmap) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static MountExtensions read(JsonCursor at) {
        ObjectReader object = at.object();
        MountExtensions result = new MountExtensions(object.optional("idmap", Enabled::read));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().optional("idmap", idmap, Enabled::toJson).build();
    }
}
