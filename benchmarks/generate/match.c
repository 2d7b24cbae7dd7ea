/* Clients and carers fitted to each other, as years of working together would have done.
 *
 * A service trains its people for the clients it has, so nobody here needs what only one carer could give; regular
 * carers live near and know the work; wishes and locks name carers who can keep them. What still cannot be planned is
 * then a matter of time, as in life.
 */
#include "service.h"
#include "sheet.h"

#include <stdlib.h>
#include <string.h>

#define ENOUGH_CARERS 4  /* who could come to a visit; fewer, and one sick call leaves nobody */
#define LATE_LEAVE    10 /* minutes kept at both ends of a shift for the way */
#define AT_DOOR       2  /* minutes from the car, or the bicycle, to the client */

int32_t gen_home_to_client_m(const gen_service *service, int32_t carer, int32_t client)
{
    return gen_distance_m(&service->carers[carer].home, &service->clients[client].place);
}

bool gen_carer_is_on_duty(const gen_service *service, int32_t carer, int32_t visit)
{
    const gen_visit *v = &service->visits[visit];
    const gen_carer *c = &service->carers[carer];
    int32_t slack = v->tolerance >= 0 ? v->tolerance : 30;
    for (int32_t s = c->first_shift; s < c->first_shift + c->n_shifts; s++) {
        const gen_shift *shift = &service->shifts[s];
        if (shift->start + LATE_LEAVE <= v->preferred + slack &&
            v->preferred - slack + v->duration + LATE_LEAVE <= shift->end)
            return true;
    }
    return false;
}

static bool has_skills(const gen_levels *has, const gen_levels *needs)
{
    for (int32_t s = 0; s < GEN_SKILLS; s++)
        if (has->of[s] < needs->of[s])
            return false;
    return true;
}

bool gen_carer_fits(const gen_service *service, int32_t carer, int32_t visit, int32_t k)
{
    const gen_visit *v = &service->visits[visit];
    const gen_carer *c = &service->carers[carer];
    const gen_client *client = &service->clients[v->client];
    if (client->forbidden[0] == carer || client->forbidden[1] == carer)
        return false;
    return has_skills(&c->skills, &v->skills[k]) && (c->attributes & v->attributes) == v->attributes &&
           gen_carer_is_on_duty(service, carer, visit);
}

/* How far a carer goes from home as a rule. */
static bool is_in_reach(const gen_service *service, int32_t carer, int32_t client)
{
    static const int32_t reach_m[GEN_MODES] = {[GEN_CAR] = 12000, [GEN_BICYCLE] = 5000, [GEN_FOOT] = 2200};
    return gen_home_to_client_m(service, carer, client) <= reach_m[service->carers[carer].mode];
}

static int32_t count_fitting(const gen_service *service, int32_t visit, int32_t k)
{
    int32_t n = 0;
    for (int32_t c = 0; c < service->n_carers; c++)
        n += gen_carer_fits(service, c, visit, k) && is_in_reach(service, c, service->visits[visit].client);
    return n;
}

static int32_t count_with_attributes(const gen_service *service, int32_t visit)
{
    const gen_visit *v = &service->visits[visit];
    int32_t n = 0;
    for (int32_t c = 0; c < service->n_carers; c++)
        n += (service->carers[c].attributes & v->attributes) == v->attributes &&
             gen_carer_is_on_duty(service, c, visit) && is_in_reach(service, c, v->client);
    return n;
}

/* Nobody can be trained to be a woman or to speak Urdu: where too few on duty have all attributes asked for, the last
 * of gen_attribute goes first, languages before pets, pets before woman or man. */
static void drop_rare_attributes(gen_service *service)
{
    for (int32_t v = 0; v < service->n_visits; v++) {
        gen_visit *visit = &service->visits[v];
        for (int32_t a = GEN_ATTRIBUTES - 1; visit->attributes && count_with_attributes(service, v) < ENOUGH_CARERS;
             a--)
            visit->attributes &= ~(1u << a);
    }
}

/* The nearest carer on duty who lacks only training; GEN_NONE when all have it. */
static int32_t nearest_to_train(const gen_service *service, int32_t visit, int32_t k)
{
    const gen_visit *v = &service->visits[visit];
    int32_t best = GEN_NONE, best_m = 0;
    for (int32_t c = 0; c < service->n_carers; c++) {
        const gen_carer *carer = &service->carers[c];
        if (!is_in_reach(service, c, v->client) || !gen_carer_is_on_duty(service, c, visit) ||
            (carer->attributes & v->attributes) != v->attributes || has_skills(&carer->skills, &v->skills[k]))
            continue;
        int32_t distance_m = gen_home_to_client_m(service, c, v->client);
        if (best == GEN_NONE || distance_m < best_m) {
            best = c;
            best_m = distance_m;
        }
    }
    return best;
}

