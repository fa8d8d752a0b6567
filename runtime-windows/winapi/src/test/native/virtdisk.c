/* virtdisk.dll: a disk is a file that says what it would be. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "double.h"

#include <virtdisk.h>

#define MIB (1u << 20)

/*
 * Version 2 of CREATE_VIRTUAL_DISK_PARAMETERS as it is documented. The header's lacks
 * PhysicalSectorSizeInBytes.
 * https://learn.microsoft.com/windows/win32/api/virtdisk/ns-virtdisk-create_virtual_disk_parameters
 */
struct create_parameters {
    CREATE_VIRTUAL_DISK_VERSION version;
    GUID id __attribute__((aligned(8)));
    ULONGLONG size;
    ULONG block_size;
    ULONG sector_size;
    ULONG physical_sector_size;
    PCWSTR parent;
    PCWSTR source;
};
_Static_assert(offsetof(struct create_parameters, parent) == 48, "parent");

static bool is_vhdx(PVIRTUAL_STORAGE_TYPE type)
{
    static const GUID microsoft = {
        0xEC984AEC, 0xA0F9, 0x47E9, {0x90, 0x1F, 0x71, 0x41, 0x5A, 0x66, 0x34, 0x5B}};
    return type->DeviceId == VIRTUAL_STORAGE_TYPE_DEVICE_VHDX &&
           memcmp(&type->VendorId, &microsoft, sizeof(GUID)) == 0;
}

static HANDLE open_disk(char *path, bool read_only)
{
    struct dbl_disk *disk = calloc(1, sizeof *disk);
    disk->path = path;
    disk->read_only = read_only;
    return dbl_handle_open(DBL_DISK, disk);
}

static DWORD create(const char *path, const struct create_parameters *parameters)
{
    char *parent = dbl_utf8(parameters->parent);
    DWORD error = 0;
    bool bad_block =
        parameters->block_size < MIB || (parameters->block_size & (parameters->block_size - 1));
    if (bad_block || parameters->size % 512 || (parameters->size == 0) != (parent != NULL) ||
        parameters->source) {
        error = ERROR_INVALID_PARAMETER;
    } else if (parent && access(parent, F_OK) != 0) {
        error = ERROR_FILE_NOT_FOUND;
    } else {
        int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (fd < 0) {
            error = errno == EEXIST ? ERROR_FILE_EXISTS : ERROR_PATH_NOT_FOUND;
        } else {
            dprintf(fd, "vhdx size=%llu block=%u parent=%s\n", (unsigned long long)parameters->size,
                    parameters->block_size, parent ? parent : "");
            close(fd);
        }
    }
    free(parent);
    return error;
}

DWORD WINAPI CreateVirtualDisk(PVIRTUAL_STORAGE_TYPE type, PCWSTR path,
                               VIRTUAL_DISK_ACCESS_MASK access, PSECURITY_DESCRIPTOR security,
                               CREATE_VIRTUAL_DISK_FLAG flags, ULONG provider_flags,
                               PCREATE_VIRTUAL_DISK_PARAMETERS parameters, LPOVERLAPPED overlapped,
                               PHANDLE handle)
{
    HRESULT fault;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {
        return (DWORD)fault;
    }
    if (!is_vhdx(type) || parameters->Version != CREATE_VIRTUAL_DISK_VERSION_2 || access ||
        security || flags || provider_flags || overlapped) {
        return ERROR_INVALID_PARAMETER;
    }
    char *file = dbl_utf8(path);
    pthread_mutex_lock(&dbl_lock);
    DWORD error = create(file, (const struct create_parameters *)(const void *)parameters);
    if (error) {
        free(file);
    } else {
        *handle = open_disk(file, false);
    }
    pthread_mutex_unlock(&dbl_lock);
    return error;
}

DWORD WINAPI OpenVirtualDisk(PVIRTUAL_STORAGE_TYPE type, PCWSTR path,
                             VIRTUAL_DISK_ACCESS_MASK access_mask, OPEN_VIRTUAL_DISK_FLAG flags,
                             POPEN_VIRTUAL_DISK_PARAMETERS parameters, PHANDLE handle)
{
    HRESULT fault;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {
        return (DWORD)fault;
    }
    if (!is_vhdx(type) || access_mask || flags ||
        parameters->Version != OPEN_VIRTUAL_DISK_VERSION_2) {
        return ERROR_INVALID_PARAMETER;
    }
    char *file = dbl_utf8(path);
    if (access(file, F_OK) != 0) {
        free(file);
        return ERROR_FILE_NOT_FOUND;
    }
    pthread_mutex_lock(&dbl_lock);
    *handle = open_disk(file, parameters->Version2.ReadOnly);
    pthread_mutex_unlock(&dbl_lock);
    return 0;
}

DWORD WINAPI AttachVirtualDisk(HANDLE handle, PSECURITY_DESCRIPTOR security,
                               ATTACH_VIRTUAL_DISK_FLAG flags, ULONG provider_flags,
                               PATTACH_VIRTUAL_DISK_PARAMETERS parameters, LPOVERLAPPED overlapped)
{
    HRESULT fault;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {
        return (DWORD)fault;
    }
    if (security || provider_flags || overlapped ||
        parameters->Version != ATTACH_VIRTUAL_DISK_VERSION_1 ||
        !(flags & ATTACH_VIRTUAL_DISK_FLAG_NO_DRIVE_LETTER)) {
        return ERROR_INVALID_PARAMETER;
    }
    pthread_mutex_lock(&dbl_lock);
    struct dbl_disk *disk = dbl_handle_get(handle, DBL_DISK);
    DWORD error = !disk                              ? ERROR_INVALID_HANDLE
                  : dbl_disk_is_attached(disk->path) ? ERROR_SHARING_VIOLATION
                                                     : 0;
    if (!error) {
        dbl_disk_set_attached(disk->path, true);
        disk->attached_by_us = true;
        disk->permanent = flags & ATTACH_VIRTUAL_DISK_FLAG_PERMANENT_LIFETIME;
    }
    pthread_mutex_unlock(&dbl_lock);
    return error;
}

DWORD WINAPI DetachVirtualDisk(HANDLE handle, DETACH_VIRTUAL_DISK_FLAG flags, ULONG provider_flags)
{
    HRESULT fault;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {
        return (DWORD)fault;
    }
    if (flags || provider_flags) {
        return ERROR_INVALID_PARAMETER;
    }
    pthread_mutex_lock(&dbl_lock);
    struct dbl_disk *disk = dbl_handle_get(handle, DBL_DISK);
    DWORD error = !disk                              ? ERROR_INVALID_HANDLE
                  : dbl_disk_is_attached(disk->path) ? 0
                                                     : ERROR_NOT_READY;
    if (!error) {
        dbl_disk_set_attached(disk->path, false);
        disk->attached_by_us = false;
    }
    pthread_mutex_unlock(&dbl_lock);
    return error;
}
