/* Tags: what a way or node of OpenStreetMap means for a car, a bicycle, somebody on foot.
 *
 * The meaning is OpenStreetMap's (wiki: Key:highway, Key:access, Key:oneway, Key:barrier, Relation:restriction); the
 * speeds come from outside. Access tags go from the general (access) to the particular (motorcar), and the most
 * particular one that says something decides (tag_access.c), at the hours of its conditional tag if that has any;
 * conditions of weight, size or use are for others than us.
 */
#include "tags.h"

#include "tag_access.h"
#include "tag_values.h"

#include <math.h>
#include <string.h>

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
    int said = value ? tag_one_way(value) : 3;
    if (said != 3)
        return said;
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

/* ---- ways ---- */

/* Roads on which some modes are out of place whatever else they are. */
static bool is_out_of_place(osm_tags tags, int mode)
{
    if (mode != CR_ROAD_CAR)
        return has(tags, "motorroad", "yes");
    return has(tags, "impassable", "yes") || has(tags, "smoothness", "impassable") ||
           has(tags, "service", "emergency_access");
}

/* As fast as the class of road lets the mode go where its signs say so; 0: not at all. */
static double open_kmh(const cr_road_speeds *speeds, osm_tags tags, int mode, const way_use *use, tag_access allowed,
                       bool is_particular)
{
    double kmh = speeds->kmh[use->road_class];
    if (allowed == CLOSED || (is_out_of_place(tags, mode) && !is_particular))
        return 0;
    if (allowed == DISMOUNT)
        return speeds->pushing_kmh;
    return kmh <= 0 && is_particular && allowed != UNSAID ? speeds->opened_kmh : kmh;
}

static void use_at_speed(const cr_road_speeds *speeds, osm_tags tags, int mode, double kmh, const bool leads[2],
                         way_use *use)
{
    for (int back = 0; back < 2; back++)
        if (leads[back] && kmh > 0)
            use->dkmh[mode][back] = dkmh_of(speeds, tags, kmh, back);
}

/* Is it shut to those who go along it (back 0) or against it where the way is one way so? */
static bool is_against(int one_way, int back)
{
    return one_way == 2 || one_way == (back ? 1 : -1);
}

/* What holds at all times. */
static void use_by_mode(const cr_road_speeds *speeds, osm_tags tags, int mode, int one_way, way_use *use)
{
    bool is_particular;
    tag_access allowed = tag_access_of(tags, mode, &is_particular);
    double kmh = open_kmh(speeds, tags, mode, use, allowed, is_particular);
    if (kmh > 0 && one_way != 2 && allowed == RESTRICTED)
        use->restricted |= (uint8_t)(1 << mode);
    use_at_speed(speeds, tags, mode, kmh, (bool[]){!is_against(one_way, 0), !is_against(one_way, 1)}, use);
}

/* A direction's hours: those at which it is not open, and whether it leads anywhere at any. */
typedef struct open_hours {
    road_hours shut[2];
    bool leads[2], any_open;
    double kmh; /* without hours, or else at the first that are open */
} open_hours;

static void look_at_slot(const cr_road_speeds *speeds, osm_tags tags, int mode, const timed_signs *signs,
                         bool is_contraflow, int slot, const way_use *use, open_hours *o)
{
    bool is_particular;
    tag_access allowed = timed_access_at(signs, slot, &is_particular);
    int one_way = is_contraflow ? 0 : timed_one_way_at(signs, slot);
    double kmh = open_kmh(speeds, tags, mode, use, allowed, is_particular);
    for (int back = 0; back < 2; back++) {
        bool leads = kmh > 0 && !is_against(one_way, back), is_open = leads && allowed != RESTRICTED;
        o->leads[back] = o->leads[back] || leads;
        o->any_open = o->any_open || is_open;
        hours_set(&o->shut[back], slot, !is_open);
        if (is_open && (o->kmh <= 0 || slot == HOURS_NO_TIME))
            o->kmh = kmh;
    }
}

/* A road that is open to all at some times only is, at the others, like one that is kept for those with business there:
 * a client may live on it. One that never is, is what it is without hours. */
