/* plan.json: visits that are left out, with their reasons and what would place them. */
#include "explain_text.h"
#include "plan_json_write.h"

static json_t *windows_json(const cr_day *day, const cr_visit *visit)
{
    json_t *windows = json_array();
    bool ok = windows;
    for (int32_t w = visit->windows.first; ok && w < visit->windows.first + visit->windows.n; w++) {
        const cr_window *window = &day->problem->windows[w];
        ok = append(windows, json_pack("{" TIME_PAIR ", " TIME_PAIR "}", TIME_ARGS("open", day, window->open),
                                       TIME_ARGS("close", day, window->close)));
    }
    return take_if(ok, &windows);
}

static json_t *durations_json(const cr_problem *p, const cr_visit *visit)
{
    json_t *durations = json_array();
    bool ok = durations;
    for (int32_t i = visit->slots.first; ok && i < visit->slots.first + visit->slots.n; i++)
        ok = append(durations, json_integer(p->slots[i].duration));
    return take_if(ok, &durations);
}

static json_t *reason_json(const cr_day *day, const cr_explanation *e, cr_reason reason)
{
    char *text = explain_text_reason(day, e, reason);
    json_t *json =
        json_pack("{s:s, s:i, s:s}", "reason", cr_reason_name(reason), "carers", e->count[reason], "text", text);
    free(text);
    return json;
}

/* A carer counts once, so the counts add up to all carers. */
static json_t *reasons_json(const cr_day *day, const cr_explanation *e)
{
    json_t *reasons = json_array();
    bool ok = reasons;
    for (int reason = 0; ok && reason < CR_REASON_N; reason++)
        if (e->count[reason] > 0)
            ok = append(reasons, reason_json(day, e, (cr_reason)reason));
    return take_if(ok, &reasons);
}

static json_t *change_json(const cr_day *day, const cr_explanation *e)
{
    const cr_change *c = &e->change;
    if (c->kind == CR_CHANGE_NONE)
        return json_null();
    char *text = explain_text_change(day, e);
    json_t *json =
        json_pack("{s:s, s:i, s:s?, s:s?, s:s?, s:i, s:s?, s:s?, " TIME_PAIR ", s:i, s:I, s:s}", "kind",
                  cr_change_kind_name(c->kind), "widen_s", c->ticks, "shift",
                  c->shift >= 0 ? day->shifts[c->shift].shift_id : NULL, "carer",
                  c->carer >= 0 ? day->carers[c->carer].carer_id : NULL, "skill",
                  c->kind == CR_CHANGE_SKILL ? day->skill_name[c->skill] : NULL, "level",
                  c->kind == CR_CHANGE_SKILL ? c->level : 0, "attribute",
                  c->kind == CR_CHANGE_ATTRIBUTE ? day->attribute_name[c->attribute] : NULL, "with",
                  c->with_carer >= 0 ? day->carers[c->with_carer].carer_id : NULL, TIME_ARGS("start", day, c->start),
                  "visits_moved", c->n_moved, "pence", (json_int_t)words_pence(c->cost), "text", text);
    free(text);
    return json;
}

static json_t *unallocated_visit_json(const cr_day *day, int32_t v, const cr_explanation *e)
{
    const cr_visit *visit = &day->problem->visits[v];
    const day_client *client = &day->clients[day->visits[v].client];
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:i, s:b, s:o, s:o, s:o, s:o, s:o}", "visit", day->visits[v].visit_id,
        "client", client->client_id, "client_name", client->name, "band", day->visits[v].band, "windows",
        windows_json(day, visit), "durations_s", durations_json(day->problem, visit), "time_critical",
        visit->time_critical, "priority", visit->priority, "lives_alone", visit->lives_alone, "reasons",
        e ? reasons_json(day, e) : json_null(), "pairs", e ? json_integer(e->n_pairs) : json_null(), "smallest_change",
        e ? change_json(day, e) : json_null(), "is_smallest", e ? json_boolean(e->change.is_smallest) : json_null(),
        "cut_short", e ? json_boolean(e->cut_short) : json_null());
}

json_t *explain_json(const cr_day *day, const cr_explanation *e)
{
    return unallocated_visit_json(day, e->visit, e);
}

json_t *unallocated_json(const answer *a)
{
    json_t *list = json_array();
    bool ok = list;
    if (a->explanations) {
        for (int32_t i = 0; ok && i < a->explanations->n; i++) {
            const cr_explanation *e = &a->explanations->items[i];
            ok = append(list, unallocated_visit_json(a->day, e->visit, e));
        }
    } else {
        for (int32_t i = 0; ok && i < a->plan->n_unallocated; i++)
            ok = append(list, unallocated_visit_json(a->day, a->plan->unallocated[i], NULL));
    }
    return take_if(ok, &list);
}
