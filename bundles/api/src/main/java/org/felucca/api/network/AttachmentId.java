package org.felucca.api.network;

import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;

/**
 * The identity of an attachment.
 *
 * @param namespace the tenant
 * @param sandbox id of the sandbox: that of its container or pod; 1 to 76 letters, digits, dots, dashes, underscores,
 *     starting with a letter or digit
 * @param network the network
 * @param interfaceName name of the interface in the sandbox: 1 to 15 printable ASCII characters but slash and colon,
 *     neither {@code .} nor {@code ..} (Linux's limit, which CNI takes over)
 */
public record AttachmentId(NamespaceName namespace, String sandbox, NetworkName network, String interfaceName) {
    private static final Pattern SANDBOX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,75}");
    private static final Pattern INTERFACE = Pattern.compile("(?!\\.{1,2}$)[!-~&&[^/:]]{1,15}");

    /** Validates. */
    public AttachmentId {
        if (!SANDBOX.matcher(sandbox).matches()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid sandbox id '" + sandbox + "'",
                    "an id has 1 to 76 letters, digits, '.', '_' or '-' and starts with a letter or digit");
        }
        if (!INTERFACE.matcher(interfaceName).matches()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid interface name '" + interfaceName + "'",
                    "a name has 1 to 15 printable ASCII characters but '/' and ':', and is neither . nor ..");
        }
    }

    @Override
    public String toString() {
        return namespace + "/" + sandbox + "/" + network + "/" + interfaceName;
    }
}
