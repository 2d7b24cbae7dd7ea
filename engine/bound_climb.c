/* First questions of the bound: see bound_climb.h. */
#include "bound_climb.h"

#include <stdlib.h>

#define LATEST      0.5  /* the share of the last rounds in what is covered of late */
#define STEP        0.55 /* of the way that Polyak's rule goes, to begin with; */
#define STEP_LONGER 1.1  /* after a step up in a direction that still rises, */
#define STEP_SHORT  0.66 /* and after so many that did not go up */
#define NOT_UP_MOST 5

struct bound_climb {
    const bound_nodes *b;
    int64_t aim;
    double *covered, *now; /* of each row: by the least rounds, of late and the last time */
    double step;
    int32_t n_notes, n_not_up;
};

bound_climb *bound_climb_free(bound_climb *climb)
{
    if (climb) {
        free(climb->covered);
        free(climb->now);
        free(climb);
    }
    return NULL;
}

cr_status bound_climb_new(const bound_nodes *b, int64_t aim, bound_climb **ret_climb)
{
    cr_auto(bound_climb) climb = calloc(1, sizeof *climb);
    if (!climb)
        return CR_E_NOMEM;
    climb->b = b;
    climb->aim = aim;
    climb->step = STEP;
    climb->covered = calloc((size_t)b->n_rows + 1, sizeof *climb->covered);
    climb->now = calloc((size_t)b->n_rows + 1, sizeof *climb->now);
    if (!climb->covered || !climb->now)
        return CR_E_NOMEM;
    *ret_climb = bound_climb_take(&climb);
    return CR_OK;
}

/* What the least round of each group covers. */
static void cover(bound_climb *climb, const bound_columns *columns)
{
    int32_t last = CR_NONE;
    for (int32_t r = 0; r < climb->b->n_rows; r++)
        climb->now[r] = 0;
    for (int32_t c = 0; c < columns->n; c++) {
        const bound_column *column = &columns->items[c];
        for (int32_t k = 0; column->group != last && k < column->stays.n; k++)
            climb->now[columns->stays[column->stays.first + k].row] += climb->b->groups[column->group].count;
        last = column->group;
    }
}

void bound_climb_note(bound_climb *climb, const bound_columns *columns, bool rose)
{
    cover(climb, columns);
    double still_rises = 0, latest = climb->n_notes++ > 0 ? LATEST : 1;
    for (int32_t r = 0; r < climb->b->n_rows; r++) {
        double need = climb->b->rows[r].need;
        still_rises += (need - climb->now[r]) * (need - climb->covered[r]);
        climb->covered[r] += latest * (climb->now[r] - climb->covered[r]);
    }
    if (rose && still_rises > 0)
        climb->step *= STEP_LONGER;
    climb->n_not_up = rose ? 0 : climb->n_not_up + 1;
    if (climb->n_not_up == NOT_UP_MOST) {
        climb->step *= STEP_SHORT;
        climb->n_not_up = 0;
    }
}

void bound_climb_step(const bound_climb *climb, const int64_t *best, int64_t best_value, int64_t *ret_worth)
{
    const bound_nodes *b = climb->b;
    double steepness = 0;
    for (int32_t r = 0; r < b->n_rows; r++) {
        double missing = b->rows[r].need - climb->covered[r];
        steepness += missing > 0 || best[b->rows[r].worth] > 0 ? missing * missing : 0;
    }
    double length = steepness > 0 ? climb->step * ((double)climb->aim - (double)best_value) / steepness : 0;
    for (int32_t r = 0; r < b->n_rows; r++) {
        const bound_row *row = &b->rows[r];
        double w = (double)best[row->worth] + length * (row->need - climb->covered[r]);
        for (int32_t k = 0; k < b->moments_of[row->visit].n; k++)
            ret_worth[row->worth + k] = w >= 1 && w < (double)COST_NEVER ? (int64_t)w : 0;
    }
}
