/* Words: numbers and reasons as people say them. */
#include "words.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

words words_clock(const cr_day *day, int32_t ticks)
{
    words w;
    day_time_text(day, ticks, w.text);
    return w;
}

/* 1234567 with groups of three. */
static char *put_grouped(char *at, uint64_t n)
{
    if (n >= 1000) {
        at = put_grouped(at, n / 1000);
        at += sprintf(at, ",%03u", (unsigned)(n % 1000));
    } else {
        at += sprintf(at, "%u", (unsigned)n);
    }
    return at;
}

static uint64_t magnitude(int64_t n)
{
    return n < 0 ? -(uint64_t)n : (uint64_t)n;
}

words words_count(int64_t n)
{
    words w;
    put_grouped(n < 0 ? stpcpy(w.text, "-") : w.text, magnitude(n));
    return w;
}

int64_t words_pence(int64_t cost)
{
    int64_t pence = (int64_t)((magnitude(cost) + CR_COST_PENNY / 2) / CR_COST_PENNY);
    return cost < 0 ? -pence : pence;
}

words words_money(int64_t cost)
{
    words w;
    int64_t pence = words_pence(cost);
    char *at = stpcpy(w.text, pence < 0 ? "-£" : "£");
    at = put_grouped(at, magnitude(pence) / 100);
    sprintf(at, ".%02u", (unsigned)(magnitude(pence) % 100));
    return w;
}

words words_money_round(int64_t cost)
{
    words w;
    int64_t pence = words_pence(cost);
    uint64_t pounds = (magnitude(pence) + 50) / 100;
    put_grouped(stpcpy(w.text, pence < 0 && pounds ? "-£" : "£"), pounds);
    return w;
}

words words_duration(int64_t ticks)
{
    words w;
    int64_t min = (ticks + 30) / 60;
    if (min < 60)
        sprintf(w.text, "%d min", (int)min);
    else
        sprintf(put_grouped(w.text, (uint64_t)(min / 60)), " h %02d min", (int)(min % 60));
    return w;
}

words words_fixed(int64_t value, int32_t decimals)
{
    words w;
    int64_t unit = 1;
    for (int32_t k = 0; k < decimals; k++)
        unit *= 10;
    uint64_t size = magnitude(value);
    char *at = value < 0 ? stpcpy(w.text, "-") : w.text;
    at += sprintf(at, "%" PRIu64, size / (uint64_t)unit);
    if (decimals > 0)
        sprintf(at, ".%0*" PRIu64, (int)decimals, size % (uint64_t)unit);
    return w;
}

/* A mile is 1609.344 m. Tenths matter to one carer, not to a team. */
words words_miles(int64_t dist_m)
{
    words w;
    const int64_t tenths = (dist_m * 10000 + 804672) / 1609344;
    if (tenths < 1000)
        sprintf(w.text, "%d.%d miles", (int)(tenths / 10), (int)(tenths % 10));
    else
        strcpy(put_grouped(w.text, (uint64_t)((tenths + 5) / 10)), " miles");
    return w;
}

bool words_knows_distance(const cr_day *day, int64_t dist_m)
{
    return dist_m > 0 || !day->lacks_distances;
}

words words_distance(const cr_day *day, int64_t dist_m)
{
    words miles = words_miles(dist_m), w;
    if (!day->lacks_distances)
        return miles;
    if (!words_knows_distance(day, dist_m))
        strcpy(w.text, "no distances given");
    else
        snprintf(w.text, sizeof w.text, "at least %.30s", miles.text);
    return w;
}

words words_percent(int64_t part, int64_t whole)
{
    words w;
    if (whole <= 0)
        strcpy(w.text, "-");
    else if (part < whole && part * 200 >= whole * 199)
        strcpy(w.text, "99 %"); /* never "100 %" of not quite all */
    else
        snprintf(w.text, sizeof w.text, "%" PRId64 " %%", (part * 200 + whole) / (2 * whole));
    return w;
}

words words_degrees(double deg)
{
    return words_fixed(llround(deg * 1e7), 7);
}

words words_capital(const char *text)
{
    words w;
    snprintf(w.text, sizeof w.text, "%s", text);
    if (w.text[0] >= 'a' && w.text[0] <= 'z')
        w.text[0] = (char)(w.text[0] - 'a' + 'A');
    return w;
}

bool words_is_money(cr_term term)
{
    return term == CR_TERM_MILEAGE || term == CR_TERM_WAGES || term == CR_TERM_SHIFT_USE;
}

