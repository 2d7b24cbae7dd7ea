/* What rows are worth: see bound_worth.h. */
#include "bound_worth.h"

#include <stdlib.h>

void bound_tolls_init(const bound_nodes *b, bound_tolls *tolls)
{
    *tolls = (bound_tolls){.n_worths = b->n_worths};
}

void bound_tolls_done(bound_tolls *tolls)
{
    free(tolls->items);
    free(tolls->trios);
    free(tolls->pairs);
    *tolls = (bound_tolls){0};
}

cr_status bound_tolls_add(const bound_nodes *b, bound_tolls *tolls, int32_t group, int32_t visit)
{
    if ((size_t)tolls->n == tolls->room) {
        size_t room = 2 * tolls->room + 64;
        bound_toll *grown = realloc(tolls->items, room * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        tolls->items = grown;
        tolls->room = room;
    }
    tolls->items[tolls->n++] = (bound_toll){group, visit, tolls->n_worths};
    tolls->n_worths += b->moments_of[visit].n;
    return CR_OK;
}

cr_status bound_trios_add(const bound_nodes *b, bound_tolls *tolls, const int32_t *rows)
{
    if ((size_t)tolls->n_trios == tolls->room_trios) {
        size_t room = 2 * tolls->room_trios + 64;
        bound_trio *grown = realloc(tolls->trios, room * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        tolls->trios = grown;
        tolls->room_trios = room;
    }
    int32_t need = 0;
    for (int k = 0; k < 3; k++)
        need += b->rows[rows[k]].need;
    tolls->trios[tolls->n_trios++] = (bound_trio){{rows[0], rows[1], rows[2]}, need / 2, tolls->n_worths++};
    return CR_OK;
}

cr_status bound_pairs_add(bound_tolls *tolls, int32_t row, int32_t visit, uint64_t pieces)
{
    if ((size_t)tolls->n_pairs == tolls->room_pairs) {
        size_t room = 2 * tolls->room_pairs + 64;
        bound_pair *grown = realloc(tolls->pairs, room * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        tolls->pairs = grown;
        tolls->room_pairs = room;
    }
    tolls->pairs[tolls->n_pairs++] = (bound_pair){row, visit, pieces, tolls->n_worths++};
    return CR_OK;
}

/* ---- tidy ---- */

/* No more than leaving the visit out costs, at any moment: more would not raise the bound. */
static void cap(const bound_nodes *b, int32_t v, int32_t k, int64_t *worth)
{
    const cr_range rows = b->rows_of[v];
    double whole = (double)bound_left_out(b, v), sum = 0;
    for (int32_t r = rows.first; r < rows.first + rows.n; r++)
        sum += (double)worth[b->rows[r].worth + k] * b->rows[r].need;
    for (int32_t r = rows.first; sum > whole && r < rows.first + rows.n; r++)
        worth[b->rows[r].worth + k] = (int64_t)((double)worth[b->rows[r].worth + k] * (whole / sum));
}

/* Towards 0, so that nothing becomes less than 0. */
static void straighten(const bound_nodes *b, int32_t v, int64_t *worth)
{
    const int32_t *moments = b->moments + b->moments_of[v].first;
    for (int32_t k = 0; k + 1 < b->moments_of[v].n; k++) {
        int64_t span = (int64_t)moments[k + 1] - moments[k];
        if (span > 0)
            worth[k + 1] = worth[k] + (worth[k + 1] - worth[k]) / span * span;
    }
}

void bound_worth_tidy(const bound_nodes *b, const bound_tolls *tolls, int64_t *worth)
{
    for (int32_t v = 0; v < b->m->n_visits; v++) {
        const cr_range rows = b->rows_of[v];
        for (int32_t k = 0; k < b->moments_of[v].n; k++)
            cap(b, v, k, worth);
        for (int32_t r = rows.first; r < rows.first + rows.n; r++)
            straighten(b, v, worth + b->rows[r].worth);
    }
    for (int32_t t = 0; t < tolls->n; t++) {
        const bound_toll *toll = &tolls->items[t];
        int64_t most = bound_left_out(b, toll->visit);
        for (int32_t k = 0; k < b->moments_of[toll->visit].n; k++)
            worth[toll->worth + k] = worth[toll->worth + k] < most ? worth[toll->worth + k] : most;
        straighten(b, toll->visit, worth + toll->worth);
    }
    for (int32_t t = 0; t < tolls->n_trios; t++) {
        const bound_trio *trio = &tolls->trios[t];
        int64_t most = bound_left_out(b, b->rows[trio->rows[0]].visit);
        worth[trio->worth] = worth[trio->worth] < most ? worth[trio->worth] : most;
    }
    for (int32_t t = 0; t < tolls->n_pairs; t++) {
        const bound_pair *pair = &tolls->pairs[t];
        int64_t most = bound_left_out(b, pair->visit);
        worth[pair->worth] = worth[pair->worth] < most ? worth[pair->worth] : most;
    }
}

/* ---- other moments ---- */

/* The same pieces of a visit, whatever its moments are now. */
static uint64_t move_pieces(const bound_nodes *old, const bound_nodes *b, int32_t visit, uint64_t pieces)
{
    const cr_range ends = b->ends_of[visit];
    uint64_t moved = 0;
    for (int32_t e = ends.first; e < ends.first + ends.n; e++) {
        int32_t piece = b->ends[e].piece, from = b->moments[b->moments_of[visit].first + piece];
        if (piece < BOUND_PIECES && bound_pieces_have(pieces, bound_piece_of(old, visit, from)))
            moved |= 1ull << piece;
    }
    return moved;
}

cr_status bound_tolls_move(const bound_nodes *old, const bound_tolls *old_tolls, const bound_nodes *b,
                           bound_tolls *tolls)
{
    cr_status st = CR_OK;
    for (int32_t t = 0; !st && t < old_tolls->n; t++)
        st = bound_tolls_add(b, tolls, old_tolls->items[t].group, old_tolls->items[t].visit);
    for (int32_t t = 0; !st && t < old_tolls->n_trios; t++)
        st = bound_trios_add(b, tolls, old_tolls->trios[t].rows);
    for (int32_t t = 0; !st && t < old_tolls->n_pairs; t++) {
        const bound_pair *pair = &old_tolls->pairs[t];
        st = bound_pairs_add(tolls, pair->row, pair->visit, move_pieces(old, b, pair->visit, pair->pieces));
    }
    return st;
}

static void move(const bound_nodes *old, const int64_t *from, const bound_nodes *b, int32_t v, int64_t *to)
{
    for (int32_t k = 0; k < b->moments_of[v].n; k++) {
        bound_between at = bound_start_between(old, v, b->moments[b->moments_of[v].first + k]);
        double worth = (1 - at.second) * (double)from[at.moment];
        if (at.second > 0)
            worth += at.second * (double)from[at.moment + 1];
        to[k] = (int64_t)worth;
    }
}

void bound_worth_move(const bound_nodes *old, const bound_tolls *old_tolls, const int64_t *old_worth,
                      const bound_nodes *b, const bound_tolls *tolls, int64_t *ret_worth)
{
    for (int32_t r = 0; r < b->n_rows; r++)
        move(old, old_worth + old->rows[r].worth, b, b->rows[r].visit, ret_worth + b->rows[r].worth);
    for (int32_t t = 0; t < tolls->n; t++)
        move(old, old_worth + old_tolls->items[t].worth, b, tolls->items[t].visit, ret_worth + tolls->items[t].worth);
    for (int32_t t = 0; t < tolls->n_trios; t++)
        ret_worth[tolls->trios[t].worth] = old_worth[old_tolls->trios[t].worth];
    for (int32_t t = 0; t < tolls->n_pairs; t++)
        ret_worth[tolls->pairs[t].worth] = old_worth[old_tolls->pairs[t].worth];
    bound_worth_tidy(b, tolls, ret_worth);
}

/* ---- all together ---- */

/* What the carers of each visit earn at each of its moments. */
static void earn_at_moments(const bound_nodes *b, const bound_tolls *tolls, const int64_t *worth, int64_t *at)
{
    for (int32_t k = 0; k < b->n_moments; k++)
        at[k] = 0;
    for (int32_t r = 0; r < b->n_rows; r++) {
        const bound_row *row = &b->rows[r];
        const cr_range moments = b->moments_of[row->visit];
        for (int32_t k = 0; k < moments.n; k++)
            at[moments.first + k] = bound_plus(at[moments.first + k], worth[row->worth + k], row->need);
    }
    for (int32_t t = 0; t < tolls->n; t++) {
        const bound_toll *toll = &tolls->items[t];
        const cr_range moments = b->moments_of[toll->visit];
        for (int32_t k = 0; k < moments.n; k++)
            at[moments.first + k] =
                bound_plus(at[moments.first + k], -worth[toll->worth + k], b->groups[toll->group].count);
    }
}

/* And what they earn less in each of its pieces. */
static void earn_less_in_pieces(const bound_nodes *b, const bound_tolls *tolls, const int64_t *worth, int64_t *in)
{
    for (int32_t k = 0; k < b->n_moments; k++)
        in[k] = 0;
    for (int32_t t = 0; t < tolls->n_pairs; t++) {
        const bound_pair *pair = &tolls->pairs[t];
        for (uint64_t rest = pair->pieces; rest; rest &= rest - 1) {
            int64_t *less = &in[b->moments_of[pair->visit].first + __builtin_ctzll(rest)];
            *less = bound_plus(*less, -worth[pair->worth], 1);
        }
    }
}

int64_t bound_worth_in_all(const bound_nodes *b, const bound_tolls *tolls, const int64_t *worth, int64_t *room)
{
    int64_t *at = room, *in = room + b->n_moments;
    earn_at_moments(b, tolls, worth, at);
    earn_less_in_pieces(b, tolls, worth, in);
    int64_t sum = b->unserved_cost;
    for (int32_t v = 0; v < b->m->n_visits; v++) {
        if (b->rows_of[v].n == 0)
            continue;
        const cr_range ends = b->ends_of[v];
        int64_t least = bound_left_out(b, v);
        for (int32_t e = ends.first; e < ends.first + ends.n; e++) {
            int32_t first = b->moments_of[v].first;
            int64_t earned = bound_plus(at[first + b->ends[e].moment], in[first + b->ends[e].piece], 1);
            least = earned < least ? earned : least;
        }
        sum = bound_plus(sum, least, 1);
    }
    for (int32_t t = 0; t < tolls->n_trios; t++)
        sum = bound_plus(sum, -worth[tolls->trios[t].worth], tolls->trios[t].most);
    return sum;
}
