/* An explanation in sentences: see explain_text.h.
 *
 * The money named is what somebody is paid more (wages, mileage, shift use); steering prices are no bill.
 */
#include "explain_text.h"

#include "words.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- why ---- */

/* The one skill or attribute that the visit's slots ask for; CR_NONE if they ask for several. *ret_level: the least
 * that one of them asks for. */
static int32_t only_skill(const cr_problem *p, const cr_visit *v, int32_t *ret_level)
{
    int32_t only = CR_NONE;
    *ret_level = INT32_MAX;
    for (int32_t i = v->slots.first; i < v->slots.first + v->slots.n; i++)
        for (int32_t k = p->slots[i].skills.first; k < p->slots[i].skills.first + p->slots[i].skills.n; k++) {
            if (only != CR_NONE && only != p->skills[k].skill)
                return CR_NONE;
            only = p->skills[k].skill;
            *ret_level = p->skills[k].level < *ret_level ? p->skills[k].level : *ret_level;
        }
    return only;
}

static int32_t only_attribute(const cr_problem *p, const cr_visit *v)
{
    int32_t only = CR_NONE;
    for (int32_t i = v->slots.first; i < v->slots.first + v->slots.n; i++)
        for (int32_t k = p->slots[i].attributes.first; k < p->slots[i].attributes.first + p->slots[i].attributes.n;
             k++) {
            if (only != CR_NONE && only != p->ids[k])
                return CR_NONE;
            only = p->ids[k];
        }
    return only;
}

/* The one kind of goods that the visit brings or takes; CR_NONE if there are several. */
static int32_t only_goods(const cr_problem *p, const cr_visit *v)
{
    return v->goods.n == 1 ? p->goods[v->goods.first].kind : CR_NONE;
}

static const struct {
    const char *one, *many;
} reasons[CR_REASON_N] = {
    [CR_REASON_NO_POSITION] = {"cannot get there: the client has no position",
                               "cannot get there: the client has no position"},
    [CR_REASON_LOCK] = {"is kept out by a lock to somebody else", "are kept out by a lock to somebody else"},
    [CR_REASON_FORBIDDEN] = {"must not visit this client", "must not visit this client"},
    [CR_REASON_SKILL] = {"lacks a skill", "lack a skill"},
    [CR_REASON_ATTRIBUTE] = {"lacks an attribute that is needed", "lack an attribute that is needed"},
    [CR_REASON_PATCH] = {"keeps to other patches", "keep to other patches"},
    [CR_REASON_NO_SHIFT] = {"has no shift then", "have no shift then"},
    [CR_REASON_REST] = {"would have too little rest between days", "would have too little rest between days"},
    [CR_REASON_MAX_WORK] = {"has reached the most work or visits", "have reached the most work or visits"},
    [CR_REASON_MAX_WAYS] = {"has reached the most travel or distance of her shift",
                            "have reached the most travel or distance of their shifts"},
    [CR_REASON_ROOM] = {"has no room in the car for its goods", "have no room in the car for its goods"},
    [CR_REASON_NO_TIME] = {"has no time left", "have no time left"},
    [CR_REASON_PARTNER] = {"could, but finds no second carer", "could, but find no second carer"},
    [CR_REASON_FITS] = {"could take it: search longer", "could take it: search longer"},
};

static void put_reason(FILE *out, const cr_day *day, const cr_explanation *e, cr_reason reason)
{
    const cr_problem *p = day->problem;
    const cr_visit *v = &p->visits[e->visit];
    const bool is_one = e->count[reason] == 1;
    const char *lack = is_one ? "lacks" : "lack";
    int32_t level, skill = only_skill(p, v, &level);
    if (reason == CR_REASON_SKILL && skill != CR_NONE) {
        fprintf(out, "%s the skill '%s'", lack, day->skill_name[skill]);
        if (level > 1) /* who has it at a lower one lacks it too */
            fprintf(out, " at level %d", level);
    } else if (reason == CR_REASON_PARTNER && v->slots.n == 1)
        fprintf(out, "could, but a visit that must come with it finds nobody");
    else if (reason == CR_REASON_ATTRIBUTE && only_attribute(p, v) != CR_NONE)
        fprintf(out, "%s '%s'", lack, day->attribute_name[only_attribute(p, v)]);
    else if (reason == CR_REASON_ROOM && only_goods(p, v) != CR_NONE)
        fprintf(out, "%s no room for '%s'", is_one ? "has" : "have", day->goods_name[only_goods(p, v)]);
    else
        fputs(is_one ? reasons[reason].one : reasons[reason].many, out);
}

