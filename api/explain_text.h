/* An explanation in sentences that a coordinator understands. */
#ifndef API_EXPLAIN_TEXT_H
#define API_EXPLAIN_TEXT_H

#include "careround/explain.h"
#include "day.h"

#include <jansson.h>

/* "Nobody free: 12 carers lack the skill 'hoist', 8 have no shift then, 4 have no time left. Smallest change found:
 * open the window 10 min earlier and Anna Bell can come at 12:50 (+£3.20)." Yours to free; NULL without memory. */
char *explain_text(const cr_day *day, const cr_explanation *e);

/* What plan.json says of the visit, for `explain --json`. A new reference; NULL without memory. */
json_t *explain_json(const cr_day *day, const cr_explanation *e);

#endif
