package org.felucca.winapi.result;

import org.felucca.api.error.ErrorCode;

/**
 * The results of the host network service, {@code HCN_E_*} and, of its part in the container, {@code GCN_E_*}.
 *
 * @see <a href="https://learn.microsoft.com/virtualization/api/hcn/reference/hcnhresult">HCN error codes</a>
 */
public enum NetworkResult implements KnownResult {
    HCN_E_NETWORK_NOT_FOUND(0x803B0001, ErrorCode.NOT_FOUND, "the network was not found"),
    HCN_E_ENDPOINT_NOT_FOUND(0x803B0002, ErrorCode.NOT_FOUND, "the endpoint was not found"),
    HCN_E_LAYER_NOT_FOUND(0x803B0003, ErrorCode.NOT_FOUND, "the layer under the network was not found"),
    HCN_E_SWITCH_NOT_FOUND(0x803B0004, ErrorCode.NOT_FOUND, "the virtual switch was not found"),
    HCN_E_SUBNET_NOT_FOUND(0x803B0005, ErrorCode.NOT_FOUND, "the network has no subnet for the endpoint"),
    HCN_E_ADAPTER_NOT_FOUND(0x803B0006, ErrorCode.NOT_FOUND, "an adapter was not found"),
    HCN_E_PORT_NOT_FOUND(0x803B0007, ErrorCode.NOT_FOUND, "the port of the switch was not found"),
    HCN_E_POLICY_NOT_FOUND(0x803B0008, ErrorCode.NOT_FOUND, "an expected policy was not found"),
    HCN_E_VFP_PORTSETTING_NOT_FOUND(
            0x803B0009, ErrorCode.NOT_FOUND, "a required port setting of the filtering platform was not found"),
    HCN_E_INVALID_NETWORK(
            0x803B000A, ErrorCode.INVALID_ARGUMENT, "the network's configuration is invalid or incomplete"),
    HCN_E_INVALID_NETWORK_TYPE(0x803B000B, ErrorCode.INVALID_ARGUMENT, "the type of network is invalid"),
    HCN_E_INVALID_ENDPOINT(
            0x803B000C, ErrorCode.INVALID_ARGUMENT, "the endpoint's configuration is invalid or incomplete"),
    HCN_E_INVALID_POLICY(0x803B000D, ErrorCode.INVALID_ARGUMENT, "the policy's configuration is invalid or incomplete"),
    HCN_E_INVALID_POLICY_TYPE(0x803B000E, ErrorCode.INVALID_ARGUMENT, "the type of policy is invalid"),
    HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION(
            0x803B000F, ErrorCode.INVALID_ARGUMENT, "the operation is invalid for a remote endpoint"),
    HCN_E_NETWORK_ALREADY_EXISTS(0x803B0010, ErrorCode.ALREADY_EXISTS, "a network of that name exists already"),
    HCN_E_LAYER_ALREADY_EXISTS(0x803B0011, ErrorCode.ALREADY_EXISTS, "the layer under the network exists already"),
    HCN_E_POLICY_ALREADY_EXISTS(0x803B0012, ErrorCode.ALREADY_EXISTS, "the object has that policy already"),
    HCN_E_PORT_ALREADY_EXISTS(0x803B0013, ErrorCode.ALREADY_EXISTS, "the port is in use already"),
    HCN_E_ENDPOINT_ALREADY_ATTACHED(0x803B0014, ErrorCode.FAILED_PRECONDITION, "the endpoint is attached already"),
    HCN_E_REQUEST_UNSUPPORTED(0x803B0015, ErrorCode.UNSUPPORTED, "the request is not supported"),
    HCN_E_MAPPING_NOT_SUPPORTED(0x803B0016, ErrorCode.UNSUPPORTED, "the network does not support port mappings"),
    HCN_E_DEGRADED_OPERATION(0x803B0017, ErrorCode.FAILED_PRECONDITION, "the object is degraded"),
    HCN_E_SHARED_SWITCH_MODIFICATION(
            0x803B0018, ErrorCode.FAILED_PRECONDITION, "a switch that networks share cannot be modified"),
    HCN_E_GUID_CONVERSION_FAILURE(0x803B0019, ErrorCode.INVALID_ARGUMENT, "a parameter is no GUID"),
    HCN_E_REGKEY_FAILURE(0x803B001A, ErrorCode.INTERNAL, "a registry key could not be processed"),
    HCN_E_INVALID_JSON(0x803B001B, ErrorCode.INVALID_ARGUMENT, "the document is invalid"),
    HCN_E_INVALID_JSON_REFERENCE(0x803B001C, ErrorCode.INVALID_ARGUMENT, "a reference in the document is invalid"),
    HCN_E_ENDPOINT_SHARING_DISABLED(0x803B001D, ErrorCode.FAILED_PRECONDITION, "sharing of endpoints is disabled"),
    HCN_E_INVALID_IP(0x803B001E, ErrorCode.INVALID_ARGUMENT, "the address is invalid or in no subnet of the network"),
    HCN_E_SWITCH_EXTENSION_NOT_FOUND(0x803B001F, ErrorCode.NOT_FOUND, "the switch has no such extension"),
    HCN_E_MANAGER_STOPPED(0x803B0020, ErrorCode.UNAVAILABLE, "the network service is stopping"),
    GCN_E_MODULE_NOT_FOUND(0x803B0021, ErrorCode.NOT_FOUND, "a module of the guest's network service was not found"),
    GCN_E_NO_REQUEST_HANDLERS(
            0x803B0022, ErrorCode.UNSUPPORTED, "the guest's network service has no handler for the request"),
    GCN_E_REQUEST_UNSUPPORTED(
            0x803B0023, ErrorCode.UNSUPPORTED, "the guest's network service does not support the request"),
    GCN_E_RUNTIMEKEYS_FAILED(0x803B0024, ErrorCode.INTERNAL, "keys could not be added to the container's registry"),
    GCN_E_NETADAPTER_TIMEOUT(0x803B0025, ErrorCode.DEADLINE_EXCEEDED, "the network adapter did not appear in time"),
    GCN_E_NETADAPTER_NOT_FOUND(0x803B0026, ErrorCode.NOT_FOUND, "the network adapter was not found"),
    GCN_E_NETCOMPARTMENT_NOT_FOUND(0x803B0027, ErrorCode.NOT_FOUND, "the network compartment was not found"),
    GCN_E_NETINTERFACE_NOT_FOUND(0x803B0028, ErrorCode.NOT_FOUND, "the network interface was not found"),
    GCN_E_DEFAULTNAMESPACE_EXISTS(0x803B0029, ErrorCode.ALREADY_EXISTS, "the default namespace exists already"),
    HCN_E_ICS_DISABLED(
            0x803B002A, ErrorCode.UNAVAILABLE, "Internet Connection Sharing is disabled and cannot be started"),
    HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS(
            0x803B002B, ErrorCode.FAILED_PRECONDITION, "the endpoint is in a namespace already"),
    HCN_E_ENTITY_HAS_REFERENCES(0x803B002C, ErrorCode.FAILED_PRECONDITION, "the object is still referred to"),
    HCN_E_INVALID_INTERNAL_PORT(0x803B002D, ErrorCode.INVALID_ARGUMENT, "the internal port is missing or zero"),
    HCN_E_NAMESPACE_ATTACH_FAILED(0x803B002E, ErrorCode.INTERNAL, "the namespace could not be attached"),
    HCN_E_ADDR_INVALID_OR_RESERVED(0x803B002F, ErrorCode.INVALID_ARGUMENT, "an address is invalid or reserved"),
    HCN_E_INVALID_PREFIX(0x803B0030, ErrorCode.INVALID_ARGUMENT, "the prefix is invalid"),
    HCN_E_OBJECT_USED_AFTER_UNLOAD(0x803B0031, ErrorCode.INTERNAL, "an object was used after it was torn down"),
    HCN_E_INVALID_SUBNET(0x803B0032, ErrorCode.INVALID_ARGUMENT, "the subnet's configuration is invalid or incomplete"),
    HCN_E_INVALID_IP_SUBNET(
            0x803B0033, ErrorCode.INVALID_ARGUMENT, "the address subnet's configuration is invalid or incomplete"),
    HCN_E_ENDPOINT_NOT_ATTACHED(0x803B0034, ErrorCode.FAILED_PRECONDITION, "the endpoint is not attached"),
    HCN_E_ENDPOINT_NOT_LOCAL(0x803B0035, ErrorCode.FAILED_PRECONDITION, "the endpoint is not local"),
    HCN_INTERFACEPARAMETERS_ALREADY_APPLIED(
            0x803B0036, ErrorCode.ALREADY_EXISTS, "a policy InterfaceParameters is there already"),
    HCN_E_VFP_NOT_ALLOWED(
            0x803B0037,
            ErrorCode.UNSUPPORTED,
            "a network of this type needs the filtering platform, which is not available");

    private final int value;
    private final ErrorCode code;
    private final String text;

    NetworkResult(int value, ErrorCode code, String text) {
        this.value = value;
        this.code = code;
        this.text = text;
    }

    @Override
    public int value() {
        return value;
    }

    @Override
    public ErrorCode code() {
        return code;
    }

    @Override
    public String text() {
        return text;
    }
}
