/* A day's problem while it is built from its records, and the parts of the work. */
#ifndef API_BUILDING_H
#define API_BUILDING_H

#include "reading.h"

#include <math.h>

/* Which record became which index; CR_NONE for those left out. */
typedef struct building {
    day_reading *r;
    cr_day *day;
    cr_problem *problem;
    int32_t *visit_at, *client_at;
    int32_t *address_at;            /* of the day's clients: the first who lives at the same address */
    int32_t mode_at[CR_MODES_MAX];  /* of the settings' modes */
    int32_t own_mode[CR_MODES_MAX]; /* of the problem's: which of the settings it is */
    int32_t n_pairs_missing;        /* of places, in a ready matrix */
    int32_t n_unpaid_legs;          /* of it, without metres where miles are counted */
} building;

static inline int64_t pence_per_hour(double pence)
{
    return llround(pence * ((double)CR_COST_PENNY / 3600)); /* a tick is a second */
}

static inline int64_t pence_per_minute(double pence)
{
    return llround(pence * ((double)CR_COST_PENNY / 60));
}

/* A metre. */
static inline int64_t pence_per_mile(double pence)
{
    return llround(pence * (double)CR_COST_PENNY / 1609.344);
}

static inline int64_t pence_each(double pence)
{
    return llround(pence * (double)CR_COST_PENNY);
}

/* What somebody has accepted is in the rule; the checker is told what it was. */
static inline cr_status concede(building *b, cr_conceded rule, int32_t item, int32_t was)
{
    return cr_problem_add_concession(b->problem, &(cr_concession){rule, item, was});
}

/* Modes that a shift uses are numbered in the settings' order, then get their matrices (build_travel.c). CR_E_NOMEM,
 * CR_E_INPUT (in the findings). Each speed factor of a carer makes a mode more. */
cr_status building_number_modes(building *b);
int32_t building_mode_of(const building *b, const shift_record *shift);
cr_status building_make_matrices(building *b);

/* Clock times to ticks (build_clock.c); what the clock leaves in doubt is a warning. Copies, the caller's. */
shift_record building_ticking_shift(building *b, const shift_record *from);
visit_record building_ticking_visit(building *b, int32_t v);

/* Providers, carers and shifts as they are in the records (build_carers.c). CR_E_NOMEM. */
cr_status building_add_providers(building *b);
cr_status building_add_carers(building *b);
cr_status building_add_shifts(building *b);

/* Time held back of whoever suits (build_held_back.c): visits and clients behind all others. CR_E_NOMEM. */
cr_status building_add_held_back(building *b);

#endif
