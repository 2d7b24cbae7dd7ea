/* What check, evaluate, suggest and explain find, as JSON: for --json and for the service. The schemas are in
 * data/schema/. Each gives a new reference; NULL: no memory. */
#ifndef API_ANSWERS_JSON_H
#define API_ANSWERS_JSON_H

#include "careround/suggest.h"
#include "write.h"

#include <jansson.h>

json_t *check_json(const cr_day *day, const cr_plan *plan, const cr_check *check);

/* faults: what of the plan was left out. */
json_t *evaluation_json(const cr_day *day, const cr_evaluation *e, const plan_faults *faults);
json_t *suggestions_json(const cr_day *day, int32_t visit, const cr_suggestions *list);
json_t *explanations_json(const cr_day *day, const cr_explanations *list);

#endif
