/* Values of VROOM's JSON, each with its place: read, and what is wrong with it kept in words. */
#include "vroom_values.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_MOST  VROOM_PLACES_MOST
#define AMOUNTS_MOST CR_GOODS_MOST
#define AMOUNT_MOST  100000000
#define LIST_MOST    10000
#define VALUE_SHOWN  40

/* ---- faults ---- */

static void print_at(FILE *out, const vroom_at *where)
{
    if (!where)
        return;
    print_at(out, where->up);
    if (where->key)
        fprintf(out, "%s%s", where->up ? "." : "", where->key);
    else
        fprintf(out, "[%zu]", where->item);
}

void vroom_fault(vroom_reader *r, const vroom_at *where, const json_t *value, const char *format, ...)
{
    if (r->n_faults++ >= VROOM_FAULTS_SHOWN)
        return;
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    if (r->n_faults > 1)
        fputs("; ", r->faults);
    print_at(r->faults, where);
    if (text)
        fprintf(r->faults, "%s%.*s%s ", where ? ": " : "", VALUE_SHOWN, text, strlen(text) > VALUE_SHOWN ? "..." : "");
    else
        fputc(' ', r->faults);
    free(text);
    va_list args;
    va_start(args, format);
    vfprintf(r->faults, format, args);
    va_end(args);
}

/* ---- values ---- */

void *vroom_take(vroom_reader *r, size_t n, size_t size)
{
    return arena_take_bytes(r->in->memory, (n + 1) * size);
}

/* A whole number in [least, most]; else a fault, and least. */
int64_t vroom_whole(vroom_reader *r, const vroom_at *where, const json_t *value, int64_t least, int64_t most)
{
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    if (json_is_integer(value) && json_integer_value(value) >= least && json_integer_value(value) <= most)
        return json_integer_value(value);
    if (json_is_real(value) && number == floor(number) && number >= (double)least && number <= (double)most)
        return (int64_t)number;
    vroom_fault(r, where, value, "is no whole number from %lld to %lld", (long long)least, (long long)most);
    return least;
}

bool vroom_has(const json_t *object, const char *key)
{
    const json_t *member = json_object_get(object, key);
    return member && !json_is_null(member);
}

int64_t vroom_whole_of(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key, int64_t otherwise,
                       int64_t least, int64_t most)
{
    vroom_at here = {where, key, 0};
    return vroom_has(object, key) ? vroom_whole(r, &here, json_object_get(object, key), least, most) : otherwise;
}

/* The length of a list that may be missing; a fault, and 0, if it is no list. */
size_t vroom_list_of(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key, size_t most,
                     const json_t **ret_list)
{
    vroom_at here = {where, key, 0};
    const json_t *list = json_object_get(object, key);
    *ret_list = list;
    if (!vroom_has(object, key))
        return 0;
    if (!json_is_array(list))
        vroom_fault(r, &here, list, "is no list");
    else if (json_array_size(list) > most)
        vroom_fault(r, &here, NULL, "has %zu items, %zu are possible", json_array_size(list), most);
    else
        return json_array_size(list);
    return 0;
}

const char *vroom_text_of(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key,
                          const char *otherwise)
{
    vroom_at here = {where, key, 0};
    const json_t *text = json_object_get(object, key);
    if (!vroom_has(object, key))
        return otherwise;
    if (json_is_string(text))
        return json_string_value(text);
    vroom_fault(r, &here, text, "is no text");
    return otherwise;
}

bool vroom_is_object(vroom_reader *r, const vroom_at *where, const json_t *value)
{
    if (!json_is_object(value))
        vroom_fault(r, where, value, "is no object");
    return json_is_object(value);
}

int32_t vroom_find_text(const char **texts, int32_t *n, int32_t most, const char *text)
{
    for (int32_t i = 0; i < *n; i++)
        if (strcmp(texts[i], text) == 0)
            return i;
    if (*n >= most)
        return CR_NONE;
    texts[*n] = text;
    return (*n)++;
}

/* ---- what tasks and vehicles share ---- */

static int32_t find_place(vroom_input *in, double lat_deg, double lon_deg)
{
    for (int32_t p = 0; p < in->n_places; p++)
        if (in->places[p].lat_deg == lat_deg && in->places[p].lon_deg == lon_deg)
            return p;
    if (in->n_places >= PLACES_MOST)
        return CR_NONE;
    in->places[in->n_places] = (cr_place){lat_deg, lon_deg, -1, CR_PLACE_ROOFTOP};
    return in->n_places++;
}

static double degrees(vroom_reader *r, const vroom_at *where, const json_t *value, double most)
{
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    if (fabs(number) <= most)
        return number;
    vroom_fault(r, where, value, "must be degrees from %.0f to %.0f", -most, most);
    return 0;
}

/* [longitude, latitude] */
static int32_t read_location(vroom_reader *r, const vroom_at *where, const json_t *location)
{
    if (!json_is_array(location) || json_array_size(location) < 2) {
        vroom_fault(r, where, location, "must be [longitude, latitude]");
        return CR_NONE;
    }
    vroom_at lon_at = {where, NULL, 0}, lat_at = {where, NULL, 1};
    double lon_deg = degrees(r, &lon_at, json_array_get(location, 0), 180);
    double lat_deg = degrees(r, &lat_at, json_array_get(location, 1), 90);
    int32_t place = find_place(r->in, lat_deg, lon_deg);
    if (place == CR_NONE)
        vroom_fault(r, where, NULL, "is one place too many: %d are possible", PLACES_MOST);
    return place;
}

