/* The master problem: see bound_master.h. GLPK's manual: sections 2.4 to 2.8 (problem, simplex, duals). */
#include "bound_master_internal.h"
#include "glpk_guard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BOX 4 /* first box, in guesses */
#define SHIFTED                                                                                                        \
    0.3 /* first price of a start's counting a tick sooner or later, in prices of waiting and of being early and late; \
         */
#define SHIFTED_LEAST    1e-3 /* in all, at the least, in units of the master */
#define PIVOTS_MOST      1000 /* of one answer, and */
#define PIVOTS_EACH      8    /* for each row: it may lose its way for many seconds where a problem is degenerate */
#define COLUMNS_AT_LEAST 4000 /* rounds are kept, however few rows there are */

static bool make_room(bound_master *master, size_t n)
{
    if (n <= master->room)
        return true;
    size_t room = 2 * n + 64;
    int *index = realloc(master->index, room * sizeof *index);
    master->index = index ? index : master->index;
    double *value = realloc(master->value, room * sizeof *value);
    master->value = value ? value : master->value;
    double *reduced = realloc(master->reduced, room * sizeof *reduced);
    master->reduced = reduced ? reduced : master->reduced;
    double *part = realloc(master->part, room * sizeof *part);
    master->part = part ? part : master->part;
    if (!index || !value || !reduced || !part)
        return false;
    master->room = room;
    return true;
}

static void delete_lp(void *info)
{
    bound_master *master = info;
    glp_delete_prob(master->lp);
}

void bound_master_forget_lp(bound_master *master)
{
    if (master->lp)
        (void)glpk_guard(delete_lp, master);
    master->lp = NULL;
}

bound_master *bound_master_free(bound_master *master)
{
    if (master) {
        bound_master_forget_lp(master);
        free(master->box);
        free(master->column);
        free(master->row);
        free(master->toll_of);
        free(master->served);
        bound_columns_done(&master->columns);
        free(master->index);
        free(master->value);
        free(master->reduced);
        free(master->part);
        free(master);
    }
    return NULL;
}

/* ---- making it ---- */

/* A visit is left out, or its carers meet at an end of one of its pieces; where one comes alone, her row says so
 * itself. */
static void add_visit(bound_master *master, int32_t v)
{
    const bound_nodes *b = master->b;
    const cr_range rows = b->rows_of[v];
    if (rows.n == 0)
        return;
    double guess = 0;
    for (int32_t r = rows.first; r < rows.first + rows.n; r++)
        guess += (double)master->guess[b->rows[r].worth] * b->rows[r].need;
    master->box[v] = fmin((double)bound_left_out(b, v), BOX * guess);
    bool is_met = bound_is_met(b, v);
    master->row[v] = is_met ? ++master->n_fixed_rows : b->rows[rows.first].worth + 1;
    int j = master->column[v] = master->n_fixed_columns + 1;
    master->n_fixed_columns += 1 + (is_met ? b->ends_of[v].n : 0);
    if (is_met)
        glp_add_rows(master->lp, 1);
    glp_add_cols(master->lp, master->n_fixed_columns - j + 1);
    glp_set_row_bnds(master->lp, master->row[v], GLP_LO, 1, 0);
    for (int k = j; k <= master->n_fixed_columns; k++) {
        int n = 0;
        master->index[++n] = master->row[v];
        master->value[n] = 1;
        for (int32_t r = rows.first; k > j && r < rows.first + rows.n; r++) {
            master->index[++n] = b->rows[r].worth + b->ends[b->ends_of[v].first + k - j - 1].moment + 1;
            master->value[n] = -b->rows[r].need;
        }
        glp_set_col_bnds(master->lp, k, GLP_LO, 0, 0);
        glp_set_mat_col(master->lp, k, n, master->index, master->value);
    }
    glp_set_obj_coef(master->lp, j, master->box[v] / master->scale);
}

