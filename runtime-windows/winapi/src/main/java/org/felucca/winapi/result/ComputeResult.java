package org.felucca.winapi.result;

import org.felucca.api.error.ErrorCode;

/**
 * The results of the host compute service, {@code HCS_E_*}.
 *
 * @see <a href="https://learn.microsoft.com/virtualization/api/hcs/reference/hcshresult">HCS error codes</a>
 */
public enum ComputeResult implements KnownResult {
    HCS_E_TERMINATED_DURING_START(0x80370100, ErrorCode.INTERNAL, "the container exited unexpectedly while it started"),
    HCS_E_IMAGE_MISMATCH(
            0x80370101, ErrorCode.UNSUPPORTED, "the operating system of the container does not match the host's"),
    HCS_E_HYPERV_NOT_INSTALLED(0x80370102, ErrorCode.UNSUPPORTED, "a required feature, Hyper-V, is not installed"),
    HCS_E_INVALID_STATE(0x80370105, ErrorCode.FAILED_PRECONDITION, "the operation is not valid in the current state"),
    HCS_E_UNEXPECTED_EXIT(0x80370106, ErrorCode.INTERNAL, "the container exited unexpectedly"),
    HCS_E_TERMINATED(0x80370107, ErrorCode.ABORTED, "the container was forcefully ended"),
    HCS_E_CONNECT_FAILED(0x80370108, ErrorCode.UNAVAILABLE, "no connection to the container could be established"),
    HCS_E_CONNECTION_TIMEOUT(0x80370109, ErrorCode.DEADLINE_EXCEEDED, "the container did not answer in time"),
    HCS_E_CONNECTION_CLOSED(0x8037010A, ErrorCode.UNAVAILABLE, "the connection to the container was closed"),
    HCS_E_UNKNOWN_MESSAGE(0x8037010B, ErrorCode.UNSUPPORTED, "the container received a message that it does not know"),
    HCS_E_UNSUPPORTED_PROTOCOL_VERSION(
            0x8037010C, ErrorCode.UNSUPPORTED, "the container supports no version of the host's protocol"),
    HCS_E_INVALID_JSON(0x8037010D, ErrorCode.INVALID_ARGUMENT, "the document is invalid"),
    HCS_E_SYSTEM_NOT_FOUND(0x8037010E, ErrorCode.NOT_FOUND, "no container of that identifier exists"),
    HCS_E_SYSTEM_ALREADY_EXISTS(0x8037010F, ErrorCode.ALREADY_EXISTS, "a container of that identifier exists already"),
    HCS_E_SYSTEM_ALREADY_STOPPED(0x80370110, ErrorCode.FAILED_PRECONDITION, "the container is not running"),
    HCS_E_PROTOCOL_ERROR(0x80370111, ErrorCode.INTERNAL, "container and host disagree about their protocol"),
    HCS_E_INVALID_LAYER(0x80370112, ErrorCode.DATA_LOSS, "a layer of the image has an unknown format"),
    HCS_E_WINDOWS_INSIDER_REQUIRED(
            0x80370113, ErrorCode.UNSUPPORTED, "the image is for members of the Windows Insider Program only"),
    HCS_E_SERVICE_NOT_AVAILABLE(0x80370114, ErrorCode.UNAVAILABLE, "a required feature is not installed"),
    HCS_E_OPERATION_NOT_STARTED(0x80370115, ErrorCode.FAILED_PRECONDITION, "the operation has not been started"),
    HCS_E_OPERATION_ALREADY_STARTED(0x80370116, ErrorCode.FAILED_PRECONDITION, "the operation runs already"),
    HCS_E_OPERATION_PENDING(0x80370117, ErrorCode.FAILED_PRECONDITION, "the operation is still running"),
    HCS_E_OPERATION_TIMEOUT(0x80370118, ErrorCode.DEADLINE_EXCEEDED, "the operation did not complete in time"),
    HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET(
            0x80370119, ErrorCode.ALREADY_EXISTS, "the handle has a callback already"),
    HCS_E_OPERATION_RESULT_ALLOCATION_FAILED(
            0x8037011A, ErrorCode.RESOURCE_EXHAUSTED, "there is no memory for the result of the operation"),
    HCS_E_ACCESS_DENIED(
            0x8037011B,
            ErrorCode.PERMISSION_DENIED,
            "only administrators and members of Hyper-V Administrators may use containers"),
    HCS_E_GUEST_CRITICAL_ERROR(
            0x8037011C, ErrorCode.INTERNAL, "the container reported a critical error and was stopped or restarted"),
    HCS_E_PROCESS_INFO_NOT_AVAILABLE(0x8037011D, ErrorCode.NOT_FOUND, "the process's information is not available"),
    HCS_E_SERVICE_DISCONNECT(0x8037011E, ErrorCode.UNAVAILABLE, "the host compute service has disconnected"),
    HCS_E_PROCESS_ALREADY_STOPPED(0x8037011F, ErrorCode.FAILED_PRECONDITION, "the process has exited already"),
    HCS_E_SYSTEM_NOT_CONFIGURED_FOR_OPERATION(
            0x80370120, ErrorCode.FAILED_PRECONDITION, "the container is not configured for the operation"),
    HCS_E_OPERATION_ALREADY_CANCELLED(0x80370121, ErrorCode.CANCELLED, "the operation was cancelled before");

    private final int value;
    private final ErrorCode code;
    private final String text;

    ComputeResult(int value, ErrorCode code, String text) {
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
