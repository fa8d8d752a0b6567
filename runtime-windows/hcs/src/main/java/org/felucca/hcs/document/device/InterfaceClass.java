package org.felucca.hcs.document.device;

import java.util.UUID;
import org.felucca.hcs.document.Guids;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * An interface of devices.
 *
 * @param type how it is applied; null if not set
 * @param identifier class of the interface; null if not set
 * @param recurse whether it is looked for below
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#InterfaceClass">InterfaceClass</a>
 */
public record InterfaceClass(
        @Nullable InterfaceClassType type, @Nullable UUID identifier, boolean recurse) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static InterfaceClass read(JsonCursor at) {
        ObjectReader object = at.object();
        InterfaceClass result = new InterfaceClass(
                object.optional("type", InterfaceClassType::read),
                object.optional("identifier", Guids::read),
                object.flag("recurse"));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("type", type, InterfaceClassType::value)
                .optional("identifier", identifier == null ? null : identifier.toString())
                .flag("recurse", recurse)
                .build();
    }
}