/* A start may count as one at the moment before or after, for a price: so what a row is worth changes by no more from
 * one to the other (du Merle, Villeneuve, Desrosiers, Hansen 1999, "Stabilized column generation"). */
static void add_shift(bound_master *master, int32_t from, int32_t to, double price)
{
    int j = glp_add_cols(master->lp, 1);
    master->n_fixed_columns++;
    master->index[1] = from + 1;
    master->value[1] = -1;
    master->index[2] = to + 1;
    master->value[2] = 1;
    glp_set_col_bnds(master->lp, j, GLP_LO, 0, 0);
    glp_set_obj_coef(master->lp, j, price / master->scale);
    glp_set_mat_col(master->lp, j, 2, master->index, master->value);
}

static double dearest_wait(const bound_nodes *b)
{
    int64_t dearest = 0;
    for (int32_t r = 0; r < b->m->n_shifts; r++)
        dearest = b->m->shifts[r].waiting_rate > dearest ? b->m->shifts[r].waiting_rate : dearest;
    return (double)b->parts * (double)dearest;
}

static void add_shifts(bound_master *master, int32_t v, double waiting)
{
    const bound_nodes *b = master->b;
    const int32_t *moments = b->moments + b->moments_of[v].first;
    double rate = SHIFTED * (waiting + (double)b->parts * (double)(b->m->starts[v].early + b->m->starts[v].late));
    for (int32_t r = b->rows_of[v].first; r < b->rows_of[v].first + b->rows_of[v].n; r++)
        for (int32_t k = 0; k + 1 < b->moments_of[v].n; k++) {
            int32_t worth = b->rows[r].worth + k;
            double price = fmax(rate * ((double)moments[k + 1] - moments[k]), SHIFTED_LEAST * master->scale);
            add_shift(master, worth, worth + 1, price);
            add_shift(master, worth + 1, worth, price);
        }
}

static void make(void *info)
{
    bound_master *master = info;
    const bound_nodes *b = master->b;
    glp_prob *lp = master->lp = glp_create_prob();
    glp_set_obj_dir(lp, GLP_MIN);
    glp_add_rows(lp, b->n_worths + b->n_groups);
    for (int i = 1; i <= b->n_worths; i++)
        glp_set_row_bnds(lp, i, GLP_LO, 0, 0);
    for (int32_t g = 0; g < b->n_groups; g++)
        glp_set_row_bnds(lp, b->n_worths + g + 1, GLP_UP, 0, b->groups[g].count);
    master->n_fixed_rows = b->n_worths + b->n_groups;
    for (int32_t v = 0; v < b->m->n_visits; v++)
        add_visit(master, v);
    bound_master_add_held(master);
    master->first_shift = master->n_fixed_columns + 1;
    double waiting = dearest_wait(b);
    for (int32_t v = 0; v < b->m->n_visits; v++)
        if (b->rows_of[v].n > 0 && bound_is_met(b, v))
            add_shifts(master, v, waiting);
}

cr_status bound_master_ask(bound_master *master, void (*question)(void *))
{
    if (!master->lp && question != make)
        return CR_E_INTERNAL;
    master->result = CR_OK;
    if (glpk_guard(question, master))
        return master->result;
    master->lp = NULL;
    return CR_E_INTERNAL;
}

/* ---- columns ---- */

void bound_master_tell(const bound_master *master, int32_t group, const bound_stay *stay, teller *tell, void *info)
{
    const bound_nodes *b = master->b;
    const bound_row *row = &b->rows[stay->row];
    bound_between at = bound_start_between(b, row->visit, stay->start);
    int32_t toll = bound_is_met(b, row->visit) ? *bound_master_toll(master, group, row->visit) : CR_NONE;
    for (int k = 0; k < (at.second > 0 ? 2 : 1); k++) {
        double value = k ? at.second : 1 - at.second;
        tell(info, row->worth + at.moment + k, value);
        if (toll != CR_NONE)
            tell(info, toll + at.moment + k, -value);
    }
}

