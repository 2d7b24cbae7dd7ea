/* A plan made by hand, read as far as it makes sense: who, and in what order.
 *
 * Two forms. JSON: {"rounds": [{"shift": "A-1", "stops": ["V1", {"visit": "V2"}, {"kind": "break"}]}]}, of which
 * plan.json is one. CSV: a row for each carer and visit, with the columns shift_id or carer_id, visit_id, and perhaps
 * order and start. docs/plans-by-hand.md describes both.
 */
#ifndef API_HAND_PLAN_H
#define API_HAND_PLAN_H

#include "write.h"

/* CR_OK: *ret_plan has sound indices (a slot may stand in it twice, starts mean nothing), and the faults say what of
 * the file is left out of it. CR_E_INPUT: nothing of the file can be read, and a fault says why. *ret_faults is always
 * the caller's unless CR_E_NOMEM. any_order: the order of the stops in the file means nothing; visits come by the times
 * they are wished or allowed for, and breaks are left out. */
cr_status hand_plan_read(const char *path, const cr_day *day, bool any_order, cr_plan **ret_plan,
                         plan_faults **ret_faults);
cr_status hand_plan_parse(const char *text, size_t size, const cr_day *day, bool any_order, cr_plan **ret_plan,
                          plan_faults **ret_faults);

#endif
