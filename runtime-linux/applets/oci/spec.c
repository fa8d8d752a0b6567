/* spec and features: documents. */
#define _GNU_SOURCE
#include "compiler.h"
#include "lib/fd.h"
#include "oci.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* one capability set of the document; the five are equal but for the two that are empty */
#define CAPABILITIES                                                                               \
    "[\n        \"CAP_AUDIT_WRITE\",\n        \"CAP_KILL\",\n"                                     \
    "        \"CAP_NET_BIND_SERVICE\"\n      ]"

static const char process_part[] =
    "{\n  \"ociVersion\": \"1.0.2\",\n  \"process\": {\n    \"terminal\": true,\n"
    "    \"user\": {\n      \"uid\": 0,\n      \"gid\": 0\n    },\n"
    "    \"args\": [\n      \"sh\"\n    ],\n    \"env\": [\n"
    "      \"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\n"
    "      \"TERM=xterm\"\n    ],\n    \"cwd\": \"/\",\n    \"capabilities\": {\n"
    "      \"bounding\": " CAPABILITIES ",\n      \"effective\": " CAPABILITIES ",\n"
    "      \"permitted\": " CAPABILITIES "\n    },\n    \"rlimits\": [\n      {\n"
    "        \"type\": \"RLIMIT_NOFILE\",\n        \"hard\": 1024,\n        \"soft\": 1024\n"
    "      }\n    ],\n    \"noNewPrivileges\": true\n  },\n  \"root\": {\n"
    "    \"path\": \"rootfs\",\n    \"readonly\": true\n  },\n  \"hostname\": \"felucca\",\n";

struct mount_line {
    const char *destination;
    const char *type;
    const char *source;
    const char *options; /* separated by spaces */
    const char *rootless; /* options there; NULL: the same; "": no such mount */
};

static const struct mount_line mounts[] = {
    {"/proc", "proc", "proc", "", NULL},
    {"/dev", "tmpfs", "tmpfs", "nosuid strictatime mode=755 size=65536k", NULL},
    {"/dev/pts", "devpts", "devpts", "nosuid noexec newinstance ptmxmode=0666 mode=0620 gid=5",
     "nosuid noexec newinstance ptmxmode=0666 mode=0620"},
    {"/dev/shm", "tmpfs", "shm", "nosuid noexec nodev mode=1777 size=65536k", NULL},
    {"/dev/mqueue", "mqueue", "mqueue", "nosuid noexec nodev", NULL},
    {"/sys", "sysfs", "sysfs", "nosuid noexec nodev ro", "rbind nosuid noexec nodev ro"},
    {"/sys/fs/cgroup", "cgroup", "cgroup", "nosuid noexec nodev relatime ro", NULL},
};

static const char masked[] =
    "    \"maskedPaths\": [\n      \"/proc/acpi\",\n      \"/proc/asound\",\n"
    "      \"/proc/kcore\",\n      \"/proc/keys\",\n      \"/proc/latency_stats\",\n"
    "      \"/proc/timer_list\",\n      \"/proc/timer_stats\",\n      \"/proc/sched_debug\",\n"
    "      \"/sys/firmware\",\n      \"/proc/scsi\"\n    ],\n    \"readonlyPaths\": [\n"
    "      \"/proc/bus\",\n      \"/proc/fs\",\n      \"/proc/irq\",\n      \"/proc/sys\",\n"
    "      \"/proc/sysrq-trigger\"\n    ]\n  }\n}\n";

static void print_options(FILE *out, const char *options)
{
    const char *separator = "\n";

    if (!*options)
        return;
    fprintf(out, ",\n      \"options\": [");
    while (*options) {
        int length = (int)strcspn(options, " ");

        fprintf(out, "%s        \"%.*s\"", separator, length, options);
        separator = ",\n";
        options += length + (options[length] == ' ');
    }
    fprintf(out, "\n      ]");
}

static void print_mounts(FILE *out, bool rootless)
{
    const char *separator = "\n";

    fprintf(out, "  \"mounts\": [");
    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        const struct mount_line *line = &mounts[i];
        bool other = rootless && line->rootless;
        bool bound = other && strncmp(line->rootless, "rbind", 5) == 0;

        fprintf(out,
                "%s    {\n      \"destination\": \"%s\",\n      \"type\": \"%s\",\n"
                "      \"source\": \"%s\"",
                separator, line->destination, bound ? "none" : line->type,
                bound ? line->destination : line->source);
        print_options(out, other ? line->rootless : line->options);
        fprintf(out, "\n    }");
        separator = ",\n";
    }
    fprintf(out, "\n  ],\n");
}

static void print_linux(FILE *out, bool rootless)
{
    static const char *const namespaces[] = {"pid", "ipc", "uts", "mount", "cgroup"};

    fprintf(out, "  \"linux\": {\n");
    if (rootless)
        fprintf(out,
                "    \"uidMappings\": [\n      {\n        \"containerID\": 0,\n"
                "        \"hostID\": %u,\n        \"size\": 1\n      }\n    ],\n"
                "    \"gidMappings\": [\n      {\n        \"containerID\": 0,\n"
                "        \"hostID\": %u,\n        \"size\": 1\n      }\n    ],\n",
                geteuid(), getegid());
    else
        fprintf(out, "    \"resources\": {\n      \"devices\": [\n        {\n"
                     "          \"allow\": false,\n          \"access\": \"rwm\"\n        }\n"
                     "      ]\n    },\n");
    fprintf(out, "    \"namespaces\": [\n");
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        fprintf(out, "      {\n        \"type\": \"%s\"\n      },\n", namespaces[i]);
    fprintf(out, "      {\n        \"type\": \"%s\"\n      }\n    ],\n%s",
            rootless ? "user" : "network", masked);
}

int command_spec(int argc, char **argv)
{
    const char *bundle = ".";
    bool rootless = false;
    const struct option options[] = {{"bundle,b", OPTION_TEXT, &bundle},
                                     {"rootless", OPTION_FLAG, &rootless},
                                     {NULL, OPTION_FLAG, NULL}};
    char path[4200];
    FILE *out;
    int at = options_read(options, argc, argv);
    int fd;

    if (at < 0 || at < argc) {
        if (at >= 0)
            say("spec takes no operand");
        return 1;
    }
    snprintf(path, sizeof path, "%.4000s/config.json", bundle);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!out) {
        if (errno == EEXIST)
            say("file %s exists already; remove it first", path);
        else
            say_errno(errno, "cannot write %s", path);
        return 1;
    }
    fputs(process_part, out);
    print_mounts(out, rootless);
    print_linux(out, rootless);
    if (fclose(out) != 0) {
        say_errno(errno, "cannot write %s", path);
        return 1;
    }
    return 0;
}

int command_features(int argc, char **argv)
{
    static const struct option options[] = {{NULL, OPTION_FLAG, NULL}};
    int at = options_read(options, argc, argv);
    struct request request;
    struct answer answer;
    struct wire_bytes document;

    if (at < 0 || at < argc) {
        if (at >= 0)
            say("features takes no operand");
        return 1;
    }
    if (request_begin(&request, REQUEST_FEATURES, 0) < 0 || request_send(&request, &answer) < 0)
        return 1;
    document = wire_bytes(&answer.in);
    printf("%.*s\n", (int)document.size, (const char *)document.data);
    answer_free(&answer);
    return 0;
}
