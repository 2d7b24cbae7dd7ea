/* Clients and the visits they are owed.
 *
 * Each client is dealt a package (which bands of the day), then the conditions that shape her visits: a hoist and so
 * two carers, dementia, insulin, a catheter ... Conditions are dealt by count, not by chance, so that every seed gives
 * a day of the promised size.
 */
#include "names.h"
#include "service.h"
#include "sheet.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const gen_band_names[GEN_BANDS] = {"morning", "lunch", "tea", "bed"};

#define AGREED_MIN 45  /* as agreed with the client: the visit starts so near the preferred time */
#define APART_MIN  150 /* between the preferred times of two visits, so that tea never runs into bed */

/* What a client was dealt; forgotten once her visits are made. */
typedef struct dealt {
    uint32_t bands; /* bit per gen_band */
    bool double_all, double_ends, insulin, catheter, stoma, peg, end_of_life, regular_medicine;
    int32_t medicine; /* level of help with it; 0 none */
    uint32_t attributes;
} dealt;

static const char *const band_letters = "MLTB";

#define ALL_BANDS ((1u << GEN_BANDS) - 1)

static bool has_band(const dealt *d, gen_band band)
{
    return d->bands >> band & 1;
}

/* A deck with each index once, shuffled. */
static int32_t *shuffled(gen_rng *rng, int32_t n)
{
    int32_t *deck = gen_room((size_t)n, sizeof *deck);
    for (int32_t i = 0; i < n; i++)
        deck[i] = i;
    gen_rng_shuffle(rng, deck, n);
    return deck;
}

static void deal_packages(const gen_spec *spec, gen_rng *rng, dealt *all, int32_t n)
{
    int32_t *deck = shuffled(rng, n);
    int32_t k = 0;
    for (int32_t p = 0; p < spec->n_packages; p++)
        for (int32_t i = 0; i < spec->packages[p].n_clients; i++)
            all[deck[k++]].bands = spec->packages[p].bands;
    assert(k == n);
    free(deck);
}

/* Who may be dealt a condition, by what she has already. */
static bool may_have_two_carers(const dealt *d)
{
    return d->bands == ALL_BANDS && !d->double_all && !d->double_ends;
}
static bool may_have_insulin(const dealt *d)
{
    return has_band(d, GEN_MORNING) && has_band(d, GEN_TEA) && !d->double_all && !d->insulin;
}
static bool may_have_peg(const dealt *d)
{
    return d->bands == ALL_BANDS && !d->double_all && !d->double_ends && !d->insulin && !d->peg;
}
static bool may_have_catheter(const dealt *d)
{
    return has_band(d, GEN_MORNING) && has_band(d, GEN_BED) && !d->peg && !d->catheter;
}
static bool may_have_stoma(const dealt *d)
{
    return has_band(d, GEN_MORNING) && !d->catheter && !d->peg && !d->stoma;
}
static bool may_be_dying(const dealt *d)
{
    return d->bands == ALL_BANDS && !d->insulin && !d->peg && !d->end_of_life;
}

/* Give a condition (a bool inside dealt) to n clients who may have it. */
static void deal(gen_rng *rng, dealt *all, int32_t n_clients, int32_t n, size_t condition,
                 bool (*may_have)(const dealt *))
{
    int32_t *deck = shuffled(rng, n_clients);
    for (int32_t i = 0; i < n_clients && n > 0; i++) {
        dealt *d = &all[deck[i]];
        if (!may_have(d))
            continue;
        *(bool *)((char *)d + condition) = true;
        n--;
    }
    assert(n == 0);
    free(deck);
}

static void deal_medicine(gen_rng *rng, dealt *d)
{
    static const int32_t weights[] = {38, 34, 28}; /* none, prompt, give */
    d->medicine = gen_rng_weighted(rng, weights, 3);
    if (d->insulin || d->peg || d->end_of_life)
        d->medicine = 2;
    d->regular_medicine =
        d->medicine == 2 && d->bands == ALL_BANDS && !d->insulin && !d->peg && gen_rng_percent(rng, 45);
}