typedef struct earnings {
    const double *worth;
    double sum;
} earnings;

static void add_to_sum(void *info, int32_t worth, double value)
{
    earnings *e = info;
    e->sum += value * e->worth[worth];
}

double bound_master_earns(const bound_master *master, const bound_columns *list, const bound_column *column,
                          const double *worth)
{
    earnings all = {worth, 0};
    for (int32_t k = column->stays.first; k < column->stays.first + column->stays.n; k++)
        bound_master_tell(master, column->group, &list->stays[k], add_to_sum, &all);
    for (int32_t t = 0; t < master->tolls->n_trios; t++)
        all.sum -= bound_master_twos(list, column, &master->tolls->trios[t]) * worth[master->tolls->trios[t].worth];
    for (int32_t t = 0; t < master->tolls->n_pairs; t++)
        all.sum -= bound_master_pair_twos(master->b, list, column, &master->tolls->pairs[t]) *
                   worth[master->tolls->pairs[t].worth];
    return all.sum;
}

int bound_master_row(const bound_master *master, int32_t worth)
{
    return worth < master->b->n_worths ? worth + 1 : master->n_fixed_rows + (worth - master->b->n_worths) + 1;
}

/* To the column at hand, which has n_values so far. */
static void add_value(void *info, int32_t worth, double value)
{
    bound_master *master = info;
    int row = bound_master_row(master, worth), same = 1;
    while (same <= master->n_values && master->index[same] != row)
        same++;
    if (same > master->n_values) {
        master->index[++master->n_values] = row;
        master->value[same] = 0;
    }
    master->value[same] += value;
}

static void add(void *info)
{
    bound_master *master = info;
    const bound_columns *list = master->list;
    if (list->n == master->first)
        return;
    int j = glp_add_cols(master->lp, list->n - master->first);
    for (int32_t c = master->first; c < list->n; c++, j++) {
        const bound_column *column = &list->items[c];
        master->n_values = 0;
        for (int32_t k = column->stays.first; k < column->stays.first + column->stays.n; k++)
            bound_master_tell(master, column->group, &list->stays[k], add_value, master);
        for (int32_t t = 0; t < master->tolls->n_trios; t++) {
            int twos = bound_master_twos(list, column, &master->tolls->trios[t]);
            if (twos > 0)
                add_value(master, master->tolls->trios[t].worth, -twos);
        }
        for (int32_t t = 0; t < master->tolls->n_pairs; t++) {
            int twos = bound_master_pair_twos(master->b, list, column, &master->tolls->pairs[t]);
            if (twos > 0)
                add_value(master, master->tolls->pairs[t].worth, -twos);
        }
        int n = ++master->n_values;
        master->index[n] = master->b->n_worths + column->group + 1;
        master->value[n] = 1;
        glp_set_col_bnds(master->lp, j, GLP_LO, 0, 0);
        glp_set_obj_coef(master->lp, j, (double)column->cost / master->scale);
        glp_set_mat_col(master->lp, j, n, master->index, master->value);
    }
}

