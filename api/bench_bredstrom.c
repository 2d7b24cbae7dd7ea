/* The home care instances with synchronised visits of Bredström and Rönnqvist (2008).
 *
 * Hard windows on the start, a day from 0 to T with one depot, and pairs: two visits of the file to one client that
 * must start together with two carers. A pair becomes one visit with two slots, each with a number of its own in the
 * line. The objective is the minutes of travel. Pairs are read from t_ij, where 10000 off the diagonal marks them: the
 * file's own list of pairs is wrong in some files. What belongs to a longer horizon (w_id) or to another objective
 * (prefer_id) is left. Everything is in whole minutes, and a tick is a minute.
 */
#include "bench.h"
#include "bench_words.h"

#include <stdlib.h>
#include <string.h>

#define VISITS_MOST  2000
#define CARERS_MOST  1000
#define DAYS_MOST    31
#define MINUTES_MOST 100000
#define PAIR_MARK    10000 /* in t_ij: a visit and itself, or the other of its pair */

/* One value for each node, or a square of them. Node 0 is the depot. */
typedef enum bredstrom_table { TABLE_DURATION, TABLE_OPEN, TABLE_CLOSE, TABLE_TRAVEL, TABLE_N } bredstrom_table;

static const char *const table_name[TABLE_N] = {"s_id", "e_id", "l_id", "t_ij"};

typedef struct bredstrom {
    int32_t n_carers, day_length, n_nodes;
    int32_t duration_tenths; /* of the file's durations */
    int32_t *table[TABLE_N];
    int32_t *partner; /* of each node; CR_NONE */
} bredstrom;

static void bredstrom_free(void *own)
{
    bredstrom *file = own;
    if (!file)
        return;
    for (int32_t t = 0; t < TABLE_N; t++)
        free(file->table[t]);
    free(file->partner);
    free(file);
}

static int32_t travel_of(const bredstrom *file, int64_t from, int64_t to)
{
    return file->table[TABLE_TRAVEL][from * file->n_nodes + to];
}

/* ---- words: AMPL's marks stand apart from what they touch, comments are gone ---- */

static char *spread(const char *text, size_t size, size_t *ret_size)
{
    char *apart = malloc(3 * size + 1);
    size_t n = 0;
    bool in_comment = false;
    for (size_t i = 0; apart && i < size; i++) {
        in_comment = text[i] != '\n' && (in_comment || text[i] == '#');
        if (in_comment)
            continue;
        bool is_mark = text[i] != '\0' && strchr(":=;", text[i]);
        if (is_mark)
            apart[n++] = ' ';
        apart[n++] = text[i];
        if (is_mark)
            apart[n++] = ' ';
    }
    *ret_size = n;
    return apart;
}

static cr_status expect(bench_words *words, const char *mark)
{
    if (bench_words_next(words) && bench_words_is(words, mark))
        return CR_OK;
    if (!words->length)
        return bench_fault(words->message, "line %d: the file ends where \"%s\" should be", words->line, mark);
    return bench_fault(words->message, "line %d: \"%.*s\" stands where \"%s\" should", words->line,
                       words->length < 40 ? (int)words->length : 40, words->word, mark);
}

static cr_status skip_statement(bench_words *words)
{
    while (bench_words_next(words))
        if (bench_words_is(words, ";"))
            return CR_OK;
    return bench_fault(words->message, "line %d: the file ends where \";\" should be", words->line);
}

/* ---- tables ---- */

/* The columns of a table, and ":=". Those of t_ij are the nodes from 0, those of the others days from 1. */
static cr_status read_columns(bench_words *words, bredstrom_table t, int32_t *ret_n)
{
    int32_t first = t == TABLE_TRAVEL ? 0 : 1, most = t == TABLE_TRAVEL ? VISITS_MOST + 1 : DAYS_MOST, n = 0;
    for (bench_words ahead = *words; bench_words_next(&ahead) && bench_words_numeric(&ahead); ahead = *words) {
        int32_t column;
        cr_status st = bench_words_integer(words, table_name[t], 0, VISITS_MOST, &column);
        if (st)
            return st;
        if (n == most || column != first + n)
            return bench_fault(words->message, "line %d: column %d of %s stands where %d should", words->line, column,
                               table_name[t], first + n);
        n++;
    }
    cr_status st = expect(words, ":");
    if (!st)
        st = expect(words, "=");
    if (!st && n == 0)
        st = bench_fault(words->message, "line %d: %s has no columns", words->line, table_name[t]);
    *ret_n = n;
    return st;
}

