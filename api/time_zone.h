/* Time zones, as far as reading a day needs them: is there such a zone, and when do its clocks change?
 *
 * The engine counts seconds that pass ("elapsed") from the first midnight; people read the clock on the wall, which
 * goes forward or back between. Only the first change after that midnight counts: no horizon of a week has two.
 */
#ifndef API_TIME_ZONE_H
#define API_TIME_ZONE_H

#include "careround/base.h"

/* Elapsed seconds at which the clocks change, and by how much they go forward (back: negative). by_s 0: they do not. */
typedef struct clock_change {
    int32_t at_s, by_s;
} clock_change;

/* "Europe/London" is one, "Europe/Edinburgh" is none. */
bool time_zone_is_known(const char *name);

/* The first change within n_days from the midnight that begins the day (since 1970-01-01). */
clock_change time_zone_change(const char *name, int32_t days, int32_t n_days);

typedef enum clock_doubt {
    CLOCK_CLEAR,
    CLOCK_NEVER, /* the clock is put forward past that time */
    CLOCK_TWICE, /* it is put back and shows that time again */
} clock_doubt;

/* Is there any doubt when the clock shows this? wall_s: 86,400 a day from the first midnight, whatever the clocks do.
 */
clock_doubt clock_doubt_of(const clock_change *change, int32_t wall_s);

/* What passes until the clock shows that: a time that never comes is that of the change, of two the first. */
int32_t clock_elapsed(const clock_change *change, int32_t wall_s);

/* What the clock shows then. */
int32_t clock_wall(const clock_change *change, int32_t elapsed_s);

#endif
