/* Taking visits out: adjacent strings, now and then a whole round. */
#include "ruin.h"

#include <math.h>
#include <stdlib.h>

#define REMOVED_MEAN   10   /* visits that an average ruin takes out */
#define STRING_MOST    10   /* visits of one string */
#define SPLIT_CHANCE   0.5  /* that a string leaves some visits in its middle */
#define DEEPEN_CHANCE  0.01 /* that it leaves one more, each time (beta of the paper) */
#define WHOLE_CHANCE   0.02 /* that a whole round goes instead */
#define ALL_CHANCE     0.7
#define PARTNER_CHANCE 0.5 /* that visits tied by a gap to one taken go too */
#define BANK_CHANCE    0.2 /* that the ruin happens around an unallocated visit, if there is one */
#define EJECTED_MOST   4   /* visits of one such round */
#define OPEN_TRIED     8   /* shifts drawn until one is open */

struct ruiner {
    const model *m;
    double all_chance; /* that all visits go: strings never empty the rounds of a tiny plan */
    bool *is_ruined;   /* shifts */
    int32_t *ruined;
    int32_t n_ruined;
    int32_t *string; /* visits to take out of one round */
};

cr_status ruiner_new(const model *m, ruiner **ret_ruiner)
{
    cr_auto(ruiner) ru = calloc(1, sizeof *ru);
    if (!ru)
        return CR_E_NOMEM;
    ru->m = m;
    ru->all_chance = ALL_CHANCE * exp(-m->n_visits / 4.0);
    ru->is_ruined = calloc((size_t)m->n_shifts + 1, sizeof *ru->is_ruined);
    ru->ruined = malloc(((size_t)m->n_shifts + 1) * sizeof *ru->ruined);
    ru->string = malloc(((size_t)m->n_stops + 1) * sizeof *ru->string);
    if (!ru->is_ruined || !ru->ruined || !ru->string)
        return CR_E_NOMEM;
    *ret_ruiner = ruiner_take(&ru);
    return CR_OK;
}

ruiner *ruiner_free(ruiner *ru)
{
    if (ru) {
        free(ru->is_ruined);
        free(ru->ruined);
        free(ru->string);
        free(ru);
    }
    return NULL;
}

void ruin_take_out(rota *x, pricer *price, int32_t visit)
{
    const model *m = x->m;
    const cr_range slots = m->p->visits[visit].slots;
    if (m->is_held && m->is_held[visit])
        return;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t r = rota_round_of(x, slots.first + i);
        if (r == CR_NONE)
            continue;
        price_note(price, x, r);
        price_touch(price, r);
    }
    rota_remove_visit(x, visit);
}

static void take_out_with_partners(const model *m, rota *x, pricer *price, int32_t visit, rng *random)
{
    ruin_take_out(x, price, visit);
    const cr_range gaps = m->gaps_of[visit];
    for (int32_t g = 0; g < gaps.n; g++) {
        const cr_gap *gap = &m->p->gaps[m->gap_pool[gaps.first + g]];
        int32_t other = gap->first == visit ? gap->second : gap->first;
        if (rota_is_served(x, other) && rng_chance(random, PARTNER_CHANCE))
            ruin_take_out(x, price, other);
    }
}

/* List `length` visits of round r around stop `at`, breaks not counted, perhaps leaving some in the middle. */
static int32_t choose_string(ruiner *ru, const rota *x, int32_t r, int32_t at, int32_t length, rng *random)
{
    const model *m = ru->m;
    const stop_state *stops = rota_stops(x, r);
    int32_t n = rota_n(x, r), n_visits = rota_n_visits_in(x, r), rank = 0;
    for (int32_t k = 0; k < at; k++)
        rank += !is_break(m, stops[k].stop);
    int32_t kept = 0;
    if (length > 1 && length < n_visits && rng_chance(random, SPLIT_CHANCE)) {
        kept = 1;
        while (length + kept < n_visits && rng_chance(random, DEEPEN_CHANCE))
            kept++;
    }
    int32_t span = length + kept, first_least = rank - span + 1 > 0 ? rank - span + 1 : 0;
    int32_t first_most = rank < n_visits - span ? rank : n_visits - span;
    int32_t first = first_least + rng_below(random, first_most - first_least + 1);
    int32_t kept_from = kept ? first + 1 + rng_below(random, length - 1 > 0 ? length - 1 : 1) : INT32_MAX;
    int32_t n_listed = 0, i = 0;
    for (int32_t k = 0; k < n && n_listed < length; k++) {
        if (is_break(m, stops[k].stop))
            continue;
        bool is_kept = i >= kept_from && i < kept_from + kept;
        if (i >= first && !is_kept)
            ru->string[n_listed++] = m->start_of[stops[k].stop];
        i++;
    }
    return n_listed;
}

