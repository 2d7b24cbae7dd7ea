/* Time held back in a plan, as people read of it: pieces that a carer holds one after the other are one span. */
#ifndef API_HELD_SPANS_H
#define API_HELD_SPANS_H

#include "write.h"

typedef struct held_span {
    int32_t round;
    int32_t start, end; /* ticks */
    const char *name;   /* of what it is held back for */
    int32_t after;      /* the visit after which she holds it, at whose place she is; CR_NONE: before her first one */
} held_span;

/* Is the stop a piece of it? */
bool held_spans_has(const answer *a, int32_t stop);

/* The next span from stop *at on, in the order of the plan; *at goes behind it. False: there is none. */
bool held_spans_next(const answer *a, int32_t *at, held_span *ret_span);

#endif
