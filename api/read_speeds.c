/* Speeds: a JSON object of figures, each alone or beside its source, into plain values. */
#include "read_periods.h"

#include "text_file.h"
#include "value.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct speeds_reading {
    const char *file;
    cr_roads_options *options;
    cr_road_speeds *speeds;
    findings_book *findings;
} speeds_reading;

const json_t *speeds_bare(const json_t *figure)
{
    const json_t *inside = json_object_get(figure, "value");
    return inside ? inside : figure;
}

bool speeds_read_number(const char *file, const char *name, const json_t *figure, double least, double most,
                        findings_book *findings, double *ret_number)
{
    const json_t *number = speeds_bare(figure);
    double x = json_number_value(number);
    if (!json_is_number(number) || x < least || x > most) {
        findings_error(findings, (finding_at){file, 0, name, ""}, "must be a number from %s to %s",
                       value_print_number(least, 10).text, value_print_number(most, 10).text);
        return false;
    }
    *ret_number = x;
    return true;
}

static void read_number(speeds_reading *r, const char *name, const json_t *value, double least, double most,
                        double *ret_number)
{
    (void)speeds_read_number(r->file, name, value, least, most, r->findings, ret_number);
}

/* ---- the parts with names of their own ---- */

static void read_classes(speeds_reading *r, const char *name, const json_t *classes)
{
    const char *key;
    json_t *value;
    (void)name;
    json_object_foreach((json_t *)classes, key, value)
    {
        int32_t c = 0;
        while (c < CR_ROAD_CLASSES && strcmp(key, cr_road_class_name(c)) != 0)
            c++;
        if (c == CR_ROAD_CLASSES)
            findings_error(r->findings, (finding_at){r->file, 0, "kmh", key},
                           "is no class of road that leads anywhere");
        else
            read_number(r, key, value, 0, 200, &r->speeds->kmh[c]);
    }
}

static void read_surfaces(speeds_reading *r, const char *name, const json_t *surfaces)
{
    static const char *const names[CR_ROAD_SURFACES] = {"paved", "unpaved", "cobbled", "soft"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)surfaces, key, value)
    {
        int s = 0;
        while (s < CR_ROAD_SURFACES && strcmp(key, names[s]) != 0)
            s++;
        if (s == CR_ROAD_SURFACES)
            findings_error(r->findings, (finding_at){r->file, 0, name, key}, "must be paved, unpaved, cobbled or soft");
        else
            read_number(r, key, value, 0, 200, &r->speeds->surface_kmh[s]);
    }
}

static void set_limit(speeds_reading *r, const char *name, double kmh)
{
    cr_road_speeds *speeds = r->speeds;
    int32_t i = 0;
    while (i < speeds->n_limits && strcmp(speeds->limits[i].name, name) != 0)
        i++;
    if (i == CR_ROAD_LIMITS_MOST || strlen(name) >= sizeof speeds->limits[i].name) {
        findings_error(r->findings, (finding_at){r->file, 0, "limits_kmh", name}, "too long a name, or too many");
        return;
    }
    strcpy(speeds->limits[i].name, name);
    speeds->limits[i].kmh = kmh;
    speeds->n_limits += i == speeds->n_limits;
}

static void read_limits(speeds_reading *r, const char *name, const json_t *limits)
{
    const char *key;
    json_t *value;
    (void)name;
    json_object_foreach((json_t *)limits, key, value)
    {
        double kmh = -1;
        read_number(r, key, value, 1, 300, &kmh);
        if (kmh > 0)
            set_limit(r, key, kmh);
    }
}

/* [[south, west, north, east], ...] in degrees. */
static void read_left(speeds_reading *r, const char *name, const json_t *boxes)
{
    cr_roads_options *o = r->options;
    o->n_left = 0;
    for (size_t i = 0; i < json_array_size(boxes); i++) {
        double d[4];
        const json_t *box = speeds_bare(json_array_get(boxes, i));
        bool is_box = json_array_size(box) == 4 && o->n_left < CR_ROAD_BOXES_MOST;
        for (size_t k = 0; is_box && k < 4; k++) {
            is_box = json_is_number(json_array_get(box, k));
            d[k] = json_number_value(json_array_get(box, k));
        }
        if (is_box)
            o->left[o->n_left++] = (cr_road_box){d[0], d[1], d[2], d[3]};
        else
            findings_error(r->findings, (finding_at){r->file, 0, name, ""},
                           "must be at most %d boxes: south, west, north, east in degrees", CR_ROAD_BOXES_MOST);
    }
}

static const struct {
    const char *name;
    bool is_list;
    void (*read)(speeds_reading *r, const char *name, const json_t *value);
} parts[] = {
    {"kmh", false, read_classes},
    {"surface_kmh", false, read_surfaces},
    {"limits_kmh", false, read_limits},
    {"drive_on_left", true, read_left},
};

