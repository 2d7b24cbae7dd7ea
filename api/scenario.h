/* Scenarios: a base day and lists of changes to it, each planned with several seeds, and what differs beyond the noise.
 *
 * The way of a scenario file: scenario_file.c reads it, scenario_bundle.c copies and hashes all that it depends on,
 * scenario_days.c reads the day with the changes of each, scenario_run.c plans one scenario with one seed and makes a
 * record of the figures, scenario_crew.c does so for all (in the service each run is a job of its own, scenario_job.c),
 * scenario_table.c sums the records (scenario_stats.c: what is noise), and scenario_text.c, scenario_json.c,
 * scenario_html.c write the table. docs/scenarios.md is for the people who use it.
 */
#ifndef API_SCENARIO_H
#define API_SCENARIO_H

#include "changes.h"
#include "store.h"
#include "words.h"

#include <jansson.h>
#include <stdio.h>

#define SCENARIOS_MOST 100
#define SEEDS_MOST     100

/* ---- the file (scenario_file.c) ---- */

typedef struct scenario {
    const char *name, *about;
    day_changes changes; /* none in the base */
    bool is_sound;       /* the changes have no errors */
} scenario;

typedef struct scenario_file {
    const char *file;  /* its name, for messages */
    const char *title; /* "" */
    /* from the file's folder; all but the day may be NULL */
    const char *day_path, *gazetteer_path, *roads_path, *gtfs_path, *defaults_path;
    int32_t n_scenarios;
    scenario *scenarios; /* the base first */
    int32_t n_seeds;
    int64_t *seeds;
    double time_s;      /* of each run; < 0: none */
    int64_t iterations; /* of each run; < 0: none */
    json_t *root;
    arena *strings;
} scenario_file;

/* Parse one. path: where it lies, which its own paths start from. Everything wrong goes to the findings, and
 * *ret_file is only made where nothing is: CR_OK or CR_E_INPUT; CR_E_NOMEM. */
cr_status scenario_file_parse(const char *text, size_t size, const char *path, findings_book *findings,
                              scenario_file **ret_file);

/* The same of JSON that is there, taken over. Made also where something is wrong, so that its sound scenarios can be
 * looked at further: CR_OK or CR_E_NOMEM; the findings say the rest. */
cr_status scenario_file_take_json(json_t *root, const char *path, findings_book *findings, scenario_file **ret_file);
scenario_file *scenario_file_free(scenario_file *file);
CR_AUTO_DEFINE(scenario_file)

/* ---- its days (scenario_days.c) ---- */

/* The day with the changes of a scenario; as cr_day_read(). */
cr_status scenario_day_read(const scenario_file *file, const day_read_options *read, int32_t at, cr_day **ret_day,
                            day_findings **ret_findings);

/* Called for the base, then for each scenario; findings: but for those that the base has too. Stays quiet of none. */
typedef void (*scenario_tell)(void *user, const scenario *of, const day_findings *findings);

typedef struct scenario_days {
    cr_day *base;    /* NULL: it cannot be read */
    json_t *notes;   /* what the changes did: by scenario, arrays of texts */
    bool lacks_date; /* said of the base: it would be another day tomorrow */
} scenario_days;

/* Read the base and every scenario that is sound, so that all errors are told before the first is planned. CR_E_INPUT:
 * some have errors. *ret_days is the caller's on any status (scenario_days_done()). */
cr_status scenario_days_read(const scenario_file *file, const day_read_options *read, scenario_tell tell, void *user,
                             scenario_days *ret_days);
void scenario_days_done(scenario_days *days);

/* ---- a run (scenario_run.c) ---- */

typedef struct scenario_run_options {
    const char *scenario; /* name */
    const char *key;      /* hash of all that the run depends on */
    int64_t seed, iterations;
    double time_s;
    int32_t n_threads;
} scenario_run_options;

/* Plan the day, have the plan checked, and make the record of it: figures, or the rules that it breaks. CR_OK and NULL:
 * stopped by the user, so there is nothing to keep. */
cr_status scenario_run(const cr_day *day, const scenario_run_options *options, json_t **ret_record);

/* Is this a whole record with this key? */
bool scenario_record_is_whole(const json_t *record, const char *key);

/* ---- the bundle (scenario_bundle.c) ---- */

