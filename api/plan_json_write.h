/* What the files that write plan.json share: plan_json_write.c leads, plan_json_rounds.c has the rounds,
 * plan_json_unallocated.c those who are left out. What is made here is a new reference, or NULL without memory.
 */
#ifndef API_PLAN_JSON_WRITE_H
#define API_PLAN_JSON_WRITE_H

#include "plan_json.h"

/* json_array_append_new() that passes on a failed json_pack(): false without memory. */
static inline bool append(json_t *array, json_t *item)
{
    return json_array_append_new(array, item) == 0;
}

static inline json_t *take_if(bool ok, json_t **json)
{
    if (!ok) {
        json_decref(*json);
        *json = NULL;
    }
    return *json;
}

static inline json_t *distance_or_null(const cr_day *day, int64_t dist_m)
{
    return words_knows_distance(day, dist_m) ? json_integer(dist_m) : json_null();
}

static inline const char *provider_id(const cr_day *day, int32_t carer)
{
    int32_t provider = day->carers[carer].provider;
    return provider >= 0 ? day->providers[provider].provider_id : NULL;
}

json_t *rounds_json(const answer *a);

/* Most at risk first where they were explained. */
json_t *unallocated_json(const answer *a);

#endif
