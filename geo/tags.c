/* Tags: what a way or node of OpenStreetMap means for a car, a bicycle, somebody on foot.
 *
 * The meaning is OpenStreetMap's (wiki: Key:highway, Key:access, Key:oneway, Key:barrier, Relation:restriction); the
 * speeds come from outside. Access tags go from the general (access) to the particular (motorcar), and the most
 * particular one that says something decides. Conditions (access:conditional) do not change it; those of time are
 * counted, those of weight, size or use are for others than us.
 */
#include "tags.h"

#include "tag_values.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef enum access { UNSAID, CLOSED, RESTRICTED, OPEN, DISMOUNT } access;

typedef struct named {
    const char *name;
    int value;
} named;

/* The value of a name in a table that ends with NULL; otherwise what the last line has. */
static int find(const named *table, const char *name)
{
    while (table->name && (!name || strcmp(table->name, name) != 0))
        table++;
    return table->value;
}

static const named accesses[] = {
    {"yes", OPEN},
    {"permissive", OPEN},
    {"designated", OPEN},
    {"official", OPEN},
    {"public", OPEN},
    {"allowed", OPEN},
    {"destination", RESTRICTED},
    {"private", RESTRICTED},
    {"delivery", RESTRICTED},
    {"customers", RESTRICTED},
    {"residents", RESTRICTED},
    {"permit", RESTRICTED},
    {"no", CLOSED},
    {"agricultural", CLOSED},
    {"forestry", CLOSED},
    {"agricultural;forestry", CLOSED},
    {"emergency", CLOSED},
    {"military", CLOSED},
    {"psv", CLOSED},
    {"bus", CLOSED},
    {"use_sidepath", CLOSED},
    {"restricted", CLOSED},
    {"dismount", DISMOUNT},
    {NULL, UNSAID},
};

/* The particular before the general; "access" is the last of each. */
static const char *const access_keys[CR_ROAD_MODES][5] = {
    [CR_ROAD_CAR] = {"motorcar", "motor_vehicle", "vehicle", "access"},
    [CR_ROAD_BICYCLE] = {"bicycle", "vehicle", "access"},
    [CR_ROAD_FOOT] = {"foot", "access"},
};

/* *ret_is_particular: a sign for this mode, not one for everybody. */
static access access_of(osm_tags tags, int mode, bool *ret_is_particular)
{
    for (const char *const *key = access_keys[mode]; *key; key++) {
        const char *value = osm_tag_value(tags, *key);
        int said = value ? find(accesses, value) : UNSAID;
        *ret_is_particular = key[1] != NULL;
        if (said != UNSAID)
            return (access)said;
    }
    *ret_is_particular = false;
    return UNSAID;
}

/* A time of the day, a day of the week or a month stands in a condition: "no @ (Mo-Fr 07:30-09:00)". */
static bool names_a_time(const char *condition)
{
    static const char *const names[] = {"Mo",  "Tu",  "We",  "Th",  "Fr",  "Sa",      "Su",    "PH",
                                        "SH",  "Jan", "Feb", "Mar", "Apr", "May",     "Jun",   "Jul",
                                        "Aug", "Sep", "Oct", "Nov", "Dec", "sunrise", "sunset"};
    for (const char *at = strchr(condition, ':'); at; at = strchr(at + 1, ':'))
        if (at > condition && at[-1] >= '0' && at[-1] <= '9' && at[1] >= '0' && at[1] <= '9')
            return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(condition, names[i]))
            return true;
    return false;
}

static bool is_timed(osm_tags tags, const char *key)
{
    char conditional[40];
    snprintf(conditional, sizeof conditional, "%s:conditional", key);
    const char *value = osm_tag_value(tags, conditional), *at = value ? strchr(value, '@') : NULL;
    return at && names_a_time(at);
}

static bool any_condition(osm_tags tags)
{
    for (int32_t i = 0; i < tags.n; i++)
        if (strstr(tags.at[i].key, ":conditional"))
            return true;
    return false;
}