/* What runs depend on beside the scenario file: which program they are by, and the other inputs. */
typedef struct scenario_origin {
    const char *version;
    char program_hash[STORE_HASH_SIZE]; /* "": it cannot be read */
    char data_hash[STORE_HASH_SIZE];    /* of the list of all inputs but the scenario file */
} scenario_origin;

/* Of this program; no data yet. */
scenario_origin scenario_origin_here(void);

/* The key of a run: a hash of program, data, changes, seed and limit (and threads, where time is the limit). */
cr_status scenario_key(const scenario_origin *origin, const scenario_file *file, int32_t at, int32_t seed,
                       int32_t n_threads, char ret_key[STORE_HASH_SIZE]);

/* A folder with all that a table depends on, and the runs that are done:
 *
 *   bundle.json            version, hashes of the program and of every input, limit, seeds, the key of each run
 *   inputs/scenarios.json  the scenario file, its paths now those below
 *   inputs/day/...         the day, and the gazetteer, roads, feed and defaults in folders of their own
 *   runs/KEY.json          a record for each run that is done
 *   table.txt, ...         when all are
 */
typedef struct scenario_bundle {
    const char *folder;                /* NULL: the inputs were hashed only */
    json_t *files;                     /* path in the folder -> SHA-256 */
    char inputs_hash[STORE_HASH_SIZE]; /* of that list */
    scenario_origin origin;
    int lock; /* held while a run is at work in it */
    arena *strings;
} scenario_bundle;

/* Copy all that a scenario file names into a folder (made if need be; it must be empty or a bundle), and hash it. Where
 * the file lies in that bundle already, nothing is copied. Folder NULL: only hash it. Another run at work in it, or a
 * file system that fails: CR_E_UPSTREAM, said on standard error. */
cr_status scenario_bundle_open(const scenario_file *file, const day_read_options *read, const char *folder,
                               scenario_bundle **ret_bundle);
scenario_bundle *scenario_bundle_free(scenario_bundle *bundle);
CR_AUTO_DEFINE(scenario_bundle)

/* "FOLDER/inputs/scenarios.json", in the bundle's memory. */
const char *scenario_bundle_path(const scenario_bundle *bundle, const char *name);

cr_status scenario_bundle_write(const scenario_bundle *bundle, const scenario_file *file, int32_t n_threads);

/* Are the inputs of a bundle what its bundle.json says? CR_E_INPUT: each that is not, on standard error. *ret_json is
 * the bundle.json. */
cr_status scenario_bundle_verify(const char *folder, json_t **ret_json);

/* The record kept of a run; NULL: none that is whole. */
json_t *scenario_bundle_record(const char *folder, const char *key);
cr_status scenario_bundle_keep(const scenario_bundle *bundle, const char *key, const json_t *record);

/* ---- all runs (scenario_crew.c) ---- */

typedef struct scenario_work {
    const scenario_file *file;
    const scenario_bundle *bundle;
    const day_read_options *read;
    int32_t n_threads; /* cores to use */
} scenario_work;

typedef struct scenario_work_done {
    json_t *records;        /* by scenario, then seed; yours, also on a fault */
    int32_t n_kept, n_done; /* from before, and now */
    bool is_stopped;        /* by the user: some records are missing */
} scenario_work_done;

/* Do the runs that the bundle has no record of, several at a time. Every record is kept as soon as it is made. */
cr_status scenario_work_do(const scenario_work *work, scenario_work_done *ret_done);

/* ---- one run, as a job of the service (scenario_job.c) ---- */

/* A folder with scenarios.json and facts.json, and which of their runs. */
typedef struct scenario_job scenario_job;

/* read: of the base day. CR_E_INPUT: some inputs are others than when the scenario was asked for; *ret_findings names
 * them. */
cr_status scenario_job_open(const char *folder, int32_t run, const day_read_options *read, scenario_job **ret_job,
                            day_findings **ret_findings);
scenario_job *scenario_job_free(scenario_job *job);
CR_AUTO_DEFINE(scenario_job)

/* As cr_day_read(), with the changes of the run's scenario. */
cr_status scenario_job_read_day(const scenario_job *job, const day_read_options *read, cr_day **ret_day,
                                day_findings **ret_findings);

/* Plan it on one thread and leave record.json in the folder; stopped by a signal, nothing. */
cr_status scenario_job_do(const scenario_job *job, const cr_day *day);

/* ---- noise (scenario_stats.c) ---- */

typedef struct scenario_spread {
    int32_t n;
    double mean, sd, least, most; /* sd: of the sample, n - 1; 0 where n is 1 */
} scenario_spread;

