/* careround roads build AREA.osm.pbf -o area.roads; careround roads periods area.roads -o new.roads */
#include "cmd.h"

#include "careround/roads.h"
#include "day_roads.h"
#include "read_polygon.h"
#include "read_speeds.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char help[] =
    "usage: careround roads build AREA.osm.pbf -o area.roads [options]\n"
    "       careround roads periods area.roads -o new.roads [--speeds FILE]...\n\n"
    "Read an OpenStreetMap extract (.osm.pbf, .osm, .osm.gz) and make of it a file that 'careround matrix --roads' "
    "and\n"
    "'careround plan --roads' take travel times from. Or put other periods of the day into such a file, without the\n"
    "extract; both files may be the same.\n\n"
    "  -o, --out FILE           where to write; it appears whole or not at all\n"
    "      --modes LIST         of car, bicycle, foot (default: all three)\n"
    "      --bbox W,S,E,N       only what lies in this box, in degrees\n"
    "      --polygon FILE       only what lies in it: an Osmosis .poly file, or GeoJSON\n"
    "      --speeds FILE        figures of your own for one mode, laid over data/speeds/; may be given again;\n"
    "                           for 'periods', of its periods only\n"
    "      --drive-on SIDE      left or right (default: by where the map lies)\n"
    "      --threads N          that 'build' may use (default: one for each core); the file is the same\n";

enum { OPT_MODES = 256, OPT_BBOX, OPT_POLYGON, OPT_SPEEDS, OPT_DRIVE_ON, OPT_THREADS };

#define SPEEDS_MOST 16

typedef struct roads_options {
    const char *in, *out, *polygon;
    const char *speeds[SPEEDS_MOST];
    int32_t n_speeds;
    cr_roads_options build;
} roads_options;

static bool take_modes(const char *list, cr_roads_options *o)
{
    char text[64];
    memset(o->wants, 0, sizeof o->wants);
    snprintf(text, sizeof text, "%s", list);
    char *rest = text;
    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        int32_t mode = cr_road_mode_find(name);
        if (mode == CR_NONE)
            return false;
        o->wants[mode] = true;
    }
    return true;
}

static bool take_box(const char *text, cr_roads_options *o)
{
    double d[4];
    for (int i = 0; i < 4; i++) {
        char *end;
        d[i] = strtod(text, &end);
        if (end == text || *end != (i < 3 ? ',' : '\0'))
            return false;
        text = end + 1;
    }
    o->box = (cr_road_box){.west_deg = d[0], .south_deg = d[1], .east_deg = d[2], .north_deg = d[3]};
    o->has_box = true;
    return d[0] < d[2] && d[1] < d[3];
}

static bool take_option(int c, roads_options *o)
{
    double threads;
    switch (c) {
    case 'o':
        o->out = optarg;
        return true;
    case OPT_MODES:
        return take_modes(optarg, &o->build) ||
               (cmd_usage_error("roads", "--modes '%s' must be a list of car, bicycle, foot", optarg), false);
    case OPT_BBOX:
        return take_box(optarg, &o->build) ||
               (cmd_usage_error("roads", "--bbox '%s' must be west,south,east,north in degrees", optarg), false);
    case OPT_POLYGON:
        o->polygon = optarg;
        return true;
    case OPT_SPEEDS:
        if (o->n_speeds == SPEEDS_MOST)
            return cmd_usage_error("roads", "--speeds more than %d times", SPEEDS_MOST), false;
        o->speeds[o->n_speeds++] = optarg;
        return true;
    case OPT_DRIVE_ON:
        o->build.side_given = true;
        o->build.drive_on_left = strcmp(optarg, "left") == 0;
        return o->build.drive_on_left || strcmp(optarg, "right") == 0 ||
               (cmd_usage_error("roads", "--drive-on '%s' must be left or right", optarg), false);
    case OPT_THREADS:
        if (!cmd_option_count("roads", "threads", optarg, 1, 1024, &threads))
            return false;
        o->build.n_threads = (int32_t)threads;
        return true;
    default:
        return cmd_usage_error("roads", "see above"), false;
    }
}

/* Whatever is wrong with any of the files is said at once. */
static cr_status read_figures(roads_options *o, speeds_extent extent, polygon_rings *rings)
{
    findings_book *book = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = findings_new(&book);
    if (!st)
        st = speeds_read_defaults(&o->build, book);
    for (int32_t i = 0; !st && i < o->n_speeds; i++)
        st = speeds_read_file(o->speeds[i], extent, &o->build, book);
    if (!st && o->polygon)
        st = polygon_read_file(o->polygon, rings, book);
    bool has_errors = book && findings_n_errors(book) > 0;
    if (book && findings_publish(&book, &findings) == CR_OK && has_errors)
        cmd_print_findings(findings, stderr);
    findings_free(book);
    return st ? st : has_errors ? CR_E_INPUT : CR_OK;
}

