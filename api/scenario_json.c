/* The table of scenarios for programs; data/schema/scenario-table.schema.json describes it. */
#include "scenario.h"

#include <math.h>

/* Jansson writes no NAN. */
static json_t *number_json(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *values_json(const scenario_table *t, const scenario_line *line, int32_t s)
{
    json_t *list = json_array();
    for (int32_t k = 0; list && k < t->file->n_seeds; k++)
        json_array_append_new(list, number_json(line->values[(size_t)s * (size_t)t->file->n_seeds + (size_t)k]));
    return list;
}

static json_t *difference_json(const scenario_difference *d)
{
    return json_pack("{s:i, s:o, s:o, s:o, s:s}", "pairs", d->n, "mean", number_json(d->mean), "low",
                     number_json(d->low), "high", number_json(d->high), "verdict", scenario_verdict_name(d->verdict));
}

static json_t *cell_json(const scenario_table *t, const scenario_line *line, int32_t s)
{
    const scenario_cell *cell = &line->cells[s];
    return json_pack("{s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "scenario", t->file->scenarios[s].name, "runs",
                     cell->spread.n, "mean", number_json(cell->spread.mean), "sd", number_json(cell->spread.sd),
                     "least", number_json(cell->spread.least), "most", number_json(cell->spread.most), "values",
                     values_json(t, line, s), "difference", s > 0 ? difference_json(&cell->difference) : json_null());
}

static json_t *line_json(const scenario_table *t, const scenario_line *line)
{
    json_t *cells = json_array();
    for (int32_t s = 0; s < t->file->n_scenarios; s++)
        json_array_append_new(cells, cell_json(t, line, s));
    bool is_whole = json_array_size(cells) == (size_t)t->file->n_scenarios;
    json_t *provider =
        line->provider ? json_pack("{s:s, s:s}", "provider", line->provider, "name", line->provider_name) : json_null();
    json_t *one = json_pack("{s:s, s:s, s:o, s:o}", "figure", line->figure->name, "unit", line->figure->unit,
                            "provider", provider, "scenarios", cells);
    if (is_whole)
        return one;
    json_decref(one);
    return NULL;
}

static json_t *run_json(const json_t *record)
{
    return json_pack("{s:O, s:O, s:O, s:O}", "seed", json_object_get(record, "seed"), "plan_sha256",
                     json_object_get(record, "plan_sha256"), "is_sound", json_object_get(record, "is_sound"),
                     "broken_rules", json_object_get(record, "broken_rules"));
}

static json_t *scenario_json(const scenario_table *t, int32_t s)
{
    const scenario *one = &t->file->scenarios[s];
    json_t *runs = json_array();
    for (int32_t k = 0; k < t->file->n_seeds; k++)
        json_array_append_new(runs,
                              run_json(json_array_get(t->records, (size_t)s * (size_t)t->file->n_seeds + (size_t)k)));
    bool is_whole = json_array_size(runs) == (size_t)t->file->n_seeds;
    json_t *json = json_pack("{s:s, s:s, s:O, s:O, s:i, s:o}", "name", one->name, "about", one->about, "changes",
                             one->changes.list ? one->changes.list : json_null(), "notes",
                             json_array_get(t->notes, (size_t)s), "broken_runs", t->n_broken[s], "runs", runs);
    if (is_whole)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *seeds_json(const scenario_file *f)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < f->n_seeds; k++)
        json_array_append_new(list, json_integer(f->seeds[k]));
    return list;
}

static json_t *table_json(const scenario_table *t)
{
    const scenario_file *f = t->file;
    json_t *scenarios = json_array(), *lines = json_array();
    for (int32_t s = 0; s < f->n_scenarios; s++)
        json_array_append_new(scenarios, scenario_json(t, s));
    for (int32_t i = 0; i < t->n_lines; i++)
        json_array_append_new(lines, line_json(t, &t->lines[i]));
    bool is_whole =
        json_array_size(scenarios) == (size_t)f->n_scenarios && json_array_size(lines) == (size_t)t->n_lines;
    json_t *limit = f->iterations >= 0 ? json_pack("{s:I}", "iterations", (json_int_t)f->iterations)
                                       : json_pack("{s:f}", "time_s", f->time_s);
    json_t *root = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:f, s:o, s:o}", "format",
                             "careround scenario table", "format_version", 1, "careround", CAREROUND_VERSION, "title",
                             f->title, "day", t->day_name, "date", t->date, "travel", t->travel, "inputs_sha256",
                             t->inputs, "seeds", seeds_json(f), "limit", limit, "confidence_each", 1 - t->alpha,
                             "scenarios", scenarios, "figures", lines);
    if (is_whole)
        return root;
    json_decref(root);
    return NULL;
}

cr_status scenario_write_json(const scenario_table *t, FILE *out)
{
    json_t *root = table_json(t);
    if (!root)
        return CR_E_NOMEM;
    bool written = json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) == 0 && fputc('\n', out) != EOF;
    json_decref(root);
    return written ? CR_OK : CR_E_UPSTREAM;
}