static void train_where_short(gen_service *service)
{
    for (int32_t v = 0; v < service->n_visits; v++) {
        for (int32_t k = 0; k < service->visits[v].carers; k++) {
            while (count_fitting(service, v, k) < ENOUGH_CARERS) {
                int32_t c = nearest_to_train(service, v, k);
                if (c == GEN_NONE)
                    break;
                gen_levels *has = &service->carers[c].skills;
                for (int32_t s = 0; s < GEN_SKILLS; s++)
                    if (has->of[s] < service->visits[v].skills[k].of[s])
                        has->of[s] = service->visits[v].skills[k].of[s];
            }
        }
    }
}

/* ---- regular carers ---- */

static bool is_of_day(const gen_visit *visit)
{
    return visit->band == GEN_MORNING || visit->band == GEN_LUNCH;
}

/* Can she do at least one visit of the client's day (or evening)? */
static bool fits_half(const gen_service *service, int32_t carer, int32_t client, int32_t first_visit, bool day)
{
    for (int32_t v = first_visit; v < service->n_visits && service->visits[v].client == client; v++)
        for (int32_t k = 0; k < service->visits[v].carers; k++)
            if (is_of_day(&service->visits[v]) == day && gen_carer_fits(service, carer, v, k))
                return true;
    return false;
}

/* Near, not yet regular to many others, and a little luck. Lower is better. */
static int32_t regular_score(const gen_service *service, gen_rng *rng, const int32_t *load, int32_t carer,
                             int32_t client)
{
    return gen_home_to_client_m(service, carer, client) + 350 * load[carer] + gen_rng_below(rng, 1200);
}

static void choose_regulars(const gen_service *service, gen_rng *rng, int32_t *load, int32_t client,
                            int32_t first_visit, bool day, int32_t n_wanted, int32_t *ret_regulars)
{
    int32_t scores[GEN_REGULARS];
    int32_t n = 0;
    for (int32_t c = 0; c < service->n_carers; c++) {
        if (!is_in_reach(service, c, client) || !fits_half(service, c, client, first_visit, day))
            continue;
        int32_t score = regular_score(service, rng, load, c, client);
        int32_t at = n;
        while (at > 0 && scores[at - 1] > score)
            at--;
        if (at >= n_wanted)
            continue;
        int32_t n_moved = (n < n_wanted ? n : n_wanted - 1) - at;
        memmove(&scores[at + 1], &scores[at], (size_t)n_moved * sizeof *scores);
        memmove(&ret_regulars[at + 1], &ret_regulars[at], (size_t)n_moved * sizeof *ret_regulars);
        scores[at] = score;
        ret_regulars[at] = c;
        n += n < n_wanted;
    }
    for (int32_t i = 0; i < n; i++)
        load[ret_regulars[i]]++;
}

static void find_regulars(gen_service *service, gen_rng *rng)
{
    int32_t *load = gen_room((size_t)service->n_carers, sizeof *load);
    int32_t v = 0;
    for (int32_t c = 0; c < service->n_clients; c++) {
        gen_client *client = &service->clients[c];
        for (int32_t i = 0; i < GEN_REGULARS; i++)
            client->day_regulars[i] = client->evening_regulars[i] = GEN_NONE;
        int32_t n_wanted = service->visits[v].carers == 2 ? 5 : client->has_dementia ? 2 : 4;
        choose_regulars(service, rng, load, c, v, true, n_wanted, client->day_regulars);
        choose_regulars(service, rng, load, c, v, false, n_wanted, client->evening_regulars);
        while (v < service->n_visits && service->visits[v].client == c)
            v++;
    }
    free(load);
}

static bool is_regular(const gen_client *client, int32_t carer)
{
    for (int32_t i = 0; i < GEN_REGULARS; i++)
        if (client->day_regulars[i] == carer || client->evening_regulars[i] == carer)
            return true;
    return false;
}

/* ---- wishes ---- */

/* A carer from nearby who is not one of her regulars; GEN_NONE when luck finds none. */
static int32_t someone_unwanted(const gen_service *service, gen_rng *rng, int32_t client)
{
    for (int32_t tries = 0; tries < 100; tries++) {
        int32_t carer = gen_rng_below(rng, service->n_carers);
        if (!is_regular(&service->clients[client], carer) && is_in_reach(service, carer, client))
            return carer;
    }
    return GEN_NONE;
}

/* One client in sixteen does not want a certain carer; one in eight has named whom she likes best. */
static void make_wishes(gen_service *service, gen_rng *rng)
{
    int32_t *deck = gen_room((size_t)service->n_clients, sizeof *deck);
    for (int32_t c = 0; c < service->n_clients; c++)
        deck[c] = c;
    gen_rng_shuffle(rng, deck, service->n_clients);
    for (int32_t i = 0; i < service->n_clients / 16; i++)
        service->clients[deck[i]].forbidden[0] = someone_unwanted(service, rng, deck[i]);
    gen_rng_shuffle(rng, deck, service->n_clients);
    for (int32_t i = 0; i < service->n_clients / 8; i++) {
        gen_client *client = &service->clients[deck[i]];
        client->preferred[0] = client->day_regulars[0];
        client->preferred[1] = client->evening_regulars[0];
        client->preferred[2] = client->day_regulars[1];
    }
    free(deck);
}

