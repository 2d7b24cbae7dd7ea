/* The real days of a British home-care provider (University of Strathclyde, doi 10.15129/2d4885e1).
 *
 * FILE is FOLDER/DATE. Convention: a visit starts within half an hour of its planned time, a segment of availability
 * is one shift that holds its visits whole, homes are unknown so the first and last leg are free, both carers of a
 * double-up come or none; travel seconds plus 100,000 for each carer missing are to be least. A tick is a second.
 */
#include "bench.h"
#include "bench_csv.h"
#include "bench_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CLIENTS_MOST   5000
#define TRAVEL_MOST    86400
#define DURATION_MOST  86400
#define CARERS_A_VISIT 8
#define LATITUDE_S     1800
#define MISSING_PRICE  100000

typedef struct strathclyde {
    int32_t n_clients;
    int32_t *seconds; /* n_clients x n_clients, row = from */
    int32_t *client;  /* of each visit of the problem */
} strathclyde;

static void strathclyde_free(void *own)
{
    strathclyde *data = own;
    if (data) {
        free(data->seconds);
        free(data->client);
    }
    free(data);
}

/* What one pass over the three files gathers. Ids are the file's, indices the problem's. */
typedef struct reading {
    const char *date;
    time_t midnight;
    bench_instance *instance;
    strathclyde *data;
    int64_t *client_id; /* n_clients, by column of distance.csv */
    int32_t n_rows;     /* of distances read */
    int64_t *carer_id;  /* by carer of the problem */
    int32_t n_visits, n_slots, n_segments;
} reading;

static void reading_done(reading *r)
{
    free(r->client_id);
    free(r->carer_id);
}

static int32_t index_of(const int64_t *ids, int32_t n, int64_t id)
{
    for (int32_t i = 0; i < n; i++)
        if (ids[i] == id)
            return i;
    return CR_NONE;
}

/* ---- dates and times ---- */

/* A form like "%Y-%m-%d" that uses the whole text, and numbers that are a real date: 30 February is not. */
static bool parse_time(const char *text, const char *form, time_t *ret_time)
{
    struct tm broken = {.tm_mday = 1, .tm_year = 70};
    const char *end = strptime(text, form, &broken);
    if (!end || *end)
        return false;
    struct tm normal = broken;
    time_t time = timegm(&normal);
    if (normal.tm_mday != broken.tm_mday || normal.tm_mon != broken.tm_mon || normal.tm_sec != broken.tm_sec)
        return false;
    *ret_time = time;
    return true;
}

static cr_status row_time(const bench_row *row, int32_t field, const char *form, const char *column, time_t *ret_time,
                          bench_message *message)
{
    if (field >= row->n_fields || !parse_time(row->fields[field], form, ret_time))
        return bench_fault(message, "row %d: %s: \"%.40s\" is no time", row->number, column,
                           field < row->n_fields ? row->fields[field] : "");
    return CR_OK;
}

/* ---- distance.csv ---- */

/* Header: UserId, then the ids of the columns. */
static cr_status read_clients(const bench_row *row, reading *r, bench_message *message)
{
    int32_t n = row->n_fields - 1;
    if (n < 1 || n > CLIENTS_MOST)
        return bench_fault(message, "distance.csv: %d clients, not 1 to %d", n, CLIENTS_MOST);
    r->client_id = malloc((size_t)n * sizeof *r->client_id);
    r->data->seconds = calloc((size_t)n * (size_t)n, sizeof *r->data->seconds);
    if (!r->client_id || !r->data->seconds)
        return CR_E_NOMEM;
    r->data->n_clients = n;
    for (int32_t i = 0; i < n; i++) {
        cr_status st = bench_row_integer(row, i + 1, "UserId", 0, INT64_MAX, &r->client_id[i], message);
        if (st)
            return st;
    }
    return CR_OK;
}

