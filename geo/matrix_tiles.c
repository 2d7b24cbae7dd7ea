/* Tiles: the cells of a large matrix, computed when they are first asked for.
 *
 * Places are put in the order of a Z-order curve (Morton 1966), so neighbours share tiles, and a part of a day, whose
 * visits are neighbours, asks for few of them. A tile holds two bytes for the time and two for the distance of a cell
 * where they fit (18 hours; 65 km around the row's least), four of each where they do not. Threads read tiles without
 * a lock; one that is not there yet is computed by the first who asks, and the others wait for it.
 */
#include "matrix_tiles.h"

#include "room.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define SIDE   512
#define NO_WAY UINT16_MAX /* in a narrow cell */

typedef struct tile {
    int32_t n_rows, n_columns;
    size_t bytes;
    int32_t *wide;    /* times, then distances; NULL: the cells are narrow */
    int32_t *base_m;  /* of each row; what the narrow distances are more than */
    uint16_t *narrow; /* times, then distances */
} tile;

struct matrix_tiles {
    int32_t n, n_groups;
    int32_t *place_at; /* places along the curve: each SIDE of them are a group */
    int32_t *rank;     /* of a place along it */
    cr_matrix_source source;
    pthread_mutex_t lock;   /* for whoever computes or changes a tile */
    int32_t *time, *dist_m; /* scratch of one tile */
    atomic_bool lacks_memory;
    atomic_size_t bytes;
    _Atomic(tile *) tiles[]; /* n_groups x n_groups */
};

/* ---- the curve ---- */

typedef struct curve_key {
    uint64_t key;
    int32_t place;
} curve_key;

