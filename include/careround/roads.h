/* Roads: from an OpenStreetMap extract to travel times between places.
 *
 * An extract becomes a .roads file once (cr_roads_build); the file is mapped (cr_roads_open) and gives tables of
 * seconds and metres by car, by bicycle and on foot, as fast as they are needed, as built or in a period of the day.
 * Ways are chosen by time, ties by length; a road for residents or deliveries only is used at the ends of a way and as
 * a short cut only where nothing else leads.
 */
#ifndef CAREROUND_ROADS_H
#define CAREROUND_ROADS_H

#include "careround/base.h"
#include "careround/place.h"

typedef enum cr_road_mode { CR_ROAD_CAR, CR_ROAD_BICYCLE, CR_ROAD_FOOT, CR_ROAD_MODES } cr_road_mode;

/* "car", "bicycle", "foot"; the mode of a name, or CR_NONE. */
const char *cr_road_mode_name(int32_t mode);
int32_t cr_road_mode_find(const char *name);

/* OpenStreetMap's values of highway=* that lead anywhere, and ferries. */
typedef enum cr_road_class {
    CR_ROAD_MOTORWAY,
    CR_ROAD_TRUNK,
    CR_ROAD_PRIMARY,
    CR_ROAD_SECONDARY,
    CR_ROAD_TERTIARY,
    CR_ROAD_UNCLASSIFIED,
    CR_ROAD_RESIDENTIAL,
    CR_ROAD_LIVING_STREET,
    CR_ROAD_SERVICE,
    CR_ROAD_TRACK,
    CR_ROAD_MOTORWAY_LINK,
    CR_ROAD_TRUNK_LINK,
    CR_ROAD_PRIMARY_LINK,
    CR_ROAD_SECONDARY_LINK,
    CR_ROAD_TERTIARY_LINK,
    CR_ROAD_PEDESTRIAN,
    CR_ROAD_FOOTWAY,
    CR_ROAD_CYCLEWAY,
    CR_ROAD_PATH,
    CR_ROAD_BRIDLEWAY,
    CR_ROAD_STEPS,
    CR_ROAD_FERRY,
    CR_ROAD_CLASSES,
} cr_road_class;

/* "motorway", ..., "ferry". */
const char *cr_road_class_name(int32_t road_class);

typedef enum cr_road_surface {
    CR_SURFACE_PAVED,
    CR_SURFACE_UNPAVED,
    CR_SURFACE_COBBLED,
    CR_SURFACE_SOFT,
    CR_ROAD_SURFACES
} cr_road_surface;

/* A speed limit that has a name: "gb:nsl_single". */
typedef struct cr_road_limit {
    char name[24];
    double kmh;
} cr_road_limit;

#define CR_ROAD_LIMITS_MOST 32

/* How dense the roads lie where a road is: as a rule, how much traffic there is (geo/road_areas.c). */
typedef enum cr_road_area { CR_AREA_COUNTRY, CR_AREA_TOWN, CR_AREA_CITY, CR_ROAD_AREAS } cr_road_area;

/* "country", "town", "city". */
const char *cr_road_area_name(int32_t area);

/* A part of the day, until the next one begins; the last lasts, past midnight, until the first. */
typedef struct cr_road_period {
    char name[24];
    int32_t from_s;  /* after midnight */
    int32_t weekend; /* the period that stands in for this one on Saturdays and Sundays; itself as a rule */
    double time_factor[CR_ROAD_CLASSES][CR_ROAD_AREAS]; /* of the time that a road takes; turns stay as they are */
} cr_road_period;

#define CR_ROAD_PERIODS_MOST 8

/* A factor's least and most. */
#define CR_ROAD_FACTOR_LEAST 0.2
#define CR_ROAD_FACTOR_MOST  5.0

/* How fast one mode goes. data/speeds/ has the figures and their sources. */
typedef struct cr_road_speeds {
    double kmh[CR_ROAD_CLASSES]; /* 0: not open to the mode, unless signs say so; */
    double opened_kmh;           /* then this */
    double of_limit;             /* speed on a road with a stated limit, as a share of it; 0: limits do not matter */
    double surface_kmh[CR_ROAD_SURFACES]; /* at most; 0: no matter */
    double narrow_factor;                 /* of the speed in alleys, drives and car parks */
    double pushing_kmh;                   /* where a bicycle must be pushed; 0: not done */
    double signal_s, gate_s;              /* for passing traffic signals; a gate */
    double turn_s, turn_bias;             /* most for a sharp turn; how much worse across the other lane */
    double u_turn_s;                      /* at the end of a road; elsewhere nobody turns round */
    int32_t n_limits;
    cr_road_limit limits[CR_ROAD_LIMITS_MOST];
    int32_t n_periods; /* 0: always the same. Rising by from_s */
    cr_road_period periods[CR_ROAD_PERIODS_MOST];
} cr_road_speeds;

