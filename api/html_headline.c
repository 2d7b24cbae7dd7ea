/* The head of the page: the plan in one sentence, its figures, and where the carers' time goes. */
#include "html.h"

#include <stdlib.h>
#include <time.h>

/* "Monday 23 November 2026", or the date as given where it cannot be read. Names are ours, whatever the locale. */
static void put_date(const char *date, FILE *out)
{
    static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    struct tm tm = {0};
    if (!strptime(date, "%Y-%m-%d", &tm))
        html_put(out, "%s", date);
    else
        html_put(out, "%s %d %s %d", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900);
}

static void put_sentence(const answer *a, FILE *out)
{
    const cr_report *r = a->report;
    const int32_t n_lost = r->n_visits - r->n_visits_served;
    html_put(out, "<p class=\"lead\"><b>%s of %s visits are placed</b>", words_count(r->n_visits_served).text,
             words_count(r->n_visits).text);
    if (r->n_double_ups > 0)
        html_put(out, ", with %s of %s double-ups", words_count(r->n_double_ups_served).text,
                 words_count(r->n_double_ups).text);
    if (r->n_carers_used > 0)
        html_put(out, ", by %s %s", words_count(r->n_carers_used).text,
                 r->n_carers_used == 1 ? "carer who travels" : "carers who travel");
    if (r->n_carers_used > 0)
        html_put(out, " %s and %s", words_duration(r->sum.travel).text, words_distance(a->day, r->sum.dist_m).text);
    html_put(out, ". ");
    if (n_lost > 0)
        html_put(out, "<a class=\"alarm\" href=\"#unallocated\">%s %s not placed.</a>", words_count(n_lost).text,
                 n_lost == 1 ? "visit is" : "visits are");
    else
        html_put(out, "Nobody is left out.");
    html_put(out, "</p>\n");
}

static cr_status put_accepted(const answer *a, FILE *out)
{
    if (a->check->n_accepted == 0)
        return CR_OK;
    html_put(out, "<p class=\"seal\">Accepted by the coordinator:</p>\n<ul>");
    for (int32_t i = 0; i < a->check->n_accepted; i++) {
        char *text = words_accepted_breach(a->day, &a->check->accepted[i]);
        if (!text)
            return CR_E_NOMEM;
        html_put(out, "<li>%s</li>", text);
        free(text);
    }
    html_put(out, "</ul>\n");
    return CR_OK;
}

static void put_check(const answer *a, FILE *out)
{
    if (a->check->n_breaches == 0)
        html_put(out, "<p class=\"seal\"><span aria-hidden=\"true\">&#10003;</span> Checked: every time and cost was "
                      "recomputed from the input, and no rule is broken.</p>\n");
    else
        html_put(out,
                 "<p class=\"seal broken\"><span aria-hidden=\"true\">&#9888;</span> The checker found %d broken "
                 "rules. Do not use this plan.</p>\n",
                 a->check->n_breaches);
}

/* ---- tiles ---- */

static void put_tile(FILE *out, const char *label, const char *figure, const char *note)
{
    html_put(out, "<div class=\"tile\"><dt>%s</dt><dd><b>%s</b> <span>%s</span></dd></div>\n", label, figure, note);
}

static void put_share_tile(FILE *out, const char *label, int64_t part, int64_t whole, const char *note)
{
    html_put(out,
             "<div class=\"tile\"><dt>%s</dt><dd><b>%s</b> <span>of %s %s</span>"
             "<svg class=\"share\" viewBox=\"0 0 1000 24\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
             "<rect class=\"all\" width=\"1000\" height=\"24\"/><rect class=\"part\" width=\"%d\" height=\"24\"/></svg>"
             "</dd></div>\n",
             label, words_count(part).text, words_count(whole).text, note, whole > 0 ? (int)(part * 1000 / whole) : 0);
}

