/* Trios in the master: where rounds, in parts, serve more twos of three rows than there can be (see bound_worth.h). */
#include "bound_master_internal.h"

#include <stdlib.h>

#define ABOVE_LEAST 0.04 /* in twos, for a trio */
#define ADDED_MOST  40   /* at once, */
#define EACH_MOST   3    /* of one row */
#define ROWS_MOST   3000 /* a number for each two of them is kept */

int bound_master_twos(const bound_columns *list, const bound_column *column, const bound_trio *trio)
{
    int n = 0;
    for (int32_t k = column->stays.first; k < column->stays.first + column->stays.n; k++)
        n += bound_is_in_trio(trio, list->stays[k].row);
    return n / 2;
}

static void add_trio_row(bound_master *master, const bound_trio *trio)
{
    int n = 0, i = glp_add_rows(master->lp, 1);
    for (int32_t c = 0; c < master->columns.n; c++) {
        int twos = bound_master_twos(&master->columns, &master->columns.items[c], trio);
        if (twos == 0)
            continue;
        master->index[++n] = master->n_fixed_columns + 1 + c;
        master->value[n] = -twos;
    }
    glp_set_row_bnds(master->lp, i, GLP_LO, -trio->most, 0);
    glp_set_mat_row(master->lp, i, n, master->index, master->value);
}

void bound_master_trio_rows(void *info)
{
    bound_master *master = info;
    for (int32_t t = master->first; t < master->tolls->n_trios; t++)
        add_trio_row(master, &master->tolls->trios[t]);
}

/* ---- which ---- */

typedef struct candidate {
    double above;
    int32_t rows[3];
} candidate;

typedef struct seeker {
    const bound_master *master;
    double *both;   /* [i * n_rows + j]: parts of rounds that serve i and j, which are not the same */
    int32_t *parts; /* columns with a part in the answer */
    int32_t n_parts;
    candidate *found;
    size_t n, room;
} seeker;

static void seeker_done(seeker *s)
{
    free(s->both);
    free(s->parts);
    free(s->found);
}

static double part_of(const bound_master *master, int32_t column)
{
    return master->part[master->n_fixed_columns + 1 + column];
}

static void count_both(seeker *s)
{
    const bound_master *master = s->master;
    size_t n_rows = (size_t)master->b->n_rows;
    for (int32_t c = 0; c < master->columns.n; c++) {
        const bound_column *column = &master->columns.items[c];
        const bound_stay *stays = master->columns.stays + column->stays.first;
        double part = part_of(master, c);
        if (part <= SPARE_LEAST)
            continue;
        s->parts[s->n_parts++] = c;
        for (int32_t i = 0; i < column->stays.n; i++)
            for (int32_t j = 0; j < column->stays.n; j++)
                if (stays[i].row != stays[j].row)
                    s->both[(size_t)stays[i].row * n_rows + (size_t)stays[j].row] += part;
    }
}

/* Twos that the answer has of three rows, more than there can be. */
static double above(const seeker *s, const int32_t *rows)
{
    const bound_master *master = s->master;
    bound_trio trio = {{rows[0], rows[1], rows[2]}, 0, 0};
    double twos = 0;
    int32_t need = 0;
    for (int k = 0; k < 3; k++)
        need += master->b->rows[rows[k]].need;
    for (int32_t k = 0; k < s->n_parts; k++)
        twos += part_of(master, s->parts[k]) *
                bound_master_twos(&master->columns, &master->columns.items[s->parts[k]], &trio);
    return twos - need / 2;
}

static bool is_known(const bound_tolls *tolls, const int32_t *rows)
{
    for (int32_t t = 0; t < tolls->n_trios; t++) {
        const int32_t *old = tolls->trios[t].rows;
        if (old[0] == rows[0] && old[1] == rows[1] && old[2] == rows[2])
            return true;
    }
    return false;
}

static cr_status look_at(seeker *s, int32_t i, int32_t j, int32_t k)
{
    candidate found = {0, {i, j, k}};
    found.above = above(s, found.rows);
    if (found.above < ABOVE_LEAST || is_known(s->master->tolls, found.rows))
        return CR_OK;
    if (s->n == s->room) {
        size_t room = 2 * s->room + 256;
        candidate *grown = realloc(s->found, room * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        s->found = grown;
        s->room = room;
    }
    s->found[s->n++] = found;
    return CR_OK;
}

/* A round with all three counts in each of their twos, so what those make together is never too little. */
static cr_status seek(seeker *s)
{
    const bound_nodes *b = s->master->b;
    size_t n = (size_t)b->n_rows;
    cr_status st = CR_OK;
    for (size_t i = 0; !st && i < n; i++)
        for (size_t j = i + 1; !st && j < n; j++)
            for (size_t k = j + 1; !st && s->both[i * n + j] > 0 && k < n; k++) {
                int32_t most = (b->rows[i].need + b->rows[j].need + b->rows[k].need) / 2;
                if (s->both[i * n + j] + s->both[i * n + k] + s->both[j * n + k] > most + ABOVE_LEAST)
                    st = look_at(s, (int32_t)i, (int32_t)j, (int32_t)k);
            }
    return st;
}

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->above != y->above)
        return x->above > y->above ? -1 : 1;
    for (int k = 0; k < 3; k++)
        if (x->rows[k] != y->rows[k])
            return x->rows[k] < y->rows[k] ? -1 : 1;
    return 0;
}

/* The worst, but not many of the same rows at once. */
static cr_status take(bound_master *master, seeker *s)
{
    int32_t *n_of = calloc((size_t)master->b->n_rows + 1, sizeof *n_of);
    if (!n_of)
        return CR_E_NOMEM;
    if (s->n > 0)
        qsort(s->found, s->n, sizeof *s->found, compare_candidates);
    cr_status st = CR_OK;
    for (size_t c = 0; !st && c < s->n && master->tolls->n_trios < master->first + ADDED_MOST; c++) {
        const int32_t *rows = s->found[c].rows;
        if (n_of[rows[0]] == EACH_MOST || n_of[rows[1]] == EACH_MOST || n_of[rows[2]] == EACH_MOST)
            continue;
        for (int k = 0; k < 3; k++)
            n_of[rows[k]]++;
        st = bound_trios_add(master->b, master->tolls, rows);
    }
    free(n_of);
    return st;
}

cr_status bound_master_add_trios(bound_master *master, bool *ret_added)
{
    size_t n_rows = (size_t)master->b->n_rows;
    *ret_added = false;
    if (master->b->n_rows > ROWS_MOST)
        return CR_OK;
    master->first = master->tolls->n_trios;
    seeker s = {.master = master,
                .both = calloc(n_rows * n_rows + 1, sizeof *s.both),
                .parts = malloc(((size_t)master->columns.n + 1) * sizeof *s.parts)};
    cr_status st = s.both && s.parts ? CR_OK : CR_E_NOMEM;
    if (!st) {
        count_both(&s);
        st = seek(&s);
    }
    if (!st)
        st = take(master, &s);
    seeker_done(&s);
    *ret_added = !st && master->tolls->n_trios > master->first;
    return *ret_added ? bound_master_ask(master, bound_master_trio_rows) : st;
}
