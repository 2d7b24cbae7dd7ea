/* The days of a scenario file: the base, and the base with the changes of each scenario. */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

cr_status scenario_day_read(const scenario_file *file, const day_read_options *read, int32_t at, cr_day **ret_day,
                            day_findings **ret_findings)
{
    day_read_options with = *read;
    with.changes = at > 0 ? &file->scenarios[at].changes : NULL;
    return cr_day_read(&with, ret_day, ret_findings);
}

/* ---- what is told ---- */

static bool is_same_finding(const day_finding *a, const day_finding *b)
{
    return a->is_error == b->is_error && a->row == b->row && strcmp(a->file, b->file) == 0 &&
           strcmp(a->column, b->column) == 0 && strcmp(a->value, b->value) == 0 && strcmp(a->text, b->text) == 0;
}

static cr_status tell_new(const scenario *s, const day_findings *all, const day_findings *base, scenario_tell tell,
                          void *user)
{
    day_findings some = {0};
    some.items = malloc(((size_t)all->n + 1) * sizeof *some.items);
    if (!some.items)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < all->n; i++) {
        bool is_known = false;
        for (int32_t k = 0; base && k < base->n; k++)
            is_known = is_known || is_same_finding(&all->items[i], &base->items[k]);
        if (is_known)
            continue;
        some.items[some.n++] = all->items[i];
        some.n_errors += all->items[i].is_error;
    }
    if (some.n)
        tell(user, s, &some);
    free(some.items);
    return CR_OK;
}

/* It was taken as today, which is said of a date without a value; a date that is doubted has one. */
static bool lacks_date(const day_findings *findings)
{
    for (int32_t i = 0; i < findings->n; i++)
        if (!findings->items[i].is_error && !*findings->items[i].value &&
            strcmp(findings->items[i].column, "date") == 0 && strcmp(findings->items[i].file, "settings.json") == 0)
            return true;
    return false;
}

/* ---- reading ---- */

static json_t *notes_json(const cr_day *day)
{
    json_t *notes = json_array();
    for (int32_t i = 0; notes && i < day->n_change_notes; i++)
        json_array_append_new(notes, json_string(day->change_notes[i]));
    return notes;
}

/* of_base: findings of the base, which this makes when it reads it. */
static cr_status read_one(const scenario_file *f, const day_read_options *read, int32_t at, scenario_tell tell,
                          void *user, day_findings **of_base, scenario_days *days)
{
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = scenario_day_read(f, read, at, &day, &findings);
    if (st && st != CR_E_INPUT)
        return st;
    if (findings && tell_new(&f->scenarios[at], findings, *of_base, tell, user))
        return CR_E_NOMEM;
    if (day && json_array_append_new(days->notes, notes_json(day)))
        return CR_E_NOMEM;
    if (at == 0) {
        days->lacks_date = !st && findings && lacks_date(findings);
        *of_base = day_findings_take(&findings);
        days->base = cr_day_take(&day);
    }
    return st;
}

cr_status scenario_days_read(const scenario_file *file, const day_read_options *read, scenario_tell tell, void *user,
                             scenario_days *ret_days)
{
    cr_auto(day_findings) of_base = NULL;
    cr_status worst = CR_OK;
    *ret_days = (scenario_days){.notes = json_array()};
    if (!ret_days->notes)
        return CR_E_NOMEM;
    for (int32_t s = 0; s < file->n_scenarios; s++) {
        if (!file->scenarios[s].is_sound)
            continue;
        cr_status st = read_one(file, read, s, tell, user, &of_base, ret_days);
        if (st && st != CR_E_INPUT)
            return st;
        worst = st ? st : worst;
    }
    return worst;
}

void scenario_days_done(scenario_days *days)
{
    days->base = cr_day_free(days->base);
    json_decref(days->notes);
    days->notes = NULL;
}
