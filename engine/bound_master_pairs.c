/* Pairs in the master: where a visit's carers, in parts, serve another row too, more of them than there can be at the
 * times at which they meet (see bound_worth.h). */
#include "bound_master_internal.h"

#include <stdlib.h>

#define ABOVE_LEAST 0.04 /* of a round, for a pair */
#define ADDED_MOST  400  /* at once, */
#define EACH_MOST   6    /* at one visit */

int bound_master_pair_twos(const bound_nodes *b, const bound_columns *list, const bound_column *column,
                           const bound_pair *pair)
{
    int n = 0;
    if (!bound_pair_concerns(b, pair, column->group))
        return 0;
    for (int32_t k = column->stays.first; k < column->stays.first + column->stays.n; k++) {
        const bound_stay *stay = &list->stays[k];
        int32_t visit = b->rows[stay->row].visit;
        int32_t piece = visit == pair->visit ? bound_piece_of(b, visit, stay->start) : 0;
        n += bound_is_in_pair(pair, stay->row, visit, piece);
    }
    return n / 2;
}

/* How far, in parts, the carers of a visit meet in each of its pieces. */
static void find_met(const bound_master *master, int32_t visit, double *ret_met)
{
    const bound_nodes *b = master->b;
    const cr_range ends = b->ends_of[visit];
    for (int32_t k = 0; k < b->moments_of[visit].n; k++)
        ret_met[k] = 0;
    for (int32_t e = 0; e < ends.n; e++)
        ret_met[b->ends[ends.first + e].piece] += master->part[master->column[visit] + 1 + e];
}

static void add_pair_row(bound_master *master, const bound_pair *pair)
{
    const bound_nodes *b = master->b;
    const cr_range ends = b->ends_of[pair->visit];
    int n = 0, i = glp_add_rows(master->lp, 1);
    for (int32_t e = 0; e < ends.n; e++) {
        if (!bound_pieces_have(pair->pieces, b->ends[ends.first + e].piece))
            continue;
        master->index[++n] = master->column[pair->visit] + 1 + e;
        master->value[n] = 1;
    }
    for (int32_t c = 0; c < master->columns.n; c++) {
        int twos = bound_master_pair_twos(b, &master->columns, &master->columns.items[c], pair);
        if (twos == 0)
            continue;
        master->index[++n] = master->n_fixed_columns + 1 + c;
        master->value[n] = -twos;
    }
    glp_set_row_bnds(master->lp, i, GLP_LO, 0, 0);
    glp_set_mat_row(master->lp, i, n, master->index, master->value);
}

void bound_master_pair_rows(void *info)
{
    bound_master *master = info;
    for (int32_t t = master->first; t < master->tolls->n_pairs; t++)
        add_pair_row(master, &master->tolls->pairs[t]);
}

/* ---- which ---- */

typedef struct candidate {
    double above;
    uint64_t pieces;
    int32_t row, visit;
} candidate;

typedef struct seeker {
    const bound_master *master;
    double *both; /* [row * BOUND_PIECES + piece]: rounds, in parts, that serve the row and the visit at hand */
    double met[BOUND_PIECES];
    candidate *found;
    size_t n, room;
} seeker;

/* Which pieces of a visit a column comes to. */
static uint64_t pieces_of(const bound_master *master, const bound_column *column, int32_t visit)
{
    const bound_nodes *b = master->b;
    uint64_t pieces = 0;
    for (int32_t k = column->stays.first; k < column->stays.first + column->stays.n; k++) {
        const bound_stay *stay = &master->columns.stays[k];
        if (b->rows[stay->row].visit == visit)
            pieces |= 1ull << bound_piece_of(b, visit, stay->start);
    }
    return pieces;
}

static void count_both(seeker *s, int32_t visit)
{
    const bound_master *master = s->master;
    for (size_t k = 0; k < (size_t)master->b->n_rows * BOUND_PIECES; k++)
        s->both[k] = 0;
    for (int32_t c = 0; c < master->columns.n; c++) {
        const bound_column *column = &master->columns.items[c];
        double part = master->part[master->n_fixed_columns + 1 + c];
        uint64_t pieces = part > SPARE_LEAST ? pieces_of(master, column, visit) : 0;
        for (int32_t k = column->stays.first; pieces && k < column->stays.first + column->stays.n; k++)
            for (uint64_t rest = pieces; rest; rest &= rest - 1)
                s->both[(size_t)master->columns.stays[k].row * BOUND_PIECES + (size_t)__builtin_ctzll(rest)] += part;
    }
}

static bool is_known(const bound_tolls *tolls, const candidate *c)
{
    for (int32_t t = 0; t < tolls->n_pairs; t++) {
        const bound_pair *old = &tolls->pairs[t];
        if (old->row == c->row && old->visit == c->visit && old->pieces == c->pieces)
            return true;
    }
    return false;
}

static cr_status note(seeker *s, candidate found)
{
    if (found.above < ABOVE_LEAST || is_known(s->master->tolls, &found))
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

/* All pieces in which there are more of them than of those who meet, each of the rest would take away. */
static cr_status seek_at(seeker *s, int32_t visit)
{
    const bound_nodes *b = s->master->b;
    count_both(s, visit);
    find_met(s->master, visit, s->met);
    cr_status st = CR_OK;
    for (int32_t r = 0; !st && r < b->n_rows; r++) {
        candidate found = {.row = r, .visit = visit};
        if (b->rows[r].need > 1 || b->rows[r].visit == visit)
            continue;
        for (int32_t k = 0; k < b->moments_of[visit].n; k++) {
            double above = s->both[(size_t)r * BOUND_PIECES + (size_t)k] - s->met[k];
            if (above <= SPARE_LEAST)
                continue;
            found.above += above;
            found.pieces |= 1ull << k;
        }
        st = note(s, found);
    }
    return st;
}

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->above != y->above)
        return x->above > y->above ? -1 : 1;
    if (x->visit != y->visit)
        return x->visit < y->visit ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* The worst, but not many at the same visit at once. */
static cr_status take(bound_master *master, seeker *s)
{
    int32_t *n_of = calloc((size_t)master->b->m->n_visits + 1, sizeof *n_of);
    if (!n_of)
        return CR_E_NOMEM;
    if (s->n > 0)
        qsort(s->found, s->n, sizeof *s->found, compare_candidates);
    cr_status st = CR_OK;
    for (size_t c = 0; !st && c < s->n && master->tolls->n_pairs < master->first + ADDED_MOST; c++) {
        const candidate *found = &s->found[c];
        if (n_of[found->visit]++ < EACH_MOST)
            st = bound_pairs_add(master->tolls, found->row, found->visit, found->pieces);
    }
    free(n_of);
    return st;
}

cr_status bound_master_add_pairs(bound_master *master, bool *ret_added)
{
    const bound_nodes *b = master->b;
    *ret_added = false;
    master->first = master->tolls->n_pairs;
    seeker s = {.master = master, .both = malloc(((size_t)b->n_rows * BOUND_PIECES + 1) * sizeof *s.both)};
    cr_status st = s.both ? CR_OK : CR_E_NOMEM;
    for (int32_t v = 0; !st && v < b->m->n_visits; v++)
        if (b->rows_of[v].n > 0 && bound_is_met(b, v) && b->moments_of[v].n <= BOUND_PIECES)
            st = seek_at(&s, v);
    if (!st)
        st = take(master, &s);
    free(s.both);
    free(s.found);
    *ret_added = !st && master->tolls->n_pairs > master->first;
    return *ret_added ? bound_master_ask(master, bound_master_pair_rows) : st;
}
