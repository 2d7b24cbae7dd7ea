/* Carers: provider, home, training and the day's work, dealt by count so that every seed staffs the day alike. */
#include "names.h"
#include "service.h"
#include "sheet.h"

#include <stdio.h>
#include <stdlib.h>

#define WALK_M 1500 /* a walker's round, around her home */

const char *const gen_skill_names[GEN_SKILLS] = {"medication", "hoist", "dementia",   "catheter",
                                                 "stoma",      "peg",   "end_of_life"};
const char *const gen_attribute_names[GEN_ATTRIBUTES] = {"female", "male",   "dogs", "cats",
                                                         "smoke",  "polish", "urdu", "bsl"};

/* A deck of n cards in which each kind comes by its weight, shuffled. */
static int32_t *deck_by_weight(gen_rng *rng, const int32_t *weights, int32_t n_kinds, int32_t n)
{
    int32_t *shares = gen_room((size_t)n_kinds, sizeof *shares);
    int32_t *deck = gen_room((size_t)n, sizeof *deck);
    gen_shares(weights, n_kinds, n, shares);
    int32_t k = 0;
    for (int32_t kind = 0; kind < n_kinds; kind++)
        for (int32_t i = 0; i < shares[kind]; i++)
            deck[k++] = kind;
    gen_rng_shuffle(rng, deck, n);
    free(shares);
    return deck;
}

/* Percent of carers at level 1 or more, and at level 2. Nearly all have what every new carer is taught. */
static const int32_t trained[GEN_SKILLS][2] = {
    [GEN_MEDICATION] = {95, 66}, [GEN_HOIST] = {92, 60}, [GEN_DEMENTIA] = {78, 34},  [GEN_CATHETER] = {40, 0},
    [GEN_STOMA] = {28, 0},       [GEN_PEG] = {14, 0},    [GEN_END_OF_LIFE] = {22, 0}};

static void train(gen_rng *rng, gen_carer *carer)
{
    for (int32_t s = 0; s < GEN_SKILLS; s++) {
        int32_t draw = gen_rng_below(rng, 100);
        carer->skills.of[s] = draw < trained[s][1] ? 2 : draw < trained[s][0] ? 1 : 0;
    }
}

static bool draw_attributes(gen_rng *rng, gen_carer *carer)
{
    static const int32_t percent[GEN_ATTRIBUTES] = {
        [GEN_DOGS] = 78, [GEN_CATS] = 88, [GEN_SMOKE] = 66, [GEN_POLISH] = 9, [GEN_URDU] = 7, [GEN_BSL] = 7};
    bool is_woman = gen_rng_percent(rng, 84);
    carer->attributes = 1u << (is_woman ? GEN_FEMALE : GEN_MALE);
    for (int32_t a = GEN_DOGS; a < GEN_ATTRIBUTES; a++)
        if (gen_rng_percent(rng, percent[a]))
            carer->attributes |= 1u << a;
    return is_woman;
}

static void add_shifts(gen_service *service, gen_rng *rng, int32_t c, const gen_pattern *pattern)
{
    gen_carer *carer = &service->carers[c];
    /* Not everybody starts at the same minute: a quarter earlier or later, the same all day. */
    int32_t later = gen_rng_between(rng, -1, 1) * 15;
    carer->first_shift = service->n_shifts;
    carer->n_shifts = pattern->n_shifts;
    int32_t on_duty = 0;
    for (int32_t i = 0; i < pattern->n_shifts; i++) {
        gen_shift *shift = &service->shifts[service->n_shifts++];
        *shift = pattern->shift[i];
        shift->carer = c;
        shift->start += later;
        shift->end += later;
        on_duty += shift->end - shift->start;
    }
    /* On a split day she has asked for half an hour less than she is there. */
    carer->max_work = pattern->n_shifts > 1 ? on_duty - 30 : GEN_NONE;
}

static int32_t clients_within(const gen_service *service, const gen_place *place, int32_t radius_m)
{
    int32_t n = 0;
    for (int32_t c = 0; c < service->n_clients; c++)
        n += gen_distance_m(place, &service->clients[c].place) <= radius_m;
    return n;
}

/* A driver lives anywhere in her town; who walks or cycles was hired for the round at her door: of a few homes drawn,
 * the one with the most clients around. */
