package org.felucca.oci.runtimespec.linux;

import java.util.regex.Pattern;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * Limit of huge pages of one size.
 *
 * @param pageSize page size such as 2MB
 * @param limit bytes; 64 bits, unsigned
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#huge-page-limits">
 *     runtime-spec, hugepageLimits</a>
 */
public record HugepageLimit(String pageSize, long limit) {
    private static final Pattern PAGE_SIZE = Pattern.compile("[1-9][0-9]*[KMG]B");

    /**
     * @throws OciFormatException if the page size is not of the form 64KB, 2MB or 1GB
     */
    public HugepageLimit {
        if (!PAGE_SIZE.matcher(pageSize).matches()) {
            throw new OciFormatException(
                    "huge page limit",
                    null,
                    "page size " + OciFormatException.quote(pageSize) + " is malformed",
                    "write it as 2MB");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static HugepageLimit read(JsonCursor at) {
        ObjectReader object = at.object();
        HugepageLimit result = at.as(cursor -> new HugepageLimit(
                object.required("pageSize", JsonCursor::nonEmptyString), object.required("limit", JsonCursor::uint64)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("pageSize", pageSize)
                .putUnsigned("limit", limit)
                .build();
    }
}