/* What is closed at some hours, what the periods make of it, and which hours are not followed. */
static void print_hours(const roads_options *o, const cr_roads_counts *c)
{
    if (c->n_timed_ways + c->n_timed_turns)
        printf("%" PRId64 " ways are closed, or one way, and %" PRId64
               " turn restrictions in force at some hours only\n",
               c->n_timed_ways, c->n_timed_turns);
    for (int mode = 0; mode < CR_ROAD_MODES; mode++)
        for (int32_t k = 0; o->build.wants[mode] && k < o->build.speeds[mode].n_periods; k++) {
            const cr_road_closures *closures = &c->closures[mode][k];
            if (closures->n_pieces + closures->n_turns + closures->n_partly)
                printf("  %s, %s: %" PRId64 " pieces closed, %" PRId64 " turns forbidden; %" PRId64
                       " for less than half of it, taken as open\n",
                       cr_road_mode_name(mode), o->build.speeds[mode].periods[k].name, closures->n_pieces,
                       closures->n_turns, closures->n_partly);
        }
    const char *before = "hours that are not followed, so that the sign without them holds: ";
    for (int32_t kind = 0; kind < CR_HOURS_KINDS; kind++)
        if (c->n_unfollowed[kind]) {
            printf("%s%" PRId64 " %s", before, c->n_unfollowed[kind], cr_hours_kind_name(kind));
            before = ", ";
        }
    if (*before == ',')
        printf("\n");
}

static void print_counts(const roads_options *o, const cr_roads_counts *c)
{
    char date[32] = "of unknown date";
    time_t t = (time_t)c->timestamp_s;
    struct tm tm;
    if (c->timestamp_s && gmtime_r(&t, &tm))
        strftime(date, sizeof date, "of %Y-%m-%d", &tm);
    printf("%s: extract %s, %" PRId64 " ways, %" PRId64 " nodes (%" PRId64 " missing), %.0f km of road in %" PRId64
           " pieces, drive on the %s\n",
           o->out, date, c->n_ways, c->n_nodes, c->n_missing, c->road_km, c->n_segments,
           c->drive_on_left ? "left" : "right");
    printf("of it %.0f km in the country, %.0f km in towns, %.0f km in cities\n", c->area_km[CR_AREA_COUNTRY],
           c->area_km[CR_AREA_TOWN], c->area_km[CR_AREA_CITY]);
    if (c->n_restrictions)
        printf("%" PRId64 " turn restrictions, %" PRId64 " of them fit no road here\n", c->n_restrictions, c->n_unused);
    print_hours(o, c);
    for (int32_t mode = 0; mode < CR_ROAD_MODES; mode++)
        if (o->build.wants[mode])
            printf("%-8s %" PRId64 " directed pieces (%" PRId64 " cut off and left out), %" PRId64 " states, %" PRId64
                   " turns, hierarchy of %" PRId64 " + %" PRId64 " arcs\n",
                   cr_road_mode_name(mode), c->n_arcs[mode], c->n_dropped[mode], c->n_states[mode], c->n_turns[mode],
                   c->n_up[mode], c->n_down[mode]);
    printf("%.1f MB\n", (double)c->file_bytes / 1e6);
}

static int build(roads_options *o)
{
    char message[500] = "";
    cr_roads_counts counts;
    polygon_rings rings = {.at_room = 0};
    cr_status st = read_figures(o, SPEEDS_ALL, &rings);
    o->build.polygon = rings.polygon;
    if (!st)
        st = cr_roads_build(o->in, o->out, &o->build, &counts, message, sizeof message);
    if (st && *message)
        fprintf(stderr, "careround roads: %s\n", message);
    if (!st)
        print_counts(o, &counts);
    polygon_rings_done(&rings);
    return cmd_exit_status(st);
}

static int set_periods(roads_options *o)
{
    char message[500] = "";
    cr_status st = read_figures(o, SPEEDS_PERIODS, NULL);
    if (!st)
        st = cr_roads_set_periods(o->in, o->out, &o->build, message, sizeof message);
    if (st && *message)
        fprintf(stderr, "careround roads: %s\n", message);
    return cmd_exit_status(st);
}

int cmd_roads(int argc, char **argv)
{
    static const struct option options[] = {
        {"out", required_argument, NULL, 'o'},
        {"modes", required_argument, NULL, OPT_MODES},
        {"bbox", required_argument, NULL, OPT_BBOX},
        {"polygon", required_argument, NULL, OPT_POLYGON},
        {"speeds", required_argument, NULL, OPT_SPEEDS},
        {"drive-on", required_argument, NULL, OPT_DRIVE_ON},
        {"threads", required_argument, NULL, OPT_THREADS},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    roads_options o = {.build = {.wants = {true, true, true}, .n_threads = day_roads_n_cores()}};
    for (int c; (c = getopt_long(argc, argv, "o:h", options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (!take_option(c, &o))
            return EXIT_USAGE;
    }
    bool builds = optind < argc && strcmp(argv[optind], "build") == 0;
    if (!builds && (optind >= argc || strcmp(argv[optind], "periods") != 0))
        return cmd_usage_error("roads", "what it does is build, or set the periods");
    if (optind + 2 != argc || !o.out)
        return cmd_usage_error("roads", !o.out   ? "where to? Give -o FILE"
                                        : builds ? "from what? Give one extract"
                                                 : "of what? Give one .roads file");
    o.in = argv[optind + 1];
    if (!builds && o.polygon)
        return cmd_usage_error("roads", "--polygon cuts an extract, so it is for 'build'");
    return builds ? build(&o) : set_periods(&o);
}
