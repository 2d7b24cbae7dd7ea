/* Taking visits out: strings of neighbouring visits from neighbouring rounds (Christiaens and Vanden Berghe 2020,
 * "Slack induction by string removals for vehicle routing problems", Transportation Science 54). */
#ifndef ENGINE_RUIN_H
#define ENGINE_RUIN_H

#include "districts.h"
#include "price.h"
#include "random.h"
#include "rota.h"

typedef struct ruiner ruiner;

cr_status ruiner_new(const model *m, ruiner **ret_ruiner);
ruiner *ruiner_free(ruiner *ru);
CR_AUTO_DEFINE(ruiner)

/* Take one visit out, into the bank. Not yet propagated. */
void ruin_take_out(rota *x, pricer *price, int32_t visit);

/* Take some visits out around one of the present district, into the bank; with the chance told to make room for one of
 * the bank, in the rounds that could take it. Not yet propagated. Returns the visit for which room was made, CR_NONE if
 * it was not done for one. */
int32_t ruin(ruiner *ru, rota *x, pricer *price, const districts *where, double eject_chance, rng *random);

#endif
