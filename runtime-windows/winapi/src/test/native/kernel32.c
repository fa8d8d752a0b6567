/* kernel32.dll: LocalFree, handles, and overlapped transfers on pipes. The last error is errno, as
 * jffi reads it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "double.h"

#define STATUS_PENDING 0x103

HLOCAL WINAPI LocalFree(HLOCAL block);
BOOL WINAPI CloseHandle(HANDLE handle);
HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES attributes, BOOL manual, BOOL initial,
                           LPCWSTR name);
BOOL WINAPI ReadFile(HANDLE file, LPVOID buffer, DWORD size, LPDWORD moved,
                     LPOVERLAPPED overlapped);
BOOL WINAPI WriteFile(HANDLE file, LPCVOID buffer, DWORD size, LPDWORD moved,
                      LPOVERLAPPED overlapped);
BOOL WINAPI GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped, LPDWORD moved, BOOL wait);
BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED overlapped);

static BOOL fail(int error)
{
    errno = error;
    return 0;
}

HLOCAL WINAPI LocalFree(HLOCAL block)
{
    dbl_heap_free(DBL_LOCAL, block, __func__);
    return NULL;
}

HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES attributes, BOOL manual, BOOL initial,
                           LPCWSTR name)
{
    static char object;
    if (attributes || initial || name || !manual) {
        dbl_misuse("CreateEventW: the event of a transfer is unnamed, manual and not set");
    }
    pthread_mutex_lock(&dbl_lock);
    HANDLE handle = dbl_handle_open(DBL_EVENT, &object);
    pthread_mutex_unlock(&dbl_lock);
    return handle;
}

static BOOL close_pipe(HANDLE handle, struct dbl_pipe *pipe)
{
    if (pipe->pending) {
        dbl_misuse("CloseHandle of a pipe under %d transfers", pipe->pending);
    }
    dbl_handle_close(handle, DBL_PIPE);
    close(pipe->fd);
    close(pipe->cancel);
    free(pipe);
    return 1;
}

BOOL WINAPI CloseHandle(HANDLE handle)
{
    HRESULT fault;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {
        return fail(fault & 0xFFFF);
    }
    BOOL done = 0;
    pthread_mutex_lock(&dbl_lock);
    struct dbl_pipe *pipe = dbl_handle_find(handle, DBL_PIPE);
    if (pipe) {
        done = close_pipe(handle, pipe);
    } else if (dbl_handle_find(handle, DBL_EVENT)) {
        done = dbl_handle_close(handle, DBL_EVENT) != NULL;
    } else if (dbl_handle_find(handle, DBL_DISK)) {
        dbl_disk_close(dbl_handle_close(handle, DBL_DISK));
        done = 1;
    } else {
        dbl_misuse("CloseHandle: %p is no open handle", handle);
    }
    pthread_mutex_unlock(&dbl_lock);
    return done ? 1 : fail(ERROR_INVALID_HANDLE);
}

/* --- transfers --- */

struct transfer {
    struct dbl_pipe *pipe;
    char *buffer;
    size_t size;
    bool write;
    LPOVERLAPPED overlapped;
};

/* Moves bytes until a read has some, a write has none left, or the transfer is cancelled: a Win32
 * error. */
static int move(struct transfer *transfer, size_t *moved)
{
    struct pollfd wait[2] = {
        {.fd = transfer->pipe->fd, .events = transfer->write ? POLLOUT : POLLIN},
        {.fd = transfer->pipe->cancel, .events = POLLIN},
    };
    for (;;) {
        if (poll(wait, 2, -1) < 0 && errno != EINTR) {
            return ERROR_INVALID_FUNCTION;
        }
        if (wait[1].revents) {
            return ERROR_OPERATION_ABORTED;
        }
        ssize_t count =
            transfer->write
                ? write(transfer->pipe->fd, transfer->buffer + *moved, transfer->size - *moved)
                : read(transfer->pipe->fd, transfer->buffer, transfer->size);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        if (count < 0) {
            return transfer->write ? ERROR_NO_DATA
                                   : ERROR_BROKEN_PIPE; /* a console's end reads as EIO */
        }
        if (count == 0 && !transfer->write) {
            return ERROR_BROKEN_PIPE;
        }
        *moved += (size_t)count;
        if (!transfer->write || *moved == transfer->size) {
            return 0;
        }
    }
}

