/* VROOM's matrices: seconds, metres and costs between places, for each profile. */
#include "vroom_values.h"

static int32_t *read_table(vroom_reader *r, const vroom_at *where, const json_t *rows, int64_t most)
{
    size_t n = (size_t)r->in->n_places;
    if (!json_is_array(rows) || json_array_size(rows) != n) {
        vroom_fault(r, where, NULL, "must have as many rows as the first matrix: %zu", n);
        return NULL;
    }
    int32_t *cells = vroom_take(r, n * n, sizeof *cells);
    for (size_t i = 0; cells && i < n; i++) {
        vroom_at row_at = {where, NULL, i};
        const json_t *row = json_array_get(rows, i);
        if (!json_is_array(row) || json_array_size(row) != n) {
            vroom_fault(r, &row_at, NULL, "must have %zu numbers, one for each row", n);
            continue;
        }
        for (size_t j = 0; j < n; j++) {
            vroom_at cell_at = {&row_at, NULL, j};
            cells[i * n + j] = (int32_t)vroom_whole(r, &cell_at, json_array_get(row, j), 0, most);
        }
    }
    return cells;
}

static void read_profile_tables(vroom_reader *r, const char *profile, const json_t *given)
{
    vroom_at up = {NULL, "matrices", 0}, here = {&up, profile, 0};
    vroom_at duration_at = {&here, "durations", 0}, distance_at = {&here, "distances", 0},
             cost_at = {&here, "costs", 0};
    vroom_input *in = r->in;
    if (!vroom_is_object(r, &here, given))
        return;
    int32_t p = vroom_find_text(in->profiles, &in->n_profiles, VROOM_PROFILES_MOST, profile);
    if (p == CR_NONE) {
        vroom_fault(r, &here, NULL, "is one profile too many: %d are possible", VROOM_PROFILES_MOST);
        return;
    }
    const json_t *durations = json_object_get(given, "durations");
    if (!json_is_array(durations) || json_array_size(durations) == 0 ||
        json_array_size(durations) > VROOM_PLACES_MOST) {
        vroom_fault(r, &duration_at, NULL, "must be a list of 1 to %d rows", VROOM_PLACES_MOST);
        return;
    }
    if (in->n_places == 0)
        in->n_places = (int32_t)json_array_size(durations);
    in->tables[p].duration_s = read_table(r, &duration_at, durations, CR_NO_WAY - 1);
    if (vroom_has(given, "distances"))
        in->tables[p].distance_m = read_table(r, &distance_at, json_object_get(given, "distances"), CR_NO_WAY - 1);
    if (!vroom_has(given, "costs"))
        return;
    size_t n = (size_t)in->n_places * (size_t)in->n_places;
    const int32_t *costs = read_table(r, &cost_at, json_object_get(given, "costs"), CR_NO_WAY - 1);
    in->tables[p].cost = costs ? vroom_take(r, n, sizeof *in->tables[p].cost) : NULL;
    for (size_t i = 0; in->tables[p].cost && i < n; i++)
        in->tables[p].cost[i] = costs[i];
}

/* The old form: the durations of cars. */
static void read_old_table(vroom_reader *r, const json_t *rows)
{
    vroom_input *in = r->in;
    vroom_at here = {NULL, "matrix", 0};
    if (!json_is_array(rows) || json_array_size(rows) == 0 || json_array_size(rows) > VROOM_PLACES_MOST) {
        vroom_fault(r, &here, NULL, "must be a list of 1 to %d rows", VROOM_PLACES_MOST);
        return;
    }
    int32_t p = vroom_find_text(in->profiles, &in->n_profiles, VROOM_PROFILES_MOST, "car");
    if (p == CR_NONE) {
        vroom_fault(r, &here, NULL, "is of cars, one profile too many: %d are possible", VROOM_PROFILES_MOST);
        return;
    }
    in->n_places = (int32_t)json_array_size(rows);
    in->tables[p].duration_s = read_table(r, &here, rows, CR_NO_WAY - 1);
}

/* Before all others: they say what a location_index may be. */
void vroom_read_matrices(vroom_reader *r)
{
    vroom_input *in = r->in;
    const json_t *matrices = json_object_get(in->root, "matrices"), *given;
    const char *profile;
    vroom_at here = {NULL, "matrices", 0};
    for (int32_t p = 0; p < VROOM_PROFILES_MOST; p++)
        in->tables[p].road_mode = CR_NONE;
    if (vroom_has(in->root, "matrices") && vroom_is_object(r, &here, matrices))
        json_object_foreach((json_t *)matrices, profile, given) read_profile_tables(r, profile, given);
    if (in->n_places == 0 && vroom_has(in->root, "matrix"))
        read_old_table(r, json_object_get(in->root, "matrix"));
    in->has_matrices = in->n_places > 0 || vroom_has(in->root, "matrices") || vroom_has(in->root, "matrix");
    if (!in->has_matrices)
        in->places = vroom_take(r, VROOM_PLACES_MOST, sizeof *in->places);
}

/* With matrices every vehicle needs one; costs by the hour and a matrix of costs are one too many. */
void vroom_check_profiles(vroom_reader *r)
{
    const vroom_input *in = r->in;
    vroom_at list_at = {NULL, "vehicles", 0};
    for (int32_t v = 0; v < in->n_vehicles && in->has_matrices; v++) {
        vroom_at here = {&list_at, NULL, (size_t)v};
        const vroom_vehicle *vehicle = &in->vehicles[v];
        const vroom_table *table = &in->tables[vehicle->profile];
        if (!table->duration_s)
            vroom_fault(r, &here, NULL, "has the profile '%s', for which matrices has no durations",
                        in->profiles[vehicle->profile]);
        if (table->cost && (vehicle->per_hour != 3600 || vehicle->per_km != 0))
            vroom_fault(r, &here, NULL, "has costs by the hour or kilometre, and its profile a matrix of costs");
        if (!table->distance_m && vehicle->per_km > 0)
            vroom_fault(r, &here, NULL, "has costs by the kilometre, and its profile no matrix of distances");
    }
}
