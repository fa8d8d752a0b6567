package org.felucca.hcs.document;

import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A value that is put into the registry of a container before it starts: a text or a number of 32 bits.
 *
 * @param key where
 * @param name its name
 * @param text the text; null if it is a number
 * @param number the number, 32 bits unsigned; null if it is a text
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#RegistryValue">RegistryValue</a>
 */
public record RegistryValue(
        RegistryKey key,
        String name,
        @Nullable String text,
        @Nullable Long number) {
    /** Checks that it has exactly one value. */
    public RegistryValue {
        if ((text == null) == (number == null)) {
            throw new IllegalArgumentException("registry value " + name + " needs a text or a number");
        }
    }

    /** A text. */
    public static RegistryValue of(RegistryKey key, String name, String text) {
        return new RegistryValue(key, name, text, null);
    }

    /** A number. */
    public static RegistryValue of(RegistryKey key, String name, long number) {
        return new RegistryValue(key, name, null, number);
    }

    /** As the schema writes it. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("Key", key.toJson())
                .put("Name", name)
                .put("Type", text != null ? "String" : "DWord")
                .optional("StringValue", text)
                .optional("DWordValue", number)
                .build();
    }
}
