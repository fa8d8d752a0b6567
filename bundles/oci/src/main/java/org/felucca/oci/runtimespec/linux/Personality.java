package org.felucca.oci.runtimespec.linux;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * Execution domain of the process.
 *
 * @param domain the domain
 * @param flags flags; none are defined
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#personality">
 *     runtime-spec, personality</a>
 */
public record Personality(PersonalityDomain domain, List<String> flags) {
    /** Copies what can be changed. */
    public Personality {
        flags = List.copyOf(flags);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Personality read(JsonCursor at) {
        ObjectReader object = at.object();
        Personality result =
                new Personality(object.required("domain", PersonalityDomain::read), object.strings("flags"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("domain", domain.id())
                .strings("flags", flags)
                .build();
    }
}
