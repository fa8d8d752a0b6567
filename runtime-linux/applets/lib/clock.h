/* Time: a monotonic clock in milliseconds for deadlines, the real one in nanoseconds for records. */
#ifndef FELUCCA_CLOCK_H
#define FELUCCA_CLOCK_H

#include <stdint.h>

uint64_t clock_ms(void);
uint64_t clock_realtime_ns(void);

/* timeout for poll and epoll_wait up to a deadline of clock_ms; 0 is no deadline and answers -1 */
int clock_wait(uint64_t deadline);

#endif
