/* careround geocode FILE: where the places of a list are. */
#include "cmd.h"

#include "geocode_list.h"
#include "text_file.h"
#include "value.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: careround geocode FILE [options]\n\n"
    "Where the places of a list are: CSV or JSON with the place columns of visits.csv (latitude and longitude, "
    "easting\n"
    "and northing, grid_ref, postcode, address). Writes CSV: row, latitude, longitude, quality, accuracy_m, postcode.\n"
    "Status 3 if a row has no place that is found; the others are written, and the messages say which and why.\n\n"
    "  -o, --out FILE       instead of standard output\n"
    "      --json           JSON on standard output: the places and the findings\n"
    "      --gazetteer FILE postcodes, as for 'careround plan'\n"
    "      --geocoder KIND=URL and what belongs to it: as for 'careround plan'\n";

typedef struct geocode_options {
    day_read_options read;
    const char *path, *out;
    bool json;
} geocode_options;

/* ---- writing ---- */

static void print_number(const json_t *number, FILE *out)
{
    if (json_is_number(number))
        fputs(value_print_number(json_number_value(number), 10).text, out);
}

static bool write_csv(FILE *out, void *user)
{
    size_t i;
    const json_t *place;
    fputs("row,latitude,longitude,quality,accuracy_m,postcode\r\n", out);
    json_array_foreach((json_t *)user, i, place)
    {
        fprintf(out, "%d,", (int)json_integer_value(json_object_get(place, "row")));
        print_number(json_object_get(place, "latitude"), out);
        fputc(',', out);
        print_number(json_object_get(place, "longitude"), out);
        fprintf(out, ",%s,", json_string_value(json_object_get(place, "quality")));
        print_number(json_object_get(place, "accuracy_m"), out);
        fprintf(out, ",%s\r\n", json_string_value(json_object_get(place, "postcode")));
    }
    return !ferror(out);
}

static cr_status write_json(const day_findings *findings, json_t *places)
{
    json_t *all = cmd_findings_json(findings);
    if (all && json_object_set(all, "places", places)) {
        json_decref(all);
        all = NULL;
    }
    return cmd_print_json(all);
}

static cr_status write_places(const geocode_options *o, const day_findings *findings, json_t *places)
{
    if (!o->json)
        cmd_print_findings(findings, stderr);
    cr_status st = o->json ? write_json(findings, places) : CR_OK;
    if (st || (o->json && !o->out))
        return st;
    if (o->out)
        return cmd_write_file(o->out, write_csv, places);
    return write_csv(stdout, places) && fflush(stdout) == 0 ? CR_OK : CR_E_UPSTREAM;
}

/* ---- the command ---- */

static cr_status geocode(const geocode_options *o)
{
    char message[300] = "";
    text_file file = {NULL, 0, TEXT_UTF8};
    cr_auto(day_findings) findings = NULL;
    json_t *places = NULL;
    cr_status st = text_file_read(o->path, &file, message, sizeof message);
    if (st) {
        fprintf(stderr, "careround geocode: %s: %s\n", o->path, message);
        return st;
    }
    st = geocode_list(o->path, file.text, file.size, INT32_MAX, &o->read, &places, &findings);
    text_file_done(&file);
    if (places) {
        cr_status written = write_places(o, findings, places);
        st = written ? written : st;
    } else if (findings) {
        cmd_print_findings(findings, stderr);
    }
    json_decref(places);
    return st;
}

static bool take_option(int c, geocode_options *o)
{
    switch (c) {
    case 'o':
        o->out = optarg;
        return true;
    case 'j':
        o->json = true;
        return true;
    default:
        return cmd_take_day_option(c, optarg, &o->read);
    }
}

int cmd_geocode(int argc, char **argv)
{
    static const struct option options[] = {CMD_DAY_OPTIONS,
                                            {"out", required_argument, NULL, 'o'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    geocode_options o = {0};
    for (int c; (c = getopt_long(argc, argv, "o:h", options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (!take_option(c, &o))
            return cmd_usage_error("geocode", "see above");
    }
    if (optind + 1 != argc)
        return cmd_usage_error("geocode", "give one FILE");
    o.path = argv[optind];
    cmd_watch_signals();
    return cmd_exit_status(geocode(&o));
}