static void put_tiles(const page *p, FILE *out)
{
    const answer *a = p->a;
    const cr_report *r = a->report;
    html_put(out, "<dl class=\"tiles\">\n");
    put_share_tile(out, "Visits placed", r->n_visits_served, r->n_visits, "visits");
    if (r->n_double_ups > 0)
        put_share_tile(out, "Double-ups placed", r->n_double_ups_served, r->n_double_ups, "double-ups");
    put_share_tile(out, "Carers used", r->n_carers_used, a->day->problem->n_carers, "carers");
    if (r->n_known_slots > 0)
        put_share_tile(out, "Familiar faces", r->n_familiar_slots, r->n_known_slots, "carer visits");
    if (r->n_with_preference > 0)
        put_share_tile(out, "Within 15 minutes", answer_near_preferred(a, 15 * 60), r->n_with_preference,
                       "wished times");
    if (r->n_slots_served > 0)
        put_tile(out, "Travel", words_duration(r->sum.travel).text, words_distance(a->day, r->sum.dist_m).text);
    if (r->n_held_back > 0)
        html_put(out, "<div class=\"tile\"><dt>Held back</dt><dd><b>%s</b> <span>of %s</span></dd></div>\n",
                 words_duration(r->sum.held_back).text, words_duration(r->held_back).text);
    put_tile(out, "To pay", words_money_round(words_money_of(&a->check->cost, true)).text, "wages, mileage, shifts");
    html_put(out, "</dl>\n");
}

/* ---- where the time goes ---- */

typedef struct time_part {
    const char *name, *class;
    int64_t ticks;
} time_part;

#define TIME_BAR_WIDTH 1000

static void put_time_bar(const time_part *parts, int n, int64_t sum, FILE *out)
{
    int64_t before = 0;
    html_put(out, "<svg class=\"timebar\" viewBox=\"0 0 %d 28\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
             TIME_BAR_WIDTH);
    for (int i = 0; i < n; i++) {
        const int32_t x = (int32_t)(before * TIME_BAR_WIDTH / sum);
        before += parts[i].ticks;
        html_put(out, "<rect class=\"%s\" x=\"%d\" width=\"%d\" height=\"28\"/>", parts[i].class, x,
                 (int32_t)(before * TIME_BAR_WIDTH / sum) - x);
    }
    html_put(out, "</svg>\n");
}

static void put_time(const answer *a, FILE *out)
{
    const cr_round_figures *f = &a->report->sum;
    const time_part parts[] = {
        {"with clients", "care", f->care},  {"travel", "travel", f->travel}, {"at the door", "door", f->door},
        {"waiting", "waiting", f->waiting}, {"breaks", "break", f->rest},    {"held back", "held", f->held_back},
    };
    const int n = sizeof parts / sizeof *parts - (a->report->n_held_back == 0);
    int64_t sum = 0;
    for (int i = 0; i < n; i++)
        sum += parts[i].ticks;
    if (sum <= 0)
        return;
    html_put(out, "<h2 id=\"time\">Where the carers&#8217; time goes</h2>\n<div class=\"timewrap\">");
    put_time_bar(parts, n, sum, out);
    html_put(out, "<ul class=\"key\">");
    for (int i = 0; i < n; i++)
        html_put(out,
                 "<li><svg class=\"swatch\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect class=\"%s\" width=\"14\" "
                 "height=\"14\"/></svg>%s <b>%s</b> (%s)</li>",
                 parts[i].class, words_duration(parts[i].ticks).text, parts[i].name,
                 words_percent(parts[i].ticks, sum).text);
    html_put(out, "</ul></div>\n");
}

cr_status html_headline(const page *p, FILE *out)
{
    html_put(out, "<h1>%s</h1>\n<p class=\"date\">", p->a->day->name);
    put_date(p->a->day->date, out);
    if (p->a->day->n_days > 1) {
        html_put(out, " to ");
        put_date(words_date(p->a->day, day_ticks(p->a->day, p->a->day->n_days - 1, 0)).text, out);
    }
    html_put(out, "</p>\n");
    put_sentence(p->a, out);
    put_check(p->a, out);
    cr_status st = put_accepted(p->a, out);
    if (st)
        return st;
    put_tiles(p, out);
    put_time(p->a, out);
    return CR_OK;
}
