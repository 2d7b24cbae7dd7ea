/* The public benchmark sets: what a reader makes of a file, and what the line printed for it needs.
 *
 * A reader turns one instance of a set into a cr_problem with that set's weights; the one engine solves it; the
 * objective is then summed again here, from the file's own values and the starts that are printed. The conventions are
 * in docs/benchmarks.md. Nobody looks at a file's name but to print it.
 */
#ifndef API_BENCH_H
#define API_BENCH_H

#include "careround/plan.h"
#include "careround/problem.h"

#include <jansson.h>

typedef struct bench_message {
    char text[256];
} bench_message;

/* Write the message; always CR_E_INPUT, for `return bench_fault(...)`. */
__attribute__((format(printf, 2, 3))) cr_status bench_fault(bench_message *message, const char *format, ...);

/* One instance, read. Vehicle numbers of the sets are shift indices of the problem. */
typedef struct bench_instance {
    cr_problem *problem;
    cr_matrix *matrix;   /* of its one mode; NULL: owned elsewhere */
    int64_t *node;       /* of each visit: its name in the line */
    int64_t *slot_node;  /* of each slot, where a set names the carers of a visit apart; NULL: that of its visit */
    int32_t *service;    /* of each slot: its 1-based column in the file; 0: the set has no services */
    bool must_serve_all; /* the set knows no plan that leaves a visit out, */
    bool *is_optional;   /* but for these; NULL: none */
    void *own;           /* what the reader's objective needs beside the problem */
    void (*own_free)(void *own);
} bench_instance;

/* An empty instance with a matrix of n_places, and room for so many visits and slots. */
cr_status bench_instance_new(int32_t n_places, int32_t n_visits, int32_t n_slots, bench_instance **ret_instance);
bench_instance *bench_instance_free(bench_instance *instance);
CR_AUTO_DEFINE(bench_instance)

/* Add to the problem and note the names, within the room asked for. */
cr_status bench_instance_add_visit(bench_instance *instance, const cr_visit *visit, cr_window window, int64_t node);
cr_status bench_instance_add_slot(bench_instance *instance, const cr_slot *slot, int32_t service);

/* The name in the line of what a slot serves. */
int64_t bench_slot_node(const bench_instance *instance, int32_t slot);

/* Which of a set's published problems is meant. */
typedef struct bench_convention {
    bool fewest_vehicles;    /* solomon: the classic one, double precision and vehicles before distance */
    int32_t duration_tenths; /* bredstrom: durations times so many tenths, rounded down */
} bench_convention;

#define BENCH_CONVENTION_INIT ((bench_convention){.duration_tenths = 10})

typedef struct bench_source {
    const char *path;
    const char *gazetteer_path; /* postcodes of a day; NULL: in its folder */
    bench_convention convention;
} bench_source;

/* A reader of text in memory. CR_E_INPUT with a message that names what and where; the problem is not yet validated. */
typedef cr_status bench_parse_fn(const char *text, size_t size, const bench_convention *convention,
                                 bench_instance **ret_instance, bench_message *message);

/* A public set. start: of every stop of the plan, in the set's unit, as printed. */
typedef struct bench_format {
    const char *name;
    bench_parse_fn *parse; /* of a set that has all in one file; NULL: */
    cr_status (*read)(const bench_source *source, bench_instance **ret_instance, bench_message *message);
    /* The set's objective, from its own data, the orders and the starts. */
    double (*objective)(const bench_instance *instance, const cr_plan *plan, const double *start);
    /* NULL, or a bound of the engine's cost as one of the objective, never above what is proved; NAN: none follows. */
    double (*bound)(const bench_instance *instance, int64_t cost);
    /* NULL, or improve on starts that ticks have rounded. */
    void (*settle_starts)(const bench_instance *instance, const cr_plan *plan, double *start);
    /* NULL, or add the set's own fields to the line, to a route or to a stop. Returns 0, or -1 without memory. */
    int (*name_line)(const bench_instance *instance, const cr_plan *plan, json_t *line);
    int (*name_route)(const bench_instance *instance, const cr_round *round, json_t *route);
    int (*name_stop)(const bench_instance *instance, int32_t slot, json_t *item);
    /* slot_before: the visit after which the break is taken; CR_NONE before the first. */
    int (*name_break)(const bench_instance *instance, int32_t shift, int32_t slot_before, json_t *item);
} bench_format;

extern const bench_format bench_solomon, bench_mankowska, bench_udine, bench_bredstrom, bench_uhhc, bench_strathclyde,
    bench_native;

/* Read an instance of the set. */
cr_status bench_read(const bench_format *format, const bench_source *source, bench_instance **ret_instance,
                     bench_message *message);

/* The readers on text in memory: for tests and fuzzing. */
bench_parse_fn bench_solomon_parse, bench_mankowska_parse, bench_udine_parse, bench_bredstrom_parse, bench_uhhc_parse;

typedef struct bench_text {
    const char *text;
    size_t size;
} bench_text;

/* date: "2017-10-03". */
cr_status bench_strathclyde_parse(bench_text visits, bench_text carers, bench_text distance, const char *date,
                                  bench_instance **ret_instance, bench_message *message);

/* ---- the line ---- */

/* How the best plan got better over time. */
typedef struct bench_trace_point {
    double seconds; /* since the file was opened */
    int64_t cost;   /* of the best plan then */
} bench_trace_point;

typedef struct bench_trace {
    bench_trace_point *points;
    size_t n, room;
    bool out_of_memory; /* some points are missing */
} bench_trace;

/* Note a better plan. */
void bench_trace_add(bench_trace *trace, double seconds, int64_t cost);
void bench_trace_done(bench_trace *trace);

typedef struct bench_result {
    const char *instance_name;
    const cr_plan *plan;
    const bench_trace *trace; /* NULL: not asked for, and not in the line */
    const double *start;      /* of each stop of the plan */
    bool feasible;
    double objective, seconds;
    double bound;            /* of the objective; 0 or NAN: none was proved */
    double first_feasible_s; /* < 0: never */
    double iterations_per_s; /* of the search, over all threads */
    int64_t seed;
    int32_t threads;
} bench_result;

/* The starts to print, in the set's unit: those of the plan, settled where the format can. Yours to free(); NULL
 * without memory. */
double *bench_starts(const bench_format *format, const bench_instance *instance, const cr_plan *plan);

/* One line of JSON without a line break; yours to free(). NULL without memory. */
char *bench_line(const bench_format *format, const bench_instance *instance, const bench_result *result);
char *bench_error_line(const char *instance_name, const char *error);

/* The file's name without folder and last ending. Yours to free(); NULL without memory. */
char *bench_instance_name(const char *path);

#endif