bool tags_have_timed_access(const cr_roads_options *options, osm_tags tags)
{
    if (!any_condition(tags))
        return false;
    for (int mode = 0; mode < CR_ROAD_MODES; mode++)
        for (const char *const *key = access_keys[mode]; options->wants[mode] && *key; key++)
            if (is_timed(tags, *key))
                return true;
    return false;
}

bool tags_are_timed_restriction(osm_tags tags)
{
    return any_condition(tags) && (is_timed(tags, "restriction") || is_timed(tags, "restriction:motorcar") ||
                                   is_timed(tags, "restriction:motor_vehicle"));
}

static bool has(osm_tags tags, const char *key, const char *value)
{
    const char *there = osm_tag_value(tags, key);
    return there && strcmp(there, value) == 0;
}

/* ---- surfaces ---- */

static const named surfaces[] = {
    {"unpaved", CR_SURFACE_UNPAVED},
    {"gravel", CR_SURFACE_UNPAVED},
    {"fine_gravel", CR_SURFACE_UNPAVED},
    {"compacted", CR_SURFACE_UNPAVED},
    {"pebblestone", CR_SURFACE_UNPAVED},
    {"ground", CR_SURFACE_UNPAVED},
    {"dirt", CR_SURFACE_UNPAVED},
    {"earth", CR_SURFACE_UNPAVED},
    {"grass", CR_SURFACE_SOFT},
    {"grass_paver", CR_SURFACE_UNPAVED},
    {"woodchips", CR_SURFACE_SOFT},
    {"mud", CR_SURFACE_SOFT},
    {"sand", CR_SURFACE_SOFT},
    {"rock", CR_SURFACE_SOFT},
    {"cobblestone", CR_SURFACE_COBBLED},
    {"sett", CR_SURFACE_COBBLED},
    {"unhewn_cobblestone", CR_SURFACE_COBBLED},
    {NULL, CR_SURFACE_PAVED},
};

static const named track_types[] = {
    {"grade2", CR_SURFACE_UNPAVED}, {"grade3", CR_SURFACE_UNPAVED}, {"grade4", CR_SURFACE_SOFT},
    {"grade5", CR_SURFACE_SOFT},    {NULL, CR_SURFACE_PAVED},
};

static int surface_of(osm_tags tags)
{
    const char *surface = osm_tag_value(tags, "surface");
    return surface ? find(surfaces, surface) : find(track_types, osm_tag_value(tags, "tracktype"));
}

/* ---- speed ---- */

/* The limit in one direction, km/h; < 0: none that is stated. */
static double limit_of(const cr_road_speeds *speeds, osm_tags tags, bool backward)
{
    static const char *const keys[] = {"maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed"};
    const char *directed = osm_tag_value(tags, backward ? "maxspeed:backward" : "maxspeed:forward");
    double kmh = directed ? tag_speed_kmh(speeds, directed) : -1;
    for (size_t i = 0; kmh < 0 && i < sizeof keys / sizeof *keys; i++) {
        const char *value = osm_tag_value(tags, keys[i]);
        if (value)
            kmh = tag_speed_kmh(speeds, value);
    }
    return kmh;
}

static bool is_narrow(osm_tags tags)
{
    const char *service = osm_tag_value(tags, "service");
    return service && (strcmp(service, "alley") == 0 || strcmp(service, "driveway") == 0 ||
                       strcmp(service, "parking_aisle") == 0 || strcmp(service, "drive-through") == 0);
}

static uint16_t dkmh_of(const cr_road_speeds *speeds, osm_tags tags, double kmh, bool backward)
{
    double limit = speeds->of_limit > 0 ? limit_of(speeds, tags, backward) : -1;
    if (limit >= 0)
        kmh = limit * speeds->of_limit;
    if (is_narrow(tags))
        kmh *= speeds->narrow_factor;
    double most = speeds->surface_kmh[surface_of(tags)];
    if (most > 0 && kmh > most)
        kmh = most;
    return (uint16_t)lround(fmin(fmax(kmh, 1), 200) * 10);
}

/* ---- direction ---- */

