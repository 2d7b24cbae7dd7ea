/* What every module shares: status, units, ownership. */
#ifndef CAREROUND_BASE_H
#define CAREROUND_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who must act? A day too full to serve is an answer, not an error. */
typedef enum cr_status {
    CR_OK = 0,
    CR_E_INPUT,    /* the caller's data; the message names what and where */
    CR_E_UPSTREAM, /* an outside service or a file system let us down */
    CR_E_NOMEM,    /* try again with a smaller day */
    CR_E_INTERNAL, /* our bug */
    CR_E_STOPPED,  /* nobody: the caller asked to stop before there was an answer */
} cr_status;

/* Times are int32_t ticks after the first midnight of the horizon; a real day has one tick a second
 * (cr_problem.ticks_per_unit says otherwise for the public benchmark sets). Distances are int32_t metres. */

/* "No road leads there", for a time or a distance. Two of them add up without overflow. */
#define CR_NO_WAY (INT32_MAX / 4)
static_assert(CR_NO_WAY <= INT32_MAX / 2, "two add up");

/* "Not given", for an optional time, price or index. */
#define CR_NONE (-1)
#define CR_FREE INT32_MIN /* for an optional time, where -1 is a time like any other */

/* Summed cost is int64_t. A penny has so many cost units that a price per hour is a whole number per second and a
 * price per mile is exact to one part in a hundred thousand per metre. */
#define CR_COST_PENNY INT64_C(3600000)

/* A part of a shared array: [first, first + n). */
typedef struct cr_range {
    int32_t first, n;
} cr_range;

/* cr_auto(cr_plan) plan = NULL;   freed on every way out. Each type declares its cleanup with CR_AUTO_DEFINE. */
#define CR_AUTO_DEFINE(type)                                                                                           \
    static inline void type##_auto_free(type **object)                                                                 \
    {                                                                                                                  \
        *object = type##_free(*object);                                                                                \
    }                                                                                                                  \
    static inline type *type##_take(type **object)                                                                     \
    {                                                                                                                  \
        type *taken = *object;                                                                                         \
        *object = NULL;                                                                                                \
        return taken;                                                                                                  \
    }
#define cr_auto(type) __attribute__((cleanup(type##_auto_free))) type *

#endif