scenario_spread scenario_spread_of(const double *values, int32_t n);

typedef enum scenario_verdict {
    SCENARIO_UNKNOWN, /* fewer than two pairs */
    SCENARIO_SAME,    /* no difference in any pair */
    SCENARIO_NOISE,   /* the interval holds 0 */
    SCENARIO_LESS,    /* beyond the noise */
    SCENARIO_MORE,
} scenario_verdict;

typedef struct scenario_difference {
    int32_t n; /* pairs */
    double mean, low, high;
    scenario_verdict verdict;
} scenario_difference;

/* The mean of the differences with - from, pair by pair (the same seed), and its two-sided confidence interval by
 * Student's t at the level 1 - alpha. */
scenario_difference scenario_difference_of(const double *from, const double *with, int32_t n, double alpha);

/* The quantile of Student's t: P(T <= t) = p, for p in [0.5, 1). */
double scenario_student_quantile(double p, int32_t degrees);

/* ---- the table (scenario_table.c) ---- */

typedef struct scenario_figure {
    const char *name;  /* "travel_h", for programs */
    const char *label; /* "travel" */
    const char *unit;  /* "hours" */
    int32_t decimals;
} scenario_figure;

/* One figure of one scenario. */
typedef struct scenario_cell {
    scenario_spread spread;
    scenario_difference difference; /* from the base, over the seeds that both have; of the base itself: n 0 */
} scenario_cell;

typedef struct scenario_line {
    const scenario_figure *figure;
    const char *provider, *provider_name; /* NULL: of all */
    scenario_cell *cells;                 /* by scenario */
    double *values;                       /* by scenario, then seed; NAN: none, or the run broke a rule */
} scenario_line;

typedef struct scenario_table {
    const scenario_file *file;
    const char *day_name, *date;
    const char *travel; /* where travel times come from */
    double alpha;       /* of each comparison: 0.05 shared among the scenarios */
    int32_t n_lines;
    scenario_line *lines;
    json_t *records;    /* by scenario, then seed */
    int32_t *n_broken;  /* by scenario: runs whose plan breaks a rule */
    json_t *notes;      /* by scenario: what the changes did */
    const char *inputs; /* hash of the list of all inputs */
    arena *strings;
} scenario_table;

/* What a table says beside the figures; all borrowed. */
typedef struct scenario_facts {
    const char *day_name, *date, *travel, *inputs; /* as in the table */
    json_t *notes;                                 /* by scenario, arrays of texts; kept */
} scenario_facts;

/* records: an array by scenario, then seed; borrowed and kept. */
cr_status scenario_table_new(const scenario_file *file, const scenario_facts *facts, json_t *records,
                             scenario_table **ret_table);
scenario_table *scenario_table_free(scenario_table *table);
CR_AUTO_DEFINE(scenario_table)

const char *scenario_verdict_text(scenario_verdict verdict); /* "less: beyond the noise" */
const char *scenario_verdict_name(scenario_verdict verdict); /* "less", for programs */
words scenario_number(double value, int32_t decimals);       /* "-12.50"; "-" of NAN */
bool scenario_table_is_sound(const scenario_table *table);   /* no run broke a rule */

/* ---- its forms: CR_OK, CR_E_NOMEM, or CR_E_UPSTREAM when the stream fails ---- */

cr_status scenario_write_text(const scenario_table *table, FILE *out);
cr_status scenario_write_csv(const scenario_table *table, FILE *out);      /* a line for each figure and scenario */
cr_status scenario_write_runs_csv(const scenario_table *table, FILE *out); /* a line for each run */
cr_status scenario_write_json(const scenario_table *table, FILE *out);
cr_status scenario_write_html(const scenario_table *table, FILE *out);

typedef struct scenario_form {
    const char *name, *type; /* "table.csv", "text/csv; charset=utf-8" */
    cr_status (*write)(const scenario_table *table, FILE *out);
} scenario_form;

extern const scenario_form scenario_forms[]; /* name NULL ends them */

/* All of them into a bundle. */
cr_status scenario_forms_write(const scenario_bundle *bundle, const scenario_table *table);

/* The bundle as a zip archive of files that are not compressed, its folder with this name in it. Its bytes depend on
 * nothing but those of the files. CR_E_UPSTREAM, said on standard error. */
cr_status scenario_bundle_zip(const scenario_bundle *bundle, const char *name, const char *path);

#endif