/* 1: along the way only, -1: against it only, 0: both; 2: neither. */
static int one_way(osm_tags tags, int road_class)
{
    const char *value = osm_tag_value(tags, "oneway");
    if (value) {
        if (strcmp(value, "yes") == 0 || strcmp(value, "1") == 0 || strcmp(value, "true") == 0)
            return 1;
        if (strcmp(value, "-1") == 0 || strcmp(value, "reverse") == 0)
            return -1;
        if (strcmp(value, "reversible") == 0)
            return 2;
        if (strcmp(value, "no") == 0)
            return 0;
    }
    bool is_round = has(tags, "junction", "roundabout") || has(tags, "junction", "circular");
    return is_round || road_class == CR_ROAD_MOTORWAY;
}

static bool starts_with_opposite(osm_tags tags, const char *key)
{
    const char *value = osm_tag_value(tags, key);
    return value && strncmp(value, "opposite", 8) == 0;
}

static bool is_no_or_backward(osm_tags tags, const char *key)
{
    return has(tags, key, "no") || has(tags, key, "-1");
}

static bool has_contraflow(osm_tags tags)
{
    return has(tags, "oneway:bicycle", "no") || has(tags, "bicycle:backward", "yes") ||
           starts_with_opposite(tags, "cycleway") || starts_with_opposite(tags, "cycleway:left") ||
           starts_with_opposite(tags, "cycleway:right") || is_no_or_backward(tags, "cycleway:left:oneway") ||
           is_no_or_backward(tags, "cycleway:right:oneway") || is_no_or_backward(tags, "cycleway:both:oneway");
}

static int direction_of(osm_tags tags, int mode, int road_class)
{
    if (mode == CR_ROAD_FOOT)
        return has(tags, "oneway:foot", "yes");
    int way = one_way(tags, road_class);
    return mode == CR_ROAD_BICYCLE && has_contraflow(tags) ? 0 : way;
}

/* ---- ways ---- */

/* Roads on which some modes are out of place whatever else they are. */
static bool is_out_of_place(osm_tags tags, int mode)
{
    if (mode != CR_ROAD_CAR)
        return has(tags, "motorroad", "yes");
    return has(tags, "impassable", "yes") || has(tags, "smoothness", "impassable") ||
           has(tags, "service", "emergency_access");
}

static void use_by_mode(const cr_road_speeds *speeds, osm_tags tags, int mode, way_use *use)
{
    bool is_particular;
    access allowed = access_of(tags, mode, &is_particular);
    double kmh = speeds->kmh[use->road_class];
    if (allowed == CLOSED || (is_out_of_place(tags, mode) && !is_particular))
        return;
    if (allowed == DISMOUNT)
        kmh = speeds->pushing_kmh;
    else if (kmh <= 0 && is_particular && allowed != UNSAID)
        kmh = speeds->opened_kmh;
    int direction = direction_of(tags, mode, use->road_class);
    if (kmh <= 0 || direction == 2)
        return;
    if (allowed == RESTRICTED)
        use->restricted |= (uint8_t)(1 << mode);
    if (direction >= 0)
        use->dkmh[mode][0] = dkmh_of(speeds, tags, kmh, false);
    if (direction <= 0)
        use->dkmh[mode][1] = dkmh_of(speeds, tags, kmh, true);
}

static int class_of(osm_tags tags)
{
    const char *highway = osm_tag_value(tags, "highway");
    if (!highway)
        return has(tags, "route", "ferry") ? CR_ROAD_FERRY : CR_NONE;
    if (strcmp(highway, "corridor") == 0)
        return CR_ROAD_FOOTWAY;
    if (strcmp(highway, "road") == 0)
        return CR_ROAD_UNCLASSIFIED;
    for (int i = 0; i < CR_ROAD_FERRY; i++)
        if (strcmp(highway, cr_road_class_name(i)) == 0)
            return i;
    return CR_NONE;
}