int64_t words_money_of(const cr_cost *cost, bool is_money)
{
    int64_t sum = 0;
    for (int term = 0; term < CR_TERM_N; term++)
        if (words_is_money((cr_term)term) == is_money)
            sum += cost->term[term];
    return sum;
}

/* ---- reasons ---- */

static const struct {
    const char *one, *many;
} reasons[CR_REASON_N] = {
    [CR_REASON_NO_POSITION] = {"cannot get there: the client has no position",
                               "cannot get there: the client has no position"},
    [CR_REASON_LOCK] = {"is kept out by a lock to somebody else", "are kept out by a lock to somebody else"},
    [CR_REASON_FORBIDDEN] = {"must not visit this client", "must not visit this client"},
    [CR_REASON_SKILL] = {"lacks a skill", "lack a skill"},
    [CR_REASON_ATTRIBUTE] = {"lacks an attribute that is needed", "lack an attribute that is needed"},
    [CR_REASON_NO_SHIFT] = {"has no shift then", "have no shift then"},
    [CR_REASON_MAX_WORK] = {"has reached the most work of a day", "have reached the most work of a day"},
    [CR_REASON_NO_TIME] = {"has no time left", "have no time left"},
    [CR_REASON_PARTNER] = {"could, but finds no second carer", "could, but find no second carer"},
    [CR_REASON_FITS] = {"could take it: search longer", "could take it: search longer"},
};

const char *words_reason(cr_reason reason, int32_t n_carers)
{
    if (reason >= CR_REASON_N)
        return "no reason found";
    return n_carers == 1 ? reasons[reason].one : reasons[reason].many;
}

cr_reason words_main_reason(const cr_explanation *e)
{
    cr_reason most = CR_REASON_N;
    for (int reason = 0; reason < CR_REASON_N; reason++)
        if (e->count[reason] > 0 && (most == CR_REASON_N || e->count[reason] > e->count[most]))
            most = (cr_reason)reason;
    return most;
}

char *words_reasons(const cr_explanation *e)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    const char *between = "";
    for (int reason = 0; reason < CR_REASON_N; reason++) {
        int32_t n = e->count[reason];
        if (n <= 0)
            continue;
        fprintf(out, "%s%d %s%s", between, n,
                *between ? ""
                : n == 1 ? "carer "
                         : "carers ",
                words_reason((cr_reason)reason, n));
        between = ", ";
    }
    if (e->n_pairs > 0)
        fprintf(out, "; %d %s would do but for the time", e->n_pairs, e->n_pairs == 1 ? "pair" : "pairs");
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}

/* ---- the smallest change ---- */

/* Level 1 is what a skill without levels has: not worth saying. */
static void put_skill(FILE *out, const cr_day *day, const cr_change *c)
{
    fprintf(out, "Give %s the skill %s", day->carers[c->carer].name, day->skill_name[c->skill]);
    if (c->level > 1)
        fprintf(out, " at level %d", c->level);
}

static void put_change(FILE *out, const cr_day *day, const cr_change *c)
{
    const char *whose = c->carer >= 0 ? day->carers[c->carer].name : "";
    switch (c->kind) {
    case CR_CHANGE_NONE:
    case CR_CHANGE_N:
        fputs("No small change found that would place it", out);
        return;
    case CR_CHANGE_NOTHING:
        fputs("None needed, search longer", out);
        break;
    case CR_CHANGE_WINDOW_EARLIER:
        fprintf(out, "Open the window %s earlier", words_duration(c->ticks).text);
        break;
    case CR_CHANGE_WINDOW_LATER:
        fprintf(out, "Close the window %s later", words_duration(c->ticks).text);
        break;
    case CR_CHANGE_SHIFT_EARLIER:
        fprintf(out, "Begin the shift of %s %s earlier", whose, words_duration(c->ticks).text);
        break;
    case CR_CHANGE_SHIFT_LATER:
        fprintf(out, "End the shift of %s %s later", whose, words_duration(c->ticks).text);
        break;
    case CR_CHANGE_SKILL:
        put_skill(out, day, c);
        break;
    case CR_CHANGE_ATTRIBUTE:
        fprintf(out, "Find %s fit for \"%s\"", whose, day->attribute_name[c->attribute]);
        break;
    }
    if (c->with_carer >= 0)
        fprintf(out, ": %s could come at %s", day->carers[c->with_carer].name, words_clock(day, c->start).text);
    if (c->n_moved > 0)
        fprintf(out, ", %d other %s would change carer", c->n_moved, c->n_moved == 1 ? "visit" : "visits");
}

char *words_change(const cr_day *day, const cr_explanation *e)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    put_change(out, day, &e->change);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}