/* ---- single figures ---- */

#define AT(field) offsetof(cr_road_speeds, field)

static const struct {
    const char *name;
    size_t offset;
    double least, most;
} figures[] = {
    {"opened_kmh", AT(opened_kmh), 1, 200},
    {"of_limit", AT(of_limit), 0, 2},
    {"narrow_factor", AT(narrow_factor), 0.05, 1},
    {"pushing_kmh", AT(pushing_kmh), 0, 10},
    {"signal_s", AT(signal_s), 0, 600},
    {"gate_s", AT(gate_s), 0, 3600},
    {"turn_s", AT(turn_s), 0, 600},
    {"turn_bias", AT(turn_bias), 0.2, 5},
    {"u_turn_s", AT(u_turn_s), 0, 3600},
};

/* False: there is no such figure. */
static bool read_figure(speeds_reading *r, const char *name, const json_t *value)
{
    if (strcmp(name, "walk_kmh") == 0) {
        read_number(r, name, value, 0.5, 20, &r->options->walk_kmh);
        return true;
    }
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (strcmp(name, figures[i].name) == 0) {
            read_number(r, name, value, figures[i].least, figures[i].most,
                        (double *)((char *)r->speeds + figures[i].offset));
            return true;
        }
    return false;
}

static bool read_part(speeds_reading *r, const char *name, const json_t *value)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(name, parts[i].name) != 0)
            continue;
        if (parts[i].is_list ? json_is_array(value) : json_is_object(value))
            parts[i].read(r, name, value);
        else
            findings_error(r->findings, (finding_at){r->file, 0, name, ""}, "must be %s",
                           parts[i].is_list ? "a list" : "an object");
        return true;
    }
    return false;
}

/* ---- files ---- */

void speeds_read_json(const char *name, const json_t *root, speeds_extent extent, cr_roads_options *options,
                      findings_book *findings)
{
    const char *mode_name = json_string_value(json_object_get(root, "mode"));
    int32_t mode = mode_name ? cr_road_mode_find(mode_name) : CR_NONE;
    if (mode == CR_NONE) {
        findings_error(findings, (finding_at){name, 0, "mode", mode_name ? mode_name : ""},
                       "must be car, bicycle or foot");
        return;
    }
    speeds_reading r = {name, options, &options->speeds[mode], findings};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key, value)
    {
        if (strcmp(key, "about") == 0 || strcmp(key, "mode") == 0)
            continue;
        if (strcmp(key, "periods") == 0)
            periods_read_json(name, value, r.speeds, findings);
        else if (extent == SPEEDS_PERIODS)
            findings_error(findings, (finding_at){name, 0, key, ""},
                           "needs the extract ('careround roads build'); only periods can be changed without it");
        else if (!read_part(&r, key, value) && !read_figure(&r, key, value))
            findings_error(findings, (finding_at){name, 0, key, ""}, "is no figure of a speeds file");
    }
}

cr_status speeds_read_file(const char *path, speeds_extent extent, cr_roads_options *options, findings_book *findings)
{
    char message[300] = "";
    text_file file = {NULL, 0, TEXT_UTF8};
    cr_status st = text_file_read(path, &file, message, sizeof message);
    if (st) {
        findings_error(findings, (finding_at){path, 0, "", ""}, "%s", message);
        return st;
    }
    json_error_t error;
    json_t *root = json_loadb(file.text, file.size, JSON_REJECT_DUPLICATES, &error);
    if (root)
        speeds_read_json(path, root, extent, options, findings);
    else
        findings_error(findings, (finding_at){path, error.line, "", ""}, "is not JSON: %s", error.text);
    json_decref(root);
    text_file_done(&file);
    return CR_OK;
}

cr_status speeds_read_defaults(cr_roads_options *options, findings_book *findings)
{
    static const char *const files[][CR_ROAD_MODES] = {
        {CAREROUND_DATA_INSTALLED "/speeds/car.json", CAREROUND_DATA_INSTALLED "/speeds/bicycle.json",
         CAREROUND_DATA_INSTALLED "/speeds/foot.json"},
        {CAREROUND_DATA_SOURCE "/speeds/car.json", CAREROUND_DATA_SOURCE "/speeds/bicycle.json",
         CAREROUND_DATA_SOURCE "/speeds/foot.json"},
    };
    bool is_installed = access(files[0][0], R_OK) == 0;
    cr_status st = CR_OK;
    for (int mode = 0; !st && mode < CR_ROAD_MODES; mode++)
        st = speeds_read_file(files[is_installed ? 0 : 1][mode], SPEEDS_ALL, options, findings);
    return st;
}
