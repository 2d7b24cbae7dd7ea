/* The day worked out in worked_day.h. */
#include "worked_day.h"

#include <stdlib.h>

#define N_PLACES 4

const int64_t worked_day_terms[CR_TERM_N] = {
    [CR_TERM_TRAVEL] = 770,         /* 10 x (45 + 20 + 12) */
    [CR_TERM_MILEAGE] = 7700,       /* 1 x 100 x 77 */
    [CR_TERM_WAGES] = 650,          /* Ada 3 x (135 + 35), her break is paid; Bo 2 x 70 */
    [CR_TERM_WAITING] = 36,         /* 4 x (8 + 1 + 0) */
    [CR_TERM_LATENESS] = 50,        /* v1: 2 carers x 5 x 5 minutes */
    [CR_TERM_WORST_LATENESS] = 500, /* 100 x 5 */
    [CR_TERM_PREFERRED_TIME] = 30,  /* v0: 2 x 15 */
    [CR_TERM_CONTINUITY] = 17,      /* Ada is new to client 1 (7) and to client 2, who has a short visit (7 + 3) */
    [CR_TERM_PREFERENCE] = 11,      /* v1 wishes for Bo and gets Ada too */
    [CR_TERM_SHIFT_USE] = 90,       /* 50 + 40 */
    [CR_TERM_UNALLOCATED] = 2000,   /* v3: 2 x 1000 */
};

static void must(cr_status st)
{
    if (st)
        abort();
}

static void fill_matrix(cr_matrix *matrix)
{
    static const int32_t minutes[N_PLACES][N_PLACES] = {{0, 10, 20, 5}, {12, 0, 15, 7}, {20, 14, 0, 9}, {5, 7, 9, 0}};
    for (int32_t from = 0; from < N_PLACES; from++)
        for (int32_t to = 0; to < N_PLACES; to++)
            cr_matrix_set(matrix, from, to, minutes[from][to], 100 * minutes[from][to]);
}

static void add_carers(cr_problem *p)
{
    cr_carer ada = CR_CARER_INIT, bo = CR_CARER_INIT;
    must(cr_problem_add_skills(p, &(cr_skill){.skill = 1, .level = 2}, 1, &ada.skills));
    must(cr_problem_add_skills(p, &(cr_skill){.skill = 1, .level = 1}, 1, &bo.skills));
    must(cr_problem_add_ids(p, &(int32_t){7}, 1, &ada.attributes));
    ada.wage_price = 3;
    ada.max_work = 147;
    bo.wage_price = 2;
    must(cr_problem_add_carer(p, &ada));
    must(cr_problem_add_carer(p, &bo));
    must(cr_problem_add_familiar(p, 0, ADA, 9));
    must(cr_problem_add_familiar(p, 1, BO, 4));
}

static void add_shifts(cr_problem *p)
{
    cr_shift shift = CR_SHIFT_INIT;
    shift.carer = ADA;
    shift.begin = HM(8, 0);
    shift.end = HM(12, 0);
    shift.start_place = shift.end_place = BASE;
    shift.max_load = 3;
    shift.use_price = 50;
    must(cr_problem_add_shift(p, &shift));
    must(cr_problem_add_break(p, HM(10, 0), HM(11, 0), 15, true));
    shift.carer = BO;
    shift.end_place = CR_NONE;
    shift.max_load = CR_NONE;
    shift.use_price = 40;
    must(cr_problem_add_shift(p, &shift));
    shift = (cr_shift){.carer = ADA,
                       .paid_end = CR_FREE,
                       .begin = HM(14, 0),
                       .end = HM(18, 0),
                       .start_place = CR_NONE,
                       .end_place = BASE,
                       .max_load = CR_NONE,
                       .max_travel = CR_NONE,
                       .max_dist_m = CR_NONE,
                       .crew = CR_NONE};
    must(cr_problem_add_shift(p, &shift));
}

