/* careround gazetteer build CODEPOINT.csv... -o uk.gaz */
#include "cmd.h"

#include "careround/place.h"

#include <getopt.h>
#include <string.h>

static const char help[] =
    "usage: careround gazetteer build FILE.csv... -o uk.gaz\n\n"
    "Read OS Code-Point Open, ONS and Scottish Postcode Directory files as published, or CSV with the headings\n"
    "postcode and easting, northing or latitude, longitude, and write one gazetteer of postcodes, which\n"
    "'careround plan --gazetteer uk.gaz' looks places up in without any network.\n\n"
    "  -o, --out FILE   where to write; it appears whole or not at all\n";

static int build(char **paths, int n_paths, const char *out)
{
    cr_gazetteer_counts counts = {0};
    char message[500] = "";
    cr_status st = cr_gazetteer_build((const char *const *)paths, n_paths, out, &counts, message, sizeof message);
    if (st) {
        fprintf(stderr, "careround gazetteer: %s\n", message);
        return cmd_exit_status(st);
    }
    printf("%s: %lld postcodes from %lld rows; %lld without a position, %lld terminated, %lld twice, %lld bad rows\n",
           out, (long long)counts.n_postcodes, (long long)counts.n_rows, (long long)counts.n_no_position,
           (long long)counts.n_terminated, (long long)counts.n_duplicates, (long long)counts.n_bad_rows);
    return EXIT_DONE;
}

int cmd_gazetteer(int argc, char **argv)
{
    static const struct option options[] = {
        {"out", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    const char *out = NULL;
    for (int c; (c = getopt_long(argc, argv, "o:h", options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (c != 'o')
            return cmd_usage_error("gazetteer", "unknown option");
        out = optarg;
    }
    if (optind >= argc || strcmp(argv[optind], "build") != 0)
        return cmd_usage_error("gazetteer", "the only thing it does is build");
    if (optind + 1 >= argc || !out)
        return cmd_usage_error("gazetteer", !out ? "where to? Give -o FILE" : "from what? Give the CSV files");
    return build(argv + optind + 1, argc - optind - 1, out);
}
