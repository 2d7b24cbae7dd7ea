/* A plan made by hand, read as far as it makes sense.
 *
 * Whatever the form, each stop first becomes a row (shift, visit, perhaps slot, order and start); rows are then sorted
 * into rounds and given slots. A name that the day does not have is a fault, and its row is left out.
 */
#include "hand_plan.h"

#include "careround/evaluate.h"

#include "index.h"
#include "table.h"
#include "text_file.h"
#include "value.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define STOPS_MOST 1000000

typedef struct hand_row {
    int32_t shift, visit, slot, brk; /* slot: in the visit, CR_NONE: any. visit CR_NONE: a break */
    int32_t order, start;            /* CR_FREE: not given */
    int32_t at;                      /* its place in the file */
} hand_row;

typedef struct reader {
    const cr_day *day;
    name_index *visits, *shifts, *carers;
    int32_t *first_shift; /* of each carer, in the order of the shifts; CR_NONE */
    hand_row *rows;
    int32_t n, room;
    plan_faults *faults;
    bool no_memory;
} reader;

__attribute__((format(printf, 3, 4))) static void fault(reader *r, const char *where, const char *format, ...)
{
    plan_fault item = {strdup(where), NULL};
    va_list args;
    va_start(args, format);
    bool ok = vasprintf(&item.text, format, args) >= 0 && item.where;
    va_end(args);
    plan_fault *items = ok ? reallocarray(r->faults->items, (size_t)r->faults->n + 1, sizeof *r->faults->items) : NULL;
    if (!items) {
        free(item.where);
        free(item.text);
        r->no_memory = true;
        return;
    }
    r->faults->items = items;
    r->faults->items[r->faults->n++] = item;
}

static void add_row(reader *r, const char *where, hand_row row)
{
    if (r->n == STOPS_MOST) {
        fault(r, where, "more than 1,000,000 stops; the rest is left out");
        return;
    }
    if (r->n > STOPS_MOST || !array_room((void **)&r->rows, r->n, &r->room, sizeof *r->rows)) {
        r->no_memory = r->no_memory || r->n < STOPS_MOST;
        return;
    }
    row.at = r->n;
    r->rows[r->n++] = row;
}

/* ---- names ---- */

static cr_status index_names(reader *r)
{
    const cr_day *day = r->day;
    const cr_problem *p = day->problem;
    r->first_shift = malloc(((size_t)p->n_carers + 1) * sizeof *r->first_shift);
    if (!r->first_shift || name_index_new(&r->visits) || name_index_new(&r->shifts) || name_index_new(&r->carers))
        return CR_E_NOMEM;
    bool ok = true;
    for (int32_t v = 0; v < p->n_visits; v++)
        ok = ok && name_index_set(r->visits, day->visits[v].visit_id, v);
    for (int32_t c = 0; c < p->n_carers; c++) {
        ok = ok && name_index_set(r->carers, day->carers[c].carer_id, c);
        r->first_shift[c] = CR_NONE;
    }
    for (int32_t s = p->n_shifts; s-- > 0;) {
        ok = ok && name_index_set(r->shifts, day->shifts[s].shift_id, s);
        r->first_shift[p->shifts[s].carer] = s;
    }
    return ok ? CR_OK : CR_E_NOMEM;
}

static int32_t last_start(const cr_problem *p, int32_t visit)
{
    const cr_visit *v = &p->visits[visit];
    return v->locked_start != CR_FREE ? v->locked_start : p->windows[v->windows.first + v->windows.n - 1].close;
}

static int32_t first_start(const cr_problem *p, int32_t visit)
{
    const cr_visit *v = &p->visits[visit];
    return v->locked_start != CR_FREE ? v->locked_start : p->windows[v->windows.first].open;
}

