/*
 * NET_DEVICE: moves a network device of the host into the container's network namespace, under
 * another name where the plan says so, with its permanent global addresses, and brings it up
 * (runtime-spec, network devices). A process of its own does it, because half of it happens inside
 * of that namespace; what it meets comes back through a pipe.
 */
#define _GNU_SOURCE
#include "netdev.h"

#include "lib/fd.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* rtnetlink, of linux/netlink.h and linux/rtnetlink.h; see lib/kernel.h for why it stands here */
struct nl_header {
    uint32_t length;
    uint16_t type;
    uint16_t flags;
    uint32_t sequence;
    uint32_t port;
};

struct nl_link {
    uint8_t family;
    uint8_t pad;
    uint16_t type;
    int32_t index;
    uint32_t flags;
    uint32_t change;
};

struct nl_address {
    uint8_t family;
    uint8_t prefix;
    uint8_t flags;
    uint8_t scope;
    uint32_t index;
};

struct nl_attribute {
    uint16_t length;
    uint16_t type;
};

enum { NL_ERROR = 2, NL_DONE = 3, NL_NEW_LINK = 16, NL_NEW_ADDRESS = 20, NL_GET_ADDRESS = 22 };
enum { NL_REQUEST = 1, NL_ACK = 4, NL_DUMP = 0x300, NL_CREATE = 0x400 };
enum { LINK_NAME = 3, LINK_NAMESPACE = 28 };
enum { ADDRESS_OWN = 1, ADDRESS_LOCAL = 2, ADDRESS_BROADCAST = 4, ADDRESS_PERMANENT = 0x80 };

#define NL_ALIGNED(n) (((n) + 3u) & ~3u)
#define ADDRESSES_MAX 8192

/* one request, or the addresses to make again, one behind the other */
struct request {
    _Alignas(4) uint8_t bytes[256];
    uint32_t used;
};

struct addresses {
    _Alignas(4) uint8_t bytes[ADDRESSES_MAX];
    uint32_t used;
};

static void put(struct request *request, const void *data, uint32_t size)
{
    if (request->used + NL_ALIGNED(size) > sizeof request->bytes)
        return; /* cannot be: names and addresses are short */
    memcpy(request->bytes + request->used, data, size);
    request->used += NL_ALIGNED(size);
}

static void put_attribute(struct request *request, uint16_t type, const void *data, uint16_t size)
{
    struct nl_attribute attribute = {.length = (uint16_t)(sizeof attribute + size), .type = type};

    put(request, &attribute, sizeof attribute);
    put(request, data, size);
}

static struct request begin(uint16_t type, uint16_t flags, const void *body, uint32_t size)
{
    struct request request = {.used = 0};
    struct nl_header header = {.type = type, .flags = (uint16_t)(NL_REQUEST | flags)};

    put(&request, &header, sizeof header);
    put(&request, body, size);
    return request;
}

static int transmit(int netlink, struct request *request)
{
    uint32_t length = request->used;

    memcpy(request->bytes, &length, sizeof length);
    return send(netlink, request->bytes, length, 0) < 0 ? -errno : 0;
}

/* sends, and waits for the kernel's word on it */
static int perform(int netlink, struct request *request)
{
    struct {
        struct nl_header header;
        int32_t error;
        uint8_t rest[1024];
    } answer;
    int rc = transmit(netlink, request);
    ssize_t n;

    if (rc < 0)
        return rc;
    n = recv(netlink, &answer, sizeof answer, 0);
    if (n < 0)
        return -errno;
    if ((size_t)n < sizeof answer.header + sizeof answer.error || answer.header.type != NL_ERROR)
        return -EPROTO;
    return answer.error;
}

static int open_netlink(void)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0 /* NETLINK_ROUTE */);

    return fd < 0 ? -errno : fd;
}

static int index_of(const char *name)
{
    struct ifreq request = {.ifr_ifindex = 0};
    cleanup_fd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (strlen(name) >= sizeof request.ifr_name)
        return -ENAMETOOLONG;
    memcpy(request.ifr_name, name, strlen(name) + 1);
    if (fd < 0 || ioctl(fd, SIOCGIFINDEX, &request) < 0)
        return -errno;
    return request.ifr_ifindex;
}

