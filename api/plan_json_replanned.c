/* The part of plan.json of a day that is under way: since when, what happened, what had begun, and what changed.
 *
 * With what happened and what had begun, everybody who reads the file has the same rest of the day to judge it by.
 */
#include "plan_json.h"

#include "careround/as_of.h"

#include <stdlib.h>
#include <string.h>

/* ---- written ---- */

static bool append(json_t *array, json_t *item)
{
    return item && json_array_append_new(array, item) == 0;
}

static json_t *take_if(bool ok, json_t *json)
{
    if (!ok)
        json_decref(json);
    return ok ? json : NULL;
}

static json_t *events_json(const cr_day *day)
{
    json_t *list = json_array();
    bool ok = list;
    for (int32_t i = 0; ok && i < day->n_events; i++)
        ok = append(list, json_loads(day->events[i].json, 0, NULL));
    return take_if(ok, list);
}

static json_t *held_json(const cr_day *day, const cr_shift *shift, const cr_held *held)
{
    const cr_problem *p = day->problem;
    if (held->slot == CR_NONE)
        return json_pack("{s:s, s:i, s:i}", "kind", "break", "break", (int)(held->brk - shift->breaks.first), "start_s",
                         (int)held->start);
    int32_t visit = p->slots[held->slot].visit;
    return json_pack("{s:s, s:s, s:i, s:i}", "kind", "visit", "visit", day->visits[visit].visit_id, "slot",
                     (int)(held->slot - p->visits[visit].slots.first), "start_s", (int)held->start);
}

static json_t *begun_json(const cr_day *day)
{
    const cr_problem *p = day->problem;
    json_t *list = json_array();
    bool ok = list;
    for (int32_t s = 0; ok && s < p->n_shifts; s++) {
        const cr_shift *shift = &p->shifts[s];
        json_t *stops = shift->held.n > 0 ? json_array() : NULL;
        for (int32_t i = 0; stops && ok && i < shift->held.n; i++)
            ok = append(stops, held_json(day, shift, &p->held[shift->held.first + i]));
        if (shift->held.n > 0)
            ok = ok && append(list, json_pack("{s:s, s:b, s:o}", "shift", day->shifts[s].shift_id, "over",
                                              (int)shift->is_over, "stops", stops));
    }
    return take_if(ok, list);
}

/* Who comes when; null: nobody. carers: of each slot, CR_NONE none. */
static json_t *time_json(const cr_day *day, int32_t start, const int32_t *carers, int32_t n)
{
    if (start == CR_FREE)
        return json_null();
    json_t *list = json_array();
    bool ok = list;
    for (int32_t i = 0; ok && i < n; i++)
        ok = append(list, carers[i] == CR_NONE ? json_null() : json_string(day->carers[carers[i]].carer_id));
    list = take_if(ok, list);
    return json_pack("{s:i, s:s, s:o}", "start_s", (int)start, "start", words_clock(day, start).text, "carers", list);
}

static json_t *change_json(const answer *a, const cr_visit_change *change)
{
    static const char *const causes[] = {[CR_CAUSE_NONE] = "cheaper",
                                         [CR_CAUSE_VISIT] = "visit",
                                         [CR_CAUSE_CARER] = "carer",
                                         [CR_CAUSE_ROOM] = "other visit",
                                         [CR_CAUSE_SHIFT] = "round"};
    int32_t was[CR_SLOTS_MOST], now[CR_SLOTS_MOST], n = words_change_carers(a, change, was, now);
    char *why = words_change_reason(a, change);
    json_t *json = json_pack("{s:s, s:o, s:o, s:s, s:s}", "visit", a->day->visits[change->visit].visit_id, "was",
                             time_json(a->day, change->was, was, n), "now", time_json(a->day, change->now, now, n),
                             "cause", causes[change->cause], "reason", why ? why : "");
    free(why);
    return json;
}

/* null: nobody planned anew just now (a report of a plan that was). */
static json_t *changes_json(const answer *a)
{
    if (!a->replanned)
        return json_null();
    json_t *list = json_array();
    bool ok = list;
    for (int32_t i = 0; ok && i < a->replanned->n_changes; i++)
        ok = append(list, change_json(a, &a->replanned->changes[i]));
    return take_if(ok, list);
}

json_t *replanned_json(const answer *a)
{
    const cr_day *day = a->day;
    if (day->problem->as_of == CR_FREE)
        return json_null();
    return json_pack("{s:i, s:s, s:o, s:o, s:o}", "from_s", (int)day->problem->as_of, "from",
                     words_clock(day, day->problem->as_of).text, "events", events_json(day), "begun", begun_json(day),
                     "changes", changes_json(a));
}

/* ---- read ---- */

typedef struct reading {
    const cr_day *day;
    plan_json_fault *fault;
    void *user;
    bool is_bad;
} reading;

