/* careround: find the command and run it. */
#include "cmd.h"

#include <string.h>

static const command commands[] = {
    {"plan", "plan a day: who visits whom, when and in what order", cmd_plan},
    {"replan", "plan the rest of a day that is under way, after something happened", cmd_replan},
    {"check", "judge a plan: every broken rule, cost and times summed again", cmd_check},
    {"report", "the figures of a plan, its page, run sheets and calendars", cmd_report},
    {"explain", "why visits are unallocated, and the smallest change that would place each", cmd_explain},
    {"evaluate", "time a plan made by hand, and list every rule that it breaks", cmd_evaluate},
    {"suggest", "who could do one visit, and when: costs, delays, broken rules", cmd_suggest},
    {"compare", "plans of one day side by side", cmd_compare},
    {"scenario", "a day and changes to it, several seeds each, compared", cmd_scenario},
    {"gazetteer", "build the offline postcode gazetteer", cmd_gazetteer},
    {"roads", "make travel times of an OpenStreetMap extract", cmd_roads},
    {"matrix", "seconds and metres by road between points", cmd_matrix},
    {"geocode", "where the places of a list are", cmd_geocode},
    {"serve", "the service: HTTP, uploads, plans as jobs", cmd_serve},
    {"token", "who may do what with the service", cmd_token},
    {"backup", "copy what the service keeps", cmd_backup},
    {"purge", "take old dates out of what the service keeps", cmd_purge},
    {"bench", "solve public benchmark instances, one JSON line each", cmd_bench},
};

#define N_COMMANDS (sizeof commands / sizeof *commands)

static void print_help(FILE *out)
{
    fputs("careround plans home care: who visits whom, when and in what order.\n\nusage: careround COMMAND ...\n\n",
          out);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\n'careround COMMAND --help' tells more.\n"
          "Exit status: 0 done; 1 our fault; 2 wrong usage; 3 the input is wrong; 4 a plan breaks a rule;\n"
          "5 an outside service or a file system failed.\n",
          out);
}

/* getopt_long() begins its messages with argv[0]. */
static int run_command(size_t i, int argc, char **argv)
{
    char name[40];
    snprintf(name, sizeof name, "careround %s", commands[i].name);
    argv[0] = name;
    return commands[i].run(argc, argv);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("careround " CAREROUND_VERSION);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return run_command(i, argc - 1, argv + 1);
    if (strcmp(argv[1], "worker") == 0) /* these two are for 'careround serve' only, so they are in no list */
        return cmd_worker(argc - 1, argv + 1);
    if (strcmp(argv[1], "desk") == 0)
        return cmd_desk(argc - 1, argv + 1);
    fprintf(stderr, "careround: no command '%s'. Try 'careround --help'.\n", argv[1]);
    return EXIT_USAGE;
}