static void deal_attributes(gen_rng *rng, bool is_woman, dealt *d)
{
    if (gen_rng_percent(rng, is_woman ? 24 : 2))
        d->attributes |= 1u << GEN_FEMALE;
    else if (!is_woman && gen_rng_percent(rng, 6))
        d->attributes |= 1u << GEN_MALE;
    if (gen_rng_percent(rng, 9))
        d->attributes |= 1u << GEN_DOGS;
    if (gen_rng_percent(rng, 7))
        d->attributes |= 1u << GEN_CATS;
    if (gen_rng_percent(rng, 6))
        d->attributes |= 1u << GEN_SMOKE;
    if (gen_rng_percent(rng, 5))
        d->attributes |= 1u << gen_rng_between(rng, GEN_POLISH, GEN_BSL);
}

static void deal_all(const gen_spec *spec, gen_rng *rng, dealt *all, int32_t n)
{
    deal_packages(spec, rng, all, n);
    deal(rng, all, n, spec->n_double_all, offsetof(dealt, double_all), may_have_two_carers);
    deal(rng, all, n, spec->n_double_ends, offsetof(dealt, double_ends), may_have_two_carers);
    deal(rng, all, n, spec->n_insulin, offsetof(dealt, insulin), may_have_insulin);
    deal(rng, all, n, spec->n_peg, offsetof(dealt, peg), may_have_peg);
    deal(rng, all, n, spec->n_catheter, offsetof(dealt, catheter), may_have_catheter);
    deal(rng, all, n, spec->n_stoma, offsetof(dealt, stoma), may_have_stoma);
    deal(rng, all, n, spec->n_end_of_life, offsetof(dealt, end_of_life), may_be_dying);
    for (int32_t c = 0; c < n; c++)
        deal_medicine(rng, &all[c]);
}

/* ---- visits ---- */

static int32_t quarter(int32_t minutes)
{
    return (minutes + 7) / 15 * 15;
}

static int32_t between(int32_t x, int32_t low, int32_t high)
{
    return x < low ? low : x > high ? high : x;
}

/* When she would like it: the service spreads what it agrees over the band, for not everybody can be first; by her own
 * leaning, to the quarter hour, and well after the visit before (GEN_NONE for the first). */
static int32_t usual_time(gen_rng *rng, gen_band band, int32_t leaning_min, int32_t before)
{
    static const struct {
        int32_t first, last;
    } usual[GEN_BANDS] = {
        {7 * 60 + 15, 10 * 60 + 15}, {11 * 60 + 45, 13 * 60 + 45}, {16 * 60, 18 * 60}, {19 * 60, 21 * 60 + 15}};
    int32_t first = usual[band].first, last = usual[band].last;
    if (before != GEN_NONE && before + APART_MIN > first)
        first = before + APART_MIN;
    assert(first <= last);
    return between(quarter(gen_rng_between(rng, first, last) + leaning_min), first, last);
}

/* Mornings (wash and dress) run longer, prompts shorter. */
static int32_t usual_duration(const gen_spec *spec, gen_rng *rng, gen_band band, const dealt *d)
{
    static const int32_t lengths[] = {15, 30, 45, 60};
    if (d->double_all || (d->double_ends && (band == GEN_MORNING || band == GEN_BED)))
        return band == GEN_MORNING ? 45 : 30;
    if (d->medicine == 1 && band != GEN_MORNING && gen_rng_percent(rng, spec->short_visit_percent))
        return 15;
    return lengths[gen_rng_weighted(rng, spec->lengths[band], 4)];
}

static int32_t usual_priority(const dealt *d, const gen_visit *visit)
{
    if (d->end_of_life || (d->insulin && visit->is_time_critical))
        return 1;
    if (visit->is_time_critical || visit->carers == 2)
        return 2;
    if (visit->band == GEN_MORNING || visit->band == GEN_BED)
        return 3;
    return visit->duration >= 45 && d->medicine == 0 ? 5 : 4;
}

