/* Answers people can use: everything that writes a plan down, and the one reader of what was written.
 *
 * An answer is a plan with all that is known about it. Every writer turns one into one format on a stream and never
 * decides anything: the figures come from the report and the checker. The same answer gives the same bytes, in every
 * locale. Whole files go through write_file_whole(), so that a reader sees all of a file or nothing.
 */
#ifndef API_WRITE_H
#define API_WRITE_H

#include "careround/bound.h"
#include "careround/check.h"
#include "careround/explain.h"
#include "careround/replan.h"
#include "careround/report.h"
#include "day.h"
#include "itinerary.h"
#include "leg_lines.h"

#include <stdio.h>

/* How the plan was made, for a bundle that can be made again. */
typedef struct answer_run {
    char version[32]; /* of careround, "0.1.0" */
    uint64_t seed;
    double time_s;      /* limit given; < 0 none */
    int64_t iterations; /* limit given; < 0 none */
    bool use_glpk;
} answer_run;

/* Everything is borrowed but the itinerary. */
typedef struct answer {
    const cr_day *day;
    const cr_plan *plan;
    const cr_check *check;               /* what the checker says: the figures of cost are taken from here */
    const cr_report *report;             /* of the same plan */
    const cr_explanations *explanations; /* NULL: not asked for; the unallocated are then listed without reasons */
    const answer_run *run;               /* NULL: not known */
    itinerary *itinerary;                /* made by answer_init */
    const leg_lines *lines;              /* NULL (as answer_init leaves it): legs are drawn straight */
    const cr_replanned *replanned; /* NULL (as answer_init leaves it): the plan was not made from a published rota */
    const cr_bound *bound;         /* NULL (as answer_init leaves it): nobody asked. Of the same day as the plan */
} answer;

/* Time every stop of the plan and hold the parts together. The plan's indices must be sound (a plan that
 * plan_json_read() or cr_solve() made is). CR_E_NOMEM. */
cr_status answer_init(answer *a, const cr_day *day, const cr_plan *plan, const cr_check *check, const cr_report *report,
                      const cr_explanations *explanations, const answer_run *run);
void answer_done(answer *a);

/* Served visits that have a preferred time and start at most so many ticks away from it. */
int32_t answer_near_preferred(const answer *a, int32_t ticks);

/* ---- writers: CR_OK, CR_E_NOMEM, or CR_E_UPSTREAM when the stream fails ---- */

typedef cr_status (*answer_writer)(const answer *a, FILE *out);

/* Version of the form of plan.json; data/schema/plan.schema.json describes it. */
#define PLAN_FORMAT_VERSION 1

cr_status write_plan_json(const answer *a, FILE *out);
cr_status write_summary(const answer *a, FILE *out);      /* for people, on a terminal */
cr_status write_summary_json(const answer *a, FILE *out); /* the same figures for programs */
cr_status write_html(const answer *a, FILE *out);         /* one page with everything, for the eye */
cr_status write_geojson(const answer *a, FILE *out);      /* rounds and visits for map programs */
cr_status write_unallocated_csv(const answer *a, FILE *out);

/* Of one carer or client, an index; CR_NONE: of all. */
typedef cr_status (*answer_part_writer)(const answer *a, int32_t who, FILE *out);

cr_status write_carer_csv(const answer *a, int32_t carer, FILE *out);   /* run sheet */
cr_status write_client_csv(const answer *a, int32_t client, FILE *out); /* who comes when */
cr_status write_carer_ical(const answer *a, int32_t carer, FILE *out);  /* one carer only */

/* ---- files ---- */

/* Write a file so that it appears whole or not at all: beside its final name first, then renamed over it.
 * CR_E_UPSTREAM: message (size bytes) says which file and why; what was there before is untouched. */
cr_status write_file_whole(const char *path, answer_writer write, const answer *a, char *message, size_t size);

/* Is the folder there, or can it be made? For goals of a search that takes a while: errors as those of writing. Of a
 * file: cr_file_try(). */
cr_status write_folder_try(const char *folder, char *message, size_t size);

/* A fingerprint of the day as planned (names, rules, prices, travel): 16 hex digits and an end. The same for the same
 * content however the files were laid out, so that check can say "this plan was made for another day". */
#define DAY_FINGERPRINT_SIZE 17
void day_fingerprint(const cr_day *day, char ret_hex[DAY_FINGERPRINT_SIZE]);

cr_status write_part_whole(const char *path, answer_part_writer write, const answer *a, int32_t who, char *message,
                           size_t size);

/* Every CSV, iCalendar and GeoJSON file of the plan, in a folder that is made if need be (its parent must be there). */
cr_status write_folder(const answer *a, const char *folder, char *message, size_t size);

/* Only the calendars, ID.ics of every carer, in such a folder. */
cr_status write_calendars(const answer *a, const char *folder, char *message, size_t size);

/* The file name, without ending, for an id with this index; yours to free, NULL without memory. */
char *answer_file_name(const char *id, int32_t number);

/* ---- reading a plan back ---- */

/* What is wrong in a plan file: where ("rounds[3].stops[2].visit") and what would be right. */
typedef struct plan_fault {
    char *where, *text;
} plan_fault;

typedef struct plan_faults {
    int32_t n;
    plan_fault *items; /* in the order of the file */
} plan_faults;

plan_faults *plan_faults_free(plan_faults *faults);
CR_AUTO_DEFINE(plan_faults)

/* Where a plan file says it comes from. */
typedef struct plan_origin {
    answer_run run;
    char fingerprint[DAY_FINGERPRINT_SIZE]; /* of the day it was made for */
} plan_origin;

/* A plan.json against the day it belongs to, by ids. CR_OK: *ret_plan has sound indices, is sorted as cr_plan says and
 * claims the cost that the file states; whether it is a good plan is the checker's to say. The rota that
 * its changes are counted against becomes the published one of day->problem (none where the file has none). CR_E_INPUT:
 * *ret_faults says why. *ret_faults is always the caller's (empty when all is well) unless CR_E_NOMEM. ret_origin may
 * be NULL. */
cr_status plan_json_read(const char *path, const cr_day *day, cr_plan **ret_plan, plan_origin *ret_origin,
                         plan_faults **ret_faults);
/* The same of a published rota that is to be planned anew at `from`: visits that events of the day cancel are left out
 * (event_of_shift, CR_NONE for each shift before, then has the event), visits may be missing, and day->problem stays as
 * it is. */
cr_status plan_json_read_published(const char *path, const cr_day *day, int32_t from, int32_t *event_of_shift,
                                   cr_plan **ret_plan, plan_origin *ret_origin, plan_faults **ret_faults);
cr_status plan_json_parse(const char *text, size_t size, const cr_day *day, cr_plan **ret_plan, plan_origin *ret_origin,
                          plan_faults **ret_faults);

#endif
