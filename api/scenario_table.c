/* The table: figures of all runs, summed by scenario, and their differences from the base. */
#include "scenario.h"
#include "value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALPHA          0.05
#define PROVIDERS_MOST 500 /* that a table shows */

typedef struct figure_kind {
    scenario_figure figure;
    double (*value)(const json_t *figures); /* of a run or of a provider in it; NAN: not defined */
} figure_kind;

static double number(const json_t *figures, const char *name)
{
    return (double)json_integer_value(json_object_get(figures, name));
}

static double cost_value(const json_t *f)
{
    return number(f, "cost_units") / (double)CR_COST_PENNY / 100;
}

static double paid_value(const json_t *f)
{
    return number(f, "paid_units") / (double)CR_COST_PENNY / 100;
}

static double unallocated_value(const json_t *f)
{
    return number(f, "unallocated_visits");
}

static double travel_value(const json_t *f)
{
    return number(f, "travel_s") / 3600;
}

static double familiar_value(const json_t *f)
{
    double known = number(f, "known");
    return known > 0 ? 100 * number(f, "familiar") / known : NAN;
}

static double miles_value(const json_t *f)
{
    return number(f, "dist_m") / METRES_A_MILE;
}

static double carer_visits_value(const json_t *f)
{
    return number(f, "carer_visits");
}

static double care_value(const json_t *f)
{
    return number(f, "care_s") / 3600;
}

static const figure_kind of_all[] = {
    {{"cost_gbp", "cost", "pounds", 2}, cost_value},
    {{"paid_gbp", "of which somebody is paid", "pounds", 2}, paid_value},
    {{"unallocated_visits", "visits not placed", "visits", 0}, unallocated_value},
    {{"travel_h", "travel", "hours", 2}, travel_value},
    {{"familiar_percent", "familiar carers", "percent of the visits to clients with a history", 1}, familiar_value},
    {{"miles", "distance", "miles", 1}, miles_value},
};

static const figure_kind of_provider[] = {
    {{"carer_visits", "visits", "visits of a carer", 0}, carer_visits_value},
    {{"care_h", "care", "hours", 2}, care_value},
    {{"travel_h", "travel", "hours", 2}, travel_value},
    {{"familiar_percent", "familiar carers", "percent of the visits to clients with a history", 1}, familiar_value},
    {{"miles", "distance", "miles", 1}, miles_value},
};

#define N_OF_ALL      (int32_t)(sizeof of_all / sizeof *of_all)
#define N_OF_PROVIDER (int32_t)(sizeof of_provider / sizeof *of_provider)

/* ---- providers ---- */

/* All providers of all runs with their names, in the order in which they come up. */
static json_t *gather_providers(const json_t *records)
{
    json_t *all = json_object(), *record, *one;
    size_t i, k;
    json_array_foreach((json_t *)records, i, record)
    {
        const json_t *list = json_object_get(json_object_get(record, "figures"), "providers");
        json_array_foreach((json_t *)list, k, one)
        {
            const char *id = json_string_value(json_object_get(one, "provider"));
            if (!json_object_get(all, id) && json_object_size(all) < PROVIDERS_MOST &&
                json_object_set(all, id, json_object_get(one, "name"))) {
                json_decref(all);
                return NULL;
            }
        }
    }
    return all;
}

/* A provider who is not in a run has nothing in it: the figures of nobody. */
static const json_t *figures_of(const json_t *record, const char *provider, const json_t *nobody)
{
    const json_t *figures = json_object_get(record, "figures"), *one;
    size_t k;
    if (!provider)
        return figures;
    json_array_foreach(json_object_get(figures, "providers"), k,
                       one) if (strcmp(json_string_value(json_object_get(one, "provider")), provider) == 0) return one;
    return nobody;
}

/* ---- lines ---- */

static cr_status take_line(scenario_table *t, const figure_kind *kind, const char *provider, const char *provider_name)
{
    const scenario_file *f = t->file;
    scenario_line *line = &t->lines[t->n_lines];
    json_t *nobody = json_object();
    size_t n = (size_t)f->n_scenarios * (size_t)f->n_seeds;
    *line = (scenario_line){&kind->figure, provider, provider_name, NULL, NULL};
    line->cells = arena_take_bytes(t->strings, (size_t)f->n_scenarios * sizeof *line->cells);
    line->values = arena_take_bytes(t->strings, n * sizeof *line->values);
    if (!nobody || !line->cells || !line->values) {
        json_decref(nobody);
        return CR_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *record = json_array_get(t->records, i);
        bool counts = json_is_true(json_object_get(record, "is_sound"));
        line->values[i] = counts ? kind->value(figures_of(record, provider, nobody)) : NAN;
    }
    json_decref(nobody);
    t->n_lines++;
    return CR_OK;
}