static void need_skill(gen_visit *visit, gen_skill skill, int32_t level)
{
    for (int32_t k = 0; k < visit->carers; k++)
        if (visit->skills[k].of[skill] < level)
            visit->skills[k].of[skill] = (uint8_t)level;
}

static void need_hoist(gen_visit *visit)
{
    visit->carers = 2;
    visit->skills[0].of[GEN_HOIST] = 2;
    visit->skills[1].of[GEN_HOIST] = 1;
}

/* One of the two is enough for tablets and tubes. */
static void need_skill_of_first(gen_visit *visit, gen_skill skill, int32_t level)
{
    visit->skills[0].of[skill] = (uint8_t)level;
}

static void add_skills(const gen_client *client, const dealt *d, gen_rng *rng, gen_visit *visit)
{
    bool at_ends = visit->band == GEN_MORNING || visit->band == GEN_BED;
    if (d->double_all || (d->double_ends && at_ends))
        need_hoist(visit);
    if (client->has_dementia)
        need_skill(visit, GEN_DEMENTIA, d->medicine == 2 && visit->carers == 1 ? 2 : 1);
    if (d->medicine && (at_ends || d->regular_medicine || d->insulin))
        need_skill_of_first(visit, GEN_MEDICATION, d->medicine);
    else if (d->medicine && gen_rng_percent(rng, 40))
        need_skill_of_first(visit, GEN_MEDICATION, 1);
    if (d->catheter && at_ends)
        need_skill_of_first(visit, GEN_CATHETER, 1);
    if (d->stoma && visit->band == GEN_MORNING)
        need_skill_of_first(visit, GEN_STOMA, 1);
    if (d->peg)
        need_skill_of_first(visit, GEN_PEG, 1);
    if (d->end_of_life)
        need_skill(visit, GEN_END_OF_LIFE, 1);
}

static void set_time_critical(gen_visit *visit, int32_t preferred, int32_t tolerance, const char *notes)
{
    visit->preferred = preferred;
    visit->tolerance = tolerance;
    visit->is_time_critical = true;
    visit->notes = notes;
}

/* Insulin before breakfast and before tea; the tea dose waits for the morning's. */
static void time_insulin(gen_visit *visit, int32_t morning)
{
    if (visit->band == GEN_MORNING)
        set_time_critical(visit, 7 * 60 + 45, 15, "Insulin before breakfast");
    if (visit->band != GEN_TEA)
        return;
    set_time_critical(visit, 16 * 60 + 45, 30, "Insulin before tea, at least 8 h after the morning dose");
    visit->gap_after = morning;
    visit->gap_min = 8 * 60;
}

/* Paracetamol and the like, four times a day, never two within four hours. */
static void time_regular_medicine(gen_visit *visit, int32_t before)
{
    static const int32_t hours[GEN_BANDS] = {8 * 60, 12 * 60 + 15, 16 * 60 + 30, 20 * 60 + 45};
    set_time_critical(visit, hours[visit->band], 30, "Medication with at least 4 h between doses");
    if (visit->band == GEN_MORNING)
        return;
    visit->gap_after = before;
    visit->gap_min = 4 * 60;
}

/* The feed is set up in the morning and taken down one to two hours later: the "lunch" visit comes early. */
static void time_peg(gen_visit *visit, int32_t before)
{
    if (visit->band == GEN_MORNING)
        set_time_critical(visit, 8 * 60, 30, "Set up the PEG feed");
    if (visit->band != GEN_LUNCH)
        return;
    set_time_critical(visit, 9 * 60 + 45, 30, "Take the PEG feed down, 60 to 120 min after it was set up");
    visit->band = GEN_MORNING;
    visit->duration = 15;
    visit->gap_after = before;
    visit->gap_min = 60;
    visit->gap_max = 120;
    visit->gap_from_end = true;
}

