/* What the files of plan.json share, for those who look into it themselves. */
#ifndef API_PLAN_JSON_H
#define API_PLAN_JSON_H

#include "careround/as_of.h"
#include "words.h"

#include <jansson.h>

/* A time as {"start_s": 28800, "start": "08:00"}. */
#define TIME_PAIR               "s:i, s:s"
#define TIME_ARGS(name, day, t) name "_s", (int)(t), name, words_clock(day, t).text

/* The rides of a leg into the object of a stop ("rides"), or of a round for the way home ("home_rides"): only where
 * the day has a timetable and the leg goes by it. CR_E_NOMEM. */
cr_status plan_json_add_rides(const cr_day *day, const itinerary_leg *leg, bool is_home, json_t *object);

/* What was planned anew at that time: the absences are yours to free. CR_E_NOMEM. */
cr_status day_as_of(const cr_day *day, int32_t time, cr_as_of *ret_as_of);

/* The part "replanned"; null where the day is not under way. NULL without memory. */
json_t *replanned_json(const answer *a);

/* A plan.json as JSON, of which plain members that plan_json_parse() does not look at may be left out. CR_E_INPUT: it
 * is none, and *ret_error says why. CR_E_NOMEM. */
cr_status plan_json_load(const char *text, size_t size, json_t **ret_root, json_error_t *ret_error);
/* NULL: *ret_error says why. */
json_t *plan_json_load_file(const char *path, json_error_t *ret_error);
/* plan_json_parse() of what plan_json_load() gave; root NULL: it was no JSON. */
cr_status plan_json_take_loaded(const json_t *root, const json_error_t *error, const cr_day *day, cr_plan **ret_plan,
                                plan_origin *ret_origin, plan_faults **ret_faults);

/* Read it back into day->problem, which then stands at that time; where the plan has none the problem is as it was.
 * Faults are told by fault(), with where it is in the file. CR_E_INPUT: there was one. CR_E_NOMEM. */
typedef void plan_json_fault(void *user, const char *where, const char *text);
cr_status replanned_read(const json_t *root, const cr_day *day, plan_json_fault *fault, void *user);

#endif