/* Degrees; west of east. */
typedef struct cr_road_box {
    double south_deg, west_deg, north_deg, east_deg;
} cr_road_box;

#define CR_ROAD_BOXES_MOST 16

typedef struct cr_road_position {
    double lat_deg, lon_deg;
} cr_road_position;

/* Rings, each closed by itself. Inside is what an odd number of them surrounds, so a hole is a ring like any other. */
typedef struct cr_road_polygon {
    int32_t n_rings;     /* 0: no polygon */
    int32_t *ring_first; /* n_rings + 1; into at */
    cr_road_position *at;
} cr_road_polygon;

typedef struct cr_roads_options {
    bool wants[CR_ROAD_MODES];
    int32_t n_threads; /* that may be used, with the same file; 0 is 1 */
    double walk_kmh;   /* from the edge of a road to a door */
    cr_road_speeds speeds[CR_ROAD_MODES];
    bool has_box; /* only what lies in it */
    cr_road_box box;
    cr_road_polygon polygon;        /* likewise; borrowed */
    bool side_given, drive_on_left; /* otherwise on the left if the map's middle is in one of these */
    int32_t n_left;
    cr_road_box left[CR_ROAD_BOXES_MOST];
} cr_roads_options;

/* What of the hours on signs is not followed; the sign without hours holds. */
typedef enum cr_hours_kind {
    CR_HOURS_SEASON,  /* months, dates, weeks */
    CR_HOURS_SUN,     /* sunrise, sunset */
    CR_HOURS_HOLIDAY, /* on holidays only */
    CR_HOURS_UNREAD,  /* written in some other way */
    CR_HOURS_SPEED,   /* of a speed limit */
    CR_HOURS_BARRIER, /* of a gate or bollard */
    CR_HOURS_SIGN,    /* on some other tag: access in one direction ... */
    CR_HOURS_KINDS,
} cr_hours_kind;

/* "by season", ... */
const char *cr_hours_kind_name(int32_t kind);

/* What a period makes of the hours at which roads are closed and turns forbidden. */
typedef struct cr_road_closures {
    int64_t n_pieces, n_turns; /* in a direction, closed; restrictions in force */
    int64_t n_partly;          /* of both, for less than half of the period, so taken as open */
} cr_road_closures;

/* What a map has, and what became of it. */
typedef struct cr_roads_counts {
    int64_t n_ways;         /* that lead anywhere for a wanted mode */
    int64_t n_nodes;        /* of these ways */
    int64_t n_missing;      /* of these, that the file does not have or that lie outside the box or polygon */
    int64_t n_restrictions; /* of turns, that apply to a wanted mode */
    int64_t n_unused;       /* of these, that fit no road */
    int64_t n_timed_ways;   /* closed, or one way, at some hours of the week only */
    int64_t n_timed_turns;  /* turn restrictions in force at some hours only */
    int64_t n_unfollowed[CR_HOURS_KINDS]; /* ways, turn restrictions and barriers with hours that are not followed */
    cr_road_closures closures[CR_ROAD_MODES][CR_ROAD_PERIODS_MOST];
    int64_t n_segments; /* pieces of road between junctions */
    double road_km;
    double area_km[CR_ROAD_AREAS];    /* of these, by area */
    int64_t n_arcs[CR_ROAD_MODES];    /* pieces in a direction, open to the mode */
    int64_t n_dropped[CR_ROAD_MODES]; /* of these, cut off from the rest */
    int64_t n_states[CR_ROAD_MODES];  /* vertices of the graph: a piece in a direction, or a junction */
    int64_t n_turns[CR_ROAD_MODES];   /* its edges */
    int64_t n_up[CR_ROAD_MODES];      /* arcs of the hierarchy as built, upwards and downwards */
    int64_t n_down[CR_ROAD_MODES];
    bool drive_on_left;
    int64_t timestamp_s; /* of the extract; 0 unknown */
    int64_t file_bytes;
} cr_roads_counts;

/* Read an extract (.osm.pbf, .osm, .osm.gz), twice, and write a .roads file; it appears whole or not at all.
 * CR_E_INPUT: the extract is not one, is damaged or has no road; CR_E_UPSTREAM: reading or writing failed. message
 * (size bytes) says which file and what. */
