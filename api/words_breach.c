/* Broken rules in words: who, what, and what would have been right. include/careround/check.h says what the numbers of
 * each rule mean. */
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>

/* "visit V12 of Mary Smith", or "" */
static void put_visit(FILE *out, const cr_day *day, int32_t visit)
{
    if (visit == CR_NONE)
        return;
    const day_visit *v = &day->visits[visit];
    fprintf(out, "visit %s (%s)", v->visit_id, day->clients[v->client].name);
}

/* "visit V12 (Mary Smith), Ann, shift A-1: " - whatever applies. */
static void put_who(FILE *out, const cr_day *day, const cr_breach *b)
{
    const char *between = "";
    if (b->visit != CR_NONE) {
        put_visit(out, day, b->visit);
        between = ", ";
    }
    int32_t carer = b->carer == CR_NONE && b->shift != CR_NONE ? day->problem->shifts[b->shift].carer : b->carer;
    if (carer != CR_NONE) {
        fprintf(out, "%s%s", between, day->carers[carer].name);
        between = ", ";
    }
    if (b->shift != CR_NONE) {
        fprintf(out, "%sshift %s", between, day->shifts[b->shift].shift_id);
        between = ", ";
    }
    if (*between)
        fputs(": ", out);
}

static const char *carer_name(const cr_day *day, int64_t carer)
{
    return carer >= 0 && carer < day->problem->n_carers ? day->carers[carer].name : "nobody";
}

static void put_times(FILE *out, const cr_day *day, const cr_breach *b, const char *is, const char *should)
{
    fprintf(out, "%s %s, %s %s", is, words_clock(day, (int32_t)b->is).text, should,
            words_clock(day, (int32_t)b->should).text);
    int64_t apart = b->is < b->should ? b->should - b->is : b->is - b->should;
    if (apart < 120 && apart % 60 != 0) /* clocks to the minute may show the same time twice */
        fprintf(out, " (%" PRId64 " seconds)", apart);
}

static void put_skill(FILE *out, const cr_day *day, const cr_breach *b)
{
    const char *name = b->item >= 0 && b->item < day->n_skills ? day->skill_name[b->item] : "?";
    if (b->is == CR_NONE)
        fprintf(out, "she has not the skill %s", name);
    else
        fprintf(out, "she has %s at level %" PRId64 ", but level %" PRId64 " is needed", name, b->is, b->should);
}

static void put_break(FILE *out, const cr_day *day, const cr_breach *b)
{
    if (b->counts)
        fprintf(out, "a break is taken %" PRId64 " times instead of once", b->is);
    else
        put_times(out, day, b, "a break starts at", "but could at");
}

static void put_gap(FILE *out, const cr_day *day, const cr_breach *b)
{
    fprintf(out, "%s between it and ", words_duration(b->is).text);
    put_visit(out, day, b->other_visit);
    fprintf(out, ", but it must be at %s %s", b->is < b->should ? "least" : "most", words_duration(b->should).text);
}

static const char *provider_name(const cr_day *day, int32_t provider)
{
    return provider >= 0 && provider < day->n_providers ? day->providers[provider].name : "a provider";
}

/* Also where providers have a name each and no contract. */
static const char *name_of_agency(const cr_day *day, int64_t provider)
{
    return provider >= 0 && provider < day->n_providers ? day->providers[provider].name : "no provider";
}

/* "no room for 5 x meals as she sets off: her car has room for 4" */
static void put_room(FILE *out, const cr_day *day, const cr_breach *b)
{
    const char *kind = b->item < day->n_goods ? day->goods_name[b->item] : "goods";
    fprintf(out, "no room for %" PRId64 " x %s %s: her car has room for %" PRId64, b->is, kind,
            b->visit == CR_NONE ? "as she sets off" : "when she leaves it", b->should);
}

static void put_break_load(FILE *out, const cr_day *day, const cr_breach *b)
{
    const char *kind = b->item < day->n_goods ? day->goods_name[b->item] : "goods";
    fprintf(out, "%" PRId64 " x %s on board at %s, at most %" PRId64 " are allowed", b->is, kind,
            b->visit == CR_NONE ? "a break" : "the break behind it", b->should);
}

