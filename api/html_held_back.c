/* Time held back of whoever suits, on the page: who holds it, when, and between which visits.
 *
 * It has no place on the map: a carer holds it where her round has brought her.
 */
#include "held_spans.h"
#include "html.h"

static void put_span(const page *p, const held_span *span, FILE *out)
{
    const cr_day *day = p->a->day;
    html_put(out, "<b>%s&#8211;%s</b> %s, ", words_clock(day, span->start).text, words_clock(day, span->end).text,
             span->name);
    if (span->after == CR_NONE)
        html_put(out, "before her first visit");
    else
        html_put(out, "after %s", day->clients[day->visits[span->after].client].name);
}

/* A carer with several shifts has a line for each. */
static void put_holders(const page *p, FILE *out)
{
    const answer *a = p->a;
    held_span span;
    int32_t last = CR_NONE;
    html_put(out, "<ul class=\"holders\">");
    for (int32_t at = 0; held_spans_next(a, &at, &span);) {
        const int32_t carer = a->day->problem->shifts[a->plan->rounds[span.round].shift].carer;
        const int32_t place = p->place_of[carer];
        if (span.round == last)
            html_put(out, "; ");
        else if (last != CR_NONE)
            html_put(out, "</li>\n");
        if (span.round != last)
            html_put(out, "<li><a class=\"c%d\" href=\"#sheet-%d\"><span class=\"chip\">%d</span> %s</a> ",
                     page_colour(place), place + 1, place + 1, a->day->carers[carer].name);
        put_span(p, &span, out);
        last = span.round;
    }
    if (last != CR_NONE)
        html_put(out, "</li>");
    html_put(out, "</ul>\n");
}

cr_status html_held_back(const page *p, FILE *out)
{
    const cr_report *r = p->a->report;
    if (r->n_held_back == 0)
        return CR_OK;
    html_put(out,
             "<section id=\"held-back\" aria-labelledby=\"held-back-title\">\n<h2 id=\"held-back-title\">Time held "
             "back</h2>\n<p><b>%s of %s</b> are kept free for what may come. Who holds it is paid, visits nobody and "
             "stays where her round has brought her: it stands in the timeline and on her run sheet, and has no place "
             "on the map.",
             words_duration(r->sum.held_back).text, words_duration(r->held_back).text);
    if (r->sum.held_back < r->held_back)
        html_put(out, " <a class=\"alarm\" href=\"#unallocated\">Nobody has time for the other %s.</a>",
                 words_duration(r->held_back - r->sum.held_back).text);
    html_put(out, "</p>\n");
    put_holders(p, out);
    html_put(out, "</section>\n");
    return CR_OK;
}

cr_status html_held_key(const page *p, FILE *out)
{
    if (p->a->report->n_held_back > 0)
        html_put(out,
                 "<li><svg class=\"swatch\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect class=\"held\" x=\"1\" "
                 "y=\"1\" width=\"12\" height=\"12\"/></svg>held back</li>");
    return CR_OK;
}
