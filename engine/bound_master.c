/* The master problem: see bound_master.h. GLPK's manual: sections 2.4 to 2.8 (problem, simplex, duals). */
#include "bound_master.h"

#include "glpk_guard.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

#define BOX              4    /* first box, in guesses */
#define PIVOTS_MOST      1000 /* of one answer, and */
#define PIVOTS_EACH      8    /* for each row: it may lose its way for many seconds where a problem is degenerate */
#define COLUMNS_EACH     6    /* columns kept for each row, */
#define COLUMNS_AT_LEAST 4000 /* and in all */
#define SPARE_LEAST      1e-7 /* of a reduced cost, in units of the master */

struct bound_master {
    const bound_nodes *b;
    double scale;    /* cost units in a unit of the master */
    double *box;     /* of each visit with rows: what leaving it out costs here, cost units */
    int32_t *column; /* of each visit: its column for being left out */
    glp_prob *lp;    /* NULL: lost in a fault */
    int *index;      /* plain memory, so that nothing of GLPK's is needed to free it after a fault */
    double *value;
    double *reduced; /* of each column, when some are dropped */
    size_t room;     /* of the three */
    /* of the question at hand */
    const bound_columns *list;
    int32_t first;
    int time_most_ms;
    bound_answer *answer;
    const int64_t *guess;
    cr_status result;
};

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
    if (!index || !value || !reduced)
        return false;
    master->room = room;
    return true;
}

static void delete_lp(void *info)
{
    bound_master *master = info;
    glp_delete_prob(master->lp);
}

bound_master *bound_master_free(bound_master *master)
{
    if (master) {
        if (master->lp)
            (void)glpk_guard(delete_lp, master);
        free(master->box);
        free(master->column);
        free(master->index);
        free(master->value);
        free(master->reduced);
        free(master);
    }
    return NULL;
}

/* ---- making it ---- */

static void add_left_out(bound_master *master, int32_t v)
{
    const bound_nodes *b = master->b;
    const cr_range rows = b->rows_of[v];
    if (rows.n == 0)
        return;
    double guess = 0;
    int n = 0;
    for (int32_t r = rows.first; r < rows.first + rows.n; r++) {
        guess += (double)master->guess[r] * b->rows[r].need;
        master->index[++n] = r + 1;
        master->value[n] = b->rows[r].need;
    }
    master->box[v] = fmin((double)bound_left_out(b, v), BOX * guess);
    int j = glp_add_cols(master->lp, 1);
    master->column[v] = j;
    glp_set_col_bnds(master->lp, j, GLP_LO, 0, 0);
    glp_set_obj_coef(master->lp, j, master->box[v] / master->scale);
    glp_set_mat_col(master->lp, j, n, master->index, master->value);
}

static void make(void *info)
{
    bound_master *master = info;
    const bound_nodes *b = master->b;
    glp_prob *lp = master->lp = glp_create_prob();
    glp_set_obj_dir(lp, GLP_MIN);
    glp_add_rows(lp, b->n_rows + b->n_groups);
    for (int32_t r = 0; r < b->n_rows; r++)
        glp_set_row_bnds(lp, r + 1, GLP_LO, b->rows[r].need, 0);
    for (int32_t g = 0; g < b->n_groups; g++)
        glp_set_row_bnds(lp, b->n_rows + g + 1, GLP_UP, 0, b->groups[g].count);
    for (int32_t v = 0; v < b->m->n_visits; v++)
        add_left_out(master, v);
}

/* Ask GLPK under its guard; after a fault the problem is gone. */
static cr_status ask(bound_master *master, void (*question)(void *))
{
    if (!master->lp && question != make)
        return CR_E_INTERNAL;
    master->result = CR_OK;
    if (glpk_guard(question, master))
        return master->result;
    master->lp = NULL;
    return CR_E_INTERNAL;
}