/* Data row: row number, source id, the values. One field more than the header. */
static cr_status read_distances(const bench_row *row, reading *r, bench_message *message)
{
    int32_t n = r->data->n_clients;
    if (row->n_fields != n + 2)
        return bench_fault(message, "distance.csv: row %d has %d fields, not %d", row->number, row->n_fields, n + 2);
    if (r->n_rows >= n)
        return bench_fault(message, "distance.csv: more rows than columns");
    int64_t id, seconds;
    cr_status st = bench_row_integer(row, 1, "UserId", 0, INT64_MAX, &id, message);
    if (!st && id != r->client_id[r->n_rows])
        st = bench_fault(message, "distance.csv: row %d is client %lld, column %d is %lld", row->number, (long long)id,
                         r->n_rows + 2, (long long)r->client_id[r->n_rows]);
    for (int32_t to = 0; !st && to < n; to++) {
        st = bench_row_integer(row, to + 2, "seconds", 0, TRAVEL_MOST, &seconds, message);
        if (!st)
            r->data->seconds[(size_t)r->n_rows * (size_t)n + (size_t)to] = (int32_t)seconds;
    }
    r->n_rows++;
    return st;
}

static cr_status on_distance(const bench_row *row, void *user, bench_message *message)
{
    return row->number == 1 ? read_clients(row, user, message) : read_distances(row, user, message);
}

static cr_status read_matrix(bench_text distance, reading *r, bench_message *message)
{
    cr_status st = bench_csv_each_row(distance, on_distance, r, message);
    if (st)
        return st;
    if (r->data->n_clients < 1 || r->n_rows != r->data->n_clients)
        return bench_fault(message, "distance.csv: %d rows for %d clients", r->n_rows, r->data->n_clients);
    return CR_OK;
}

/* ---- visits.csv and carers.csv ---- */

static bool is_of_date(const bench_row *row, int32_t field, const reading *r)
{
    return row->number > 1 && field < row->n_fields && strcmp(row->fields[field], r->date) == 0;
}

/* First pass: how many of the date, so that the instance has room. */
static cr_status on_visit_count(const bench_row *row, void *user, bench_message *message)
{
    reading *r = user;
    if (!is_of_date(row, 2, r))
        return CR_OK;
    int64_t n_carers;
    cr_status st = bench_row_integer(row, 5, "CarerCount", 1, CARERS_A_VISIT, &n_carers, message);
    if (st)
        return st;
    r->n_visits++;
    r->n_slots += (int32_t)n_carers;
    return CR_OK;
}

static cr_status on_segment_count(const bench_row *row, void *user, bench_message *message)
{
    reading *r = user;
    r->n_segments += is_of_date(row, 1, r);
    return CR_OK;
}

/* CarerId, Date, Begin, End. A carer's segments are her shifts, so that no double-up is given to her twice. */
static cr_status on_segment(const bench_row *row, void *user, bench_message *message)
{
    reading *r = user;
    cr_problem *problem = r->instance->problem;
    if (!is_of_date(row, 1, r))
        return CR_OK;
    int64_t id;
    time_t begin, end;
    cr_status st;
    if ((st = bench_row_integer(row, 0, "CarerId", 0, INT64_MAX, &id, message)) ||
        (st = row_time(row, 2, "%Y-%m-%dT%H:%M:%S", "Begin", &begin, message)) ||
        (st = row_time(row, 3, "%Y-%m-%dT%H:%M:%S", "End", &end, message)))
        return st;
    if (begin < r->midnight || end < begin || end > r->midnight + 2 * 86400)
        return bench_fault(message, "carers.csv: row %d: %s to %s is no segment of %s", row->number, row->fields[2],
                           row->fields[3], r->date);
    cr_shift shift = CR_SHIFT_INIT;
    shift.carer = index_of(r->carer_id, problem->n_carers, id);
    shift.begin = (int32_t)(begin - r->midnight);
    shift.end = (int32_t)(end - r->midnight);
    if (shift.carer == CR_NONE) {
        cr_carer carer = CR_CARER_INIT;
        shift.carer = problem->n_carers;
        r->carer_id[problem->n_carers] = id;
        st = cr_problem_add_carer(problem, &carer);
    }
    return st ? st : cr_problem_add_shift(problem, &shift);
}