cr_status cr_roads_build(const char *osm_path, const char *roads_path, const cr_roads_options *options,
                         cr_roads_counts *ret_counts, char *message, size_t size);

/* Put other periods, those of options' speeds, into a .roads file: its order and its graphs stay, so only the periods'
 * metrics are computed. new_path may be roads_path. CR_E_INPUT: the file is not sound; CR_E_UPSTREAM: writing failed.
 */
cr_status cr_roads_set_periods(const char *roads_path, const char *new_path, const cr_roads_options *options,
                               char *message, size_t size);

/* ---- using one ---- */

typedef struct cr_roads cr_roads;

/* Map a .roads file. All of it is checked (length, version, checksum, every index): CR_E_INPUT with a message if it is
 * not sound. Constant from then on, so threads may share it. */
cr_status cr_roads_open(const char *roads_path, cr_roads **ret_roads, char *message, size_t size);
cr_roads *cr_roads_free(cr_roads *roads);
CR_AUTO_DEFINE(cr_roads)

bool cr_roads_has_mode(const cr_roads *roads, int32_t mode);
int64_t cr_roads_timestamp_s(const cr_roads *roads); /* of the extract; 0 unknown */
int64_t cr_roads_checksum(const cr_roads *roads);

/* The periods of a mode that is there, rising by from_s; none: it takes the same time all day. */
int32_t cr_roads_n_periods(const cr_roads *roads, int32_t mode);
const cr_road_period *cr_roads_period(const cr_roads *roads, int32_t mode, int32_t period);

/* The period of that name, or CR_NONE. */
int32_t cr_roads_find_period(const cr_roads *roads, int32_t mode, const char *name);

/* Does it change nothing for this mode, so that its tables are those as built? */
bool cr_roads_is_as_built(const cr_roads *roads, int32_t mode, int32_t period);

/* Where a place meets the roads of a mode. */
typedef struct cr_road_snap {
    int32_t segment;   /* CR_NONE: the place has no position */
    double fraction;   /* of the way along it */
    double distance_m; /* from the place, straight */
    double lat_deg, lon_deg;
} cr_road_snap;

/* The nearest point of a road that is open to the mode and connected with the rest; the mode must be there. ret_snaps
 * has room for n. */
void cr_roads_snap(const cr_roads *roads, int32_t mode, const cr_place *places, int32_t n, cr_road_snap *ret_snaps);

typedef struct cr_road_table_options {
    int32_t period;    /* CR_NONE: as built */
    int32_t n_threads; /* >= 1, with the same answer */
    /* Called now and then by the calling thread; false: stop. NULL: not wanted. */
    bool (*go_on)(void *user, int32_t n_sources_done, int32_t n_sources);
    void *user;
    int32_t vector_bits; /* at most so wide (128, 256, 512), with the same answer; 0: as wide as the machine has */
} cr_road_table_options;

#define CR_ROAD_TABLE_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        CR_NONE, 1, NULL, NULL, 0                                                                                      \
    }

/* Seconds (rounded up) and metres from every source to every target, row by row, both along the same way; CR_NO_WAY
 * where no road leads. Walking between door and road counts in the seconds, not in the metres. Either output may be
 * NULL. Rows of places without position are CR_NO_WAY. CR_E_STOPPED: go_on said so; the outputs are worth nothing then.
 */
cr_status cr_roads_table(const cr_roads *roads, int32_t mode, const cr_road_snap *sources, int32_t n_sources,
                         const cr_road_snap *targets, int32_t n_targets, const cr_road_table_options *options,
                         int32_t *ret_time_s, int32_t *ret_dist_m);

/* ---- the way itself, for a map ---- */

/* Finds ways of one mode in one period (CR_NONE: as built), one after the other. The roads must outlive it; one for
 * each thread. */
typedef struct cr_road_finder cr_road_finder;

cr_status cr_road_finder_new(const cr_roads *roads, int32_t mode, int32_t period, cr_road_finder **ret_finder);
cr_road_finder *cr_road_finder_free(cr_road_finder *finder);
CR_AUTO_DEFINE(cr_road_finder)

/* The line of the way that the table's seconds and metres belong to, from road's edge to road's edge, with points left
 * out that lie within tolerance_m of it. *ret_line is the finder's until the next call. *ret_n 0: no road leads there.
 */
cr_status cr_road_finder_find(cr_road_finder *finder, const cr_road_snap *from, const cr_road_snap *to,
                              double tolerance_m, const cr_road_position **ret_line, int32_t *ret_n);

#endif
