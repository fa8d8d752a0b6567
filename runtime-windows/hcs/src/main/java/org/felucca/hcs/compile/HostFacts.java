package org.felucca.hcs.compile;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.hcs.document.SchemaVersion;

/**
 * What was found out about the host, once.
 *
 * @param build build number of Windows, such as 17763 for Windows Server 2019
 * @param processors logical processors of the host, at least 1
 */
public record HostFacts(int build, int processors) {
    /** First build that changes limits of a running container. */
    static final int UPDATE_OF_PROCESSOR = 19042;

    /**
     * Checks that the host has the schema.
     *
     * @throws FeluccaException UNSUPPORTED before Windows Server 2019
     */
    public HostFacts {
        if (processors < 1) {
            throw new IllegalArgumentException("a host has processors, not " + processors);
        }
        if (SchemaVersion.ofBuild(build).isEmpty()) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    "cannot run Windows containers",
                    "build " + build + " of Windows has no compute service of schema 2",
                    "use Windows Server 2019 (build 17763) or later");
        }
    }

    boolean has(SchemaVersion version) {
        return build >= version.build();
    }
}
