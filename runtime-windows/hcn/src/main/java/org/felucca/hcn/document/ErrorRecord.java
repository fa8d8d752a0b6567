package org.felucca.hcn.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Why a call failed, besides its HRESULT.
 *
 * @param error text for people; null if not given
 * @param errorCode HRESULT, 32 bits unsigned; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#Response">Response</a>
 */
public record ErrorRecord(@Nullable String error, @Nullable Long errorCode) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static ErrorRecord read(JsonCursor at) {
        ObjectReader object = at.object();
        ErrorRecord result = new ErrorRecord(object.optionalString("Error"), object.optionalUint32("ErrorCode"));
        return result;
    }
}
