package org.felucca.hcn.document;

import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A rule about what may come into an endpoint or go out of it; what is null does not select.
 *
 * @param protocols IP protocol numbers, separated by commas
 * @param action what becomes of it
 * @param direction which way it goes
 * @param localAddresses addresses or prefixes of the endpoint, separated by commas
 * @param remoteAddresses addresses or prefixes of the other side, separated by commas
 * @param localPorts ports or ranges of the endpoint, separated by commas
 * @param remotePorts ports or ranges of the other side, separated by commas
 * @param ruleType who enforces it; null for the default
 * @param priority lower numbers first; null for the default
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#AclPolicySetting">AclPolicySetting</a>
 */
public record AclRule(
        @Nullable String protocols,
        AclAction action,
        AclDirection direction,
        @Nullable String localAddresses,
        @Nullable String remoteAddresses,
        @Nullable String localPorts,
        @Nullable String remotePorts,
        @Nullable AclRuleType ruleType,
        @Nullable Integer priority) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("Protocols", protocols)
                .put("Action", action.id())
                .put("Direction", direction.id())
                .optional("LocalAddresses", localAddresses)
                .optional("RemoteAddresses", remoteAddresses)
                .optional("LocalPorts", localPorts)
                .optional("RemotePorts", remotePorts)
                .optional("RuleType", ruleType, AclRuleType::value)
                .optional("Priority", priority)
                .build();
    }
}