static void add_times(gen_rng *rng, const gen_client *client, const dealt *d, gen_visit *visit, int32_t index,
                      int32_t first_of_client)
{
    visit->preferred =
        usual_time(rng, visit->band, client->leaning_min, index > first_of_client ? visit[-1].preferred : GEN_NONE);
    visit->tolerance = AGREED_MIN;
    if (d->insulin)
        time_insulin(visit, first_of_client);
    else if (d->peg)
        time_peg(visit, index - 1);
    else if (d->regular_medicine)
        time_regular_medicine(visit, index - 1);
    else if (d->medicine == 2 && visit->skills[0].of[GEN_MEDICATION] == 2 && gen_rng_percent(rng, 50))
        set_time_critical(visit, visit->preferred, 30, "Time-critical medication");
    else if (visit->band == GEN_MORNING && gen_rng_percent(rng, 4)) {
        /* Off to the day centre: before the bus, or on a later start. */
        visit->open[0] = 7 * 60;
        visit->close[0] = 8 * 60;
        visit->open[1] = 9 * 60 + 15;
        visit->close[1] = 10 * 60 + 30;
        visit->preferred = 7 * 60 + 30;
        visit->tolerance = GEN_NONE;
        visit->notes = "Day centre bus at 08:45: ready before it, or come after the driver has rung";
    }
}

static const char *const errands[] = {"Key safe at the back door",
                                      "",
                                      "",
                                      "",
                                      "Hard of hearing: ring twice",
                                      "",
                                      "",
                                      "",
                                      "Walking frame by the bed",
                                      "",
                                      "",
                                      "Likes the curtains closed first",
                                      ""};

static void add_visit(gen_service *service, gen_rng *rng, int32_t c, const dealt *d, gen_band band, int32_t first)
{
    const gen_client *client = &service->clients[c];
    int32_t index = service->n_visits++;
    gen_visit *visit = &service->visits[index];
    *visit = (gen_visit){.client = c,
                         .band = band,
                         .carers = 1,
                         .attributes = d->attributes,
                         .tolerance = GEN_NONE,
                         .open = {GEN_NONE, GEN_NONE},
                         .close = {GEN_NONE, GEN_NONE},
                         .gap_after = GEN_NONE,
                         .gap_min = GEN_NONE,
                         .gap_max = GEN_NONE,
                         .same_carer_as = GEN_NONE,
                         .lock_carer = GEN_NONE,
                         .lock_time = GEN_NONE,
                         .notes = ""};
    snprintf(visit->visit_id, sizeof visit->visit_id, "%s-%c", client->client_id, band_letters[band]);
    visit->duration = usual_duration(service->spec, rng, band, d);
    add_skills(client, d, rng, visit);
    add_times(rng, client, d, visit, index, first);
    /* Company and meals can be left to anybody; only what is done at the body asks for a woman or a man. */
    if (visit->band == GEN_LUNCH || visit->band == GEN_TEA)
        visit->attributes &= ~(1u << GEN_FEMALE | 1u << GEN_MALE);
    visit->priority = usual_priority(d, visit);
    if (!*visit->notes)
        visit->notes = errands[gen_rng_below(rng, (int32_t)(sizeof errands / sizeof errands[0]))];
}

/* ---- clients ---- */

/* A few sheltered houses have several clients at one address, one postcode. */
typedef struct house {
    gen_place place;
    int32_t street, n_left;
} house;

static void place_client(gen_service *service, gen_rng *rng, int32_t c, int32_t town, house *sheltered)
{
    gen_client *client = &service->clients[c];
    char street[32];
    client->has_coordinates = !*service->places->places[0].postcode;
    if (sheltered->n_left > 0 && sheltered->place.town == town) {
        client->place = sheltered->place;
        gen_name_street(sheltered->street, street, sizeof street);
        snprintf(client->address, sizeof client->address, "Flat %d, Sheltered House, %s, %s", sheltered->n_left--,
                 street, service->spec->towns[town].name);
        return;
    }
    client->place = *gen_places_pick(service->places, rng, town);
    gen_name_street(c, street, sizeof street);
    snprintf(client->address, sizeof client->address, "%d %s, %s", gen_rng_between(rng, 1, 89), street,
             service->spec->towns[town].name);
    /* Some were visited with a phone that noted the position of the door. */
    client->has_coordinates |= gen_rng_percent(rng, 8);
}