/* By the matrix's numbers if there is one, by coordinates otherwise. CR_NONE: not given. */
int32_t vroom_read_place(vroom_reader *r, const vroom_at *where, const json_t *object, const char *index_key,
                         const char *key)
{
    vroom_at here = {where, r->in->has_matrices ? index_key : key, 0};
    if (!vroom_has(object, here.key))
        return CR_NONE;
    const json_t *value = json_object_get(object, here.key);
    if (!r->in->has_matrices)
        return read_location(r, &here, value);
    return (int32_t)vroom_whole(r, &here, value, 0, r->in->n_places - 1);
}

/* An array of n_amounts numbers; zeros if it is not given. */
int64_t *vroom_read_amounts(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key)
{
    vroom_at here = {where, key, 0};
    const json_t *list;
    size_t n = vroom_list_of(r, where, object, key, AMOUNTS_MOST, &list);
    int64_t *amounts = vroom_take(r, (size_t)r->in->n_amounts, sizeof *amounts);
    if (n != 0 && n != (size_t)r->in->n_amounts)
        vroom_fault(r, &here, list, "has not as many amounts as the others: %d", r->in->n_amounts);
    for (size_t i = 0; amounts && i < n && i < (size_t)r->in->n_amounts; i++) {
        vroom_at item = {&here, NULL, i};
        amounts[i] = vroom_whole(r, &item, json_array_get(list, i), 0, AMOUNT_MOST);
    }
    return amounts;
}

/* [from, to], both included. */
void vroom_read_window(vroom_reader *r, const vroom_at *where, const json_t *window, int64_t *ret_open_s,
                       int64_t *ret_close_s)
{
    if (!json_is_array(window) || json_array_size(window) != 2) {
        vroom_fault(r, where, window, "must be [from, to]");
        return;
    }
    vroom_at from = {where, NULL, 0}, to = {where, NULL, 1};
    *ret_open_s = vroom_whole(r, &from, json_array_get(window, 0), 0, VROOM_SECONDS_MOST);
    *ret_close_s = vroom_whole(r, &to, json_array_get(window, 1), 0, INT64_C(1) << 53);
    if (*ret_close_s < *ret_open_s)
        vroom_fault(r, where, window, "closes before it opens");
}

typedef struct listed_window {
    json_t *given;
    int64_t open_s, close_s;
    size_t item; /* of the list, as it was given */
} listed_window;

static int compare_windows(const void *a, const void *b)
{
    const listed_window *x = a, *y = b;
    if (x->open_s != y->open_s)
        return x->open_s < y->open_s ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

/* They may be given in any order, as for VROOM; whoever reads them later finds them in that of time. */
static void sort_windows(vroom_reader *r, const vroom_at *where, json_t *list, listed_window *windows, size_t n)
{
    qsort(windows, n, sizeof *windows, compare_windows);
    for (size_t i = 0; i < n; i++)
        json_incref(windows[i].given); /* while another takes its place */
    for (size_t i = 0; i < n; i++) {
        vroom_at item = {where, NULL, windows[i].item};
        if (i > 0 && windows[i].open_s <= windows[i - 1].close_s)
            vroom_fault(r, &item, windows[i].given, "must begin after the one before has closed");
        json_array_set_new(list, i, windows[i].given);
    }
}

void vroom_check_windows(vroom_reader *r, const vroom_at *where, const json_t *object, size_t most)
{
    const json_t *list;
    size_t n = vroom_list_of(r, where, object, "time_windows", most, &list);
    vroom_at here = {where, "time_windows", 0};
    if (n == 0 && json_is_array(list) && json_array_size(list) == 0)
        vroom_fault(r, &here, NULL, "is empty");
    listed_window *windows = n > 0 ? vroom_take(r, n, sizeof *windows) : NULL;
    for (size_t i = 0; windows && i < n; i++) {
        vroom_at item = {&here, NULL, i};
        windows[i] = (listed_window){.given = json_array_get(list, i), .item = i};
        vroom_read_window(r, &item, windows[i].given, &windows[i].open_s, &windows[i].close_s);
    }
    if (windows)
        sort_windows(r, &here, (json_t *)list, windows, n);
}

void vroom_check_skills(vroom_reader *r, const vroom_at *where, const json_t *object)
{
    const json_t *list;
    size_t n = vroom_list_of(r, where, object, "skills", LIST_MOST, &list);
    vroom_at here = {where, "skills", 0};
    for (size_t i = 0; i < n; i++) {
        vroom_at item = {&here, NULL, i};
        (void)vroom_whole(r, &item, json_array_get(list, i), 0, VROOM_ID_MOST);
    }
}

void vroom_check_per_type(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key)
{
    vroom_at here = {where, key, 0};
    const json_t *types = json_object_get(object, key), *value;
    const char *type;
    if (!vroom_has(object, key))
        return;
    if (!json_is_object(types))
        vroom_fault(r, &here, types, "is no object");
    json_object_foreach((json_t *)types, type, value)
    {
        vroom_at item = {&here, type, 0};
        (void)vroom_whole(r, &item, value, 0, VROOM_DURATION_MOST);
    }
}
