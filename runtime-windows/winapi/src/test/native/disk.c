/* Which virtual disks are attached. */
#include "double.h"

struct attached {
    struct attached *next;
    char *path;
};
static struct attached *attached_disks;

bool dbl_disk_is_attached(const char *path)
{
    for (struct attached *at = attached_disks; at; at = at->next) {
        if (strcmp(at->path, path) == 0) {
            return true;
        }
    }
    return false;
}

void dbl_disk_set_attached(const char *path, bool attached)
{
    if (attached) {
        struct attached *fresh = calloc(1, sizeof *fresh);
        fresh->path = strdup(path);
        fresh->next = attached_disks;
        attached_disks = fresh;
        return;
    }
    for (struct attached **at = &attached_disks; *at; at = &(*at)->next) {
        if (strcmp((*at)->path, path) == 0) {
            struct attached *old = *at;
            *at = old->next;
            free(old->path);
            free(old);
            return;
        }
    }
}

void dbl_disk_close(struct dbl_disk *disk)
{
    if (disk->attached_by_us && !disk->permanent) {
        dbl_disk_set_attached(disk->path, false);
    }
    free(disk->path);
    free(disk);
}