static void put_limit(FILE *out, const cr_day *day, const cr_breach *b)
{
    if (b->rule == CR_RULE_MAX_DAY_WORK)
        fprintf(out, "%s of work on %s, at most %s a day are allowed", words_duration(b->is).text,
                words_date(day, day_ticks(day, b->item, 0)).text, words_duration(b->should).text);
    else if (b->rule == CR_RULE_REST)
        fprintf(out, "%s of rest after shift %s, at least %s must be", words_duration(b->is).text,
                day->shifts[b->item].shift_id, words_duration(b->should).text);
    else if (b->rule == CR_RULE_PROVIDER_CARE)
        fprintf(out, "%s: %s of care, at most %s are contracted", provider_name(day, b->item),
                words_duration(b->is).text, words_duration(b->should).text);
    else if (b->rule == CR_RULE_PROVIDER_SLOTS)
        fprintf(out, "%s: %" PRId64 " visits, at most %" PRId64 " are contracted", provider_name(day, b->item), b->is,
                b->should);
    else if (b->rule == CR_RULE_MAX_TRAVEL)
        fprintf(out, "%s of travel, at most %s are allowed", words_duration(b->is).text,
                words_duration(b->should).text);
    else if (b->rule == CR_RULE_MAX_DISTANCE)
        fprintf(out, "%s, at most %s are allowed", words_miles(b->is).text, words_miles(b->should).text);
    else if (b->rule == CR_RULE_MAX_WORK)
        fprintf(out, "%s of work, at most %s are allowed", words_duration(b->is).text, words_duration(b->should).text);
    else
        fprintf(out, "%" PRId64 " visits, at most %" PRId64 " are allowed", b->is, b->should);
}

static const char *at_a_stop(const cr_day *day, int64_t what)
{
    return what >= 0 ? day->visits[what].visit_id : what < -2 ? "a break" : "nothing";
}

static void put_crew(FILE *out, const cr_day *day, const cr_breach *b)
{
    const char *other = carer_name(day, day->problem->shifts[b->item].carer);
    if (b->other_visit != CR_NONE)
        fprintf(out, "shares a car with %s, and who does comes to visits of two carers, not of %d", other, (int)b->is);
    else if (b->counts) /* which stops */
        fprintf(out, "shares a car with %s, but where she has %s, %s has %s", other, at_a_stop(day, b->is), other,
                at_a_stop(day, b->should));
    else {
        fprintf(out, "shares a car with %s: ", other);
        put_times(out, day, b, "one of them begins or ends at", "the other at");
    }
}

static void put_held(FILE *out, const cr_day *day, const cr_breach *b)
{
    const char *what = b->item != CR_NONE ? "a break" : "it";
    if (b->should == CR_FREE)
        fprintf(out, "starts at %s, but no visit can come there any more", words_clock(day, (int32_t)b->is).text);
    else if (b->is == CR_FREE)
        fprintf(out, "%s has begun at %s and must stay in the round", what, words_clock(day, (int32_t)b->should).text);
    else
        put_times(out, day, b, "starts at", "but has begun, or its carer is on her way, at");
}

static void put_cost(FILE *out, const cr_breach *b)
{
    const char *term = b->item >= 0 && b->item < CR_TERM_N ? cr_term_name((cr_term)b->item) : "total";
    fprintf(out, "the plan claims a cost (%s) of %s, it is %s", term, words_money(b->is).text,
            words_money(b->should).text);
}

/* An index or a count where another was expected; the cases that a plan made by hand meets have words of their own. */
static void put_structure(FILE *out, const cr_breach *b)
{
    bool is_visit = b->visit != CR_NONE && !(b->is == b->visit && b->should == b->visit + 1);
    if (is_visit && b->item != CR_NONE)
        fputs("is in the rounds once more than it needs carers", out);
    else if (is_visit && b->should == 0)
        fputs("is in a round and among the unallocated", out);
    else if (is_visit && b->is == 0)
        fputs("is neither in a round nor among the unallocated", out);
    else if (is_visit && b->is < b->should)
        fprintf(out, "has %" PRId64 " of the %" PRId64 " carers it needs", b->is, b->should);
    else
        fprintf(out, "the plan is not well formed (%" PRId64 ", expected %" PRId64 ")", b->is, b->should);
}