/* Which of a carer's shifts is meant: the first that the start stated, or else the visit's windows, would allow. */
static int32_t shift_for(const reader *r, int32_t carer, int32_t visit, int32_t start)
{
    const cr_problem *p = r->day->problem;
    int32_t from = start != CR_FREE ? start : first_start(p, visit),
            until = start != CR_FREE ? start : last_start(p, visit);
    for (int32_t s = r->first_shift[carer]; s != CR_NONE && s < p->n_shifts; s++)
        if (p->shifts[s].carer == carer && from <= p->shifts[s].end && until >= p->shifts[s].begin)
            return s;
    return r->first_shift[carer];
}

/* The shift of a row; CR_NONE with a fault. Either name may be NULL or "". */
static int32_t find_shift(reader *r, const char *where, const char *shift_id, const char *carer_id, int32_t visit,
                          int32_t start)
{
    if (shift_id && *shift_id) {
        int32_t shift = name_index_get(r->shifts, shift_id);
        if (shift == CR_NONE)
            fault(r, where, "\"%s\" is no shift of this day", shift_id);
        return shift;
    }
    if (!carer_id || !*carer_id) {
        fault(r, where, "says neither shift nor carer");
        return CR_NONE;
    }
    int32_t carer = name_index_get(r->carers, carer_id);
    if (carer == CR_NONE)
        fault(r, where, "\"%s\" is no carer of this day", carer_id);
    else if (r->first_shift[carer] == CR_NONE)
        fault(r, where, "%s has no shift on this day", carer_id);
    else
        return shift_for(r, carer, visit, start);
    return CR_NONE;
}

static int32_t find_visit(reader *r, const char *where, const char *visit_id)
{
    int32_t visit = visit_id ? name_index_get(r->visits, visit_id) : CR_NONE;
    if (visit == CR_NONE)
        fault(r, where, "\"%s\" is no visit of this day", visit_id ? visit_id : "");
    return visit;
}

/* ---- JSON ---- */

static int32_t small_number(const json_t *json, int32_t least, int32_t most, int32_t otherwise)
{
    json_int_t value = json_integer_value(json);
    return json_is_integer(json) && value >= least && value <= most ? (int32_t)value : otherwise;
}

static void read_break(reader *r, const char *where, const json_t *stop, int32_t shift)
{
    cr_range breaks = shift == CR_NONE ? (cr_range){0, 0} : r->day->problem->shifts[shift].breaks;
    int32_t brk = small_number(json_object_get(stop, "break"), 0, breaks.n - 1, 0);
    if (shift == CR_NONE)
        fault(r, where, "a break needs the shift's name");
    else if (breaks.n == 0)
        fault(r, where, "is a break, but the shift has none");
    else
        add_row(r, where, (hand_row){shift, CR_NONE, CR_NONE, breaks.first + brk, CR_FREE, CR_FREE, 0});
}

static void read_stop(reader *r, const char *where, const json_t *stop, const char *shift_id, const char *carer_id)
{
    const char *kind = json_string_value(json_object_get(stop, "kind"));
    if (kind && strcmp(kind, "break") == 0) {
        read_break(r, where, stop, shift_id ? name_index_get(r->shifts, shift_id) : CR_NONE);
        return;
    }
    const json_t *id = json_is_string(stop) ? stop : json_object_get(stop, "visit");
    if (!json_is_string(id)) {
        fault(r, where, "should be the id of a visit, or an object with it: {\"visit\": \"V1\"}");
        return;
    }
    int32_t visit = find_visit(r, where, json_string_value(id));
    if (visit == CR_NONE)
        return;
    int32_t start = small_number(json_object_get(stop, "start_s"), -INT32_MAX / 4, INT32_MAX / 4, CR_FREE);
    int32_t shift = find_shift(r, where, shift_id, carer_id, visit, start);
    int32_t slot = small_number(json_object_get(stop, "slot"), 0, r->day->problem->visits[visit].slots.n - 1, CR_NONE);
    if (shift != CR_NONE)
        add_row(r, where, (hand_row){shift, visit, slot, CR_NONE, CR_FREE, CR_FREE, 0});
}

