package org.felucca.hcs.document;

import java.util.Optional;
import org.felucca.oci.json.JsonObject;

/**
 * A version of the schema. A document carries the lowest one that has what it uses, so that it is understood by as many
 * hosts as can be.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Schema-Version-Map">versions</a>
 */
public enum SchemaVersion {
    /** Windows Server 2019. */
    V2_1(2, 1, 17763),

    /** Windows 10 and Windows Server, version 1903: devices with a type. */
    V2_2(2, 2, 18362),

    /** Windows 10 and Windows Server, version 2004: extensions of devices. */
    V2_3(2, 3, 19041),

    /** Windows Server 2022: options of shutdown. */
    V2_5(2, 5, 20348);

    private final int major;
    private final int minor;
    private final int build;

    SchemaVersion(int major, int minor, int build) {
        this.major = major;
        this.minor = minor;
        this.build = build;
    }

    /** Returns the newest of these that a build of Windows has; none before Windows Server 2019. */
    public static Optional<SchemaVersion> ofBuild(int windowsBuild) {
        SchemaVersion newest = null;
        for (SchemaVersion version : values()) {
            if (windowsBuild >= version.build) {
                newest = version;
            }
        }
        return Optional.ofNullable(newest);
    }

    /** Returns the first build of Windows that has it. */
    public int build() {
        return build;
    }

    /** As the schema writes it. */
    public JsonObject toJson() {
        return JsonObject.builder().put("Major", major).put("Minor", minor).build();
    }
}