static void put_what(FILE *out, const cr_day *day, const cr_breach *b)
{
    switch (b->rule) {
    case CR_RULE_STRUCTURE:
        put_structure(out, b);
        break;
    case CR_RULE_WINDOW:
        put_times(out, day, b, "starts at", "but the nearest allowed is");
        break;
    case CR_RULE_LOCKED_START:
        put_times(out, day, b, "starts at", "but is locked to");
        break;
    case CR_RULE_LOCKED_CARER:
        fprintf(out, "is locked to %s", carer_name(day, b->should));
        break;
    case CR_RULE_TOGETHER:
        put_times(out, day, b, "one carer starts at", "another at");
        break;
    case CR_RULE_SAME_CARER_TWICE:
        fputs("the same carer twice; a visit needs different people", out);
        break;
    case CR_RULE_SAME_PROVIDER:
        fprintf(out, "comes from %s, but all carers%s must be of one provider (here %s)", name_of_agency(day, b->is),
                b->other_visit == CR_NONE ? "" : " of the two visits", name_of_agency(day, b->should));
        break;
    case CR_RULE_SKILL:
        put_skill(out, day, b);
        break;
    case CR_RULE_ATTRIBUTE:
        fprintf(out, "she has not the attribute %s",
                b->item >= 0 && b->item < day->n_attributes ? day->attribute_name[b->item] : "needed");
        break;
    case CR_RULE_FORBIDDEN:
        fputs("this carer must not come", out);
        break;
    case CR_RULE_PATCH:
        fprintf(out, "the visit lies in %s, and she keeps to other patches",
                b->is >= 0 && b->is < day->n_patches ? day->patch_name[b->is] : "a patch");
        break;
    case CR_RULE_TRAVEL:
        put_times(out, day, b, "is there at", "but cannot be before");
        break;
    case CR_RULE_UNREACHABLE:
        fputs("there is no way", out);
        break;
    case CR_RULE_SHIFT:
        put_times(out, day, b, "on duty at", "but the shift has its limit at");
        break;
    case CR_RULE_BREAK:
        put_break(out, day, b);
        break;
    case CR_RULE_GAP:
        put_gap(out, day, b);
        break;
    case CR_RULE_GAP_CARERS:
        fprintf(out, "must have %s carer as ", b->should ? "the same" : "a different");
        put_visit(out, day, b->other_visit);
        break;
    case CR_RULE_BOTH:
        fputs("must be given, or left out, together with ", out);
        put_visit(out, day, b->other_visit);
        break;
    case CR_RULE_MAX_LOAD:
        if (b->item != CR_NONE)
            put_room(out, day, b);
        else
            put_limit(out, day, b);
        break;
    case CR_RULE_BREAK_LOAD:
        put_break_load(out, day, b);
        break;
    case CR_RULE_MAX_WORK:
    case CR_RULE_MAX_DAY_WORK:
    case CR_RULE_MAX_TRAVEL:
    case CR_RULE_MAX_DISTANCE:
    case CR_RULE_PROVIDER_CARE:
    case CR_RULE_PROVIDER_SLOTS:
    case CR_RULE_REST:
        put_limit(out, day, b);
        break;
    case CR_RULE_TWO_PLACES:
        put_times(out, day, b, "leaves at", "but is back from her other round only at");
        break;
    case CR_RULE_CREW:
        put_crew(out, day, b);
        break;
    case CR_RULE_HELD:
        put_held(out, day, b);
        break;
    case CR_RULE_COST:
        put_cost(out, b);
        break;
    case CR_RULE_N:
        break;
    }
}

/* A lateness is also that of the second carer's part. */
static bool is_about(const cr_day *day, const day_accepted *a, const cr_breach *b)
{
    bool is_its_part =
        a->rule == CR_RULE_WINDOW && b->visit != CR_NONE && day->visits[b->visit].is_part && a->visit == b->visit - 1;
    bool is_visit = a->visit == CR_NONE || a->visit == b->visit || is_its_part ||
                    (a->visit == b->other_visit && a->other_visit == b->visit);
    bool is_other = a->other_visit == CR_NONE || a->other_visit == b->other_visit || a->other_visit == b->visit;
    bool is_goods = b->rule == CR_RULE_MAX_LOAD && b->item != CR_NONE; /* which nobody can accept */
    return a->rule == b->rule && !is_goods && is_visit && is_other && (a->carer == CR_NONE || a->carer == b->carer) &&
           (a->shift == CR_NONE || a->shift == b->shift);
}

const day_accepted *words_accepted_by(const cr_day *day, const cr_breach *breach)
{
    for (int32_t i = 0; i < day->n_accepted; i++)
        if (is_about(day, &day->accepted[i], breach))
            return &day->accepted[i];
    return NULL;
}

static char *in_words(const cr_day *day, const cr_breach *breach, const day_accepted *by)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    put_who(out, day, breach);
    put_what(out, day, breach);
    if (by)
        fprintf(out, "; accepted by %s, %s: %s", by->who, by->when, by->why);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}

char *words_breach(const cr_day *day, const cr_breach *breach)
{
    return in_words(day, breach, NULL);
}

char *words_accepted_breach(const cr_day *day, const cr_breach *breach)
{
    return in_words(day, breach, words_accepted_by(day, breach));
}