static void read_round(reader *r, size_t item, const json_t *round)
{
    char where[64];
    const char *shift_id = json_string_value(json_object_get(round, "shift"));
    const char *carer_id = json_string_value(json_object_get(round, "carer"));
    const json_t *stops = json_object_get(round, "stops");
    snprintf(where, sizeof where, "rounds[%zu]", item);
    if (!json_is_array(stops)) {
        fault(r, where, "should be an object with a list of stops: {\"shift\": \"A-1\", \"stops\": [\"V1\"]}");
        return;
    }
    if (shift_id && name_index_get(r->shifts, shift_id) == CR_NONE) {
        fault(r, where, "\"%s\" is no shift of this day; its %zu stops are left out", shift_id, json_array_size(stops));
        return;
    }
    for (size_t k = 0; k < json_array_size(stops) && !r->no_memory; k++) {
        snprintf(where, sizeof where, "rounds[%zu].stops[%zu]", item, k);
        read_stop(r, where, json_array_get(stops, k), shift_id, carer_id);
    }
}

static cr_status read_json(reader *r, const char *text, size_t size)
{
    json_error_t error;
    json_auto_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!root && json_error_code(&error) == json_error_out_of_memory)
        return CR_E_NOMEM;
    const json_t *rounds = json_object_get(root, "rounds");
    if (!root)
        fault(r, "", "line %d, column %d: %s", error.line, error.column, error.text);
    else if (!json_is_array(rounds))
        fault(r, "", "should be an object with a list \"rounds\"");
    for (size_t i = 0; i < json_array_size(rounds) && !r->no_memory; i++)
        read_round(r, i, json_array_get(rounds, i));
    return json_is_array(rounds) ? CR_OK : CR_E_INPUT;
}

/* ---- CSV ---- */

enum { HAND_VISIT, HAND_SHIFT, HAND_CARER, HAND_ORDER, HAND_START, N_HAND_COLUMNS };

static const table_column hand_columns[N_HAND_COLUMNS] = {
    {"visit_id", true, "visit"},  {"shift_id", false, "shift"},  {"carer_id", false, "carer"},
    {"order", false, "position"}, {"start", false, "starttime"},
};

static const table_kind hand_kind = {"rounds.csv", "rounds", hand_columns, N_HAND_COLUMNS};

static void read_csv_row(reader *r, const table *t, int32_t i)
{
    char where[32];
    snprintf(where, sizeof where, "row %d", t->line[i]);
    hand_row row = {CR_NONE, CR_NONE, CR_NONE, CR_NONE, CR_FREE, CR_FREE, 0};
    const char *order = table_text(t, i, HAND_ORDER), *start = table_text(t, i, HAND_START);
    if (t->bad[i])
        return; /* it is among the findings */
    if (*order && !value_int(order, -1000000, 1000000, &row.order))
        fault(r, where, "order \"%s\" is no whole number; the row counts by its place", order);
    if (*start && value_time(start, &row.start))
        fault(r, where, "start \"%s\" is no time; the row counts by its place", start);
    row.visit = find_visit(r, where, table_text(t, i, HAND_VISIT));
    if (row.visit != CR_NONE && row.start != CR_FREE)
        row.start = day_ticks(r->day, r->day->problem->visits[row.visit].day, row.start);
    if (row.visit != CR_NONE)
        row.shift =
            find_shift(r, where, table_text(t, i, HAND_SHIFT), table_text(t, i, HAND_CARER), row.visit, row.start);
    if (row.shift != CR_NONE)
        add_row(r, where, row);
}