static void add_visits(cr_problem *p)
{
    cr_visit v0 = CR_VISIT_INIT, v1 = CR_VISIT_INIT, v2 = CR_VISIT_INIT, v3 = CR_VISIT_INIT;
    cr_slot slot = CR_SLOT_INIT, skilled = CR_SLOT_INIT;
    v0.place = AT_A;
    v0.door = 3;
    v0.load = 1;
    v0.prefer_close = HM(8, 20);
    v0.late_price = 2;
    skilled.duration = 30;
    must(cr_problem_add_skills(p, &(cr_skill){.skill = 1, .level = 2}, 1, &skilled.skills));
    must(cr_problem_add_ids(p, &(int32_t){7}, 1, &skilled.attributes));
    must(cr_problem_add_visit(p, &v0));
    must(cr_problem_add_window(p, HM(8, 30), HM(9, 0)));
    must(cr_problem_add_slot(p, &skilled));

    v1.client = 1;
    v1.place = AT_B;
    v1.door = 4;
    v1.load = 2;
    v1.due = HM(9, 20);
    v1.lateness_price = 5;
    must(cr_problem_add_ids(p, &(int32_t){BO}, 1, &v1.preferred));
    must(cr_problem_add_visit(p, &v1));
    must(cr_problem_add_window(p, HM(9, 0), HM(9, 30)));
    must(cr_problem_add_window(p, HM(10, 0), HM(10, 30)));
    slot.duration = 30;
    must(cr_problem_add_slot(p, &slot));
    slot.duration = 45;
    must(cr_problem_add_slot(p, &slot));

    v2.client = 2;
    v2.place = AT_A;
    v2.door = 3;
    must(cr_problem_add_visit(p, &v2));
    must(cr_problem_add_window(p, HM(14, 0), HM(17, 0)));
    slot.duration = 20;
    must(cr_problem_add_slot(p, &slot));

    v3.client = 3;
    v3.place = AT_C;
    v3.unallocated_price = 1000;
    must(cr_problem_add_visit(p, &v3));
    must(cr_problem_add_window(p, HM(8, 0), HM(12, 0)));
    slot.duration = 10;
    must(cr_problem_add_slot(p, &slot));
    must(cr_problem_add_slot(p, &slot));
}

static void add_gaps(cr_problem *p)
{
    cr_gap same = {
        .first = 0, .second = 2, .from = CR_GAP_START_TO_START, .min = 300, .max = 400, .carers = CR_GAP_SAME};
    cr_gap after = {.first = 0, .second = 1, .from = CR_GAP_END_TO_START, .min = 20, .max = 60};
    must(cr_problem_add_gap(p, &same));
    must(cr_problem_add_gap(p, &after));
}

static void make_plan(worked_day *day)
{
    static const cr_stop stops[] = {{0, CR_NONE, HM(8, 35)},
                                    {1, CR_NONE, HM(9, 25)},
                                    {CR_NONE, 0, HM(10, 0)},
                                    {2, CR_NONE, HM(9, 25)},
                                    {3, CR_NONE, HM(15, 0)}};
    must(cr_plan_new(3, 5, 1, &day->plan));
    day->plan->rounds[0] = (cr_round){0, {0, 3}, HM(8, 20), HM(10, 35)};
    day->plan->rounds[1] = (cr_round){1, {3, 1}, HM(9, 0), HM(10, 10)};
    day->plan->rounds[2] = (cr_round){2, {4, 1}, HM(14, 57), HM(15, 32)};
    for (int32_t k = 0; k < 5; k++)
        day->plan->stops[k] = stops[k];
    day->plan->unallocated[0] = 3;
    for (int32_t t = 0; t < CR_TERM_N; t++) {
        day->plan->cost.term[t] = worked_day_terms[t];
        day->plan->cost.total += worked_day_terms[t];
    }
}

void worked_day_init(worked_day *day)
{
    must(cr_matrix_new(N_PLACES, &day->matrix));
    must(cr_problem_new(&day->problem));
    cr_problem *p = day->problem;
    fill_matrix(day->matrix);
    p->matrix[0] = day->matrix;
    p->n_modes = 1;
    p->n_places = N_PLACES;
    p->n_clients = 4;
    p->prices = (cr_prices){.travel = 10,
                            .distance = {1},
                            .waiting = 4,
                            .worst_lateness = 100,
                            .unfamiliar = 7,
                            .stranger_short = 3,
                            .short_visit = 25,
                            .not_preferred = 11};
    add_carers(p);
    add_shifts(p);
    add_visits(p);
    add_gaps(p);
    char message[200];
    must(cr_problem_validate(p, message, sizeof message));
    make_plan(day);
}

void worked_day_done(worked_day *day)
{
    day->plan = cr_plan_free(day->plan);
    day->problem = cr_problem_free(day->problem);
    day->matrix = cr_matrix_free(day->matrix);
}
