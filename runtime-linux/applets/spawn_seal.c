/*
 * The sealed copy of this program. A container that gets hold of /proc/PID/exe of its init, or of
 * an exec on its way in, finds a memory file that cannot be written by anybody (CVE-2019-5736).
 * Monitors and inits fork from here without exec, so all of them share its pages.
 */
#define _GNU_SOURCE
#include "seal.h"

#include "lib/fd.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

static int make_copy(int self)
{
    cleanup_fd int copy = -1;
    struct stat st;
    off_t left;

    copy = (int)syscall(SYS_memfd_create, "felucca-applets",
                        K_MFD_CLOEXEC | K_MFD_ALLOW_SEALING | K_MFD_EXEC);
    if (copy < 0 && errno == EINVAL)
        copy = (int)syscall(SYS_memfd_create, "felucca-applets",
                            K_MFD_CLOEXEC | K_MFD_ALLOW_SEALING);
    if (copy < 0 || fstat(self, &st) < 0)
        return -errno;
    for (left = st.st_size; left > 0;) {
        ssize_t n = sendfile(copy, self, NULL, (size_t)left);

        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        left -= n;
    }
    if (fchmod(copy, 0555) < 0 || fcntl(copy, K_F_ADD_SEALS, K_SEALS_ALL) < 0)
        return -errno;
    return steal_fd(&copy);
}

int seal_self(char **argv, struct failure *failure)
{
    cleanup_fd int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    cleanup_fd int copy = -1;
    int rc;

    if (self < 0)
        return fail(failure, errno, "cannot open /proc/self/exe");
    if (fcntl(self, K_F_GET_SEALS) == K_SEALS_ALL)
        return 0;
    copy = make_copy(self);
    if (copy < 0)
        return fail(failure, -copy, "cannot make the sealed copy");
    rc = k_execveat(copy, argv, environ);
    return fail(failure, -rc, "cannot execute the sealed copy");
}
