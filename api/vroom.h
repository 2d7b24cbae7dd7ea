/* VROOM's JSON (github.com/VROOM-Project/vroom, docs/API.md there): its problems are planned by the one engine and
 * answered in its form, so that whoever speaks to VROOM can speak to us. docs/vroom.md says what is taken and what not.
 *
 * A task (a job, or one end of a shipment) is a visit of the problem and a vehicle a shift, in the same order.
 */
#ifndef API_VROOM_H
#define API_VROOM_H

#include "arena.h"
#include "careround/plan.h"
#include "careround/problem.h"
#include "careround/roads.h"

#include <jansson.h>

typedef enum vroom_kind { VROOM_JOB, VROOM_PICKUP, VROOM_DELIVERY, VROOM_KINDS } vroom_kind;

/* "job", "pickup", "delivery". */
const char *vroom_kind_name(vroom_kind kind);

typedef struct vroom_task {
    vroom_kind kind;
    int64_t id;
    const json_t *given; /* as it stands in the input: description, location, location_index go into the answer */
    const json_t *skills;
    int32_t place;
    int32_t setup_s, service_s;
    int32_t priority;
    int64_t *delivery, *pickup; /* n_amounts each: out of the vehicle here, into it here */
} vroom_task;

typedef struct vroom_vehicle {
    int64_t id;
    const json_t *given;
    int32_t start, end;    /* places; CR_NONE: open */
    int32_t profile, type; /* index; type CR_NONE: none of its own */
    int32_t speed_hundredths;
    int64_t fixed, per_hour, per_km;
    int32_t max_tasks;
    int64_t per_task_hour;
    int64_t max_travel_s, max_distance_m; /* CR_NONE: no limit */
    int64_t *capacity;                    /* n_amounts; NULL: whatever it takes */
    int64_t open_s, close_s;              /* as in the input */
} vroom_vehicle;

/* Seconds, metres and costs between places for one profile, row by row; distance and cost NULL where none are given. */
typedef struct vroom_table {
    int32_t *duration_s, *distance_m;
    int64_t *cost;
    int32_t road_mode; /* by which road mode they were found; CR_NONE */
} vroom_table;

#define VROOM_PROFILES_MOST 8
#define VROOM_BREAKS_MOST   16 /* of a vehicle */

typedef struct vroom_input {
    arena *memory; /* of all arrays below */
    json_t *root;
    int32_t n_tasks, n_jobs, n_vehicles, n_amounts, n_types, n_skills;
    vroom_task *tasks; /* jobs, then pickup and delivery of each shipment */
    vroom_vehicle *vehicles;
    const char **types;
    int64_t *skills; /* sorted: the engine's skill is the index */
    int32_t n_places;
    cr_place *places; /* where they are, if the tables had to be made; NULL */
    int32_t n_profiles;
    const char *profiles[VROOM_PROFILES_MOST];
    vroom_table tables[VROOM_PROFILES_MOST];
    bool has_matrices;
    bool wants_geometry;
    bool chooses_times; /* for the routes that the vehicles' "steps" give: VROOM's -c */
    cr_roads *roads;    /* NULL: none were given */
} vroom_input;

/* What the engine is asked, and how to read its answer. */
typedef struct vroom_question {
    cr_problem *problem;
    int32_t n_modes;
    cr_matrix *matrix[CR_MODES_MAX]; /* "metres" are costs, the one sum that VROOM asks for, */
    bool counts_metres;              /* or metres, where somebody may go only so far */
    int32_t *mode;                   /* of each vehicle */
    int64_t cost_scale;              /* cost units of the problem for one of VROOM's */
    int64_t base_s;                  /* tick 0, on the input's clock */
    bool *setup_in_care;             /* of each task: the setup is part of the visit, not door time */
    const json_t **breaks;           /* of each break: as it stands in the input */
} vroom_question;

typedef struct vroom_message {
    char text[2048];
} vroom_message;

typedef struct vroom_travel {
    const char *roads_path;    /* NULL: straight lines where the input has no matrices */
    const char *defaults_path; /* of the figures for straight lines */
} vroom_travel;

/* Read a text. CR_E_INPUT: the message has every fault, each with its place and value. Tables are only there if the
 * input gives them: vroom_travel_find() makes the others. */
cr_status vroom_read(const char *text, size_t size, vroom_input **ret_input, vroom_message *message);
vroom_input *vroom_input_free(vroom_input *input);
CR_AUTO_DEFINE(vroom_input)

/* What a vehicle takes to get started at a task. */
int32_t vroom_setup_s(const vroom_input *input, const vroom_task *task, const vroom_vehicle *vehicle);

/* Make the tables that the input does not give, by road or by straight line. CR_E_INPUT: no such profile, or the roads
 * file is not sound (VROOM's "routing error"). */
cr_status vroom_travel_find(const vroom_travel *travel, vroom_input *input, vroom_message *message);

/* A mode for each kind of vehicle, with its ways and prices; *dearest is raised to what the dearest way costs.
 * CR_E_INPUT: costs that cannot be counted, or not beside a most distance. */
cr_status vroom_add_modes(const vroom_input *input, vroom_question *question, int64_t *dearest, vroom_message *message);

/* In cost units of the problem. */
int64_t vroom_cost_of_way(const cr_problem *problem, int32_t mode, int32_t from, int32_t to);

/* The problem, validated. CR_E_INPUT: something that the engine cannot promise to keep, in words. */
cr_status vroom_build(const vroom_input *input, vroom_question **ret_question, vroom_message *message);
vroom_question *vroom_question_free(vroom_question *question);
CR_AUTO_DEFINE(vroom_question)

/* The rounds that the vehicles' "steps" describe, to begin from; *ret_plan NULL if there are none. Where they are given
 * routes they have their breaks, every step must name something, and there always is a plan. */
cr_status vroom_first_plan(const vroom_input *input, const vroom_question *question, cr_plan **ret_plan,
                           vroom_message *message);

/* Give every stop of given routes its time: off the windows by the least there is, then the shortest routes, then as
 * soon as can be. CR_E_INPUT: the steps ask for times that cannot be. */
cr_status vroom_choose_times(const vroom_input *input, const vroom_question *question, cr_plan *plan,
                             vroom_message *message);

/* Give every round the starts that VROOM would: back as soon as can be, away as late as that allows. */
cr_status vroom_settle_starts(const vroom_question *question, cr_plan *plan);

/* VROOM's answer to a plan that was checked. */
cr_status vroom_answer(const vroom_input *input, const vroom_question *question, const cr_plan *plan,
                       json_t **ret_answer);

typedef struct vroom_request {
    vroom_travel travel;
    double time_s;      /* of search; < 0: what the input's options.l says, or as the size asks for */
    int64_t iterations; /* instead of time; < 0: none */
    double most_time_s; /* whatever the input says; 0: no limit */
    uint64_t seed;
    int32_t n_threads;
    double (*clock_s)(void *user);
    bool (*should_stop)(void *user);
} vroom_request;

/* From a problem to its answer: read, solve, check, write. With a fault the answer is {"code": 1, 2 or 3, "error":
 * ...}, as VROOM numbers them (of ours, of the input, of the ways), and the status says whose it is. *ret_answer is
 * NULL only if there is no memory even for that. */
cr_status vroom_solve(const vroom_request *request, const char *text, size_t size, json_t **ret_answer);

#endif
