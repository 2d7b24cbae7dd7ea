/* An explanation in sentences that a coordinator understands: the same in the summary, on the page, in every file and
 * from `careround explain`. Texts are yours to free; NULL without memory. */
#ifndef API_EXPLAIN_TEXT_H
#define API_EXPLAIN_TEXT_H

#include "careround/explain.h"
#include "day.h"

#include <jansson.h>

/* "lack the skill 'hoist'": what shuts out those whom e counts for the reason. */
char *explain_text_reason(const cr_day *day, const cr_explanation *e, cr_reason reason);

/* "Nobody free: 12 carers lack the skill 'hoist', 8 have no shift then, 4 have no time left" */
char *explain_text_reasons(const cr_day *day, const cr_explanation *e);

/* "Smallest change found: open the window 10 min earlier and Anna Bell can come at 12:50 (+£3.20)", and whether the
 * search for it was cut short. "Smallest change:" where none smaller exists. */
char *explain_text_change(const cr_day *day, const cr_explanation *e);

/* The unallocated visit as an object of plan.json, for `explain --json` too. A new reference. */
json_t *explain_json(const cr_day *day, const cr_explanation *e);

#endif
