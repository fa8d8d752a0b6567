/* The plan compiler: asking it, and starting it when there is none (docs/spec/compiler-protocol.md). */
#ifndef FELUCCA_OCI_COMPILER_H
#define FELUCCA_OCI_COMPILER_H

#include "oci.h"

enum { REQUEST_CREATE = 1, REQUEST_EXEC = 2, REQUEST_UPDATE = 3, REQUEST_FEATURES = 4 };
enum { FACT_NO_KEYRING = 1, FACT_NO_DEVICE_PROGRAMS = 2 };

struct request {
    struct wire_writer out;
    void *buffer;
};

struct answer {
    struct wire_reader in; /* behind the status */
    void *buffer;
};

/* room: bytes of the arguments, roughly from above */
int request_begin(struct request *request, uint32_t kind, size_t room);
void request_strings(struct request *request, const struct strings *list);
/* sends and waits; a refusal of the compiler is a failure noted here; frees the request */
int request_send(struct request *request, struct answer *answer);
void answer_free(struct answer *answer);

/* compiler_start.c: a compiler of this user; its socket's connection, or -1 */
int compiler_start(const char *socket_path);
/* connects when the peer is of this user; -errno */
int compiler_connect(const char *socket_path);

#endif
