/* careround-generate: sample days, all of them synthetic (but for what strathclyde converts). docs/sample-days.md tells
 * what is in them.
 *
 *   careround-generate midlothian [--seed K] [--postcodes FILE] [--visits N] [--single] -o DIR
 *   careround-generate tiny -o DIR
 *   careround-generate county [--seed K] [--visits N] [--single] -o DIR
 *   careround-generate strathclyde FOLDER -o DIR
 *   careround-generate postcodes CODEPOINT.csv [--seed K] -o DIR
 *
 * --visits makes the same kind of day with about so many visits, --single one without double-ups.
 * The same seed gives the same bytes on every machine. Exit status: 0 done, 1 a file could not be read or written, 2
 * wrong usage.
 */
#include "days.h"
#include "service.h"
#include "sheet.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIDLOTHIAN_DISTRICT  "S12000019"
#define MIDLOTHIAN_POSTCODES 420
#define COUNTY_PLACES        3000

typedef struct arguments {
    const char *kind, *input, *dir, *postcodes;
    uint64_t seed;
    int32_t n_visits; /* 0: as many as the day has */
    bool single;
} arguments;

static bool make_service(const gen_spec *usual, const gen_places *places, const arguments *args)
{
    gen_spec spec = gen_spec_scaled(usual, args->n_visits ? args->n_visits : gen_spec_visits(usual));
    if (args->single)
        spec.n_double_all = spec.n_double_ends = 0;
    gen_service service = {.spec = &spec, .places = places, .seed = args->seed};
    gen_make_clients(&service);
    gen_make_carers(&service);
    gen_make_matches(&service);
    bool written = gen_write_day(&service, args->dir);
    if (written)
        printf("%s: %d clients, %d visits, %d carers, %d shifts (synthetic, seed %llu)\n", args->dir, service.n_clients,
               service.n_visits, service.n_carers, service.n_shifts, (unsigned long long)args->seed);
    gen_service_done(&service);
    free((void *)spec.packages);
    return written;
}

static bool make_midlothian(const arguments *args)
{
    const gen_spec *spec = gen_midlothian_spec();
    gen_places places;
    if (!gen_places_read(args->postcodes, spec->towns, spec->n_towns, &places))
        return false;
    bool written = make_service(spec, &places, args);
    gen_places_done(&places);
    return written;
}

static bool make_county(const arguments *args)
{
    const gen_spec *spec = gen_county_spec();
    gen_rng rng = gen_rng_stream(args->seed, "places");
    gen_places places;
    gen_places_invent(&rng, spec->towns, spec->n_towns, COUNTY_PLACES, &places);
    bool written = make_service(spec, &places, args);
    gen_places_done(&places);
    return written;
}

static bool make_postcodes(const arguments *args)
{
    const gen_spec *spec = gen_midlothian_spec();
    return gen_make_folder(args->dir) &&
           gen_postcodes_thin(args->input, spec->towns, spec->n_towns, MIDLOTHIAN_DISTRICT, MIDLOTHIAN_POSTCODES,
                              args->seed, args->dir);
}

static bool make_tiny(const arguments *args)
{
    return gen_tiny(args->dir);
}

static bool make_strathclyde(const arguments *args)
{
    return gen_strathclyde(args->input, args->dir);
}

static const struct {
    const char *name;
    bool wants_input, may_vary; /* --visits, --single */
    bool (*make)(const arguments *);
} kinds[] = {
    {"midlothian", false, true, make_midlothian}, {"tiny", false, false, make_tiny},
    {"county", false, true, make_county},         {"strathclyde", true, false, make_strathclyde},
    {"postcodes", true, false, make_postcodes},
};

#define N_KINDS (sizeof kinds / sizeof kinds[0])

static int wrong_usage(const char *what)
{
    if (what)
        fprintf(stderr, "careround-generate: %s\n", what);
    fputs("usage: careround-generate midlothian [--seed K] [--postcodes FILE] [--visits N] [--single] -o DIR\n"
          "       careround-generate tiny -o DIR\n"
          "       careround-generate county [--seed K] [--visits N] [--single] -o DIR\n"
          "       careround-generate strathclyde FOLDER -o DIR\n"
          "       careround-generate postcodes CODEPOINT.csv [--seed K] -o DIR\n",
          stderr);
    return 2;
}

static bool parse_seed(const char *text, uint64_t *ret_seed)
{
    char *end;
    errno = 0;
    unsigned long long seed = strtoull(text, &end, 10);
    if (errno || *end || end == text || *text == '-')
        return false;
    *ret_seed = seed;
    return true;
}

static bool parse_visits(const char *text, int32_t *ret_visits)
{
    char *end;
    errno = 0;
    long n = strtol(text, &end, 10);
    if (errno || *end || end == text || n < GEN_VISITS_LEAST || n > GEN_VISITS_MOST)
        return false;
    *ret_visits = (int32_t)n;
    return true;
}

static const char *parse_arguments(int argc, char **argv, arguments *ret_args)
{
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'},   {"postcodes", required_argument, NULL, 'p'},
        {"visits", required_argument, NULL, 'v'}, {"single", no_argument, NULL, '1'},
        {"output", required_argument, NULL, 'o'}, {NULL, 0, NULL, 0}};
    *ret_args = (arguments){.seed = 1, .postcodes = "data/midlothian/postcodes.csv"};
    for (int option; (option = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
        if (option == 'o')
            ret_args->dir = optarg;
        else if (option == 'p')
            ret_args->postcodes = optarg;
        else if (option == '1')
            ret_args->single = true;
        else if (option == 'v') {
            if (!parse_visits(optarg, &ret_args->n_visits))
                return "--visits wants a whole number from 60 to 20000";
        } else if (option != 's')
            return "";
        else if (!parse_seed(optarg, &ret_args->seed))
            return "--seed wants a whole number";
    }
    if (optind < argc)
        ret_args->kind = argv[optind++];
    if (optind < argc)
        ret_args->input = argv[optind++];
    if (optind < argc)
        return "too many arguments";
    if (!ret_args->dir)
        return "where to? -o DIR";
    return ret_args->kind ? NULL : "which day?";
}

int main(int argc, char **argv)
{
    arguments args;
    const char *wrong = parse_arguments(argc, argv, &args);
    if (wrong)
        return wrong_usage(*wrong ? wrong : NULL);
    for (size_t k = 0; k < N_KINDS; k++) {
        if (strcmp(kinds[k].name, args.kind) != 0)
            continue;
        if (kinds[k].wants_input != (args.input != NULL))
            return wrong_usage(args.input ? "too many arguments" : "which file?");
        if (!kinds[k].may_vary && (args.n_visits || args.single))
            return wrong_usage("--visits and --single are for midlothian and county");
        return kinds[k].make(&args) ? 0 : 1;
    }
    return wrong_usage("no such day");
}