/* GLPK's tolerances suit costs from about 1 to 10,000: a typical row is worth 100. */
static double scale_of(const bound_nodes *b, const int64_t *guess)
{
    double sum = 0;
    for (int32_t r = 0; r < b->n_rows; r++)
        sum += (double)guess[r];
    return fmax(1e-3, sum / (100.0 * b->n_rows + 1));
}

cr_status bound_master_new(const bound_nodes *b, const int64_t *guess, bound_master **ret_master)
{
    cr_auto(bound_master) master = calloc(1, sizeof *master);
    if (!master)
        return CR_E_NOMEM;
    master->b = b;
    master->guess = guess;
    master->scale = scale_of(b, guess);
    master->box = malloc(((size_t)b->m->n_visits + 1) * sizeof *master->box);
    master->column = malloc(((size_t)b->m->n_visits + 1) * sizeof *master->column);
    if (!master->box || !master->column || !make_room(master, (size_t)b->n_rows + 2))
        return CR_E_NOMEM;
    cr_status st = b->n_rows > 0 ? ask(master, make) : CR_OK;
    if (!st)
        *ret_master = bound_master_take(&master);
    return st;
}

/* ---- columns ---- */

static void add(void *info)
{
    bound_master *master = info;
    const bound_columns *list = master->list;
    if (list->n == master->first)
        return;
    int j = glp_add_cols(master->lp, list->n - master->first);
    for (int32_t c = master->first; c < list->n; c++, j++) {
        const bound_column *column = &list->items[c];
        const int32_t *rows = list->rows + column->rows.first;
        int n = 0;
        for (int32_t k = 0; k < column->rows.n; k++) {
            int same = 1;
            while (same <= n && master->index[same] != rows[k] + 1)
                same++;
            if (same > n) {
                master->index[++n] = rows[k] + 1;
                master->value[n] = 0;
            }
            master->value[same]++;
        }
        master->index[++n] = master->b->n_rows + column->group + 1;
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
        longest = (size_t)list->items[c].rows.n > longest ? (size_t)list->items[c].rows.n : longest;
    if (!make_room(master, longest + 2))
        return CR_E_NOMEM;
    master->list = list;
    master->first = first;
    return ask(master, add);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Where there are many columns, half of the idle ones go, the dearest. */
static void drop_columns(bound_master *master)
{
    glp_prob *lp = master->lp;
    int n_columns = glp_get_num_cols(lp), first = master->b->n_visits, n = 0; /* before: visits left out */
    int most = COLUMNS_EACH * (master->b->n_rows + master->b->n_groups);
    if (n_columns < (most > COLUMNS_AT_LEAST ? most : COLUMNS_AT_LEAST))
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
    if (n > 0)
        glp_del_cols(lp, n, master->index);
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

static bool simplex(bound_master *master)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = GLP_PRIMAL;
    how.it_lim = PIVOTS_MOST + PIVOTS_EACH * master->b->n_rows;
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
    if (!simplex(master)) {
        glp_std_basis(lp); /* a singular basis, or one it lost its way with: once more from the beginning */
        if (!simplex(master)) {
            master->result = CR_E_UPSTREAM;
            return;
        }
    }
    bound_answer *a = master->answer;
    a->value = glp_get_obj_val(lp) * master->scale;
    for (int32_t r = 0; r < b->n_rows; r++)
        a->worth[r] = glp_get_row_dual(lp, r + 1) * master->scale;
    for (int32_t g = 0; g < b->n_groups; g++)
        a->of_group[g] = -glp_get_row_dual(lp, b->n_rows + g + 1) * master->scale;
    drop_columns(master);
    a->is_boxed = false;
    open_boxes(master);
}

cr_status bound_master_solve(bound_master *master, int time_most_ms, bound_answer *ret_answer)
{
    master->time_most_ms = time_most_ms;
    master->answer = ret_answer;
    if (!master->lp)
        return CR_E_INTERNAL;
    if (!make_room(master, (size_t)glp_get_num_cols(master->lp) + 2))
        return CR_E_NOMEM;
    return ask(master, answer);
}