static int by_key(const void *a, const void *b)
{
    const curve_key *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static uint64_t key_of(const cr_place *place)
{
    uint32_t lat = (uint32_t)((place->lat_deg + 90) * 1e7), lon = (uint32_t)((place->lon_deg + 180) * 1e7);
    uint64_t key = 0;
    if (place->quality == CR_PLACE_NONE)
        return UINT64_MAX;
    for (int bit = 0; bit < 32; bit++)
        key |= (uint64_t)(lat >> bit & 1) << (2 * bit + 1) | (uint64_t)(lon >> bit & 1) << (2 * bit);
    return key;
}

static bool sort_along_curve(matrix_tiles *t, const cr_place *places)
{
    curve_key *keys = room_raw((size_t)t->n, sizeof *keys);
    for (int32_t i = 0; keys && i < t->n; i++)
        keys[i] = (curve_key){key_of(&places[i]), i};
    if (keys)
        qsort(keys, (size_t)t->n, sizeof *keys, by_key);
    for (int32_t i = 0; keys && i < t->n; i++) {
        t->place_at[i] = keys[i].place;
        t->rank[keys[i].place] = i;
    }
    free(keys);
    return keys;
}

/* ---- one tile ---- */

static tile *tile_free(tile *t)
{
    if (t) {
        free(t->wide);
        free(t->base_m);
        free(t->narrow);
        free(t);
    }
    return NULL;
}

/* Does every cell of the row fit two bytes each? *ret_base_m: the least distance. */
static bool is_narrow_row(const int32_t *time, const int32_t *dist_m, int32_t n, int32_t *ret_base_m)
{
    int32_t least_m = CR_NO_WAY, most_m = 0;
    for (int32_t j = 0; j < n; j++) {
        if (time[j] == CR_NO_WAY && dist_m[j] == CR_NO_WAY)
            continue;
        if (time[j] >= NO_WAY || dist_m[j] == CR_NO_WAY)
            return false;
        least_m = dist_m[j] < least_m ? dist_m[j] : least_m;
        most_m = dist_m[j] > most_m ? dist_m[j] : most_m;
    }
    *ret_base_m = least_m == CR_NO_WAY ? 0 : most_m < NO_WAY ? 0 : least_m;
    return most_m - *ret_base_m < NO_WAY;
}

static bool fill_narrow(tile *t, const int32_t *time, const int32_t *dist_m)
{
    size_t n = (size_t)t->n_columns, n_cells = (size_t)t->n_rows * n;
    t->narrow = room_raw(2 * n_cells, sizeof *t->narrow);
    t->bytes += 2 * n_cells * sizeof *t->narrow;
    for (size_t i = 0; t->narrow && i < n_cells; i++) {
        bool is_way = time[i] != CR_NO_WAY;
        t->narrow[i] = is_way ? (uint16_t)time[i] : NO_WAY;
        t->narrow[n_cells + i] = is_way ? (uint16_t)(dist_m[i] - t->base_m[i / n]) : NO_WAY;
    }
    return t->narrow;
}

static bool fill_wide(tile *t, const int32_t *time, const int32_t *dist_m)
{
    size_t n_cells = (size_t)t->n_rows * (size_t)t->n_columns;
    t->wide = room_raw(2 * n_cells, sizeof *t->wide);
    t->bytes += 2 * n_cells * sizeof *t->wide;
    if (t->wide) {
        memcpy(t->wide, time, n_cells * sizeof *time);
        memcpy(t->wide + n_cells, dist_m, n_cells * sizeof *dist_m);
    }
    return t->wide;
}

static tile *tile_new(int32_t n_rows, int32_t n_columns, const int32_t *time, const int32_t *dist_m)
{
    tile *t = calloc(1, sizeof *t);
    bool is_narrow = true;
    if (!t)
        return NULL;
    t->n_rows = n_rows;
    t->n_columns = n_columns;
    t->bytes = sizeof *t + (size_t)n_rows * sizeof *t->base_m;
    t->base_m = room_raw((size_t)n_rows, sizeof *t->base_m);
    for (int32_t i = 0; t->base_m && i < n_rows && is_narrow; i++) {
        size_t row = (size_t)i * (size_t)n_columns;
        is_narrow = is_narrow_row(time + row, dist_m + row, n_columns, &t->base_m[i]);
    }
    bool ok = t->base_m && (is_narrow ? fill_narrow(t, time, dist_m) : fill_wide(t, time, dist_m));
    return ok ? t : tile_free(t);
}

static void read_cell(const tile *t, int32_t row, int32_t column, int32_t *ret_time, int32_t *ret_dist_m)
{
    size_t n_cells = (size_t)t->n_rows * (size_t)t->n_columns, at = (size_t)row * (size_t)t->n_columns + (size_t)column;
    if (t->wide) {
        *ret_time = t->wide[at];
        *ret_dist_m = t->wide[n_cells + at];
    } else {
        bool is_way = t->narrow[at] != NO_WAY;
        *ret_time = is_way ? t->narrow[at] : CR_NO_WAY;
        *ret_dist_m = is_way ? t->base_m[row] + t->narrow[n_cells + at] : CR_NO_WAY;
    }
}

/* ---- all of them ---- */

static int32_t group_size(const matrix_tiles *t, int32_t group)
{
    int32_t left = t->n - group * SIDE;
    return left < SIDE ? left : SIDE;
}

static void keep_tile(matrix_tiles *t, size_t at, tile *fresh)
{
    atomic_fetch_add(&t->bytes, fresh->bytes);
    atomic_store_explicit(&t->tiles[at], fresh, memory_order_release);
}

/* The tile, computed if it is not there yet; NULL without memory. Under the lock. */
static tile *compute_tile(matrix_tiles *t, int32_t from, int32_t to)
{
    size_t at = (size_t)from * (size_t)t->n_groups + (size_t)to;
    tile *held = atomic_load_explicit(&t->tiles[at], memory_order_acquire);
    if (held)
        return held;
    int32_t n_rows = group_size(t, from), n_columns = group_size(t, to);
    const int32_t *rows = t->place_at + (size_t)from * SIDE, *columns = t->place_at + (size_t)to * SIDE;
    if (t->source.fill(t->source.user, rows, n_rows, columns, n_columns, t->time, t->dist_m))
        return NULL;
    for (int32_t i = 0; from == to && i < n_rows; i++)
        t->time[(size_t)i * (size_t)n_columns + (size_t)i] = t->dist_m[(size_t)i * (size_t)n_columns + (size_t)i] = 0;
    tile *fresh = tile_new(n_rows, n_columns, t->time, t->dist_m);
    if (fresh)
        keep_tile(t, at, fresh);
    return fresh;
}

void matrix_tiles_get(matrix_tiles *t, int32_t from, int32_t to, int32_t *ret_time, int32_t *ret_dist_m)
{
    int32_t i = t->rank[from], j = t->rank[to];
    size_t at = (size_t)(i / SIDE) * (size_t)t->n_groups + (size_t)(j / SIDE);
    const tile *held = atomic_load_explicit(&t->tiles[at], memory_order_acquire);
    if (!held) {
        pthread_mutex_lock(&t->lock);
        held = compute_tile(t, i / SIDE, j / SIDE);
        pthread_mutex_unlock(&t->lock);
    }
    if (held) {
        read_cell(held, i % SIDE, j % SIDE, ret_time, ret_dist_m);
    } else {
        atomic_store(&t->lacks_memory, true);
        *ret_time = *ret_dist_m = CR_NO_WAY;
    }
}

void matrix_tiles_set(matrix_tiles *t, int32_t from, int32_t to, int32_t time, int32_t dist_m)
{
    int32_t i = t->rank[from], j = t->rank[to];
    tile *held = compute_tile(t, i / SIDE, j / SIDE), *wide = NULL;
    size_t at = (size_t)(i % SIDE) * (size_t)(held ? held->n_columns : 0) + (size_t)(j % SIDE);
    size_t n_cells = held ? (size_t)held->n_rows * (size_t)held->n_columns : 0;
    if (held && held->narrow && time < NO_WAY && dist_m >= held->base_m[i % SIDE] &&
        dist_m - held->base_m[i % SIDE] < NO_WAY) {
        held->narrow[at] = (uint16_t)time;
        held->narrow[n_cells + at] = (uint16_t)(dist_m - held->base_m[i % SIDE]);
        return;
    }
    if (held && held->narrow) { /* does not fit: the tile becomes a wide one */
        for (int32_t row = 0; row < held->n_rows; row++)
            for (int32_t column = 0; column < held->n_columns; column++) {
                size_t cell = (size_t)row * (size_t)held->n_columns + (size_t)column;
                read_cell(held, row, column, &t->time[cell], &t->dist_m[cell]);
            }
        wide = calloc(1, sizeof *wide);
        if (wide) {
            *wide = (tile){.n_rows = held->n_rows, .n_columns = held->n_columns, .bytes = sizeof *wide};
            if (!fill_wide(wide, t->time, t->dist_m))
                wide = tile_free(wide);
        }
        if (wide) {
            atomic_fetch_sub(&t->bytes, held->bytes);
            keep_tile(t, (size_t)(i / SIDE) * (size_t)t->n_groups + (size_t)(j / SIDE), wide);
            tile_free(held);
        }
        held = wide;
    }
    if (held) {
        held->wide[at] = time;
        held->wide[n_cells + at] = dist_m;
    } else {
        atomic_store(&t->lacks_memory, true);
    }
}

bool matrix_tiles_lack_memory(const matrix_tiles *t)
{
    return atomic_load(&t->lacks_memory);
}

size_t matrix_tiles_bytes(const matrix_tiles *t)
{
    return atomic_load(&t->bytes);
}

cr_status matrix_tiles_new(int32_t n, const cr_place *places, const cr_matrix_source *source, matrix_tiles **ret_tiles)
{
    int32_t n_groups = (n + SIDE - 1) / SIDE;
    size_t n_tiles = (size_t)n_groups * (size_t)n_groups;
    matrix_tiles *t = calloc(1, sizeof *t + n_tiles * sizeof *t->tiles);
    if (!t || pthread_mutex_init(&t->lock, NULL)) {
        free(t);
        return CR_E_NOMEM;
    }
    t->n = n;
    t->n_groups = n_groups;
    t->place_at = room_raw((size_t)n, sizeof *t->place_at);
    t->rank = room_raw((size_t)n, sizeof *t->rank);
    t->time = room_raw((size_t)SIDE * SIDE, sizeof *t->time);
    t->dist_m = room_raw((size_t)SIDE * SIDE, sizeof *t->dist_m);
    if (!t->place_at || !t->rank || !t->time || !t->dist_m || !sort_along_curve(t, places)) {
        matrix_tiles_free(t);
        return CR_E_NOMEM;
    }
    t->source = *source; /* the caller's until all went well */
    *ret_tiles = t;
    return CR_OK;
}

matrix_tiles *matrix_tiles_free(matrix_tiles *t)
{
    if (!t)
        return NULL;
    for (size_t i = 0; i < (size_t)t->n_groups * (size_t)t->n_groups; i++)
        tile_free(t->tiles[i]);
    if (t->source.free)
        t->source.free(t->source.user);
    pthread_mutex_destroy(&t->lock);
    free(t->place_at);
    free(t->rank);
    free(t->time);
    free(t->dist_m);
    free(t);
    return NULL;
}
