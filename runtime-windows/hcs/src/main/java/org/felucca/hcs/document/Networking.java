package org.felucca.hcs.document;

import java.util.UUID;
import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The network of a container.
 *
 * @param namespace network namespace; null if not set
 * @param allowUnqualifiedDnsQuery whether names without a domain are looked up
 * @param dnsSearchList domains that are tried, with commas between them; null if not set
 * @param networkSharedContainerName container whose network is shared; null if not set
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Networking">Networking</a>
 */
public record Networking(
        @Nullable UUID namespace,
        boolean allowUnqualifiedDnsQuery,
        @Nullable String dnsSearchList,
        @Nullable String networkSharedContainerName) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("Namespace", namespace == null ? null : namespace.toString())
                .flag("AllowUnqualifiedDnsQuery", allowUnqualifiedDnsQuery)
                .optional("DnsSearchList", dnsSearchList)
                .optional("NetworkSharedContainerName", networkSharedContainerName)
                .build();
    }
}
