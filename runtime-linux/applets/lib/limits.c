#include "limits.h"

#include <errno.h>
#include <sys/resource.h>

static struct rlimit original;

int limits_raise(void)
{
    struct rlimit all;

    if (getrlimit(RLIMIT_NOFILE, &original) < 0)
        return -errno;
    all = (struct rlimit){.rlim_cur = original.rlim_max, .rlim_max = original.rlim_max};
    return setrlimit(RLIMIT_NOFILE, &all) < 0 ? -errno : 0;
}

int limits_restore(void)
{
    if (original.rlim_max == 0)
        return 0;
    return setrlimit(RLIMIT_NOFILE, &original) < 0 ? -errno : 0;
}