/* Values that are there, and of the seeds that both have. */
static void sum_line(const scenario_table *t, scenario_line *line)
{
    int32_t n_seeds = t->file->n_seeds;
    for (int32_t s = 0; s < t->file->n_scenarios; s++) {
        double own[SEEDS_MOST], from[SEEDS_MOST], with[SEEDS_MOST];
        int32_t n = 0, n_pairs = 0;
        for (int32_t k = 0; k < n_seeds; k++) {
            double value = line->values[(size_t)s * (size_t)n_seeds + (size_t)k], base = line->values[k];
            if (isnan(value))
                continue;
            own[n++] = value;
            if (s > 0 && !isnan(base)) {
                from[n_pairs] = base;
                with[n_pairs++] = value;
            }
        }
        line->cells[s].spread = scenario_spread_of(own, n);
        line->cells[s].difference = scenario_difference_of(from, with, n_pairs, t->alpha);
    }
}

static cr_status take_lines(scenario_table *t, const json_t *providers)
{
    cr_status st = CR_OK;
    const char *id;
    json_t *name;
    t->lines = arena_take_bytes(t->strings, ((size_t)N_OF_ALL + json_object_size(providers) * (size_t)N_OF_PROVIDER) *
                                                sizeof *t->lines);
    if (!t->lines)
        return CR_E_NOMEM;
    for (int32_t i = 0; !st && i < N_OF_ALL; i++)
        st = take_line(t, &of_all[i], NULL, NULL);
    json_object_foreach((json_t *)providers, id, name)
    {
        const char *own_id = arena_copy(t->strings, id), *own_name = arena_copy(t->strings, json_string_value(name));
        for (int32_t i = 0; !st && i < N_OF_PROVIDER; i++)
            st = take_line(t, &of_provider[i], own_id, own_name);
    }
    for (int32_t i = 0; !st && i < t->n_lines; i++)
        sum_line(t, &t->lines[i]);
    return st;
}

static void count_broken(scenario_table *t)
{
    for (int32_t s = 0; s < t->file->n_scenarios; s++)
        for (int32_t k = 0; k < t->file->n_seeds; k++) {
            const json_t *record = json_array_get(t->records, (size_t)s * (size_t)t->file->n_seeds + (size_t)k);
            t->n_broken[s] += !json_is_true(json_object_get(record, "is_sound"));
        }
}

cr_status scenario_table_new(const scenario_file *file, const scenario_facts *facts, json_t *records,
                             scenario_table **ret_table)
{
    cr_auto(scenario_table) t = calloc(1, sizeof *t);
    if (!t || arena_new(&t->strings))
        return CR_E_NOMEM;
    t->file = file;
    t->day_name = arena_copy(t->strings, facts->day_name);
    t->date = arena_copy(t->strings, facts->date);
    t->travel = arena_copy(t->strings, facts->travel);
    t->alpha = ALPHA / (file->n_scenarios - 1);
    t->records = json_incref(records);
    t->notes = json_incref(facts->notes);
    t->inputs = arena_copy(t->strings, facts->inputs);
    t->n_broken = arena_take_bytes(t->strings, (size_t)file->n_scenarios * sizeof *t->n_broken);
    json_t *providers = gather_providers(records);
    cr_status st = providers && t->n_broken ? take_lines(t, providers) : CR_E_NOMEM;
    json_decref(providers);
    if (!st)
        count_broken(t);
    if (st || arena_failed(t->strings))
        return CR_E_NOMEM;
    *ret_table = scenario_table_take(&t);
    return CR_OK;
}

scenario_table *scenario_table_free(scenario_table *table)
{
    if (table) {
        json_decref(table->records);
        json_decref(table->notes);
        arena_free(table->strings);
        free(table);
    }
    return NULL;
}

bool scenario_table_is_sound(const scenario_table *table)
{
    for (int32_t s = 0; s < table->file->n_scenarios; s++)
        if (table->n_broken[s])
            return false;
    return true;
}

/* ---- words ---- */

static const struct {
    const char *name, *text;
} verdicts[] = {
    [SCENARIO_UNKNOWN] = {"unknown", "not known: it takes two seeds or more"},
    [SCENARIO_SAME] = {"same", "no difference"},
    [SCENARIO_NOISE] = {"noise", "not beyond the noise"},
    [SCENARIO_LESS] = {"less", "less, beyond the noise"},
    [SCENARIO_MORE] = {"more", "more, beyond the noise"},
};

const char *scenario_verdict_text(scenario_verdict verdict)
{
    return verdicts[verdict].text;
}

const char *scenario_verdict_name(scenario_verdict verdict)
{
    return verdicts[verdict].name;
}

words scenario_number(double value, int32_t decimals)
{
    double scale = pow(10, decimals);
    if (isnan(value) || fabs(value) * scale > 9e15)
        return (words){"-"};
    return words_fixed(llround(value * scale), decimals);
}