/* What the table reader found, as faults of ours. */
static cr_status take_findings(reader *r, findings_book **book)
{
    cr_auto(day_findings) findings = NULL;
    cr_status st = findings_publish(book, &findings);
    for (int32_t i = 0; !st && i < findings->n; i++) {
        char where[600] = "";
        if (findings->items[i].row > 0)
            snprintf(where, sizeof where, "row %d", findings->items[i].row);
        fault(r, where, "%s%s%s", findings->items[i].column, *findings->items[i].column ? ": " : "",
              findings->items[i].text);
    }
    return st;
}

static cr_status read_csv(reader *r, const char *text, size_t size)
{
    cr_auto(arena) strings = NULL;
    findings_book *book = NULL;
    table t = {0};
    cr_status st = arena_new(&strings);
    if (!st)
        st = findings_new(&book);
    if (!st) {
        table_init(&t, &hand_kind, "rounds.csv", strings);
        st = table_read_csv(&t, text, size, book);
    }
    if (!st)
        st = table_match_headings(&t, NULL, book);
    bool can_be_read = !st && t.n_headings > 0 && t.heading_of[HAND_VISIT] != CR_NONE;
    if (!st)
        st = take_findings(r, &book);
    for (int32_t i = 0; !st && can_be_read && i < t.n_rows && !r->no_memory; i++)
        read_csv_row(r, &t, i);
    if (strings)
        table_done(&t);
    findings_free(book);
    return st ? st : can_be_read ? CR_OK : CR_E_INPUT;
}

/* ---- from rows to rounds ---- */

