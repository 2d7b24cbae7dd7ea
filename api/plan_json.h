/* What plan_json_write.c and plan_json_replanned.c share. */
#ifndef API_PLAN_JSON_H
#define API_PLAN_JSON_H

#include "careround/as_of.h"
#include "words.h"

#include <jansson.h>

/* What was planned anew at that time: the absences are yours to free. CR_E_NOMEM. */
cr_status day_as_of(const cr_day *day, int32_t time, cr_as_of *ret_as_of);

/* The part "replanned"; null where the day is not under way. NULL without memory. */
json_t *replanned_json(const answer *a);

/* Read it back into day->problem, which then stands at that time; where the plan has none the problem is as it was.
 * Faults are told by fault(), with where it is in the file. CR_E_INPUT: there was one. CR_E_NOMEM. */
typedef void plan_json_fault(void *user, const char *where, const char *text);
cr_status replanned_read(const json_t *root, const cr_day *day, plan_json_fault *fault, void *user);

#endif