/* Days are alike in this set: a file in which they differ would be another problem. */
static cr_status read_days(bench_words *words, bredstrom_table t, int32_t n_days, int32_t *ret_value)
{
    for (int32_t day = 0; day < n_days; day++) {
        int32_t value;
        cr_status st = bench_words_integer(words, table_name[t], 0, MINUTES_MOST, &value);
        if (st)
            return st;
        if (day > 0 && value != *ret_value)
            return bench_fault(words->message, "line %d: %s: the days differ (%d and %d)", words->line, table_name[t],
                               *ret_value, value);
        *ret_value = value;
    }
    return CR_OK;
}

static cr_status read_legs(bench_words *words, int32_t n_nodes, int32_t *ret_legs)
{
    cr_status st = CR_OK;
    for (int32_t to = 0; !st && to < n_nodes; to++)
        st = bench_words_integer(words, table_name[TABLE_TRAVEL], 0, MINUTES_MOST, &ret_legs[to]);
    return st;
}

/* Rows are the nodes from 0, in order, as many as in the first table. */
static cr_status read_rows(bench_words *words, bredstrom *file, bredstrom_table t, int32_t n_columns)
{
    int32_t width = t == TABLE_TRAVEL ? n_columns : 1, n = 0;
    for (bench_words ahead = *words; bench_words_next(&ahead) && !bench_words_is(&ahead, ";"); ahead = *words) {
        int32_t row;
        cr_status st = bench_words_integer(words, table_name[t], 0, VISITS_MOST, &row);
        if (st)
            return st;
        if (row != n)
            return bench_fault(words->message, "line %d: row %d of %s stands where %d should", words->line, row,
                               table_name[t], n);
        int32_t *grown = realloc(file->table[t], ((size_t)n + 1) * (size_t)width * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        file->table[t] = grown;
        int32_t *values = grown + (size_t)n * (size_t)width;
        st = t == TABLE_TRAVEL ? read_legs(words, width, values) : read_days(words, t, n_columns, values);
        if (st)
            return st;
        n++;
    }
    if (file->n_nodes == 0)
        file->n_nodes = n;
    int32_t due = t == TABLE_TRAVEL && n != n_columns ? n_columns : file->n_nodes;
    if (n < 1 || n != due)
        return bench_fault(words->message, "line %d: %s has %d rows, not %d", words->line, table_name[t], n, due);
    return expect(words, ";");
}

static cr_status read_table(bench_words *words, bredstrom *file, bredstrom_table t)
{
    int32_t n_columns = 0;
    if (file->table[t])
        return bench_fault(words->message, "line %d: %s twice", words->line, table_name[t]);
    cr_status st = expect(words, ":");
    if (!st)
        st = read_columns(words, t, &n_columns);
    return st ? st : read_rows(words, file, t, n_columns);
}

static cr_status read_scalar(bench_words *words, const char *name, int32_t most, int32_t *ret_value)
{
    cr_status st;
    if ((st = expect(words, ":")) || (st = expect(words, "=")) ||
        (st = bench_words_integer(words, name, 1, most, ret_value)))
        return st;
    return expect(words, ";");
}

/* What follows `param`. */
static cr_status read_parameter(bench_words *words, bredstrom *file)
{
    if (!bench_words_next(words))
        return bench_fault(words->message, "line %d: the file ends after param", words->line);
    if (bench_words_is(words, "kn"))
        return read_scalar(words, "kn", CARERS_MOST, &file->n_carers);
    if (bench_words_is(words, "T"))
        return read_scalar(words, "T", MINUTES_MOST, &file->day_length);
    for (int32_t t = 0; t < TABLE_N; t++)
        if (bench_words_is(words, table_name[t]))
            return read_table(words, file, (bredstrom_table)t);
    return skip_statement(words);
}

static cr_status read_file(bench_words *words, bredstrom *file)
{
    cr_status st = CR_OK;
    while (!st && bench_words_next(words)) {
        if (bench_words_is(words, "param"))
            st = read_parameter(words, file);
        else if (bench_words_is(words, "set"))
            st = skip_statement(words);
        else
            st = bench_fault(words->message, "line %d: \"%.*s\" is neither set nor param", words->line,
                             words->length < 40 ? (int)words->length : 40, words->word);
    }
    if (st)
        return st;
    for (int32_t t = 0; t < TABLE_N; t++)
        if (!file->table[t])
            return bench_fault(words->message, "%s is missing", table_name[t]);
    if (!file->n_carers || !file->day_length)
        return bench_fault(words->message, "%s is missing", file->n_carers ? "T" : "kn");
    return CR_OK;
}

/* ---- pairs ---- */

/* One client: the same duration, window and ways. */
static bool is_alike(const bredstrom *file, int32_t a, int32_t b)
{
    for (int32_t t = 0; t < TABLE_TRAVEL; t++)
        if (file->table[t][a] != file->table[t][b])
            return false;
    for (int32_t other = 0; other < file->n_nodes; other++)
        if (other != a && other != b &&
            (travel_of(file, a, other) != travel_of(file, b, other) ||
             travel_of(file, other, a) != travel_of(file, other, b)))
            return false;
    return true;
}

static cr_status find_pairs(bredstrom *file, bench_message *message)
{
    file->partner = malloc((size_t)file->n_nodes * sizeof *file->partner);
    if (!file->partner)
        return CR_E_NOMEM;
    for (int32_t node = 0; node < file->n_nodes; node++)
        file->partner[node] = CR_NONE;
    for (int32_t a = 1; a < file->n_nodes; a++)
        for (int32_t b = a + 1; b < file->n_nodes; b++) {
            if (travel_of(file, a, b) != PAIR_MARK)
                continue;
            if (file->partner[a] != CR_NONE || file->partner[b] != CR_NONE)
                return bench_fault(message, "t_ij: visit %d is of two pairs", file->partner[a] != CR_NONE ? a : b);
            if (!is_alike(file, a, b))
                return bench_fault(message, "t_ij: visits %d and %d are a pair, but not to one client", a, b);
            file->partner[a] = b;
            file->partner[b] = a;
        }
    return CR_OK;
}

/* ---- building ---- */

static cr_status add_carers(const bredstrom *file, cr_problem *problem)
{
    cr_carer carer = CR_CARER_INIT;
    cr_shift shift = CR_SHIFT_INIT;
    shift.end = file->day_length;
    shift.start_place = shift.end_place = 0;
    cr_status st = CR_OK;
    for (shift.carer = 0; !st && shift.carer < file->n_carers; shift.carer++) {
        st = cr_problem_add_carer(problem, &carer);
        if (!st)
            st = cr_problem_add_shift(problem, &shift);
    }
    return st;
}

static cr_status add_slot(const bredstrom *file, int32_t node, bench_instance *instance)
{
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = (int32_t)((int64_t)file->table[TABLE_DURATION][node] * file->duration_tenths / 10);
    instance->slot_node[instance->problem->n_slots] = node;
    return bench_instance_add_slot(instance, &slot, 0);
}

static cr_status add_visit(const bredstrom *file, int32_t node, int64_t unserved_price, bench_instance *instance)
{
    cr_visit visit = CR_VISIT_INIT;
    visit.client = node;
    visit.place = node;
    visit.unallocated_price = unserved_price;
    cr_window window = {file->table[TABLE_OPEN][node], file->table[TABLE_CLOSE][node]};
    cr_status st = bench_instance_add_visit(instance, &visit, window, node);
    if (!st)
        st = add_slot(file, node, instance);
    if (!st && file->partner[node] != CR_NONE)
        st = add_slot(file, file->partner[node], instance);
    return st;
}

static int32_t fill_matrix(const bredstrom *file, cr_matrix *matrix)
{
    int32_t longest = 0;
    for (int32_t from = 0; from < file->n_nodes; from++)
        for (int32_t to = 0; to < file->n_nodes; to++) {
            int32_t leg = from == to ? 0 : travel_of(file, from, to);
            cr_matrix_set(matrix, from, to, leg, leg);
            longest = leg > longest ? leg : longest;
        }
    return longest;
}

static cr_status fill(const bredstrom *file, bench_instance *instance)
{
    cr_problem *problem = instance->problem;
    /* One visit left out costs more than the travel of any plan that serves all. */
    int64_t unserved_price = (int64_t)(file->n_nodes + file->n_carers) * fill_matrix(file, instance->matrix) + 1;
    problem->n_clients = file->n_nodes;
    problem->prices.travel = 1;
    instance->must_serve_all = true;
    instance->slot_node = calloc((size_t)file->n_nodes, sizeof *instance->slot_node);
    if (!instance->slot_node)
        return CR_E_NOMEM;
    cr_status st = add_carers(file, problem);
    for (int32_t node = 1; !st && node < file->n_nodes; node++)
        if (file->partner[node] == CR_NONE || file->partner[node] > node)
            st = add_visit(file, node, unserved_price, instance);
    return st;
}

static cr_status read_and_pair(const char *text, size_t size, bredstrom *file, bench_message *message)
{
    size_t n;
    char *apart = spread(text, size, &n);
    if (!apart)
        return CR_E_NOMEM;
    bench_words words;
    cr_status st = bench_words_init(&words, apart, n, message);
    if (!st) {
        st = read_file(&words, file);
        bench_words_done(&words);
    }
    free(apart);
    return st ? st : find_pairs(file, message);
}

cr_status bench_bredstrom_parse(const char *text, size_t size, const bench_convention *convention,
                                bench_instance **ret_instance, bench_message *message)
{
    cr_auto(bench_instance) instance = NULL;
    bredstrom *file = calloc(1, sizeof *file);
    if (!file)
        return CR_E_NOMEM;
    file->duration_tenths = convention->duration_tenths;
    cr_status st = read_and_pair(text, size, file, message);
    if (!st)
        st = bench_instance_new(file->n_nodes, file->n_nodes, file->n_nodes, &instance);
    if (st) {
        bredstrom_free(file);
        return st;
    }
    instance->own = file;
    instance->own_free = bredstrom_free;
    st = fill(file, instance);
    if (st)
        return st;
    *ret_instance = bench_instance_take(&instance);
    return CR_OK;
}

/* ---- the objective and the line ---- */

static double bredstrom_objective(const bench_instance *instance, const cr_plan *plan, const double *start)
{
    const bredstrom *file = instance->own;
    int64_t minutes = 0;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        cr_range stops = plan->rounds[r].stops;
        int64_t at = 0;
        for (int32_t k = stops.first; k < stops.first + stops.n; k++) {
            int64_t node = bench_slot_node(instance, plan->stops[k].slot);
            minutes += travel_of(file, at, node);
            at = node;
        }
        minutes += travel_of(file, at, 0);
    }
    return (double)minutes;
}

/* Durations other than the file's make another problem, and the line says which. */
static int name_line(const bench_instance *instance, const cr_plan *plan, json_t *line)
{
    const bredstrom *file = instance->own;
    return file->duration_tenths == 10
               ? 0
               : json_object_set_new(line, "objective_kind", json_sprintf("travel%d", file->duration_tenths));
}

const bench_format bench_bredstrom = {
    .name = "bredstrom",
    .parse = bench_bredstrom_parse,
    .objective = bredstrom_objective,
    .name_line = name_line,
};
