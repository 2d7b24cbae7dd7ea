/* The table of scenarios as one small page: no script, nothing from elsewhere. */
#include "html.h"
#include "scenario.h"

#include <math.h>

static const char style[] =
    "body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}caption{text-align:left;font-weight:600}"
    "th,td{padding:.25rem .6rem;border-bottom:1px solid #d5d9de;text-align:right;font-variant-numeric:tabular-nums}"
    "th:first-child,td:first-child,td.word,th.word{text-align:left}tr.base td{color:#555}"
    ".less,.more{font-weight:600}.broken{color:#a00;font-weight:600}small,.note{color:#555}";

static void put_head(const scenario_table *t, FILE *out)
{
    const scenario_file *f = t->file;
    html_put(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    html_put(out, "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s</title>\n",
             *f->title ? f->title : "Scenarios");
    fputs("<style>", out);
    fputs(style, out);
    fputs("</style></head><body>\n", out);
    html_put(out, "<h1>%s</h1>\n<p>The day %s, %s; travel: %s. Each scenario planned with %d seed%s (",
             *f->title ? f->title : "Scenarios", t->day_name, t->date, t->travel, f->n_seeds,
             f->n_seeds == 1 ? "" : "s");
    for (int32_t k = 0; k < f->n_seeds; k++)
        html_put(out, "%s%s", k ? ", " : "", words_fixed(f->seeds[k], 0).text);
    if (f->iterations >= 0)
        html_put(out, "), %s iterations each", words_count(f->iterations).text);
    else
        html_put(out, "), %s s each", scenario_number(f->time_s, 2).text);
    html_put(out, ", by careround %s. Every plan passed the checker, unless it says otherwise.</p>\n",
             CAREROUND_VERSION);
}

static void put_scenarios(const scenario_table *t, FILE *out)
{
    html_put(out, "<h2>Scenarios</h2>\n<dl>\n");
    for (int32_t s = 0; s < t->file->n_scenarios; s++) {
        const scenario *one = &t->file->scenarios[s];
        const json_t *note;
        size_t i;
        html_put(out, "<dt><b>%s</b></dt><dd>%s", one->name, one->about);
        json_array_foreach(json_array_get(t->notes, (size_t)s), i, note)
            html_put(out, "<div class=\"note\">%s</div>", json_string_value(note));
        if (t->n_broken[s])
            html_put(out, "<div class=\"broken\">In %d of %d runs the checker found a broken rule: not counted.</div>",
                     t->n_broken[s], t->file->n_seeds);
        html_put(out, "</dd>\n");
    }
    html_put(out, "</dl>\n");
}

static void put_difference(const scenario_cell *cell, int32_t decimals, FILE *out)
{
    const scenario_difference *d = &cell->difference;
    html_put(out, "<td>%s</td><td>", d->n ? scenario_number(d->mean, decimals).text : "-");
    if (d->n >= 2)
        html_put(out, "%s to %s", scenario_number(d->low, decimals).text, scenario_number(d->high, decimals).text);
    html_put(out, "</td><td class=\"word %s\">%s</td>", scenario_verdict_name(d->verdict),
             scenario_verdict_text(d->verdict));
}

static void put_line(const scenario_table *t, const scenario_line *line, FILE *out)
{
    int32_t decimals = line->figure->decimals, finer = decimals + (decimals == 0);
    html_put(out,
             "<table><caption>%s%s%s <small>(%s)</small></caption>\n<tr><th>scenario</th><th>mean</th><th>sd</th>"
             "<th>least</th><th>most</th><th>difference</th><th>interval</th><th class=\"word\">judgement</th></tr>\n",
             line->provider_name ? line->provider_name : "", line->provider_name ? ": " : "", line->figure->label,
             line->figure->unit);
    for (int32_t s = 0; s < t->file->n_scenarios; s++) {
        const scenario_spread *x = &line->cells[s].spread;
        html_put(out, "<tr%s><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>", s ? "" : " class=base",
                 t->file->scenarios[s].name, scenario_number(x->mean, finer).text, scenario_number(x->sd, finer).text,
                 scenario_number(x->least, decimals).text, scenario_number(x->most, decimals).text);
        if (s > 0)
            put_difference(&line->cells[s], finer, out);
        else
            html_put(out, "<td></td><td></td><td></td>");
        html_put(out, "</tr>\n");
    }
    html_put(out, "</table>\n");
}

cr_status scenario_write_html(const scenario_table *t, FILE *out)
{
    put_head(t, out);
    put_scenarios(t, out);
    html_put(out, "<h2>Figures</h2>\n");
    for (int32_t i = 0; i < t->n_lines; i++)
        put_line(t, &t->lines[i], out);
    html_put(
        out,
        "<h2>How to read it</h2>\n<p>The difference is the mean over the seeds of scenario less base, seed by seed; "
        "the interval is a paired-t confidence interval, all scenarios of a figure together at 95 %% (Bonferroni: %s "
        "%% each). Beyond the noise: the interval does not hold 0. The noise is that of the search alone.</p>\n"
        "<p><small>Inputs (SHA-256) %s; bundle.json has each of them, and runs.csv every run.</small></p>\n"
        "</body></html>\n",
        scenario_number(100 * (1 - t->alpha), 2).text, t->inputs);
    return ferror(out) ? CR_E_UPSTREAM : CR_OK;
}
