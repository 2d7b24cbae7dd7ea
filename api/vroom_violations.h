/* What a given route breaks, by VROOM's causes, and how its times are chosen (VROOM's "plan mode"). */
#ifndef API_VROOM_VIOLATIONS_H
#define API_VROOM_VIOLATIONS_H

#include "vroom_walk.h"

typedef enum vroom_cause {
    VROOM_LEAD_TIME,
    VROOM_DELAY,
    VROOM_LOAD,
    VROOM_MAX_TASKS,
    VROOM_SKILLS,
    VROOM_PRECEDENCE,
    VROOM_MISSING_BREAK,
    VROOM_MAX_TRAVEL_TIME,
    VROOM_MAX_DISTANCE,
    VROOM_MAX_LOAD,
    VROOM_CAUSES
} vroom_cause;

/* Of a step, or all of a route's or a plan's. */
typedef struct vroom_violations {
    bool has[VROOM_CAUSES];
    int64_t lead_s, delay_s; /* so much before a window opens, after it has closed */
} vroom_violations;

void vroom_violations_add(vroom_violations *sum, const vroom_violations *more);

/* VROOM's list of them; NULL: out of memory. */
json_t *vroom_violations_list(const vroom_violations *violations);

/* How far a time is from the nearest of these windows: below 0 before it opens, above after it has closed. No windows:
 * 0. Seconds on the input's clock, as the windows. */
int64_t vroom_off_windows(const json_t *windows, int64_t time_s);

/* Skills that the task needs and the vehicle has not? */
bool vroom_lacks_skill(const vroom_task *task, const vroom_vehicle *vehicle);

#endif
