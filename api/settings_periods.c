/* travel.periods: "roads", or an object of periods. */
#include "settings_merge.h"

#include "near.h"
#include "value.h"

#include <stdio.h>
#include <string.h>

#define DAY_S   86400
#define WEEK_S  (7 * DAY_S)

#define EXAMPLE "{\"morning peak\": {\"hours\": \"07:30-09:30\", \"car\": 1.3}}"

int32_t settings_find_period(const settings *s, const char *name)
{
    char key[64], known[64];
    near_key(name, key, sizeof key);
    for (int32_t i = 0; i < s->n_periods; i++) {
        near_key(s->periods[i].name, known, sizeof known);
        if (strcmp(key, known) == 0)
            return i;
    }
    return CR_NONE;
}

/* ---- one period ---- */

static void set_factor(settings_merging *m, settings_period *period, const char *mode, const json_t *value)
{
    const char *names[CR_MODES_MAX + 3], *text = settings_as_text(m, settings_bare(value));
    setting set = {
        arena_print(m->strings, "travel.periods.%s.%s", period->name, mode), SETTING_NUMBER, 0, 0.2, 5, false};
    int32_t at = settings_find_mode(m->s, mode), n = 0;
    for (; n < m->s->n_modes; n++)
        names[n] = m->s->modes[n].name;
    names[n++] = "hours";
    names[n++] = "days";
    names[n++] = "roads";
    if (at == CR_NONE)
        settings_wrong(m, set.name, "", "no such way to travel%s", findings_hint(m->findings, mode, names, n));
    else if (text)
        settings_set_number(m, &set, text, &period->factor[at]);
    else
        settings_wrong(m, set.name, "", "must be a number");
}

static void set_days(settings_merging *m, settings_period *period, const char *list)
{
    const char *rest = list;
    value_item item;
    bool is_sound = true;
    memset(period->on, 0, sizeof period->on);
    period->has_days = false;
    while (value_next_item(&rest, &item)) {
        char text[64];
        snprintf(text, sizeof text, "%.*s", (int)item.n, item.text);
        is_sound = is_sound && item.n < sizeof text && value_weekdays(text, period->on);
        period->has_days = true;
    }
    if (!is_sound || !period->has_days)
        settings_wrong(m, arena_print(m->strings, "travel.periods.%s.days", period->name), list,
                       "no days; write mon;wed;fri, mon-fri, daily, weekdays or weekends");
}

static void set_hours(settings_merging *m, settings_period *period, const char *hours)
{
    const char *fault = settings_window(hours, &period->hours);
    if (!fault && (period->hours.open >= DAY_S || period->hours.close == period->hours.open ||
                   period->hours.close - period->hours.open > DAY_S))
        fault = "not a part of a day; write 07:30-09:30";
    if (fault)
        settings_wrong(m, arena_print(m->strings, "travel.periods.%s.hours", period->name), hours, "%s", fault);
}

static settings_period new_period(settings_merging *m, const char *name, int32_t at)
{
    settings_period period = {.name = arena_copy(m->strings, name), .hours = {CR_FREE, CR_FREE}, .weekend = at};
    for (int32_t i = 0; i < CR_MODES_MAX; i++)
        period.factor[i] = 1;
    for (int32_t d = 0; d < 7; d++)
        period.on[d] = true;
    return period;
}

static const char *text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(settings_bare(value));
    return text || !value ? text : "";
}

static void merge_period(settings_merging *m, const char *name, const json_t *object)
{
    settings *s = m->s;
    int32_t at = settings_find_period(s, name);
    if (!json_is_object(object) || (at == CR_NONE && s->n_periods == SETTINGS_MOST_PERIODS)) {
        settings_wrong(m, "travel.periods", name,
                       json_is_object(object) ? "more than %d periods"
                                              : "must be an object: {\"hours\": \"07:30-09:30\", \"car\": 1.3}",
                       SETTINGS_MOST_PERIODS);
        return;
    }
    settings_period period = at != CR_NONE ? s->periods[at] : new_period(m, name, s->n_periods);
    const char *key, *hours = text_of(object, "hours"), *days = text_of(object, "days");
    const char *roads = text_of(object, "roads");
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        bool is_other = strcmp(key, "hours") == 0 || strcmp(key, "days") == 0 || strcmp(key, "roads") == 0;
        if (!is_other && strcmp(key, "source") != 0)
            set_factor(m, &period, key, value);
    }
    if (roads)
        period.roads = arena_copy(m->strings, roads);
    if (days)
        set_days(m, &period, days);
    if (hours || (period.hours.open == CR_FREE && !period.roads))
        set_hours(m, &period, hours ? hours : "");
    if (period.hours.open != CR_FREE || period.roads)
        s->periods[at == CR_NONE ? s->n_periods++ : at] = period;
}

/* ---- all of them ---- */

/* Does a begin while b lasts, this week or since the last? */
static bool begins_within(const settings_period *a, const settings_period *b)
{
    for (int32_t d = 0; d < 7; d++)
        for (int32_t e = 0; e < 7; e++) {
            int32_t since = ((d - e) * DAY_S + a->hours.open - b->hours.open + 2 * WEEK_S) % WEEK_S;
            if (a->on[d] && b->on[e] && since < b->hours.close - b->hours.open)
                return true;
        }
    return false;
}

void settings_check_periods(const settings *s, const char *file, arena *strings, findings_book *findings)
{
    for (int32_t i = 0; i < s->n_periods; i++)
        for (int32_t k = 0; k < i; k++) {
            const settings_period *a = &s->periods[i], *b = &s->periods[k];
            if (a->hours.open != CR_FREE && b->hours.open != CR_FREE && (begins_within(a, b) || begins_within(b, a)))
                findings_error(findings,
                               (finding_at){file, 0, arena_print(strings, "travel.periods.%s.hours", a->name), ""},
                               "overlaps '%s'; a period begins when the one before is over", b->name);
        }
}

void settings_merge_periods(settings_merging *m)
{
    const json_t *periods = settings_bare(m->periods);
    const char *name, *word = json_string_value(periods);
    json_t *value;
    m->s->periods_of_roads = word && strcmp(word, "roads") == 0;
    if (m->s->periods_of_roads)
        m->s->n_periods = 0;
    else if (!json_is_object(periods))
        settings_wrong(m, "travel.periods", word ? word : "", "must be \"roads\", or an object: " EXAMPLE);
    json_object_foreach((json_t *)periods, name, value) merge_period(m, name, value);
}
