package org.felucca.oci.runtimespec.windows;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Network settings of a Windows container.
 *
 * @param endpointList HNS endpoints
 * @param allowUnqualifiedDnsQuery whether unqualified names are resolved
 * @param dnsSearchList DNS suffixes
 * @param networkSharedContainerName container whose network is shared; null if not set
 * @param networkNamespace HNS network namespace; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md#network">
 *     runtime-spec, network</a>
 */
public record WindowsNetwork(
        List<String> endpointList,
        boolean allowUnqualifiedDnsQuery,
        List<String> dnsSearchList,
        @Nullable String networkSharedContainerName,
        @Nullable String networkNamespace) {
    /** Copies what can be changed. */
    public WindowsNetwork {
        endpointList = List.copyOf(endpointList);
        dnsSearchList = List.copyOf(dnsSearchList);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.endpointList = endpointList;
        builder.allowUnqualifiedDnsQuery = allowUnqualifiedDnsQuery;
        builder.dnsSearchList = dnsSearchList;
        builder.networkSharedContainerName = networkSharedContainerName;
        builder.networkNamespace = networkNamespace;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static WindowsNetwork read(JsonCursor at) {
        ObjectReader object = at.object();
        WindowsNetwork result = new WindowsNetwork(
                object.strings("endpointList"),
                object.flag("allowUnqualifiedDNSQuery"),
                object.strings("DNSSearchList"),
                object.optionalString("networkSharedContainerName"),
                object.optionalString("networkNamespace"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .strings("endpointList", endpointList)
                .flag("allowUnqualifiedDNSQuery", allowUnqualifiedDnsQuery)
                .strings("DNSSearchList", dnsSearchList)
                .optional("networkSharedContainerName", networkSharedContainerName)
                .optional("networkNamespace", networkNamespace)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private List<String> endpointList = List.of();
        private boolean allowUnqualifiedDnsQuery;
        private List<String> dnsSearchList = List.of();
        private @Nullable String networkSharedContainerName;
        private @Nullable String networkNamespace;

        private Builder() {}

        /** See {@link WindowsNetwork#endpointList()}. */
        public Builder endpointList(List<String> value) {
            this.endpointList = value;
            return this;
        }

        /** See {@link WindowsNetwork#allowUnqualifiedDnsQuery()}. */
        public Builder allowUnqualifiedDnsQuery(boolean value) {
            this.allowUnqualifiedDnsQuery = value;
            return this;
        }

        /** See {@link WindowsNetwork#dnsSearchList()}. */
        public Builder dnsSearchList(List<String> value) {
            this.dnsSearchList = value;
            return this;
        }

        /** See {@link WindowsNetwork#networkSharedContainerName()}. */
        public Builder networkSharedContainerName(@Nullable String value) {
            this.networkSharedContainerName = value;
            return this;
        }

        /** See {@link WindowsNetwork#networkNamespace()}. */
        public Builder networkNamespace(@Nullable String value) {
            this.networkNamespace = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public WindowsNetwork build() {
            return new WindowsNetwork(
                    endpointList,
                    allowUnqualifiedDnsQuery,
                    dnsSearchList,
                    networkSharedContainerName,
                    networkNamespace);
        }
    }
}