static void *run_transfer(void *argument)
{
    struct transfer *transfer = argument;
    sigset_t broken;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken, NULL);
    size_t moved = 0;
    int error = move(transfer, &moved);
    pthread_mutex_lock(&dbl_lock);
    if (--transfer->pipe->pending == 0) {
        eventfd_t drained;
        eventfd_read(transfer->pipe->cancel, &drained);
    }
    transfer->overlapped->InternalHigh = moved;
    transfer->overlapped->Internal = (ULONG_PTR)error;
    pthread_cond_broadcast(&dbl_changed);
    pthread_mutex_unlock(&dbl_lock);
    free(transfer);
    return NULL;
}

static BOOL start(HANDLE file, void *buffer, DWORD size, LPDWORD moved, LPOVERLAPPED overlapped,
                  bool write_it)
{
    if (!overlapped || moved) {
        dbl_misuse("a transfer on an overlapped handle needs an OVERLAPPED, and its count "
                   "is undefined");
        return fail(ERROR_INVALID_PARAMETER);
    }
    pthread_mutex_lock(&dbl_lock);
    struct dbl_pipe *pipe = dbl_handle_get(file, DBL_PIPE);
    bool event = dbl_handle_get(overlapped->hEvent, DBL_EVENT) != NULL;
    if (pipe && event) {
        pipe->pending++;
        overlapped->Internal = STATUS_PENDING;
        struct transfer *transfer = malloc(sizeof *transfer);
        *transfer = (struct transfer){pipe, buffer, size, write_it, overlapped};
        dbl_thread(run_transfer, transfer);
    }
    pthread_mutex_unlock(&dbl_lock);
    return fail(pipe && event ? ERROR_IO_PENDING : ERROR_INVALID_HANDLE);
}

BOOL WINAPI ReadFile(HANDLE file, LPVOID buffer, DWORD size, LPDWORD moved, LPOVERLAPPED overlapped)
{
    HRESULT fault;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {
        return fail(fault & 0xFFFF);
    }
    return start(file, buffer, size, moved, overlapped, false);
}

BOOL WINAPI WriteFile(HANDLE file, LPCVOID buffer, DWORD size, LPDWORD moved,
                      LPOVERLAPPED overlapped)
{
    HRESULT fault;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {
        return fail(fault & 0xFFFF);
    }
    return start(file, (void *)(uintptr_t)buffer, size, moved, overlapped, true);
}

BOOL WINAPI GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped, LPDWORD moved, BOOL wait)
{
    pthread_mutex_lock(&dbl_lock);
    dbl_handle_get(file, DBL_PIPE);
    while (wait && overlapped->Internal == STATUS_PENDING) {
        pthread_cond_wait(&dbl_changed, &dbl_lock);
    }
    int error =
        overlapped->Internal == STATUS_PENDING ? ERROR_IO_INCOMPLETE : (int)overlapped->Internal;
    *moved = (DWORD)overlapped->InternalHigh;
    pthread_mutex_unlock(&dbl_lock);
    return error ? fail(error) : 1;
}

BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED overlapped)
{
    if (overlapped) {
        dbl_misuse("CancelIoEx: the double cancels all transfers of a handle");
    }
    pthread_mutex_lock(&dbl_lock);
    struct dbl_pipe *pipe = dbl_handle_get(file, DBL_PIPE);
    int error = !pipe ? ERROR_INVALID_HANDLE : pipe->pending ? 0 : ERROR_NOT_FOUND;
    if (!error) {
        eventfd_write(pipe->cancel, 1);
    }
    pthread_mutex_unlock(&dbl_lock);
    return error ? fail(error) : 1;
}