/* what belongs to the device and outlives it: permanent and of global scope */
static int keep_address(struct addresses *kept, const uint8_t *message, uint32_t length, int index)
{
    struct nl_address address;

    if (length < sizeof(struct nl_header) + sizeof address)
        return -EPROTO;
    memcpy(&address, message + sizeof(struct nl_header), sizeof address);
    if ((int)address.index != index || address.scope != 0 || !(address.flags & ADDRESS_PERMANENT))
        return 0;
    if (kept->used + NL_ALIGNED(length) > sizeof kept->bytes)
        return -E2BIG;
    memcpy(kept->bytes + kept->used, message, length);
    kept->used += NL_ALIGNED(length);
    return 0;
}

static int read_addresses(int netlink, int index, struct addresses *kept)
{
    struct nl_address any = {.family = AF_UNSPEC};
    struct request request = begin(NL_GET_ADDRESS, NL_DUMP, &any, sizeof any);
    static _Alignas(4) uint8_t buffer[32768];
    int rc = transmit(netlink, &request);

    while (rc == 0) {
        ssize_t n = recv(netlink, buffer, sizeof buffer, 0);
        struct nl_header header;

        if (n < 0)
            return -errno;
        for (uint32_t at = 0; rc == 0 && at + sizeof header <= (uint32_t)n;
             at += NL_ALIGNED(header.length)) {
            memcpy(&header, buffer + at, sizeof header);
            if (header.type == NL_DONE)
                return 0;
            if (header.length < sizeof header || header.length > (uint32_t)n - at ||
                header.type == NL_ERROR)
                return -EPROTO;
            rc = keep_address(kept, buffer + at, header.length, index);
        }
    }
    return rc;
}

static int move(int netlink, int index, int namespace, const char *name)
{
    struct nl_link link = {.index = index};
    struct request request = begin(NL_NEW_LINK, NL_ACK, &link, sizeof link);
    uint32_t fd = (uint32_t)namespace;

    put_attribute(&request, LINK_NAMESPACE, &fd, sizeof fd);
    put_attribute(&request, LINK_NAME, name, (uint16_t)(strlen(name) + 1));
    return perform(netlink, &request);
}

/* 0 when no device of this network namespace is called so */
static int check_free(const char *name)
{
    int rc = index_of(name);

    return rc == -ENODEV ? 0 : rc < 0 ? rc : -EEXIST;
}

/*
 * The name in the container; of a template such as eth%d the first that is free there. It is looked
 * for before: a move that meets a taken name leaves the device in the container all the same.
 */
static int choose_name(const char *wanted, char *name)
{
    const char *hole = strstr(wanted, "%d");
    int rc = -EEXIST;

    if (!hole) {
        if (snprintf(name, IFNAMSIZ, "%s", wanted) >= IFNAMSIZ)
            return -ENAMETOOLONG;
        return check_free(name);
    }
    for (int number = 0; number < 1024 && rc == -EEXIST; number++) {
        if (snprintf(name, IFNAMSIZ, "%.*s%d%s", (int)(hole - wanted), wanted, number, hole + 2) >=
            IFNAMSIZ)
            return -ENAMETOOLONG;
        rc = check_free(name);
    }
    return rc;
}

static int add_address(int netlink, const uint8_t *message, uint32_t length, int index)
{
    struct nl_address address;
    uint32_t at = sizeof(struct nl_header) + sizeof address;
    struct request request;

    memcpy(&address, message + sizeof(struct nl_header), sizeof address);
    address.index = (uint32_t)index;
    address.flags = ADDRESS_PERMANENT;
    request = begin(NL_NEW_ADDRESS, NL_ACK | NL_CREATE, &address, sizeof address);
    while (at + sizeof(struct nl_attribute) <= length) {
        struct nl_attribute attribute;

        memcpy(&attribute, message + at, sizeof attribute);
        if (attribute.length < sizeof attribute || attribute.length > length - at)
            return -EPROTO;
        if (attribute.type == ADDRESS_OWN || attribute.type == ADDRESS_LOCAL ||
            attribute.type == ADDRESS_BROADCAST)
            put(&request, message + at, attribute.length);
        at += NL_ALIGNED(attribute.length);
    }
    return perform(netlink, &request);
}