cr_status bound_master_add(bound_master *master, const bound_columns *list, int32_t first)
{
    size_t longest = 0;
    for (int32_t c = first; c < list->n; c++)
        longest = (size_t)list->items[c].stays.n > longest ? (size_t)list->items[c].stays.n : longest;
    if (!make_room(master, 4 * longest + 2 + (size_t)(master->tolls->n_trios + master->tolls->n_pairs)))
        return CR_E_NOMEM;
    master->list = list;
    master->first = first;
    cr_status st = bound_master_ask(master, add);
    for (int32_t c = first; !st && c < list->n; c++) {
        const bound_column *column = &list->items[c];
        st = bound_columns_add(&master->columns, column->group, column->cost, list->stays + column->stays.first,
                               column->stays.n);
    }
    return st;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Those that index says, in order. */
static void forget_columns(bound_master *master, int n)
{
    bound_columns *all = &master->columns;
    int32_t n_kept = 0;
    size_t n_stays = 0;
    for (int32_t c = 0, next = 1; c < all->n; c++) {
        if (next <= n && master->index[next] == master->n_fixed_columns + 1 + c) {
            next++;
            continue;
        }
        bound_column kept = all->items[c];
        memmove(all->stays + n_stays, all->stays + kept.stays.first, (size_t)kept.stays.n * sizeof *all->stays);
        kept.stays.first = (int32_t)n_stays;
        n_stays += (size_t)kept.stays.n;
        all->items[n_kept++] = kept;
    }
    all->n = n_kept;
    all->n_stays = n_stays;
}

/* Where there are many columns, half of the idle ones go, the dearest. */
static void drop_columns(bound_master *master)
{
    glp_prob *lp = master->lp;
    int n_columns = glp_get_num_cols(lp), first = master->n_fixed_columns, n = 0;
    int most = master->b->columns_each * (master->b->n_worths + master->b->n_groups);
    if (master->columns.n < (most > COLUMNS_AT_LEAST ? most : COLUMNS_AT_LEAST))
        return;
    for (int j = first + 1; j <= n_columns; j++)
        if (glp_get_col_stat(lp, j) != GLP_BS)
            master->reduced[n++] = glp_get_col_dual(lp, j);
    if (n == 0)
        return;
    qsort(master->reduced, (size_t)n, sizeof *master->reduced, compare_doubles);
    double limit = fmax(master->reduced[n / 2], SPARE_LEAST);
    n = 0;
    for (int j = first + 1; j <= n_columns; j++)
        if (glp_get_col_stat(lp, j) != GLP_BS && glp_get_col_dual(lp, j) > limit)
            master->index[++n] = j;
    if (n > 0) {
        glp_del_cols(lp, n, master->index);
        forget_columns(master, n);
    }
}

/* ---- the answer ---- */

/* Where leaving a visit out looks cheap only because of its box, the box is opened. */
static void open_boxes(bound_master *master)
{
    const bound_nodes *b = master->b;
    for (int32_t v = 0; v < b->m->n_visits; v++) {
        double whole = (double)bound_left_out(b, v);
        if (b->rows_of[v].n == 0 || master->box[v] >= whole ||
            glp_get_col_prim(master->lp, master->column[v]) <= SPARE_LEAST)
            continue;
        master->answer->is_boxed = true;
        master->box[v] = fmin(whole, BOX * master->box[v] + master->scale);
        glp_set_obj_coef(master->lp, master->column[v], master->box[v] / master->scale);
    }
}

static void open_shifts(void *info)
{
    bound_master *master = info;
    master->any = false;
    for (int j = master->first_shift; j <= master->n_fixed_columns; j++) {
        if (master->part[j] <= SPARE_LEAST)
            continue;
        glp_set_obj_coef(master->lp, j, BOX * glp_get_obj_coef(master->lp, j));
        master->any = true;
    }
}

cr_status bound_master_open(bound_master *master, bool *ret_opened)
{
    cr_status st = bound_master_ask(master, open_shifts);
    if (!st)
        *ret_opened = master->any;
    return st;
}

static bool simplex(bound_master *master, int method)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = method;
    how.it_lim = PIVOTS_MOST + PIVOTS_EACH * master->b->n_worths;
    if (master->time_most_ms > 0)
        how.tm_lim = master->time_most_ms;
    int end = glp_simplex(master->lp, &how);
    if (end == GLP_EITLIM || end == GLP_ETMLIM) /* what rows are worth in a solution is a suggestion, the best or not */
        return glp_get_prim_stat(master->lp) == GLP_FEAS;
    return end == 0 && glp_get_status(master->lp) == GLP_OPT;
}