static bool use_by_hours(const cr_road_speeds *speeds, osm_tags tags, int mode, const timed_signs *signs,
                         bool is_contraflow, road_hours_list *hours, way_use *use)
{
    open_hours o = {.kmh = 0};
    for (int slot = 0; slot < HOURS_SLOTS; slot++)
        look_at_slot(speeds, tags, mode, signs, is_contraflow, slot, use, &o);
    if (!o.any_open)
        return false;
    use_at_speed(speeds, tags, mode, o.kmh, o.leads, use);
    for (int back = 0; back < 2; back++)
        if (o.leads[back])
            use->hours[mode][back] = road_hours_number(hours, &o.shut[back]);
    return true;
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

bool tags_use_way(const cr_roads_options *options, osm_tags tags, road_hours_list *hours, way_use *ret_use,
                  uint32_t *kinds)
{
    int road_class = class_of(tags);
    if (road_class == CR_NONE)
        return false;
    way_use use = {.road_class = (uint8_t)road_class};
    bool leads = false, has_condition = tags_have_condition(tags);
    int usual = one_way(tags, road_class);
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        const cr_road_speeds *speeds = &options->speeds[mode];
        bool is_contraflow = mode == CR_ROAD_BICYCLE && has_contraflow(tags);
        int way = mode == CR_ROAD_FOOT ? has(tags, "oneway:foot", "yes") : is_contraflow ? 0 : usual;
        timed_signs signs;
        if (!options->wants[mode])
            continue;
        if (!has_condition || !timed_signs_read(tags, mode, way, &signs, kinds) ||
            !use_by_hours(speeds, tags, mode, &signs, is_contraflow, hours, &use))
            use_by_mode(speeds, tags, mode, way, &use);
        leads = leads || use.dkmh[mode][0] || use.dkmh[mode][1];
    }
    const char *duration = road_class == CR_ROAD_FERRY ? osm_tag_value(tags, "duration") : NULL;
    use.duration_s = duration ? tag_duration_s(duration) : 0;
    if (has_condition)
        *kinds |= timed_kinds_unread(tags);
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

uint8_t tags_use_node(osm_tags tags, uint32_t *kinds)
{
    uint8_t use = has(tags, "highway", "traffic_signals") ? NODE_SIGNAL : 0;
    const char *barrier = osm_tag_value(tags, "barrier");
    if (!barrier)
        return use;
    use |= (uint8_t)find(barriers, barrier);
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        bool is_particular;
        tag_access allowed = tag_access_of(tags, mode, &is_particular);
        if (allowed == CLOSED)
            use |= (uint8_t)(1 << mode);
        else if (allowed == OPEN && is_particular) /* a private gate opens for those who are expected */
            use &= (uint8_t) ~(1 << mode);
    }
    timed_signs signs;
    if (tags_have_condition(tags) && timed_signs_read(tags, CR_ROAD_CAR, 0, &signs, &(uint32_t){0}))
        *kinds |= UINT32_C(1) << CR_HOURS_BARRIER;
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

static bool is_ban(const char *value)
{
    return value && (strncmp(value, "only_", 5) == 0 || strncmp(value, "no_", 3) == 0);
}

/* The first of the keys that says something: what it says at all times, and by the hour. */
static bool read_ban(osm_tags tags, const char *const keys[3], turn_ban *ban, tag_clause clauses[CLAUSES_MOST],
                     int *ret_n, const char **ret_usual, uint32_t *kinds)
{
    *ret_n = 0;
    *ret_usual = NULL;
    for (int k = 0; k < 3 && keys[k] && !*ret_usual && !*ret_n; k++) {
        const char *timed = tag_timed(tags, keys[k]);
        *ret_usual = osm_tag_value(tags, keys[k]);
        *ret_n = timed ? tag_clauses_read(timed, clauses, kinds) : 0;
    }
    const char *value = is_ban(*ret_usual) ? *ret_usual : NULL;
    for (int i = 0; i < *ret_n && !value; i++)
        value = is_ban(clauses[i].value) ? clauses[i].value : NULL;
    if (!value)
        return false;
    ban->is_only = strncmp(value, "only_", 5) == 0;
    ban->is_u_turn = strcmp(value, "no_u_turn") == 0;
    return true;
}

/* When a ban of this kind is in force (0: at all times). False: never. */
static bool hours_of_ban(const turn_ban *ban, const tag_clause *clauses, int n, const char *usual,
                         road_hours_list *hours, uint16_t *ret_hours)
{
    road_hours in_force = {{0}};
    bool is_usual = is_ban(usual) && (strncmp(usual, "only_", 5) == 0) == ban->is_only, at_all_times = true;
    for (int slot = 0; slot < HOURS_SLOTS; slot++) {
        bool holds = is_usual;
        for (int i = 0; i < n; i++)
            if (hours_have(&clauses[i].hours, slot))
                holds = is_ban(clauses[i].value) && (strncmp(clauses[i].value, "only_", 5) == 0) == ban->is_only;
        hours_set(&in_force, slot, holds);
        at_all_times = at_all_times && holds;
    }
    *ret_hours = at_all_times ? 0 : road_hours_number(hours, &in_force);
    return !hours_are_never(&in_force);
}

bool tags_use_restriction(osm_tags tags, road_hours_list *hours, turn_ban *ret_ban, uint32_t *kinds)
{
    static const char *const keys[CR_ROAD_MODES][3] = {
        [CR_ROAD_CAR] = {"restriction:motorcar", "restriction:motor_vehicle", "restriction"},
        [CR_ROAD_BICYCLE] = {"restriction:bicycle", "restriction"},
    };
    if (!has(tags, "type", "restriction"))
        return false;
    const char *except = osm_tag_value(tags, "except"), *usual;
    turn_ban ban = {.modes = 0};
    for (int mode = 0; mode <= CR_ROAD_BICYCLE; mode++) {
        tag_clause clauses[CLAUSES_MOST];
        int n;
        bool is_excepted = mode == CR_ROAD_CAR ? lists(except, "motorcar") || lists(except, "motor_vehicle")
                                               : lists(except, "bicycle");
        if (is_excepted || !read_ban(tags, keys[mode], &ban, clauses, &n, &usual, kinds))
            continue;
        if (n == 0 || hours_of_ban(&ban, clauses, n, usual, hours, &ban.hours[mode]))
            ban.modes |= (uint8_t)(1 << mode);
    }
    *ret_ban = ban;
    return ban.modes;
}
