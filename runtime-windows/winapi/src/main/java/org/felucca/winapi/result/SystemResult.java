package org.felucca.winapi.result;

import org.felucca.api.error.ErrorCode;

/**
 * Results of Windows itself that the platform meets: COM's general ones and, as HRESULTs, Win32 error codes.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/debug/system-error-codes">System error codes</a>
 */
public enum SystemResult implements KnownResult {
    S_OK(0x00000000, ErrorCode.INTERNAL, "success"),
    E_NOTIMPL(0x80004001, ErrorCode.UNSUPPORTED, "not implemented"),
    E_NOINTERFACE(0x80004002, ErrorCode.UNSUPPORTED, "no such interface"),
    E_POINTER(0x80004003, ErrorCode.INTERNAL, "an invalid pointer"),
    E_ABORT(0x80004004, ErrorCode.CANCELLED, "the operation was aborted"),
    E_FAIL(0x80004005, ErrorCode.INTERNAL, "an unspecified failure"),
    E_UNEXPECTED(0x8000FFFF, ErrorCode.INTERNAL, "a catastrophic failure"),
    E_ACCESSDENIED(0x80070005, ErrorCode.PERMISSION_DENIED, "access is denied"),
    E_HANDLE(0x80070006, ErrorCode.INTERNAL, "the handle is invalid"),
    E_OUTOFMEMORY(0x8007000E, ErrorCode.RESOURCE_EXHAUSTED, "there is not enough memory"),
    E_INVALIDARG(0x80070057, ErrorCode.INVALID_ARGUMENT, "a parameter is incorrect"),
    ERROR_INVALID_FUNCTION(0x80070001, ErrorCode.UNSUPPORTED, "an incorrect function"),
    ERROR_FILE_NOT_FOUND(0x80070002, ErrorCode.NOT_FOUND, "the file was not found"),
    ERROR_PATH_NOT_FOUND(0x80070003, ErrorCode.NOT_FOUND, "the path was not found"),
    ERROR_TOO_MANY_OPEN_FILES(0x80070004, ErrorCode.RESOURCE_EXHAUSTED, "too many files are open"),
    ERROR_NOT_ENOUGH_MEMORY(0x80070008, ErrorCode.RESOURCE_EXHAUSTED, "there is not enough memory for the command"),
    ERROR_INVALID_DATA(0x8007000D, ErrorCode.INVALID_ARGUMENT, "the data is invalid"),
    ERROR_NOT_READY(0x80070015, ErrorCode.UNAVAILABLE, "the device is not ready"),
    ERROR_SHARING_VIOLATION(0x80070020, ErrorCode.FAILED_PRECONDITION, "the file is in use by another process"),
    ERROR_LOCK_VIOLATION(0x80070021, ErrorCode.FAILED_PRECONDITION, "a part of the file is locked by another process"),
    ERROR_HANDLE_EOF(0x80070026, ErrorCode.INTERNAL, "the end of the file was reached"),
    ERROR_HANDLE_DISK_FULL(0x80070027, ErrorCode.RESOURCE_EXHAUSTED, "the disk is full"),
    ERROR_NOT_SUPPORTED(0x80070032, ErrorCode.UNSUPPORTED, "the request is not supported"),
    ERROR_FILE_EXISTS(0x80070050, ErrorCode.ALREADY_EXISTS, "the file exists already"),
    ERROR_BROKEN_PIPE(0x8007006D, ErrorCode.UNAVAILABLE, "the other end of the pipe is closed"),
    ERROR_DISK_FULL(0x80070070, ErrorCode.RESOURCE_EXHAUSTED, "there is not enough space on the disk"),
    ERROR_INSUFFICIENT_BUFFER(0x8007007A, ErrorCode.INTERNAL, "the buffer is too small"),
    ERROR_INVALID_NAME(0x8007007B, ErrorCode.INVALID_ARGUMENT, "the name is incorrect"),
    ERROR_MOD_NOT_FOUND(0x8007007E, ErrorCode.UNSUPPORTED, "the library was not found on this host"),
    ERROR_PROC_NOT_FOUND(0x8007007F, ErrorCode.UNSUPPORTED, "this build of Windows lacks the function"),
    ERROR_DIR_NOT_EMPTY(0x80070091, ErrorCode.FAILED_PRECONDITION, "the directory is not empty"),
    ERROR_BUSY(0x800700AA, ErrorCode.FAILED_PRECONDITION, "the resource is in use"),
    ERROR_ALREADY_EXISTS(0x800700B7, ErrorCode.ALREADY_EXISTS, "the file or object exists already"),
    ERROR_PIPE_BUSY(0x800700E7, ErrorCode.UNAVAILABLE, "all instances of the pipe are busy"),
    ERROR_NO_DATA(0x800700E8, ErrorCode.UNAVAILABLE, "the pipe is being closed"),
    ERROR_PIPE_NOT_CONNECTED(0x800700E9, ErrorCode.UNAVAILABLE, "nobody is at the other end of the pipe"),
    ERROR_DIRECTORY(0x8007010B, ErrorCode.INVALID_ARGUMENT, "the name of the directory is invalid"),
    WAIT_TIMEOUT(0x80070102, ErrorCode.DEADLINE_EXCEEDED, "the wait timed out"),
    ERROR_OPERATION_ABORTED(0x800703E3, ErrorCode.CANCELLED, "the operation was aborted"),
    ERROR_IO_INCOMPLETE(0x800703E4, ErrorCode.INTERNAL, "the operation has not completed"),
    ERROR_IO_PENDING(0x800703E5, ErrorCode.INTERNAL, "the operation is in progress"),
    ERROR_NOACCESS(0x800703E6, ErrorCode.INTERNAL, "an invalid access to memory"),
    ERROR_SERVICE_NOT_ACTIVE(0x80070426, ErrorCode.UNAVAILABLE, "the service has not been started"),
    ERROR_FILE_CORRUPT(0x80070570, ErrorCode.DATA_LOSS, "the file or directory is corrupted and unreadable"),
    ERROR_DISK_CORRUPT(0x80070571, ErrorCode.DATA_LOSS, "the disk's structure is corrupted and unreadable"),
    ERROR_NOT_FOUND(0x80070490, ErrorCode.NOT_FOUND, "the element was not found"),
    ERROR_CANCELLED(0x800704C7, ErrorCode.CANCELLED, "the operation was cancelled"),
    ERROR_PRIVILEGE_NOT_HELD(0x80070522, ErrorCode.PERMISSION_DENIED, "the caller lacks a required privilege"),
    ERROR_NONE_MAPPED(0x80070534, ErrorCode.INVALID_ARGUMENT, "a name of an account stands for none"),
    ERROR_INVALID_ACL(0x80070538, ErrorCode.INVALID_ARGUMENT, "the access control list is invalid"),
    ERROR_INVALID_SECURITY_DESCR(0x8007053A, ErrorCode.INVALID_ARGUMENT, "the security descriptor is invalid"),
    ERROR_TIMEOUT(0x800705B4, ErrorCode.DEADLINE_EXCEEDED, "the time-out expired"),
    RPC_S_SERVER_UNAVAILABLE(0x800706BA, ErrorCode.UNAVAILABLE, "the service is not running"),
    ERROR_VHD_INVALID_TYPE(0xC03A001B, ErrorCode.INVALID_ARGUMENT, "the virtual disk is not of the expected type"),
    ERROR_VHD_INVALID_STATE(
            0xC03A001C, ErrorCode.FAILED_PRECONDITION, "the virtual disk's state forbids the operation"),
    ERROR_VIRTDISK_NOT_VIRTUAL_DISK(0xC03A0015, ErrorCode.INVALID_ARGUMENT, "the object is no virtual disk"),
    ERROR_VHD_FORMAT_UNKNOWN(0xC03A0004, ErrorCode.INVALID_ARGUMENT, "the format of the virtual disk is unknown"),
    ERROR_VHD_PARENT_VHD_NOT_FOUND(0xC03A000D, ErrorCode.NOT_FOUND, "the parent of the virtual disk was not found"),
    ERROR_VIRTDISK_PROVIDER_NOT_FOUND(
            0xC03A0014, ErrorCode.UNSUPPORTED, "there is no provider for the type of virtual disk"),
    ERROR_VHD_CHILD_PARENT_ID_MISMATCH(0xC03A000E, ErrorCode.DATA_LOSS, "the virtual disk was made for another parent"),
    ERROR_VIRTUAL_DISK_LIMITATION(
            0xC03A001A, ErrorCode.UNSUPPORTED, "the virtual disk lies on a file system that cannot hold it");

    private final int value;
    private final ErrorCode code;
    private final String text;

    SystemResult(int value, ErrorCode code, String text) {
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
