/* The table of scenarios for people on a terminal, and as CSV for spreadsheets. */
#include "scenario.h"

#include "csv_out.h"

#include <math.h>
#include <string.h>

#define NAME_WIDTH 30

/* ---- for people ---- */

/* Letters of UTF-8; wide ones are rare in the names of scenarios. */
static int32_t text_width(const char *text)
{
    int32_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

static void put_padded(FILE *out, const char *text, int32_t width)
{
    fprintf(out, "%s%*s", text, (int)(width > text_width(text) ? width - text_width(text) : 0), "");
}

static void put_limit(const scenario_file *f, FILE *out)
{
    if (f->iterations >= 0)
        fprintf(out, "%s iterations", words_count(f->iterations).text);
    else
        fprintf(out, "%s s", scenario_number(f->time_s, f->time_s == floor(f->time_s) ? 0 : 2).text);
}

static void put_head(const scenario_table *t, FILE *out)
{
    const scenario_file *f = t->file;
    if (*f->title)
        fprintf(out, "%s\n\n", f->title);
    fprintf(out, "The day %s, %s; travel: %s.\n", t->day_name, t->date, t->travel);
    fprintf(out, "Each scenario planned with %d seed%s (", f->n_seeds, f->n_seeds == 1 ? "" : "s");
    for (int32_t k = 0; k < f->n_seeds; k++)
        fprintf(out, "%s%lld", k ? ", " : "", (long long)f->seeds[k]);
    fputs("), ", out);
    put_limit(f, out);
    fprintf(out, " each, by careround %s; inputs %.16s.\n\n", CAREROUND_VERSION, t->inputs);
}

static void put_broken(const scenario_table *t, int32_t s, FILE *out)
{
    if (t->n_broken[s])
        fprintf(out, "    NOT COUNTED: in %d of %d runs the checker found a broken rule (see the runs in table.json)\n",
                t->n_broken[s], t->file->n_seeds);
}

static void put_scenarios(const scenario_table *t, FILE *out)
{
    for (int32_t s = 0; s < t->file->n_scenarios; s++) {
        const scenario *one = &t->file->scenarios[s];
        const json_t *note;
        size_t i;
        fprintf(out, "%s%s%s\n", one->name, *one->about ? ": " : "", one->about);
        json_array_foreach(json_array_get(t->notes, (size_t)s), i, note)
            fprintf(out, "    %s\n", json_string_value(note));
        put_broken(t, s, out);
    }
}

static void put_difference(const scenario_cell *cell, int32_t decimals, FILE *out)
{
    const scenario_difference *d = &cell->difference;
    char interval[120] = "";
    if (d->n >= 2)
        snprintf(interval, sizeof interval, "%s to %s", scenario_number(d->low, decimals).text,
                 scenario_number(d->high, decimals).text);
    fprintf(out, " %12s  %-24s %s", d->n ? scenario_number(d->mean, decimals).text : "-", interval,
            scenario_verdict_text(d->verdict));
}

static void put_line(const scenario_table *t, const scenario_line *line, FILE *out)
{
    int32_t decimals = line->figure->decimals, finer = decimals + (decimals == 0); /* means of counts */
    fprintf(out, "\n%s%s%s (%s)\n", line->provider_name ? line->provider_name : "", line->provider_name ? ": " : "",
            line->figure->label, line->figure->unit);
    put_padded(out, "", NAME_WIDTH);
    fprintf(out, " %12s %10s %12s %12s %12s  %-24s %s\n", "mean", "sd", "least", "most", "difference", "interval",
            "judgement");
    for (int32_t s = 0; s < t->file->n_scenarios; s++) {
        const scenario_spread *x = &line->cells[s].spread;
        put_padded(out, t->file->scenarios[s].name, NAME_WIDTH);
        fprintf(out, " %12s %10s %12s %12s", scenario_number(x->mean, finer).text, scenario_number(x->sd, finer).text,
                scenario_number(x->least, decimals).text, scenario_number(x->most, decimals).text);
        if (s > 0)
            put_difference(&line->cells[s], finer, out);
        fputc('\n', out);
    }
}

static void put_method(const scenario_table *t, FILE *out)
{
    int32_t n = t->file->n_scenarios - 1;
    fprintf(
        out,
        "\nDifference: the mean over the seeds of (scenario - base), seed by seed. Interval: paired-t, all %d "
        "scenario%s\nof a figure together at 95 %% (Bonferroni: %s %% each); \"beyond the noise\" where it does not "
        "hold 0.\nThe noise is that of the search; see docs/scenarios.md for what it does not cover.\n",
        n, n == 1 ? "" : "s", scenario_number(100 * (1 - t->alpha), 2).text);
}

cr_status scenario_write_text(const scenario_table *t, FILE *out)
{
    put_head(t, out);
    put_scenarios(t, out);
    for (int32_t i = 0; i < t->n_lines; i++)
        put_line(t, &t->lines[i], out);
    put_method(t, out);
    return ferror(out) ? CR_E_UPSTREAM : CR_OK;
}

/* ---- CSV ---- */

static void put_value(csv_out *csv, double value, int32_t decimals)
{
    csv_value(csv, isnan(value) ? "" : scenario_number(value, decimals).text);
}

cr_status scenario_write_csv(const scenario_table *t, FILE *out)
{
    static const char *const head[] = {
        "figure", "unit", "provider", "scenario",   "runs",           "broken_runs",     "mean",   "sd",
        "least",  "most", "pairs",    "difference", "difference_low", "difference_high", "verdict"};
    csv_out csv = csv_begin(out);
    csv_head(&csv, head, sizeof head / sizeof *head);
    for (int32_t i = 0; i < t->n_lines; i++)
        for (int32_t s = 0; s < t->file->n_scenarios; s++) {
            const scenario_line *line = &t->lines[i];
            const scenario_cell *cell = &line->cells[s];
            csv_text(&csv, line->figure->name);
            csv_text(&csv, line->figure->unit);
            csv_text(&csv, line->provider ? line->provider : "");
            csv_text(&csv, t->file->scenarios[s].name);
            csv_int(&csv, cell->spread.n);
            csv_int(&csv, t->n_broken[s]);
            put_value(&csv, cell->spread.mean, 4);
            put_value(&csv, cell->spread.sd, 4);
            put_value(&csv, cell->spread.least, 4);
            put_value(&csv, cell->spread.most, 4);
            csv_int(&csv, cell->difference.n);
            put_value(&csv, cell->difference.mean, 4);
            put_value(&csv, cell->difference.low, 4);
            put_value(&csv, cell->difference.high, 4);
            csv_value(&csv, s > 0 ? scenario_verdict_name(cell->difference.verdict) : "");
            csv_end_row(&csv);
        }
    return ferror(out) ? CR_E_UPSTREAM : CR_OK;
}

/* One line for each run and figure, so that anybody can sum the table again. */
cr_status scenario_write_runs_csv(const scenario_table *t, FILE *out)
{
    static const char *const head[] = {"scenario", "seed", "figure", "unit", "provider", "value", "plan_sha256"};
    csv_out csv = csv_begin(out);
    csv_head(&csv, head, sizeof head / sizeof *head);
    for (int32_t s = 0; s < t->file->n_scenarios; s++)
        for (int32_t k = 0; k < t->file->n_seeds; k++)
            for (int32_t i = 0; i < t->n_lines; i++) {
                size_t at = (size_t)s * (size_t)t->file->n_seeds + (size_t)k;
                csv_text(&csv, t->file->scenarios[s].name);
                csv_int(&csv, t->file->seeds[k]);
                csv_text(&csv, t->lines[i].figure->name);
                csv_text(&csv, t->lines[i].figure->unit);
                csv_text(&csv, t->lines[i].provider ? t->lines[i].provider : "");
                put_value(&csv, t->lines[i].values[at], 4);
                csv_value(&csv, json_string_value(json_object_get(json_array_get(t->records, at), "plan_sha256")));
                csv_end_row(&csv);
            }
    return ferror(out) ? CR_E_UPSTREAM : CR_OK;
}