static int bring_up(int netlink, int index)
{
    struct nl_link link = {.index = index, .flags = IFF_UP, .change = IFF_UP};
    struct request request = begin(NL_NEW_LINK, NL_ACK, &link, sizeof link);

    return perform(netlink, &request);
}

static int set_up_inside(const char *name, const struct addresses *kept, struct failure *failure)
{
    cleanup_fd int netlink = open_netlink();
    int index = netlink < 0 ? netlink : index_of(name);
    int rc;

    if (index < 0)
        return fail(failure, -index, "cannot find network device %s in the container", name);
    for (uint32_t at = 0; at < kept->used;) {
        uint32_t length;

        memcpy(&length, kept->bytes + at, sizeof length);
        rc = add_address(netlink, kept->bytes + at, length, index);
        if (rc < 0)
            return fail(failure, -rc, "cannot keep an address of network device %s", name);
        at += NL_ALIGNED(length);
    }
    rc = bring_up(netlink, index);
    return rc < 0 ? fail(failure, -rc, "cannot bring network device %s up", name) : 0;
}

static int transfer(const char *device, const char *wanted, int namespace, struct failure *failure)
{
    static struct addresses kept;
    cleanup_fd int netlink = open_netlink();
    int index = netlink < 0 ? netlink : index_of(device);
    char name[IFNAMSIZ];
    int rc;

    if (index < 0)
        return fail(failure, -index, "cannot find network device %s", device);
    rc = read_addresses(netlink, index, &kept);
    if (rc < 0)
        return fail(failure, -rc, "cannot read the addresses of network device %s", device);
    /* the socket stays the host's */
    if (syscall(SYS_setns, namespace, CLONE_NEWNET) < 0)
        return fail(failure, errno, "cannot enter the container's network namespace");
    rc = choose_name(wanted, name);
    if (rc == 0)
        rc = move(netlink, index, namespace, name);
    if (rc < 0)
        return fail(failure, -rc, "cannot move network device %s to the container as %s", device,
                    wanted);
    return set_up_inside(name, &kept, failure);
}

/* what the process reports: 0 or -errno, and why */
struct report {
    int rc;
    struct failure failure;
};

static _Noreturn void child(const char *device, const char *wanted, int namespace, int pipe)
{
    struct report report = {.rc = 0};

    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    report.rc = transfer(device, wanted, namespace, &report.failure);
    _exit(write_all(pipe, &report, sizeof report) < 0);
}

int netdev_move(const struct plan_op *op, pid_t owner, struct failure *failure)
{
    struct wire_reader args = plan_args(op);
    const char *device = wire_string(&args);
    const char *wanted = wire_string(&args);
    struct k_clone_args clone = {.flags = 0};
    struct report report = {.rc = -ECHILD};
    cleanup_fd int namespace = -1;
    cleanup_fd int from = -1;
    char path[40];
    int ends[2];
    pid_t pid;
    ssize_t n;

    snprintf(path, sizeof path, "/proc/%d/ns/net", owner);
    namespace = open(path, O_RDONLY | O_CLOEXEC);
    if (namespace < 0 || pipe2(ends, O_CLOEXEC) < 0)
        return fail(failure, errno, "cannot move network device %s", device);
    from = ends[0];
    pid = k_clone3(&clone);
    if (pid == 0)
        child(device, wanted, namespace, ends[1]);
    close(ends[1]);
    if (pid < 0)
        return fail(failure, -pid, "cannot move network device %s", device);
    n = read(from, &report, sizeof report);
    while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
        ;
    if (n != (ssize_t)sizeof report)
        return fail(failure, ECHILD, "cannot move network device %s", device);
    if (report.rc < 0)
        *failure = report.failure;
    return report.rc;
}