/* ---- same carer, locks ---- */

/* A client with dementia who gets lost between faces: who comes for the morning comes for lunch. */
static void ask_for_same_carer(gen_service *service)
{
    int32_t n_left = service->spec->n_same_carer;
    for (int32_t v = 1; v < service->n_visits && n_left > 0; v++) {
        gen_visit *visit = &service->visits[v];
        const gen_visit *before = visit - 1;
        if (visit->client != before->client || !service->clients[visit->client].has_dementia || visit->carers != 1 ||
            before->carers != 1 || before->band != GEN_MORNING || visit->band != GEN_LUNCH || visit->gap_after >= 0)
            continue;
        int32_t n = 0;
        for (int32_t c = 0; c < service->n_carers; c++)
            n += is_in_reach(service, c, visit->client) && gen_carer_fits(service, c, v, 0) &&
                 gen_carer_fits(service, c, v - 1, 0);
        if (n < ENOUGH_CARERS)
            continue;
        visit->same_carer_as = v - 1;
        visit->notes = "Same face as in the morning, or the plate stays full";
        n_left--;
    }
}

/* Between a carer's home and a client, as the crow flies, at a slow pace. */
static int32_t way_min(const gen_service *service, int32_t carer, int32_t client)
{
    static const int32_t pace_m[GEN_MODES] = {[GEN_CAR] = 300, [GEN_BICYCLE] = 180, [GEN_FOOT] = 60}; /* a minute */
    int32_t pace = pace_m[service->carers[carer].mode];
    return (gen_home_to_client_m(service, carer, client) + pace - 1) / pace;
}

/* Can she begin at one of these minutes, and be home when her shift ends? */
static bool can_begin(const gen_service *service, int32_t carer, int32_t visit, int32_t first, int32_t last)
{
    const gen_visit *v = &service->visits[visit];
    const gen_carer *c = &service->carers[carer];
    const int32_t way = way_min(service, carer, v->client);
    for (int32_t s = c->first_shift; s < c->first_shift + c->n_shifts; s++) {
        const gen_shift *shift = &service->shifts[s];
        int32_t soonest = shift->start + way + AT_DOOR;
        soonest = soonest > first ? soonest : first;
        if (soonest <= last && soonest + v->duration + way <= shift->end)
            return true;
    }
    return false;
}

/* Locks go in turn to the carer, to the time, and to both, where she can come then; each carer gets one at most. */
static void lock_visit(gen_service *service, int32_t v, int32_t kind, bool *is_locked)
{
    gen_visit *visit = &service->visits[v];
    const gen_client *client = &service->clients[visit->client];
    int32_t carer = is_of_day(visit) ? client->day_regulars[0] : client->evening_regulars[0];
    const int32_t slack = visit->tolerance >= 0 ? visit->tolerance : 0;
    bool wants_carer = kind != 1, wants_time = kind != 0;
    if (wants_carer && (carer == GEN_NONE || is_locked[carer] || !gen_carer_fits(service, carer, v, 0)))
        return;
    if (wants_carer && !can_begin(service, carer, v, visit->preferred, visit->preferred)) {
        wants_time = false;
        if (!can_begin(service, carer, v, visit->preferred - slack, visit->preferred + slack))
            return;
    }
    if (wants_carer) {
        visit->lock_carer = carer;
        is_locked[carer] = true;
        visit->notes = "The family has been told who comes";
    }
    if (wants_time) {
        visit->lock_time = visit->preferred;
        visit->notes = "District nurse comes at the same time";
    }
}

static bool is_plain(const gen_visit *visit)
{
    return visit->carers == 1 && !visit->is_time_critical && visit->gap_after < 0 && visit->same_carer_as < 0 &&
           visit->open[0] < 0 && visit->lock_carer < 0 && visit->lock_time < 0;
}

static void make_locks(gen_service *service, gen_rng *rng)
{
    bool *is_locked = gen_room((size_t)service->n_carers, sizeof *is_locked);
    for (int32_t n = 0, tries = 0; n < service->spec->n_locks && tries < 1000 * service->spec->n_locks; tries++) {
        int32_t v = gen_rng_below(rng, service->n_visits);
        gen_visit *visit = &service->visits[v];
        if (!is_plain(visit))
            continue;
        lock_visit(service, v, n % 3, is_locked);
        n += visit->lock_carer >= 0 || visit->lock_time >= 0;
    }
    free(is_locked);
}

void gen_make_matches(gen_service *service)
{
    gen_rng rng = gen_rng_stream(service->seed, "matches");
    for (int32_t c = 0; c < service->n_clients; c++) {
        gen_client *client = &service->clients[c];
        client->forbidden[0] = client->forbidden[1] = GEN_NONE;
        client->preferred[0] = client->preferred[1] = client->preferred[2] = GEN_NONE;
    }
    drop_rare_attributes(service);
    train_where_short(service);
    find_regulars(service, &rng);
    make_wishes(service, &rng);
    ask_for_same_carer(service);
    make_locks(service, &rng);
}
