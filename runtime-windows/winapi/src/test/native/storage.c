/* computestorage.dll: layers are directories. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "double.h"

#include <computestorage.h>

/* --- directories --- */

static bool exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static bool is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *below(const char *directory, const char *name)
{
    return dbl_format("%s/%s", directory, name);
}

static bool copy_file(const char *from, const char *to)
{
    char block[16384];
    ssize_t count = -1;
    int in = open(from, O_RDONLY | O_CLOEXEC),
        out = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
    if (in >= 0 && out >= 0) {
        while ((count = read(in, block, sizeof block)) > 0 &&
               write(out, block, (size_t)count) == count) {
        }
    }
    if (in >= 0) {
        close(in);
    }
    if (out >= 0) {
        close(out);
    }
    return count == 0;
}

static bool copy_tree(const char *from, const char *to)
{
    DIR *directory = opendir(from);
    bool good = directory && (mkdir(to, 0755) == 0 || errno == EEXIST);
    for (struct dirent *entry; good && (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        char *source = below(from, entry->d_name), *target = below(to, entry->d_name);
        good = is_directory(source) ? copy_tree(source, target) : copy_file(source, target);
        free(source);
        free(target);
    }
    if (directory) {
        closedir(directory);
    }
    return good;
}

static bool remove_tree(const char *path)
{
    struct stat st;
    if (lstat(path, &st) != 0) {
        return false;
    }
    if (!S_ISDIR(st.st_mode)) {
        return unlink(path) == 0;
    }
    DIR *directory = opendir(path);
    bool good = directory;
    for (struct dirent *entry; good && (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            char *child = below(path, entry->d_name);
            good = remove_tree(child);
            free(child);
        }
    }
    if (directory) {
        closedir(directory);
    }
    return good && rmdir(path) == 0;
}

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

/* --- arguments --- */

/* The layer data must be a document whose parents exist. */
static HRESULT check_data(const char *text)
{
    struct dbl_json *data = dbl_json_parse(text);
    const struct dbl_json *layers = dbl_json_get(data, "Layers");
    HRESULT result = data && data->type == DBL_OBJECT && dbl_json_get(data, "SchemaVersion")
                         ? 0
                         : HCS_E_INVALID_JSON;
    for (const struct dbl_json *layer = layers ? layers->first : NULL; layer && !result;
         layer = layer->next) {
        const char *path = dbl_json_string(layer, "Path");
        if (!path || !dbl_json_string(layer, "Id")) {
            result = HCS_E_INVALID_JSON;
        } else if (!is_directory(path)) {
            result = WIN32_RESULT(ERROR_PATH_NOT_FOUND);
        }
    }
    dbl_json_free(data);
    return result;
}

static HRESULT check_options(const char *text)
{
    struct dbl_json *options = text ? dbl_json_parse(text) : NULL;
    HRESULT result = !text || options ? 0 : HCS_E_INVALID_JSON;
    dbl_json_free(options);
    return result;
}

/* --- layers --- */

/* Whether the storage filter is attached to a layer is a file beside it, as state of the system
 * survives a caller. */
static char *filter_of(const char *layer)
{
    return dbl_format("%s.attached", layer);
}

static HRESULT import(const char *layer, const char *source)
{
    char *files = below(source, "Files");
    HRESULT result = !is_directory(source)      ? WIN32_RESULT(ERROR_PATH_NOT_FOUND)
                     : !is_directory(files)     ? HCS_E_INVALID_LAYER
                     : copy_tree(source, layer) ? 0
                                                : WIN32_RESULT(ERROR_FILE_EXISTS);
    free(files);
    return result;
}

HRESULT WINAPI HcsImportLayer(PCWSTR layerPath, PCWSTR sourceFolderPath, PCWSTR layerData)
{
    DBL_FAIL_AT_CALL();
    char *layer = dbl_utf8(layerPath), *source = dbl_utf8(sourceFolderPath),
         *data = dbl_utf8(layerData);
    HRESULT result = check_data(data);
    if (!result) {
        result = import(layer, source);
    }
    free(layer);
    free(source);
    free(data);
    return result;
}

static HRESULT export(const char *layer, const char *target, const char *data, const char *options)
{
    HRESULT result = check_data(data);
    if (!result) {
        result = check_options(options);
    }
    if (!result && !is_directory(layer)) {
        result = WIN32_RESULT(ERROR_PATH_NOT_FOUND);
    }
    if (!result && exists(target)) {
        result = WIN32_RESULT(ERROR_ALREADY_EXISTS);
    }
    if (!result && !copy_tree(layer, target)) {
        result = WIN32_RESULT(ERROR_PATH_NOT_FOUND);
    }
    return result;
}

HRESULT WINAPI HcsExportLayer(PCWSTR layerPath, PCWSTR exportFolderPath, PCWSTR layerData,
                              PCWSTR options)
{
    DBL_FAIL_AT_CALL();
    char *layer = dbl_utf8(layerPath), *target = dbl_utf8(exportFolderPath),
         *data = dbl_utf8(layerData);
    char *wanted = dbl_utf8(options);
    HRESULT result = export(layer, target, data, wanted);
    free(layer);
    free(target);
    free(data);
    free(wanted);
    return result;
}

HRESULT WINAPI HcsExportLegacyWritableLayer(PCWSTR writableLayerMountPath,
                                            PCWSTR writableLayerFolderPath, PCWSTR exportFolderPath,
                                            PCWSTR layerData)
{
    DBL_FAIL_AT_CALL();
    char *mount = dbl_utf8(writableLayerMountPath), *layer = dbl_utf8(writableLayerFolderPath);
    char *target = dbl_utf8(exportFolderPath), *data = dbl_utf8(layerData);
    HRESULT result = is_directory(layer) ? export(mount, target, data, NULL)
                                         : WIN32_RESULT(ERROR_PATH_NOT_FOUND);
    free(mount);
    free(layer);
    free(target);
    free(data);
    return result;
}

HRESULT WINAPI HcsDestroyLayer(PCWSTR layerPath)
{
    DBL_FAIL_AT_CALL();
    char *layer = dbl_utf8(layerPath), *filter = filter_of(layer);
    HRESULT result = !exists(layer)       ? WIN32_RESULT(ERROR_PATH_NOT_FOUND)
                     : exists(filter)     ? WIN32_RESULT(ERROR_SHARING_VIOLATION)
                     : remove_tree(layer) ? 0
                                          : E_ACCESSDENIED;
    free(layer);
    free(filter);
    return result;
}

static HRESULT set_up(const char *layer, const char *options)
{
    char *files = below(layer, "Files"), *hives = below(layer, "Hives"),
         *layout = below(layer, "Layout");
    struct dbl_json *wanted = dbl_json_parse(options);
    HRESULT result = !dbl_json_string(wanted, "Type")  ? HCS_E_INVALID_JSON
                     : !is_directory(files)            ? WIN32_RESULT(ERROR_PATH_NOT_FOUND)
                     : exists(hives) || exists(layout) ? WIN32_RESULT(ERROR_ALREADY_EXISTS)
                     : mkdir(hives, 0755) || !write_file(layout, "layout\n")
                         ? WIN32_RESULT(ERROR_DISK_FULL)
                         : 0;
    dbl_json_free(wanted);
    free(files);
    free(hives);
    free(layout);
    return result;
}

HRESULT WINAPI HcsSetupBaseOSLayer(PCWSTR layerPath, HANDLE vhdHandle, PCWSTR options)
{
    DBL_FAIL_AT_CALL();
    if (vhdHandle) {
        pthread_mutex_lock(&dbl_lock);
        bool disk = dbl_handle_get(vhdHandle, DBL_DISK) != NULL;
        pthread_mutex_unlock(&dbl_lock);
        if (!disk) {
            return E_HANDLE;
        }
    }
    char *layer = dbl_utf8(layerPath), *wanted = dbl_utf8(options);
    HRESULT result = set_up(layer, wanted);
    free(layer);
    free(wanted);
    return result;
}

HRESULT WINAPI HcsSetupBaseOSVolume(PCWSTR layerPath, PCWSTR volumePath, PCWSTR options)
{
    DBL_FAIL_AT_CALL();
    char *layer = dbl_utf8(layerPath), *volume = dbl_utf8(volumePath), *wanted = dbl_utf8(options);
    HRESULT result =
        is_directory(volume) ? set_up(layer, wanted) : WIN32_RESULT(ERROR_PATH_NOT_FOUND);
    free(layer);
    free(volume);
    free(wanted);
    return result;
}

static HRESULT initialize(const char *place, const char *data, const char *options)
{
    HRESULT result = check_data(data);
    if (!result) {
        result = check_options(options);
    }
    if (!result) {
        char *marker = below(place, "WritableLayer.json");
        result = !is_directory(place)       ? WIN32_RESULT(ERROR_PATH_NOT_FOUND)
                 : exists(marker)           ? WIN32_RESULT(ERROR_ALREADY_EXISTS)
                 : write_file(marker, data) ? 0
                                            : WIN32_RESULT(ERROR_DISK_FULL);
        free(marker);
    }
    return result;
}

HRESULT WINAPI HcsInitializeWritableLayer(PCWSTR writableLayerPath, PCWSTR layerData,
                                          PCWSTR options)
{
    DBL_FAIL_AT_CALL();
    char *layer = dbl_utf8(writableLayerPath), *data = dbl_utf8(layerData),
         *wanted = dbl_utf8(options);
    HRESULT result = initialize(layer, data, wanted);
    free(layer);
    free(data);
    free(wanted);
    return result;
}

HRESULT WINAPI HcsInitializeLegacyWritableLayer(PCWSTR writableLayerMountPath,
                                                PCWSTR writableLayerFolderPath, PCWSTR layerData,
                                                PCWSTR options)
{
    DBL_FAIL_AT_CALL();
    char *mount = dbl_utf8(writableLayerMountPath), *layer = dbl_utf8(writableLayerFolderPath);
    char *data = dbl_utf8(layerData), *wanted = dbl_utf8(options);
    HRESULT result =
        is_directory(layer) ? initialize(mount, data, wanted) : WIN32_RESULT(ERROR_PATH_NOT_FOUND);
    free(mount);
    free(layer);
    free(data);
    free(wanted);
    return result;
}

HRESULT WINAPI HcsAttachLayerStorageFilter(PCWSTR layerPath, PCWSTR layerData)
{
    DBL_FAIL_AT_CALL();
    char *layer = dbl_utf8(layerPath), *data = dbl_utf8(layerData), *filter = filter_of(layer);
    HRESULT result = check_data(data);
    if (!result) {
        result = !is_directory(layer)       ? WIN32_RESULT(ERROR_PATH_NOT_FOUND)
                 : exists(filter)           ? WIN32_RESULT(ERROR_ALREADY_EXISTS)
                 : write_file(filter, data) ? 0
                                            : WIN32_RESULT(ERROR_DISK_FULL);
    }
    free(layer);
    free(data);
    free(filter);
    return result;
}

HRESULT WINAPI HcsDetachLayerStorageFilter(PCWSTR layerPath)
{
    DBL_FAIL_AT_CALL();
    char *layer = dbl_utf8(layerPath), *filter = filter_of(layer);
    HRESULT result = !is_directory(layer)  ? WIN32_RESULT(ERROR_PATH_NOT_FOUND)
                     : unlink(filter) == 0 ? 0
                                           : WIN32_RESULT(ERROR_NOT_FOUND);
    free(layer);
    free(filter);
    return result;
}

/* --- disks --- */

/* The directory that stands for the volume of a disk that is attached; NULL, and a result, if it is
 * not. */
static char *volume_of(HANDLE handle, HRESULT *result)
{
    char *volume = NULL;
    pthread_mutex_lock(&dbl_lock);
    struct dbl_disk *disk = dbl_handle_get(handle, DBL_DISK);
    *result = !disk                              ? E_HANDLE
              : dbl_disk_is_attached(disk->path) ? 0
                                                 : WIN32_RESULT(ERROR_NOT_READY);
    if (!*result) {
        volume = dbl_format("%s.volume", disk->path);
    }
    pthread_mutex_unlock(&dbl_lock);
    return volume;
}

HRESULT WINAPI HcsFormatWritableLayerVhd(HANDLE vhdHandle)
{
    DBL_FAIL_AT_CALL();
    HRESULT result;
    char *volume = volume_of(vhdHandle, &result);
    if (volume &&
        (exists(volume) ? !remove_tree(volume) || mkdir(volume, 0755) : mkdir(volume, 0755))) {
        result = WIN32_RESULT(ERROR_DISK_FULL);
    }
    free(volume);
    return result;
}

HRESULT WINAPI HcsGetLayerVhdMountPath(HANDLE vhdHandle, PWSTR *mountPath)
{
    DBL_FAIL_AT_CALL();
    HRESULT result;
    char *volume = volume_of(vhdHandle, &result);
    *mountPath = NULL;
    if (volume && !is_directory(volume)) {
        result = WIN32_RESULT(ERROR_NOT_FOUND); /* a disk without a file system has no volume */
    } else if (volume) {
        *mountPath = dbl_wide(DBL_LOCAL, volume);
    }
    free(volume);
    return result;
}
