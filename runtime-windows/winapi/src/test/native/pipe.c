/* An end of a pipe as a handle. */
#include <fcntl.h>
#include <sys/eventfd.h>

#include "double.h"

HANDLE dbl_pipe_open(int fd)
{
    struct dbl_pipe *pipe = calloc(1, sizeof *pipe);
    pipe->fd = fd;
    pipe->cancel = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return dbl_handle_open(DBL_PIPE, pipe);
}