/* One round of the visit that has not been ruined yet; CR_NONE if there is none. */
static int32_t fresh_round(const ruiner *ru, const rota *x, int32_t visit, int32_t *ret_slot)
{
    const cr_range slots = ru->m->p->visits[visit].slots;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t r = rota_round_of(x, slots.first + i);
        if (r != CR_NONE && !ru->is_ruined[r]) {
            *ret_slot = slots.first + i;
            return r;
        }
    }
    return CR_NONE;
}

static void ruin_round(ruiner *ru, rota *x, pricer *price, int32_t r, int32_t slot, int32_t length, rng *random)
{
    int32_t n = choose_string(ru, x, r, rota_place_of(x, r, slot), length, random);
    ru->is_ruined[r] = true;
    ru->ruined[ru->n_ruined++] = r;
    for (int32_t i = 0; i < n; i++)
        if (rota_is_served(x, ru->string[i]))
            take_out_with_partners(ru->m, x, price, ru->string[i], random);
}

/* An unallocated visit; CR_NONE: it is one that nobody can serve, for which no room need be made. */
static int32_t draw_from_bank(const rota *x, rng *random)
{
    int32_t visit = rota_bank(x)[rng_below(random, x->n_bank)];
    return model_is_hopeless(x->m, visit) ? CR_NONE : visit;
}

/* Now and then an unallocated visit. */
static int32_t choose_seed(const rota *x, const districts *where, rng *random)
{
    int32_t seed = x->n_bank > 0 && rng_chance(random, BANK_CHANCE) ? draw_from_bank(x, random) : CR_NONE;
    return seed != CR_NONE ? seed : districts_draw(where, random);
}

static void ruin_strings(ruiner *ru, rota *x, pricer *price, const districts *where, rng *random)
{
    const model *m = ru->m;
    double mean = rota_mean_round(x), length_most = mean < STRING_MOST ? mean : STRING_MOST;
    double strings_most = 4.0 * REMOVED_MEAN / (1 + length_most) - 1;
    int32_t n_strings = (int32_t)(1 + rng_unit(random) * strings_most), seed = choose_seed(x, where, random);
    for (int32_t k = -1; k < m->n_near && ru->n_ruined < n_strings; k++) {
        int32_t visit = k < 0 ? seed : m->near[(size_t)seed * (size_t)m->n_near + (size_t)k], slot;
        if (visit == CR_NONE)
            break;
        int32_t r = fresh_round(ru, x, visit, &slot);
        if (r == CR_NONE)
            continue;
        double most_here = rota_n_visits_in(x, r) < length_most ? rota_n_visits_in(x, r) : length_most;
        ruin_round(ru, x, price, r, slot, (int32_t)(1 + rng_unit(random) * most_here), random);
    }
}

/* A visit of the round that is in the way of a start between lo and hi; CR_NONE if there is none. */
static int32_t slot_in_the_way(const ruiner *ru, const rota *x, int32_t r, const model_start *start, rng *random)
{
    const stop_state *stops = rota_stops(x, r);
    int32_t n = 0, chosen = CR_NONE;
    for (int32_t k = 0; k < rota_n(x, r); k++)
        if (!is_break(ru->m, stops[k].stop) && stops[k].latest >= start->lo - ru->m->shifts[r].length[stops[k].stop] &&
            rota_earliest_at(x, r, k) <= start->hi && rng_below(random, ++n) == 0)
            chosen = stops[k].stop;
    return chosen;
}

/* A visit in a round that must have a carer in common with this one; CR_NONE. Of several any, as drawn. */
static int32_t sharer_of(const rota *x, int32_t visit, rng *random)
{
    const model *m = x->m;
    const cr_range gaps = m->gaps_of[visit];
    int32_t n = 0, chosen = CR_NONE;
    for (int32_t g = 0; g < gaps.n; g++) {
        const cr_gap *gap = &m->p->gaps[m->gap_pool[gaps.first + g]];
        int32_t other = gap->first == visit ? gap->second : gap->first;
        if (gap->carers == CR_GAP_SAME && rota_is_in_rounds(x, other) && rng_below(random, ++n) == 0)
            chosen = other;
    }
    return chosen;
}