static void answer(void *info)
{
    bound_master *master = info;
    const bound_nodes *b = master->b;
    glp_prob *lp = master->lp;
    if (!simplex(master, GLP_PRIMAL)) {
        glp_std_basis(lp); /* a singular basis, or one it lost its way with: once more from the beginning */
        if (!simplex(master, GLP_PRIMAL)) {
            master->result = CR_E_UPSTREAM;
            return;
        }
    }
    bound_answer *a = master->answer;
    a->value = glp_get_obj_val(lp) * master->scale;
    for (int32_t k = 0; k < master->tolls->n_worths; k++)
        a->worth[k] = glp_get_row_dual(lp, bound_master_row(master, k)) * master->scale;
    for (int32_t g = 0; g < b->n_groups; g++)
        a->of_group[g] = -glp_get_row_dual(lp, b->n_worths + g + 1) * master->scale;
    drop_columns(master);
    for (int j = 1; j <= glp_get_num_cols(lp); j++)
        master->part[j] = glp_get_col_prim(lp, j);
    a->is_boxed = false;
    open_boxes(master);
}

/* Nothing but rows is new: what they were worth before stays dual feasible. */
static void settle(void *info)
{
    bound_master *master = info;
    (void)simplex(master, GLP_DUAL);
}

cr_status bound_master_settle(bound_master *master, int time_most_ms)
{
    master->time_most_ms = time_most_ms;
    return bound_master_ask(master, settle);
}

cr_status bound_master_solve(bound_master *master, int time_most_ms, bound_answer *ret_answer)
{
    master->time_most_ms = time_most_ms;
    master->answer = ret_answer;
    if (!master->lp)
        return CR_E_INTERNAL;
    if (!make_room(master, (size_t)glp_get_num_cols(master->lp) + 2))
        return CR_E_NOMEM;
    return bound_master_ask(master, answer);
}

/* ---- all of it ---- */

/* GLPK's tolerances suit costs from about 1 to 10,000: a typical row is worth 100. */
static double scale_of(const bound_nodes *b, const int64_t *guess)
{
    double sum = 0;
    for (int32_t r = 0; r < b->n_rows; r++)
        sum += (double)guess[b->rows[r].worth];
    return fmax(1e-3, sum / (100.0 * b->n_rows + 1));
}

cr_status bound_master_new(const bound_nodes *b, const int64_t *guess, bound_tolls *tolls, bound_master **ret_master)
{
    cr_auto(bound_master) master = calloc(1, sizeof *master);
    if (!master)
        return CR_E_NOMEM;
    master->b = b;
    master->guess = guess;
    master->tolls = tolls;
    master->scale = scale_of(b, guess);
    size_t n_visits = (size_t)b->m->n_visits + 1;
    master->box = malloc(n_visits * sizeof *master->box);
    master->column = malloc(n_visits * sizeof *master->column);
    master->row = malloc(n_visits * sizeof *master->row);
    master->toll_of = malloc(((size_t)b->n_groups * (size_t)b->n_met + 1) * sizeof *master->toll_of);
    master->served = malloc(((size_t)b->n_moments + 1) * sizeof *master->served);
    if (!master->box || !master->column || !master->row || !master->toll_of || !master->served ||
        !make_room(master, (size_t)b->n_worths + 2))
        return CR_E_NOMEM;
    for (size_t k = 0; k < (size_t)b->n_groups * (size_t)b->n_met; k++)
        master->toll_of[k] = CR_NONE;
    for (int32_t t = 0; t < tolls->n; t++)
        *bound_master_toll(master, tolls->items[t].group, tolls->items[t].visit) = tolls->items[t].worth;
    cr_status st = b->n_rows > 0 ? bound_master_ask(master, make) : CR_OK;
    if (!st && tolls->n > 0)
        st = bound_master_ask(master, bound_master_toll_rows);
    if (!st && tolls->n_trios > 0)
        st = bound_master_ask(master, bound_master_trio_rows);
    if (!st && tolls->n_pairs > 0)
        st = bound_master_ask(master, bound_master_pair_rows);
    if (!st)
        *ret_master = bound_master_take(&master);
    return st;
}

const bound_columns *bound_master_columns(const bound_master *master)
{
    return &master->columns;
}
