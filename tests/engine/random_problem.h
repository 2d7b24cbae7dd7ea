/* Random small problems, biased to the edges: every rule and price of docs/model.md comes up, alone and together.
 *
 * A problem first draws which features it has at all, so that simple days with one trap are as common as days with
 * everything. Prices are such that the starts matter beside the travel.
 */
#ifndef TESTS_RANDOM_PROBLEM_H
#define TESTS_RANDOM_PROBLEM_H

#include "careround/problem.h"

typedef enum random_size {
    RANDOM_TINY,    /* 1-7 visits, 1-3 shifts, at most 9 slots, times of 0 to RANDOM_TINY_DAY: for brute force */
    RANDOM_SMALL,   /* 8-30 visits, 2-8 shifts */
    RANDOM_COUPLED, /* as small, with double-ups, gaps and priced times always there: for the cheapest starts */
} random_size;

#define RANDOM_TINY_DAY  480
#define RANDOM_DAYS      2 /* a split shift may be two days */
#define RANDOM_PROVIDERS 2
#define RANDOM_TABLES    3

typedef struct random_problem {
    cr_matrix *matrix[2];
    cr_matrix *tables[2][RANDOM_TABLES]; /* of other periods; often none */
    cr_problem *problem;                 /* validated */
} random_problem;

/* The same problem for the same size and seed. Aborts if memory runs out or its own problem is not valid. */
void random_problem_init(random_problem *random, random_size size, uint64_t seed);
void random_problem_done(random_problem *random);

/* Visits that are served with one that is marked, or not at all, get marked too. By visit. */
void random_problem_mark_halves(const cr_problem *problem, bool *is_marked);

/* Every way takes the same all day: for oracles that know no travel by time of day. */
void random_problem_forget_periods(random_problem *random);

#endif