/* Take one visit out that keeps this carer from serving `visit`. */
static void make_way(const ruiner *ru, rota *x, pricer *price, int32_t visit, int32_t carer, rng *random)
{
    const model *m = ru->m;
    const cr_range candidates = m->candidates[m->p->visits[visit].slots.first];
    int32_t n = 0, chosen = CR_NONE;
    for (int32_t i = 0; i < candidates.n; i++) {
        int32_t r = m->candidate_pool[candidates.first + i];
        if (m->shifts[r].carer != carer || x->closed[r])
            continue;
        int32_t slot = slot_in_the_way(ru, x, r, &m->starts[visit], random);
        if (slot != CR_NONE && rng_below(random, ++n) == 0)
            chosen = m->start_of[slot];
    }
    if (chosen != CR_NONE)
        take_out_with_partners(m, x, price, chosen, random);
}

/* An open round for the slot, as drawn; of this carer if one is given and she has one. */
static int32_t draw_round(const rota *x, int32_t slot, int32_t carer, rng *random)
{
    const model *m = x->m;
    const cr_range candidates = m->candidates[slot];
    const int32_t *pool = m->candidate_pool + candidates.first;
    int32_t r = pool[rng_below(random, candidates.n)];
    for (int32_t tries = 0; x->closed[r] && tries < OPEN_TRIED; tries++)
        r = pool[rng_below(random, candidates.n)];
    for (int32_t k = 0; carer != CR_NONE && k < candidates.n; k++)
        if (m->shifts[pool[k]].carer == carer && !x->closed[pool[k]])
            r = pool[k];
    return r;
}

/* Make room for an unallocated visit: for each of its carers, take a few visits out of a round that she might work.
 * What is near has nothing to do with it, where only one carer may come and is busy far away. Where it must share its
 * carer with a visit that is served, room is made in the round of that one's carer, or the other comes along and
 * whoever is drawn gets room for both. */
static void ruin_for_bank(ruiner *ru, rota *x, pricer *price, int32_t visit, rng *random)
{
    const model *m = ru->m;
    const cr_range slots = m->p->visits[visit].slots;
    int32_t sharer = sharer_of(x, visit, random), carer = CR_NONE;
    if (sharer != CR_NONE)
        carer = m->shifts[rota_round_of(x, m->p->visits[sharer].slots.first)].carer;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t r = draw_round(x, slots.first + i, carer, random);
        bool comes_along = carer != CR_NONE && (m->shifts[r].carer != carer || rng_chance(random, PARTNER_CHANCE));
        if (comes_along) {
            r = draw_round(x, slots.first + i, CR_NONE, random);
            ruin_take_out(x, price, sharer);
            make_way(ru, x, price, sharer, m->shifts[r].carer, random);
        }
        carer = CR_NONE; /* one carer in common is enough */
        int32_t slot = ru->is_ruined[r] ? CR_NONE : slot_in_the_way(ru, x, r, &m->starts[visit], random);
        int32_t n = rota_n_visits_in(x, r), most = n < EJECTED_MOST ? n : EJECTED_MOST;
        if (slot != CR_NONE)
            ruin_round(ru, x, price, r, slot, 1 + rng_below(random, most), random);
    }
}

static void ruin_whole_round(ruiner *ru, rota *x, pricer *price, const districts *where, rng *random)
{
    int32_t visit = districts_draw(where, random), slot;
    int32_t r = fresh_round(ru, x, visit, &slot);
    if (r != CR_NONE)
        ruin_round(ru, x, price, r, slot, rota_n_visits_in(x, r), random);
}

static void ruin_everything(ruiner *ru, rota *x, pricer *price)
{
    for (int32_t v = 0; v < ru->m->n_visits; v++)
        if (rota_is_served(x, v))
            ruin_take_out(x, price, v);
}

int32_t ruin(ruiner *ru, rota *x, pricer *price, const districts *where, double eject_chance, rng *random)
{
    int32_t wanted = CR_NONE;
    if (ru->m->n_visits == 0)
        return wanted;
    if (x->n_bank > 0 && rng_chance(random, eject_chance))
        wanted = draw_from_bank(x, random);
    if (wanted != CR_NONE)
        ruin_for_bank(ru, x, price, wanted, random);
    else if (rng_chance(random, ru->all_chance))
        ruin_everything(ru, x, price);
    else if (rng_chance(random, WHOLE_CHANCE))
        ruin_whole_round(ru, x, price, where, random);
    else
        ruin_strings(ru, x, price, where, random);
    while (ru->n_ruined > 0)
        ru->is_ruined[ru->ruined[--ru->n_ruined]] = false;
    return wanted;
}
