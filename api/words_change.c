/* What changed against the published rota, and why, as a coordinator would say it on the telephone. */
#include "words.h"

#include <stdlib.h>
#include <string.h>

int32_t words_change_carers(const answer *a, const cr_visit_change *change, int32_t was[CR_SLOTS_MOST],
                            int32_t now[CR_SLOTS_MOST])
{
    const cr_problem *p = a->day->problem;
    cr_range slots = p->visits[change->visit].slots;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t stop = a->itinerary->stop_of_slot[slots.first + i];
        int32_t round = stop == CR_NONE ? CR_NONE : a->itinerary->stops[stop].round;
        was[i] = p->slots[slots.first + i].published_carer;
        now[i] = round == CR_NONE ? CR_NONE : p->shifts[a->plan->rounds[round].shift].carer;
    }
    return slots.n;
}

bool words_change_is_seen(const answer *a, const cr_visit_change *change)
{
    return change->has_other_carers || change->was == CR_FREE || change->now == CR_FREE ||
           strcmp(words_clock(a->day, change->was).text, words_clock(a->day, change->now).text) != 0;
}

int32_t words_changes_seen(const answer *a)
{
    int32_t n = 0;
    for (int32_t i = 0; i < a->replanned->n_changes; i++)
        n += words_change_is_seen(a, &a->replanned->changes[i]);
    return n;
}

char *words_change_time(const answer *a, int32_t start, const int32_t *carers, int32_t n)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    if (start == CR_FREE)
        fputs("nobody", out);
    else
        fputs(words_clock(a->day, start).text, out);
    for (int32_t i = 0; start != CR_FREE && i < n; i++)
        if (carers[i] != CR_NONE)
            fprintf(out, "%s%s", i ? ", " : " ", a->day->carers[carers[i]].name);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}

/* ---- why ---- */

static void put_visit(const cr_day *day, int32_t visit, FILE *out)
{
    fprintf(out, "%s (%s)", day->visits[visit].visit_id, day->clients[day->visits[visit].client].name);
}

static void put_event(const cr_day *day, const day_event *event, FILE *out)
{
    const char *name = event->carer >= 0 ? day->carers[event->carer].name : event->id;
    switch (event->kind) {
    case EVENT_CARER_ILL:
        fprintf(out, "%s is ill", name);
        if (event->from_s != CR_FREE)
            fprintf(out, " from %s", words_clock(day, event->from).text);
        break;
    case EVENT_CARER_LATE:
        fprintf(out, "%s is late, there from %s", name, words_clock(day, event->to).text);
        break;
    case EVENT_CARER_LEAVES:
        fprintf(out, "%s leaves at %s", name, words_clock(day, event->from).text);
        break;
    case EVENT_NEW_VISIT:
        fputs("the visit is new", out);
        break;
    case EVENT_VISIT_CANCELLED:
        fprintf(out, "%s is cancelled", event->id);
        break;
    case EVENT_VISIT_LONGER:
        fprintf(out, "it takes %s", words_duration(event->duration_s).text);
        break;
    }
}

/* Of the other visit: what happened to it, if anything did. */
static const day_event *event_of(const cr_day *day, int32_t visit)
{
    for (int32_t i = 0; i < day->n_events; i++)
        if (day->events[i].carer < 0 && strcmp(day->events[i].id, day->visits[visit].visit_id) == 0)
            return &day->events[i];
    return NULL;
}

static void put_reason(const answer *a, const cr_visit_change *change, FILE *out)
{
    const cr_day *day = a->day;
    const day_event *event = change->event >= 0 && change->event < day->n_events ? &day->events[change->event] : NULL;
    const day_event *others = change->cause == CR_CAUSE_ROOM ? event_of(day, change->other) : NULL;
    switch (change->cause) {
    case CR_CAUSE_VISIT:
    case CR_CAUSE_CARER:
    case CR_CAUSE_SHIFT:
        if (event)
            put_event(day, event, out);
        break;
    case CR_CAUSE_ROOM:
        fputs("follows from ", out);
        put_visit(day, change->other, out);
        fputs(others ? ": " : ", which changes", out);
        if (others)
            put_event(day, others, out);
        break;
    case CR_CAUSE_NONE:
        fputs("nothing asks for it, but the rest of the day is cheaper so, the change counted", out);
        break;
    }
}

char *words_change_reason(const answer *a, const cr_visit_change *change)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    put_reason(a, change, out);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}