static void wrong(reading *r, int32_t item, int32_t stop, const char *text)
{
    char where[80];
    if (item < 0)
        snprintf(where, sizeof where, "replanned");
    else if (stop < 0)
        snprintf(where, sizeof where, "replanned.begun[%d]", item);
    else
        snprintf(where, sizeof where, "replanned.begun[%d].stops[%d]", item, stop);
    r->fault(r->user, where, text);
    r->is_bad = true;
}

static int32_t int_of(const json_t *json, int32_t most)
{
    json_int_t value = json_integer_value(json);
    return json_is_integer(json) && value >= -most && value <= most ? (int32_t)value : CR_FREE;
}

static int32_t find_shift(const cr_day *day, const char *id)
{
    for (int32_t s = 0; id && s < day->problem->n_shifts; s++)
        if (strcmp(day->shifts[s].shift_id, id) == 0)
            return s;
    return CR_NONE;
}

#define TIME_MOST (400 * 86400)

/* False: it is no stop of this shift. */
static bool read_held(const cr_day *day, const json_t *json, const cr_shift *shift, cr_held *ret_held)
{
    const cr_problem *p = day->problem;
    const char *kind = json_string_value(json_object_get(json, "kind"));
    cr_held held = {CR_NONE, CR_NONE, int_of(json_object_get(json, "start_s"), TIME_MOST)};
    if (kind && strcmp(kind, "visit") == 0) {
        int32_t visit = day_find_visit(day, json_string_value(json_object_get(json, "visit")));
        int32_t slot = int_of(json_object_get(json, "slot"), CR_SLOTS_MOST);
        if (visit != CR_NONE && slot >= 0 && slot < p->visits[visit].slots.n)
            held.slot = p->visits[visit].slots.first + slot;
    } else if (kind && strcmp(kind, "break") == 0) {
        int32_t brk = int_of(json_object_get(json, "break"), INT32_MAX / 2);
        if (brk >= 0 && brk < shift->breaks.n)
            held.brk = shift->breaks.first + brk;
    }
    *ret_held = held;
    return held.start != CR_FREE && (held.slot != CR_NONE || held.brk != CR_NONE);
}

static cr_status read_begun(reading *r, const json_t *begun)
{
    cr_problem *p = r->day->problem;
    for (size_t i = 0; i < json_array_size(begun); i++) {
        const json_t *round = json_array_get(begun, i), *stops = json_object_get(round, "stops");
        int32_t s = find_shift(r->day, json_string_value(json_object_get(round, "shift")));
        if (s == CR_NONE || p->shifts[s].held.n > 0 || !json_is_array(stops)) {
            wrong(r, (int32_t)i, -1, "should have a shift of this day, once, and a list of stops");
            continue;
        }
        cr_shift *shift = &p->shifts[s];
        shift->held = (cr_range){p->n_held, 0};
        shift->is_over = json_is_true(json_object_get(round, "over"));
        for (size_t k = 0; k < json_array_size(stops); k++) {
            cr_held held;
            cr_range added;
            if (!read_held(r->day, json_array_get(stops, k), shift, &held)) {
                wrong(r, (int32_t)i, (int32_t)k,
                      "should be a visit of this day with its slot, or a break of the shift");
                continue;
            }
            cr_status st = cr_problem_add_held(p, &held, 1, &added);
            if (st)
                return st;
            shift->held.n++;
        }
    }
    return CR_OK;
}

cr_status day_as_of(const cr_day *day, int32_t time, cr_as_of *ret_as_of)
{
    cr_absence *absences = calloc((size_t)day->n_events + 1, sizeof *absences);
    if (!absences)
        return CR_E_NOMEM;
    *ret_as_of = (cr_as_of){time, 0, absences};
    for (int32_t i = 0; i < day->n_events; i++)
        if (day->events[i].carer >= 0)
            absences[ret_as_of->n_absences++] =
                (cr_absence){day->events[i].carer, day->events[i].from, day->events[i].to};
    return CR_OK;
}

static cr_status stand(reading *r, int32_t time)
{
    cr_as_of as_of;
    char message[300];
    cr_status st = day_as_of(r->day, time, &as_of);
    if (st)
        return st;
    st = cr_problem_stand_at(r->day->problem, &as_of, message, sizeof message);
    if (st == CR_E_INPUT)
        wrong(r, -1, -1, message);
    free((void *)as_of.absences);
    return st;
}

cr_status replanned_read(const json_t *root, const cr_day *day, plan_json_fault *fault, void *user)
{
    reading r = {day, fault, user, false};
    const json_t *replanned = json_object_get(root, "replanned"), *begun = json_object_get(replanned, "begun");
    if (!replanned || json_is_null(replanned))
        return CR_OK;
    int32_t time = int_of(json_object_get(replanned, "from_s"), TIME_MOST);
    if (time == CR_FREE || !json_is_array(begun))
        wrong(&r, -1, -1, "should have from_s, a whole number of seconds, and the list begun");
    cr_status st = r.is_bad ? CR_E_INPUT : read_begun(&r, begun);
    if (!st)
        st = r.is_bad ? CR_E_INPUT : stand(&r, time);
    return st;
}
