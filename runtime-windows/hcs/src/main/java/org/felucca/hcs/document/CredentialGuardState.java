package org.felucca.hcs.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a group managed service account, as the host keeps them for a container.
 *
 * @param cookie proof of the right to use the instance; null if not set
 * @param rpcEndpoint where the container reaches the instance; null if not set
 * @param transport how it reaches it: LRPC with process isolation; null if not set
 * @param credentialSpec the credential specification; null if not set
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ContainerCredentialGuardState">ContainerCredentialGuardState</a>
 */
public record CredentialGuardState(
        @Nullable String cookie,
        @Nullable String rpcEndpoint,
        @Nullable String transport,
        @Nullable String credentialSpec) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static CredentialGuardState read(JsonCursor at) {
        ObjectReader object = at.object();
        CredentialGuardState result = new CredentialGuardState(
                object.optionalString("Cookie"),
                object.optionalString("RpcEndpoint"),
                object.optionalString("Transport"),
                object.optionalString("CredentialSpec"));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("Cookie", cookie)
                .optional("RpcEndpoint", rpcEndpoint)
                .optional("Transport", transport)
                .optional("CredentialSpec", credentialSpec)
                .build();
    }
}