static int by_shift_and_order(const void *a, const void *b)
{
    const hand_row *x = a, *y = b;
    if (x->shift != y->shift)
        return x->shift < y->shift ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Starts order a round only where all its rows have one; otherwise the order of the file is meant. */
static void drop_partial_keys(reader *r)
{
    int32_t n_shifts = r->day->problem->n_shifts;
    bool *lacks_order = calloc((size_t)n_shifts + 1, sizeof *lacks_order);
    bool *lacks_start = calloc((size_t)n_shifts + 1, sizeof *lacks_start);
    r->no_memory = r->no_memory || !lacks_order || !lacks_start;
    for (int32_t i = 0; !r->no_memory && i < r->n; i++) {
        lacks_order[r->rows[i].shift] |= r->rows[i].order == CR_FREE;
        lacks_start[r->rows[i].shift] |= r->rows[i].start == CR_FREE;
    }
    for (int32_t i = 0; !r->no_memory && i < r->n; i++) {
        hand_row *row = &r->rows[i];
        row->order = lacks_order[row->shift] ? CR_FREE : row->order;
        row->start = lacks_start[row->shift] ? CR_FREE : row->start;
    }
    free(lacks_order);
    free(lacks_start);
}

/* By when each visit is wished for, else by the middle of what is allowed. */
static void order_by_wishes(reader *r)
{
    const cr_problem *p = r->day->problem;
    int32_t n = 0;
    for (int32_t i = 0; i < r->n; i++)
        if (r->rows[i].visit != CR_NONE)
            r->rows[n++] = r->rows[i];
    r->n = n;
    for (int32_t i = 0; i < r->n; i++) {
        const cr_visit *visit = &p->visits[r->rows[i].visit];
        int32_t open = visit->prefer_open, close = visit->prefer_close;
        open = open != CR_FREE ? open : close != CR_FREE ? close : first_start(p, r->rows[i].visit);
        close = close != CR_FREE ? close : visit->prefer_open != CR_FREE ? open : last_start(p, r->rows[i].visit);
        r->rows[i].order = open + (close - open) / 2;
    }
}

static void take_slot(const reader *r, cr_stop *stop, const hand_row *row, bool *taken)
{
    const cr_problem *p = r->day->problem;
    const cr_range slots = p->visits[row->visit].slots;
    int32_t slot =
        row->slot != CR_NONE ? slots.first + row->slot : cr_slot_for(p, row->visit, p->shifts[row->shift].carer, taken);
    stop->slot = slot != CR_NONE ? slot : slots.first; /* one carer too many: twice in the plan */
    taken[stop->slot] = true;
}

static cr_status make_plan(reader *r, cr_plan **ret_plan)
{
    const cr_problem *p = r->day->problem;
    cr_auto(cr_plan) plan = NULL;
    bool *taken = calloc((size_t)p->n_slots + 1, sizeof *taken);
    cr_status st = taken ? cr_plan_new(p->n_shifts, r->n, 0, &plan) : CR_E_NOMEM;
    if (st) {
        free(taken);
        return st;
    }
    plan->n_rounds = 0;
    for (int32_t i = 0; i < r->n; i++) {
        const hand_row *row = &r->rows[i];
        if (i == 0 || row->shift != r->rows[i - 1].shift)
            plan->rounds[plan->n_rounds++] = (cr_round){row->shift, {i, 0}, 0, 0};
        plan->rounds[plan->n_rounds - 1].stops.n++;
        plan->stops[i] = (cr_stop){CR_NONE, row->brk, 0};
    }
    for (int32_t pass = 0; pass < 2; pass++) /* the slots that are named first */
        for (int32_t i = 0; i < r->n; i++)
            if (r->rows[i].visit != CR_NONE && (r->rows[i].slot == CR_NONE) == (pass == 1))
                take_slot(r, &plan->stops[i], &r->rows[i], taken);
    free(taken);
    *ret_plan = cr_plan_take(&plan);
    return CR_OK;
}

/* ---- the file ---- */

static cr_status read_text(reader *r, const char *text, size_t size, bool any_order, cr_plan **ret_plan)
{
    size_t at = 0;
    while (at < size && strchr(" \t\r\n", text[at]))
        at++;
    bool is_json = at < size && (text[at] == '{' || text[at] == '[');
    cr_status st = index_names(r);
    if (!st)
        st = is_json ? read_json(r, text, size) : read_csv(r, text, size);
    if (!st && any_order)
        order_by_wishes(r);
    else if (!st)
        drop_partial_keys(r);
    if (st || r->no_memory)
        return st ? st : CR_E_NOMEM;
    if (r->n > 0)
        qsort(r->rows, (size_t)r->n, sizeof *r->rows, by_shift_and_order);
    return make_plan(r, ret_plan);
}

cr_status hand_plan_parse(const char *text, size_t size, const cr_day *day, bool any_order, cr_plan **ret_plan,
                          plan_faults **ret_faults)
{
    cr_auto(plan_faults) faults = calloc(1, sizeof *faults);
    if (!faults)
        return CR_E_NOMEM;
    reader r = {.day = day, .faults = faults};
    cr_status st = read_text(&r, text, size, any_order, ret_plan);
    st = st != CR_E_NOMEM && r.no_memory ? CR_E_NOMEM : st;
    name_index_free(r.visits);
    name_index_free(r.shifts);
    name_index_free(r.carers);
    free(r.first_shift);
    free(r.rows);
    if (st != CR_E_NOMEM)
        *ret_faults = plan_faults_take(&faults);
    return st;
}

cr_status hand_plan_read(const char *path, const cr_day *day, bool any_order, cr_plan **ret_plan,
                         plan_faults **ret_faults)
{
    text_file file = {0};
    char message[300] = "";
    cr_status st = text_file_read(path, &file, message, sizeof message);
    if (st == CR_E_NOMEM)
        return st;
    if (!st) {
        st = hand_plan_parse(file.text, file.size, day, any_order, ret_plan, ret_faults);
        text_file_done(&file);
        return st;
    }
    cr_auto(plan_faults) faults = calloc(1, sizeof *faults);
    if (!faults)
        return CR_E_NOMEM;
    reader r = {.day = day, .faults = faults};
    fault(&r, "", "%s", message);
    if (r.no_memory)
        return CR_E_NOMEM;
    *ret_faults = plan_faults_take(&faults);
    return CR_E_INPUT;
}
