/* What changed against the published rota, and why: a section of the page of a day that was planned anew. */
#include "html.h"

#include <stdlib.h>

static cr_status put_row(const answer *a, const cr_visit_change *change, FILE *out)
{
    const day_visit *visit = &a->day->visits[change->visit];
    int32_t was[CR_SLOTS_MOST], now[CR_SLOTS_MOST], n = words_change_carers(a, change, was, now);
    char *from = words_change_time(a, change->was, was, n), *to = words_change_time(a, change->now, now, n);
    char *why = words_change_reason(a, change);
    bool ok = from && to && why;
    if (ok)
        html_put(out,
                 "<tr><th scope=\"row\">%s<span class=\"note\">%s</span></th><td data-label=\"Published\">%s</td>"
                 "<td data-label=\"Now\">%s</td><td data-label=\"Why\">%s</td></tr>\n",
                 a->day->clients[visit->client].name, visit->visit_id, from, to, why);
    free(from);
    free(to);
    free(why);
    return ok ? CR_OK : CR_E_NOMEM;
}

cr_status html_changes(const page *p, FILE *out)
{
    const cr_replanned *x = p->a->replanned;
    if (!x)
        return CR_OK;
    html_put(
        out,
        "<section id=\"changes\" aria-labelledby=\"changes-title\">\n<h2 id=\"changes-title\">What changes from %s "
        "on</h2>\n<p>%d visits have begun, or their carers are on the way: they stay as they were.</p>\n",
        words_clock(p->a->day, p->a->day->problem->as_of).text, x->n_frozen);
    int32_t n = words_changes_seen(p->a);
    if (n == 0)
        html_put(out, "<p>Nothing changes.</p>\n");
    else
        html_put(out, "<div class=\"scroll\"><table class=\"lost\">\n<thead><tr><th scope=\"col\">Visit</th><th "
                      "scope=\"col\">Published</th><th scope=\"col\">Now</th><th scope=\"col\">Why</th></tr></thead>\n"
                      "<tbody>\n");
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < x->n_changes; i++)
        if (words_change_is_seen(p->a, &x->changes[i]))
            st = put_row(p->a, &x->changes[i], out);
    if (n > 0)
        html_put(out, "</tbody></table></div>\n");
    html_put(out, "</section>\n");
    return st;
}