static int32_t *towns_of_clients(const gen_service *service, gen_rng *rng)
{
    const gen_spec *spec = service->spec;
    int32_t *weights = gen_room((size_t)spec->n_towns, sizeof *weights);
    int32_t *shares = gen_room((size_t)spec->n_towns, sizeof *shares);
    int32_t *towns = gen_room((size_t)service->n_clients, sizeof *towns);
    for (int32_t t = 0; t < spec->n_towns; t++)
        weights[t] = spec->towns[t].weight;
    gen_shares(weights, spec->n_towns, service->n_clients, shares);
    int32_t n = 0;
    for (int32_t t = 0; t < spec->n_towns; t++)
        for (int32_t i = 0; i < shares[t]; i++)
            towns[n++] = t;
    gen_rng_shuffle(rng, towns, n);
    free(weights);
    free(shares);
    return towns;
}

static void make_client(gen_service *service, gen_rng *rng, int32_t c, dealt *d)
{
    gen_client *client = &service->clients[c];
    snprintf(client->client_id, sizeof client->client_id, service->spec->id_format_client, c + 1);
    bool is_woman = gen_rng_percent(rng, 66);
    gen_name_person(rng, c, is_woman, true, client->name, sizeof client->name);
    deal_attributes(rng, is_woman, d);
    client->lives_alone = gen_rng_percent(rng, d->double_all ? 30 : 58);
    client->leaning_min = gen_rng_between(rng, -1, 1) * 15;
    /* Most packages have run for long; a few began lately, home from hospital. */
    client->known_days = gen_rng_percent(rng, 5) ? gen_rng_between(rng, 0, 6) : service->spec->n_history_days;
}

static void count_ahead(gen_service *service)
{
    const gen_spec *spec = service->spec;
    for (int32_t p = 0; p < spec->n_packages; p++) {
        service->n_clients += spec->packages[p].n_clients;
        service->n_visits += spec->packages[p].n_clients * __builtin_popcount(spec->packages[p].bands);
    }
    service->clients = gen_room((size_t)service->n_clients, sizeof *service->clients);
    service->visits = gen_room((size_t)service->n_visits, sizeof *service->visits);
    service->n_visits = 0;
}

void gen_make_clients(gen_service *service)
{
    const gen_spec *spec = service->spec;
    gen_rng rng = gen_rng_stream(service->seed, "clients");
    count_ahead(service);
    int32_t n = service->n_clients;
    dealt *all = gen_room((size_t)n, sizeof *all);
    deal_all(spec, &rng, all, n);
    int32_t *with_dementia = shuffled(&rng, n);
    for (int32_t i = 0; i < spec->n_dementia; i++)
        service->clients[with_dementia[i]].has_dementia = true;
    int32_t *towns = towns_of_clients(service, &rng);
    house sheltered = {.n_left = 0};
    int32_t n_houses = 0;
    for (int32_t c = 0; c < n; c++) {
        if (sheltered.n_left == 0 && n_houses < spec->n_sheltered)
            sheltered = (house){*gen_places_pick(service->places, &rng, n_houses++ % spec->n_towns), n + c,
                                spec->sheltered_size};
        make_client(service, &rng, c, &all[c]);
        place_client(service, &rng, c, towns[c], &sheltered);
        int32_t first = service->n_visits;
        for (gen_band band = 0; band < GEN_BANDS; band++)
            if (has_band(&all[c], band))
                add_visit(service, &rng, c, &all[c], band, first);
    }
    free(all);
    free(towns);
    free(with_dementia);
}

void gen_service_done(gen_service *service)
{
    free(service->clients);
    free(service->visits);
    free(service->carers);
    free(service->shifts);
    *service = (gen_service){0};
}
