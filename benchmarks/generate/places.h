/* Where the invented people live: real postcodes near home, invented positions around real towns elsewhere.
 *
 * Positions are British National Grid metres. Degrees, where a day wants them, come from a plane fitted at Midlothian,
 * in whole numbers, so that every machine writes the same digits; it is within 60 m of the true projection over
 * the county, which is nothing for houses that do not exist.
 */
#ifndef GENERATE_PLACES_H
#define GENERATE_PLACES_H

#include "rng.h"

#include <stddef.h>

typedef struct gen_town {
    const char *name;
    const char *sectors; /* postcode sectors, "EH22 1,EH22 2"; NULL for a town given by its middle */
    int32_t east_m, north_m, radius_m;
    int32_t weight; /* its share of the clients */
} gen_town;

typedef struct gen_place {
    int32_t town; /* index */
    int32_t east_m, north_m;
    char postcode[10]; /* "" where the position is invented */
} gen_place;

/* The places that a day draws from, sorted by town. */
typedef struct gen_places {
    const gen_town *towns;
    int32_t n_towns, n_places;
    gen_place *places;
    int32_t *town_first; /* n_towns + 1: where each town's places begin */
    char *csv;           /* the postcode file as read, to go along with the day; NULL without one */
} gen_places;

/* The postcodes of a Code-Point Open file that lie in the towns' sectors. False with a message if a town has none. */
bool gen_places_read(const char *csv_path, const gen_town *towns, int32_t n_towns, gen_places *ret_places);

/* n invented positions, shared out by weight, thickest in the middle of each town. */
void gen_places_invent(gen_rng *rng, const gen_town *towns, int32_t n_towns, int32_t n, gen_places *ret_places);

void gen_places_done(gen_places *places);

const gen_place *gen_places_pick(const gen_places *places, gen_rng *rng, int32_t town);

/* Straight line, metres, rounded down. */
int32_t gen_distance_m(const gen_place *a, const gen_place *b);

/* "55.86450" and "-3.07209". Buffers of at least 16 bytes. */
void gen_degrees(const gen_place *place, char *ret_lat, char *ret_lon, size_t size);

/* Thin a Code-Point Open file down to n postcodes of the towns, shared out by weight, and write it to DIR/postcodes.csv
 * in the same form: how data/midlothian/postcodes.csv was made. */
bool gen_postcodes_thin(const char *csv_path, const gen_town *towns, int32_t n_towns, const char *district, int32_t n,
                        uint64_t seed, const char *dir);

/* Whole shares of n by weight, which add up to n (largest remainder). */
void gen_shares(const int32_t *weights, int32_t n_weights, int32_t n, int32_t *ret_shares);

#endif