bool tags_use_way(const cr_roads_options *options, osm_tags tags, way_use *ret_use)
{
    int road_class = class_of(tags);
    if (road_class == CR_NONE)
        return false;
    way_use use = {.road_class = (uint8_t)road_class};
    bool leads = false;
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        if (options->wants[mode])
            use_by_mode(&options->speeds[mode], tags, mode, &use);
        leads = leads || use.dkmh[mode][0] || use.dkmh[mode][1];
    }
    const char *duration = road_class == CR_ROAD_FERRY ? osm_tag_value(tags, "duration") : NULL;
    use.duration_s = duration ? tag_duration_s(duration) : 0;
    *ret_use = use;
    return leads;
}

/* ---- nodes ---- */

#define NO_CAR     (1 << CR_ROAD_CAR)
#define NO_WHEELS  (NO_CAR | 1 << CR_ROAD_BICYCLE)
#define NO_PASSAGE (NO_WHEELS | 1 << CR_ROAD_FOOT)

static const named barriers[] = {
    {"gate", NODE_GATE},
    {"lift_gate", NODE_GATE},
    {"swing_gate", NODE_GATE},
    {"sliding_gate", NODE_GATE},
    {"wicket_gate", NO_CAR},
    {"hampshire_gate", NODE_GATE},
    {"entrance", 0},
    {"cattle_grid", 0},
    {"border_control", 0},
    {"toll_booth", 0},
    {"height_restrictor", 0},
    {"kerb", 0},
    {"lights", 0},
    {"stile", NO_WHEELS},
    {"kissing_gate", NO_WHEELS},
    {"turnstile", NO_WHEELS},
    {"full-height_turnstile", NO_WHEELS},
    {"wall", NO_PASSAGE},
    {"fence", NO_PASSAGE},
    {"hedge", NO_PASSAGE},
    {NULL, NO_CAR}, /* bollards, blocks, chains, planters ... */
};

uint8_t tags_use_node(osm_tags tags)
{
    uint8_t use = has(tags, "highway", "traffic_signals") ? NODE_SIGNAL : 0;
    const char *barrier = osm_tag_value(tags, "barrier");
    if (!barrier)
        return use;
    use |= (uint8_t)find(barriers, barrier);
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        bool is_particular;
        access allowed = access_of(tags, mode, &is_particular);
        if (allowed == CLOSED)
            use |= (uint8_t)(1 << mode);
        else if (allowed == OPEN && is_particular) /* a private gate opens for those who are expected */
            use &= (uint8_t) ~(1 << mode);
    }
    return use;
}

/* ---- turn restrictions ---- */

static bool lists(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = list ? strstr(list, name) : NULL; at; at = strstr(at + 1, name))
        if ((at == list || strchr("; ", at[-1])) && (!at[n] || strchr("; ", at[n])))
            return true;
    return false;
}

uint8_t tags_use_restriction(osm_tags tags, bool *ret_is_only, bool *ret_is_u_turn)
{
    static const char *const keys[CR_ROAD_MODES][3] = {
        [CR_ROAD_CAR] = {"restriction:motorcar", "restriction:motor_vehicle", "restriction"},
        [CR_ROAD_BICYCLE] = {"restriction:bicycle", "restriction"},
    };
    if (!has(tags, "type", "restriction"))
        return 0;
    const char *except = osm_tag_value(tags, "except");
    uint8_t modes = 0;
    for (int mode = 0; mode <= CR_ROAD_BICYCLE; mode++) {
        const char *value = NULL;
        for (int k = 0; k < 3 && keys[mode][k] && !value; k++)
            value = osm_tag_value(tags, keys[mode][k]);
        bool is_excepted = mode == CR_ROAD_CAR ? lists(except, "motorcar") || lists(except, "motor_vehicle")
                                               : lists(except, "bicycle");
        bool is_only = value && strncmp(value, "only_", 5) == 0;
        if (!value || is_excepted || (!is_only && strncmp(value, "no_", 3) != 0))
            continue;
        modes |= (uint8_t)(1 << mode);
        *ret_is_only = is_only;
        *ret_is_u_turn = strcmp(value, "no_u_turn") == 0;
    }
    return modes;
}
