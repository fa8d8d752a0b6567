/*
 * Errors: functions return a negative errno and leave a message in the caller's struct failure.
 * The message reads "<what> <subject>: <reason>", lower case, no full stop.
 */
#ifndef FELUCCA_FAILURE_H
#define FELUCCA_FAILURE_H

struct failure {
    char text[224];
};

/* formats the message, appends ": <reason of err>" and returns -err; err is a positive errno */
int fail(struct failure *failure, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* the same without a reason of its own */
int fail_plain(struct failure *failure, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
