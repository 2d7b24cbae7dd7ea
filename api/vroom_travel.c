/* Tables for places that came without: by road, where a roads file is given, or by straight line. */
#include "vroom.h"

#include "settings.h"

#include <stdio.h>
#include <string.h>

/* VROOM's profiles are whatever its router calls them. */
static const struct {
    const char *profile, *mode;
} names[] = {
    {"car", "car"},      {"driving", "car"},       {"driving-car", "car"},         {"bicycle", "bicycle"},
    {"bike", "bicycle"}, {"cycling", "bicycle"},   {"cycling-regular", "bicycle"}, {"foot", "foot"},
    {"walking", "foot"}, {"foot-walking", "foot"},
};

static const char *mode_of(const char *profile)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].profile, profile) == 0)
            return names[i].mode;
    return NULL;
}

static cr_status take_table(vroom_input *in, vroom_table *table)
{
    size_t n = (size_t)in->n_places * (size_t)in->n_places;
    table->duration_s = arena_take_bytes(in->memory, (n + 1) * sizeof *table->duration_s);
    table->distance_m = arena_take_bytes(in->memory, (n + 1) * sizeof *table->distance_m);
    return table->duration_s && table->distance_m ? CR_OK : CR_E_NOMEM;
}

static cr_status by_road(vroom_input *in, int32_t mode, vroom_table *table)
{
    cr_road_table_options options = CR_ROAD_TABLE_OPTIONS_INIT;
    cr_road_snap *snaps = arena_take_bytes(in->memory, ((size_t)in->n_places + 1) * sizeof *snaps);
    if (!snaps)
        return CR_E_NOMEM;
    cr_roads_snap(in->roads, mode, in->places, in->n_places, snaps);
    table->road_mode = mode;
    return cr_roads_table(in->roads, mode, snaps, in->n_places, snaps, in->n_places, &options, table->duration_s,
                          table->distance_m);
}

static cr_status read_figures(const char *path, arena *memory, settings *ret_figures)
{
    json_error_t error;
    findings_book *book = NULL;
    json_t *defaults = json_load_file(path, 0, &error);
    cr_status st = findings_new(&book);
    if (!st)
        st = defaults ? settings_load_defaults(defaults, path, memory, book, ret_figures) : CR_E_UPSTREAM;
    findings_free(book);
    json_decref(defaults);
    return st;
}

static cr_status by_line(const settings *s, vroom_input *in, const char *mode, vroom_table *table)
{
    cr_auto(cr_matrix) matrix = NULL;
    int32_t m = settings_find_mode(s, mode), n = in->n_places;
    if (m == CR_NONE)
        return CR_E_INTERNAL;
    cr_straight_line how = {s->modes[m].detour, s->modes[m].town_kmh, s->modes[m].country_kmh, s->town_radius_m,
                            s->town_places};
    cr_status st = cr_straight_line_matrix(&how, in->places, n, &matrix);
    for (int32_t from = 0; !st && from < n; from++)
        for (int32_t to = 0; to < n; to++) {
            size_t cell = (size_t)from * (size_t)n + (size_t)to;
            table->duration_s[cell] = cr_matrix_time(matrix, from, to);
            table->distance_m[cell] = cr_matrix_dist_m(matrix, from, to);
        }
    return st;
}

static cr_status find_table(const vroom_travel *travel, vroom_input *in, int32_t p, vroom_message *message)
{
    settings figures;
    vroom_table *table = &in->tables[p];
    const char *mode = mode_of(in->profiles[p]);
    if (!mode) {
        snprintf(message->text, sizeof message->text,
                 "no ways are known for the profile '%.60s': car, bicycle and foot "
                 "are, others need matrices",
                 in->profiles[p]);
        return CR_E_INPUT;
    }
    int32_t road_mode = cr_road_mode_find(mode);
    cr_status st = take_table(in, table);
    if (!st && in->roads && !cr_roads_has_mode(in->roads, road_mode)) {
        snprintf(message->text, sizeof message->text, "%.200s has no roads for the profile '%.60s'", travel->roads_path,
                 in->profiles[p]);
        return CR_E_INPUT;
    }
    if (st || in->roads)
        return st ? st : by_road(in, road_mode, table);
    st = read_figures(travel->defaults_path, in->memory, &figures);
    return st ? st : by_line(&figures, in, mode, table);
}

cr_status vroom_travel_find(const vroom_travel *travel, vroom_input *in, vroom_message *message)
{
    cr_status st = CR_OK;
    if (in->has_matrices)
        return CR_OK;
    if (travel->roads_path)
        st = cr_roads_open(travel->roads_path, &in->roads, message->text, sizeof message->text);
    for (int32_t p = 0; !st && p < in->n_profiles; p++)
        st = find_table(travel, in, p, message);
    return st;
}
