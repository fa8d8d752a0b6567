/*
 * A stage for the client: the test plays the daemon and the monitor, and holds the other ends of
 * the client's standard streams, which are pipes or a terminal. A wait that takes too long fails.
 */
#ifndef FELUCCA_STAGE_H
#define FELUCCA_STAGE_H

#include "frame.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <termios.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s: %s:%d: %s\n", stage_case, __FILE__, __LINE__, #condition);        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* what is being tested, for messages */
extern const char *stage_case;

struct stage {
    const char *program;
    char directory[64];
    char address[128];
    int listener;
    pid_t client;
    int daemon;
    int container;
    int terminal; /* master side, -1 without */
    int in, out, err;
};

struct message {
    uint8_t type;
    uint8_t flags;
    uint32_t size;
    int fd; /* -1 if none came along */
    uint8_t payload[FRAME_PAYLOAD];
};

void stage_open(struct stage *stage, const char *program);
void stage_close(struct stage *stage);

/* starts the client with arguments, on pipes or on a terminal of 24 x 80 */
void stage_start(struct stage *stage, bool terminal, char **arguments);

/* takes its connection and HELLO; hello may be NULL */
void stage_greet(struct stage *stage, struct message *hello);

void send_frame(int fd, uint8_t type, const void *payload, size_t size);
void send_text(int fd, uint8_t type, const char *text);
void send_numbers(int fd, uint8_t type, size_t count, const uint32_t *numbers);
void receive_frame(int fd, struct message *message);
void expect_frame(int fd, uint8_t type, const char *payload);
void expect_number(int fd, uint8_t type, uint32_t number);

/* reads exactly that text */
void expect_text(int fd, const char *text);
/* reads to the end */
size_t read_all(int fd, char *buffer, size_t size);

/* waits for the client's end; a status as a shell has it */
int stage_status(struct stage *stage);

#endif