static gen_place find_home(const gen_service *service, gen_rng *rng, int32_t town, int32_t mode)
{
    gen_place home = *gen_places_pick(service->places, rng, town);
    int32_t most = clients_within(service, &home, WALK_M);
    for (int32_t tries = 0; mode != GEN_CAR && tries < 12; tries++) {
        const gen_place *other = gen_places_pick(service->places, rng, town);
        int32_t n = clients_within(service, other, WALK_M);
        if (n > most) {
            most = n;
            home = *other;
        }
    }
    return home;
}

/* A walker is not sent to a dozen doors in one shift. */
static void settle(gen_service *service, gen_rng *rng, gen_carer *carer, int32_t town, int32_t mode)
{
    carer->home = find_home(service, rng, town, mode);
    carer->mode = mode;
    carer->max_visits = mode == GEN_FOOT ? 10 : GEN_NONE;
    carer->starts_at_base = mode == GEN_CAR && gen_rng_percent(rng, 10);
}

static void make_carer(gen_service *service, gen_rng *rng, int32_t c, int32_t provider, int32_t number)
{
    const gen_spec *spec = service->spec;
    gen_carer *carer = &service->carers[c];
    carer->provider = provider;
    snprintf(carer->carer_id, sizeof carer->carer_id, spec->id_format_carer, spec->providers[provider].initial, number);
    bool is_woman = draw_attributes(rng, carer);
    gen_name_person(rng, 131 + c, is_woman, false, carer->name, sizeof carer->name);
    train(rng, carer);
    carer->pay_pence = spec->providers[provider].pay_pence + gen_rng_between(rng, 0, 3) * 25;
    carer->known_days = gen_rng_percent(rng, 6) ? gen_rng_between(rng, 2, 12) : spec->n_history_days;
}

/* Where the people are, the carers are: towns dealt by the weight of their clients, walkers to the larger ones. */
static int32_t *towns_of_carers(const gen_spec *spec, gen_rng *rng, bool only_larger)
{
    int32_t *weights = gen_room((size_t)spec->n_towns, sizeof *weights);
    int32_t largest = 0;
    for (int32_t t = 0; t < spec->n_towns; t++)
        largest = spec->towns[t].weight > largest ? spec->towns[t].weight : largest;
    for (int32_t t = 0; t < spec->n_towns; t++)
        weights[t] = only_larger && spec->towns[t].weight * 2 < largest ? 0 : spec->towns[t].weight;
    int32_t *deck = deck_by_weight(rng, weights, spec->n_towns, spec->n_carers);
    free(weights);
    return deck;
}

void gen_make_carers(gen_service *service)
{
    const gen_spec *spec = service->spec;
    gen_rng rng = gen_rng_stream(service->seed, "carers");
    int32_t n = spec->n_carers;
    service->n_carers = n;
    service->carers = gen_room((size_t)n, sizeof *service->carers);
    service->shifts = gen_room((size_t)n * 2, sizeof *service->shifts);

    int32_t *weights = gen_room((size_t)(spec->n_patterns + spec->n_providers), sizeof *weights);
    for (int32_t p = 0; p < spec->n_patterns; p++)
        weights[p] = spec->patterns[p].weight;
    int32_t *patterns = deck_by_weight(&rng, weights, spec->n_patterns, n);
    int32_t *modes = deck_by_weight(&rng, spec->mode_weights, GEN_MODES, n);
    int32_t *towns = towns_of_carers(spec, &rng, false);
    int32_t *larger_towns = towns_of_carers(spec, &rng, true);
    for (int32_t p = 0; p < spec->n_providers; p++)
        weights[p] = spec->providers[p].weight;
    int32_t *shares = gen_room((size_t)spec->n_providers, sizeof *shares);
    gen_shares(weights, spec->n_providers, n, shares);

    int32_t c = 0;
    for (int32_t p = 0; p < spec->n_providers; p++) {
        for (int32_t i = 0; i < shares[p]; i++, c++) {
            make_carer(service, &rng, c, p, i + 1);
            settle(service, &rng, &service->carers[c], modes[c] == GEN_CAR ? towns[c] : larger_towns[c], modes[c]);
            add_shifts(service, &rng, c, &spec->patterns[patterns[c]]);
        }
    }
    free(weights);
    free(patterns);
    free(modes);
    free(towns);
    free(larger_towns);
    free(shares);
}
