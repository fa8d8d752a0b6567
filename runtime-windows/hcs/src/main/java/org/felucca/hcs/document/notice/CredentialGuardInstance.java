package org.felucca.hcs.document.notice;

import org.felucca.hcs.document.CredentialGuardState;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * An instance of the credential guard, as the host lists it.
 *
 * @param id id of the container it is for
 * @param credentialGuard what the container is given; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ContainerCredentialGuardInstance">ContainerCredentialGuardInstance</a>
 */
public record CredentialGuardInstance(String id, @Nullable CredentialGuardState credentialGuard) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static CredentialGuardInstance read(JsonCursor at) {
        ObjectReader object = at.object();
        CredentialGuardInstance result = new CredentialGuardInstance(
                object.string("Id"), object.optional("CredentialGuard", CredentialGuardState::read));
        return result;
    }
}