static cr_status add_visit(reading *r, int32_t client, int64_t visit_id, int32_t planned, int32_t duration,
                           int32_t n_carers)
{
    cr_visit visit = CR_VISIT_INIT;
    visit.client = client;
    visit.place = client;
    visit.unallocated_price = MISSING_PRICE;
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = duration;
    cr_window window = {planned - LATITUDE_S, planned + LATITUDE_S};
    r->data->client[r->instance->problem->n_visits] = client;
    cr_status st = bench_instance_add_visit(r->instance, &visit, window, visit_id);
    for (int32_t k = 0; !st && k < n_carers; k++)
        st = bench_instance_add_slot(r->instance, &slot, 0);
    return st;
}

/* VisitId, UserId, Date, Time, Duration, CarerCount. */
static cr_status on_visit(const bench_row *row, void *user, bench_message *message)
{
    reading *r = user;
    if (!is_of_date(row, 2, r))
        return CR_OK;
    int64_t visit_id, user_id, duration, n_carers;
    time_t planned;
    cr_status st;
    if ((st = bench_row_integer(row, 0, "VisitId", 0, INT64_MAX, &visit_id, message)) ||
        (st = bench_row_integer(row, 1, "UserId", 0, INT64_MAX, &user_id, message)) ||
        (st = row_time(row, 3, "%H:%M:%S", "Time", &planned, message)) ||
        (st = bench_row_integer(row, 4, "Duration", 0, DURATION_MOST, &duration, message)) ||
        (st = bench_row_integer(row, 5, "CarerCount", 1, CARERS_A_VISIT, &n_carers, message)))
        return st;
    int32_t client = index_of(r->client_id, r->data->n_clients, user_id);
    if (client == CR_NONE)
        return bench_fault(message, "visits.csv: row %d: client %lld is not in distance.csv", row->number,
                           (long long)user_id);
    return add_visit(r, client, visit_id, (int32_t)planned, (int32_t)duration, (int32_t)n_carers);
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* A line names visits by their id, so ids must differ. */
static cr_status check_ids_differ(const reading *r, bench_message *message)
{
    int32_t n = r->instance->problem->n_visits;
    int64_t *sorted = malloc(((size_t)n + 1) * sizeof *sorted);
    if (!sorted)
        return CR_E_NOMEM;
    cr_status st = CR_OK;
    memcpy(sorted, r->instance->node, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, compare_ids);
    for (int32_t i = 1; !st && i < n; i++)
        if (sorted[i] == sorted[i - 1])
            st = bench_fault(message, "visits.csv: VisitId %lld twice", (long long)sorted[i]);
    free(sorted);
    return st;
}

/* ---- all together ---- */

static void fill_matrix(const strathclyde *data, cr_matrix *matrix)
{
    for (int32_t from = 0; from < data->n_clients; from++)
        for (int32_t to = 0; to < data->n_clients; to++) {
            int32_t seconds = data->seconds[(size_t)from * (size_t)data->n_clients + (size_t)to];
            cr_matrix_set(matrix, from, to, seconds, seconds);
        }
}

static cr_status read_day(bench_text visits, bench_text carers, bench_text distance, reading *r, bench_message *message)
{
    cr_status st;
    if ((st = read_matrix(distance, r, message)) || (st = bench_csv_each_row(visits, on_visit_count, r, message)) ||
        (st = bench_csv_each_row(carers, on_segment_count, r, message)))
        return st;
    if (!r->n_visits)
        return bench_fault(message, "visits.csv: no visits on %s", r->date);
    r->data->client = calloc((size_t)r->n_visits, sizeof *r->data->client);
    r->carer_id = calloc((size_t)r->n_segments + 1, sizeof *r->carer_id);
    if (!r->data->client || !r->carer_id)
        return CR_E_NOMEM;
    st = bench_instance_new(r->data->n_clients, r->n_visits, r->n_slots, &r->instance);
    if (st)
        return st;
    r->instance->problem->n_clients = r->data->n_clients;
    r->instance->problem->prices.travel = 1;
    fill_matrix(r->data, r->instance->matrix);
    if ((st = bench_csv_each_row(carers, on_segment, r, message)) ||
        (st = bench_csv_each_row(visits, on_visit, r, message)))
        return st;
    return check_ids_differ(r, message);
}

cr_status bench_strathclyde_parse(bench_text visits, bench_text carers, bench_text distance, const char *date,
                                  bench_instance **ret_instance, bench_message *message)
{
    reading r = {.date = date};
    if (!parse_time(date, "%Y-%m-%d", &r.midnight))
        return bench_fault(message, "\"%.40s\" is no date; this format takes FOLDER/DATE", date);
    r.data = calloc(1, sizeof *r.data);
    if (!r.data)
        return CR_E_NOMEM;
    cr_status st = read_day(visits, carers, distance, &r, message);
    reading_done(&r);
    if (st) {
        bench_instance_free(r.instance);
        strathclyde_free(r.data);
        return st;
    }
    r.instance->own = r.data;
    r.instance->own_free = strathclyde_free;
    *ret_instance = r.instance;
    return CR_OK;
}

/* ---- files ---- */

enum { FILE_VISITS, FILE_CARERS, FILE_DISTANCE, FILE_N };

static cr_status read_file_of(const char *folder, size_t folder_length, const char *name, char **ret_text,
                              bench_text *ret_file, bench_message *message)
{
    char *path;
    if (asprintf(&path, "%.*s/%s", (int)folder_length, folder, name) < 0)
        return CR_E_NOMEM;
    cr_status st = bench_file_read(path, ret_text, &ret_file->size, message);
    ret_file->text = *ret_text;
    free(path);
    return st;
}

static cr_status strathclyde_read(const bench_source *source, bench_instance **ret_instance, bench_message *message)
{
    static const char *const names[FILE_N] = {"visits.csv", "carers.csv", "distance.csv"};
    const char *path = source->path, *slash = strrchr(path, '/');
    const char *folder = slash ? path : ".";
    size_t folder_length = slash ? (size_t)(slash - path) : 1;
    char *text[FILE_N] = {NULL};
    bench_text file[FILE_N];
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < FILE_N; i++)
        st = read_file_of(folder, folder_length, names[i], &text[i], &file[i], message);
    if (!st)
        st = bench_strathclyde_parse(file[FILE_VISITS], file[FILE_CARERS], file[FILE_DISTANCE],
                                     slash ? slash + 1 : path, ret_instance, message);
    for (int32_t i = 0; i < FILE_N; i++)
        free(text[i]);
    return st;
}

/* ---- the objective ---- */

static double strathclyde_objective(const bench_instance *instance, const cr_plan *plan, const double *start)
{
    const strathclyde *data = instance->own;
    int64_t travel = 0, missing = instance->problem->n_slots;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        cr_range stops = plan->rounds[r].stops;
        int32_t at = CR_NONE;
        for (int32_t k = stops.first; k < stops.first + stops.n; k++) {
            int32_t client = data->client[instance->problem->slots[plan->stops[k].slot].visit];
            if (at != CR_NONE)
                travel += data->seconds[(size_t)at * (size_t)data->n_clients + (size_t)client];
            at = client;
            missing--;
        }
    }
    return (double)(travel + MISSING_PRICE * missing);
}

/* The engine's prices are the set's: a second of travel is 1. */
static double strathclyde_bound(const bench_instance *instance, int64_t cost)
{
    return (double)cost;
}

const bench_format bench_strathclyde = {
    .name = "strathclyde",
    .read = strathclyde_read,
    .objective = strathclyde_objective,
    .bound = strathclyde_bound,
};