static void put_reasons(FILE *out, const cr_day *day, const cr_explanation *e)
{
    int32_t n_carers = day->problem->n_carers;
    if (n_carers > 0 && e->count[CR_REASON_NO_POSITION] == n_carers) {
        fputs("Nobody can get there: the client has no position", out);
        return;
    }
    fputs(e->count[CR_REASON_FITS] ? "Left out" : "Nobody free", out);
    const char *before = ": ", *carers = NULL;
    for (int r = 0; r < CR_REASON_N; r++) {
        if (e->count[r] == 0)
            continue;
        carers = carers ? "" : e->count[r] == 1 ? "carer " : "carers "; /* only of the first number */
        fprintf(out, "%s%d %s", before, e->count[r], carers);
        put_reason(out, day, e, (cr_reason)r);
        before = ", ";
    }
    if (e->n_pairs > 0)
        fprintf(out, "; %d %s would do but for times and limits", e->n_pairs, e->n_pairs == 1 ? "pair" : "pairs");
}

/* ---- what would place it ---- */

static void put_deed(FILE *out, const cr_day *day, const cr_change *c)
{
    const char *whose = c->carer >= 0 ? day->carers[c->carer].name : "";
    words wider = words_duration(c->ticks);
    switch (c->kind) {
    case CR_CHANGE_WINDOW_EARLIER:
        fprintf(out, "open the window %s earlier", wider.text);
        break;
    case CR_CHANGE_WINDOW_LATER:
        fprintf(out, "close the window %s later", wider.text);
        break;
    case CR_CHANGE_SHIFT_EARLIER:
        fprintf(out, "begin the shift of %s %s earlier", whose, wider.text);
        break;
    case CR_CHANGE_SHIFT_LATER:
        fprintf(out, "end the shift of %s %s later", whose, wider.text);
        break;
    case CR_CHANGE_SKILL:
        fprintf(out, "give %s the skill '%s'", whose, day->skill_name[c->skill]);
        if (c->level > 1) /* level 1 is what a skill without levels has */
            fprintf(out, " at level %d", c->level);
        break;
    case CR_CHANGE_ATTRIBUTE:
        fprintf(out, "find %s fit for '%s'", whose, day->attribute_name[c->attribute]);
        break;
    case CR_CHANGE_NONE:
    case CR_CHANGE_NOTHING:
    case CR_CHANGE_N:
        break;
    }
}

static void put_who_and_when(FILE *out, const cr_day *day, const cr_change *c)
{
    int64_t more = words_money_of(&c->terms, true);
    if (c->with_carer >= 0)
        fprintf(out, "%s can come at %s", day->carers[c->with_carer].name, words_clock(day, c->start).text);
    fprintf(out, " (%s%s)", more >= 0 ? "+" : "", words_money(more).text);
    if (c->n_moved > 0)
        fprintf(out, "; %d other %s", c->n_moved, c->n_moved == 1 ? "visit changes carer" : "visits change carer");
}

static void put_change(FILE *out, const cr_day *day, const cr_explanation *e)
{
    const cr_change *c = &e->change;
    if (c->kind == CR_CHANGE_NONE) {
        fputs(c->is_smallest ? "No small change would place it" : "No small change was found that would place it", out);
    } else if (c->kind == CR_CHANGE_NOTHING) {
        fputs("No change is needed: plan for longer, ", out);
        put_who_and_when(out, day, c);
    } else {
        fputs(c->is_smallest ? "Smallest change: " : "Smallest change found: ", out);
        put_deed(out, day, c);
        fputs(" and ", out);
        put_who_and_when(out, day, c);
    }
    if (e->cut_short)
        fputs(" (the search for a change was cut short)", out);
}

/* ---- as texts ---- */

static char *text_or_null(FILE *out, char **text)
{
    if (out && fclose(out) == 0)
        return *text;
    free(*text);
    return NULL;
}

char *explain_text_reason(const cr_day *day, const cr_explanation *e, cr_reason reason)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out)
        put_reason(out, day, e, reason);
    return text_or_null(out, &text);
}

static char *written(void (*put)(FILE *, const cr_day *, const cr_explanation *), const cr_day *day,
                     const cr_explanation *e)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out)
        put(out, day, e);
    return text_or_null(out, &text);
}

char *explain_text_reasons(const cr_day *day, const cr_explanation *e)
{
    return written(put_reasons, day, e);
}

char *explain_text_change(const cr_day *day, const cr_explanation *e)
{
    return written(put_change, day, e);
}
