/* The sample day, built by hand: see sample_day.h for its story. */
#include "sample_day.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HM(h, m)  (((h)*60 + (m)) * 60)
#define MIN(m)    ((m)*60)
#define POUNDS(n) ((n)*100 * CR_COST_PENNY)

#define OK(call)  assert_int_equal(call, CR_OK)

/* ---- names ---- */

static const day_client clients[] = {
    {"CL1", "Mary O'Neil", "1 High Street, Dalkeith", "EH22 1AA", {55.8937, -3.0681, 5.0, CR_PLACE_ROOFTOP}},
    {"CL2",
     "</script><b>Bold & \"Quoted\"",
     "Flat 2/1,\r\n7 Main Street",
     "EH22 2BB",
     {55.8842, -3.0702, 50.0, CR_PLACE_POSTCODE}},
    {"CL3", "=SUM(A1) J\xc3\xbcrgen M\xc3\xbcller", "", "EH23 4CC", {55.8401, -3.0444, 400.0, CR_PLACE_SECTOR}},
    {"CL4",
     "\xc5\xbb"
     "ofia \xc5\x81\xc4\x99"
     "cka",
     "somewhere",
     "",
     {0.0, 0.0, -1.0, CR_PLACE_NONE}},
};

static const day_visit visits[] = {
    {"V1", "morning", "Key safe 1234; tea, no sugar", 0, 2},
    {"V2", "morning", "@hoist", 1, 3},
    {"V3", "lunch", "", 2, 4},
    {"V4", "lunch", "insulin", 1, 5},
    {"V5", "", "", 3, 6},
};

static const day_carer carers[] = {
    {"C1", "Ann Brown", "North", 0},
    {"C/2", "Bob, Jr.", "", 1},
    {"C3", "Cara <i>", "", CR_NONE},
};

static const day_shift shifts[] = {{"S1", 2}, {"S2", 3}, {"S3", 4}};
static const day_provider providers[] = {{"P1", "In-house team", true}, {"P2", "Kind & Co", false}};
static const char *const skill_names[] = {"medication"};
static const char *const attribute_names[] = {"woman"};

static void *copy_of(const void *array, size_t size)
{
    void *copy = malloc(size);
    assert_non_null(copy);
    return memcpy(copy, array, size);
}
#define COPY(array) copy_of(array, sizeof array)

/* ---- the problem ---- */

static cr_matrix *sample_matrix(void)
{
    static const struct {
        int32_t from, to, time, dist_m;
    } ways[] = {
        {BASE, MARY, MIN(10), 5000},   {MARY, BASE, MIN(10), 5000},   {BASE, BOLD, MIN(12), 6500},
        {BOLD, BASE, MIN(12), 6500},   {MARY, BOLD, MIN(15), 8000},   {BOLD, MARY, MIN(15), 8000},
        {BOLD, JUERGEN, MIN(5), 2000}, {JUERGEN, BOLD, MIN(5), 2000}, {JUERGEN, BASE, MIN(8), 4000},
        {BASE, JUERGEN, MIN(8), 4000}, {MARY, JUERGEN, MIN(9), 4400}, {JUERGEN, MARY, MIN(9), 4400},
    };
    cr_matrix *matrix;
    OK(cr_matrix_new(4, &matrix));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        cr_matrix_set(matrix, ways[i].from, ways[i].to, ways[i].time, ways[i].dist_m);
    return matrix;
}

/* Wages 12 pounds an hour, mileage 1 pound a kilometre: sums that the eye can follow. */
static void add_carers(cr_problem *p)
{
    static const cr_skill medication_1 = {0, 1};
    cr_carer carer = CR_CARER_INIT;
    carer.wage_price = POUNDS(12) / 3600;
    OK(cr_problem_add_skills(p, &medication_1, 1, &carer.skills));
    for (int i = 0; i < 3; i++) {
        carer.provider = carers[i].provider;
        OK(cr_problem_add_carer(p, &carer));
    }
    static const cr_window hours[] = {{HM(7, 0), HM(14, 0)}, {HM(8, 0), HM(12, 0)}, {HM(16, 0), HM(20, 0)}};
    for (int i = 0; i < 3; i++) {
        cr_shift shift = CR_SHIFT_INIT;
        shift.carer = i;
        shift.begin = hours[i].open;
        shift.end = hours[i].close;
        shift.start_place = shift.end_place = BASE;
        OK(cr_problem_add_shift(p, &shift));
        if (i == ANN)
            OK(cr_problem_add_break(p, HM(11, 0), HM(12, 0), MIN(20), false));
    }
}

static void add_visit(cr_problem *p, int32_t client, int32_t place, cr_window window, int n_slots, int32_t duration)
{
    cr_visit visit = CR_VISIT_INIT;
    visit.client = client;
    visit.place = place;
    visit.door = MIN(2);
    visit.priority = 2;
    visit.unallocated_price = POUNDS(1000);
    OK(cr_problem_add_visit(p, &visit));
    OK(cr_problem_add_window(p, window.open, window.close));
    cr_slot slot = CR_SLOT_INIT;
    slot.visit = p->n_visits - 1;
    slot.duration = duration;
    for (int i = 0; i < n_slots; i++)
        OK(cr_problem_add_slot(p, &slot));
}

static cr_problem *sample_problem(const cr_matrix *matrix)
{
    cr_problem *p;
    OK(cr_problem_new(&p));
    p->n_clients = 4;
    p->n_places = 4;
    p->n_modes = 1;
    p->matrix[0] = matrix;
    p->prices.distance[0] = POUNDS(1) / 1000;
    add_carers(p);
    add_visit(p, 0, MARY, (cr_window){HM(7, 30), HM(8, 30)}, 1, MIN(30));
    add_visit(p, 1, BOLD, (cr_window){HM(9, 0), HM(10, 0)}, 2, MIN(45));
    add_visit(p, 2, JUERGEN, (cr_window){HM(11, 0), HM(13, 0)}, 1, MIN(20));
    add_visit(p, 1, BOLD, (cr_window){HM(12, 0), HM(12, 30)}, 1, MIN(15));
    add_visit(p, 3, CR_NONE, (cr_window){HM(8, 0), HM(9, 0)}, 1, MIN(30));
    static const cr_skill medication_2 = {0, 2};
    OK(cr_problem_add_skills(p, &medication_2, 1, &p->slots[p->visits[VISIT_SKILLED].slots.first].skills));
    p->visits[VISIT_SKILLED].time_critical = true;
    p->visits[VISIT_ZOFIA].lives_alone = true;
    OK(cr_problem_add_familiar(p, 0, ANN, 12));
    OK(cr_problem_add_familiar(p, 1, ANN, 3));
    char message[200] = "";
    if (cr_problem_validate(p, message, sizeof message))
        fail_msg("%s", message);
    return p;
}

static cr_day *sample_day_new(void)
{
    cr_day *day = calloc(1, sizeof *day);
    assert_non_null(day);
    cr_matrix *matrix = sample_matrix();
    *day = (cr_day){.name = "sample",
                    .date = "2026-11-23",
                    .time_zone = "Europe/London",
                    .matrix = {matrix},
                    .mode_name = {"car"},
                    .travel_source = "drawn by hand",
                    .n_clients = 4,
                    .n_providers = 2,
                    .n_skills = 1,
                    .n_attributes = 1,
                    .n_places = 4};
    day->problem = sample_problem(matrix);
    day->clients = COPY(clients);
    day->visits = COPY(visits);
    day->carers = COPY(carers);
    day->shifts = COPY(shifts);
    day->providers = COPY(providers);
    day->skill_name = COPY(skill_names);
    day->attribute_name = COPY(attribute_names);
    day->places = calloc(4, sizeof *day->places);
    assert_non_null(day->places);
    day->places[BASE] = (cr_place){55.8600, -3.0800, 5.0, CR_PLACE_ROOFTOP};
    for (int c = 0; c < 3; c++)
        day->places[c + 1] = clients[c].place;
    return day;
}

/* The day's strings are literals, so it is taken apart here and not by cr_day_free(). */
static void sample_day_free(cr_day *day)
{
    cr_problem_free(day->problem);
    cr_matrix_free(day->matrix[0]);
    free(day->clients);
    free(day->visits);
    free(day->carers);
    free(day->shifts);
    free(day->providers);
    free(day->skill_name);
    free(day->attribute_name);
    free(day->places);
    free(day);
}

/* ---- the plan, by hand ---- */

/* Ann leaves 07:18, is with Mary 07:30-08:00, at the double-up 08:15 and waits from 08:17 to 09:00. Her break begins at
 * 11:00 where she is; at 11:25 she is at Juergen's, begins 11:27 and is back at 11:55. Bob leaves 08:46 and is back at
 * 09:57. */
static cr_plan *sample_plan(const cr_problem *p)
{
    cr_plan *plan;
    OK(cr_plan_new(2, 5, 2, &plan));
    const int32_t mary = p->visits[VISIT_MARY].slots.first, bold = p->visits[VISIT_BOLD].slots.first,
                  juergen = p->visits[VISIT_JUERGEN].slots.first;
    plan->rounds[0] = (cr_round){ANN, {0, 4}, HM(7, 18), HM(11, 55)};
    plan->stops[0] = (cr_stop){mary, CR_NONE, HM(7, 30)};
    plan->stops[1] = (cr_stop){bold, CR_NONE, HM(9, 0)};
    plan->stops[2] = (cr_stop){CR_NONE, 0, HM(11, 0)};
    plan->stops[3] = (cr_stop){juergen, CR_NONE, HM(11, 27)};
    plan->rounds[1] = (cr_round){BOB, {4, 1}, HM(8, 46), HM(9, 57)};
    plan->stops[4] = (cr_stop){bold + 1, CR_NONE, HM(9, 0)};
    plan->unallocated[0] = VISIT_SKILLED;
    plan->unallocated[1] = VISIT_ZOFIA;
    return plan;
}

static cr_explanations sample_explanations(void)
{
    static cr_explanation items[2];
    items[0] = (cr_explanation){.visit = VISIT_SKILLED,
                                .count = {[CR_REASON_SKILL] = 3},
                                .change = {.kind = CR_CHANGE_SKILL,
                                           .shift = CR_NONE,
                                           .carer = ANN,
                                           .skill = 0,
                                           .level = 2,
                                           .attribute = CR_NONE,
                                           .with_carer = ANN,
                                           .start = HM(12, 0),
                                           .cost = -POUNDS(990)}};
    items[1] = (cr_explanation){.visit = VISIT_ZOFIA,
                                .count = {[CR_REASON_NO_POSITION] = 3},
                                .change = {.kind = CR_CHANGE_NONE,
                                           .shift = CR_NONE,
                                           .carer = CR_NONE,
                                           .skill = CR_NONE,
                                           .attribute = CR_NONE,
                                           .with_carer = CR_NONE}};
    return (cr_explanations){2, items};
}

int sample_setup(void **state)
{
    static const answer_run run = {.version = "0.1.0", .seed = 7, .time_s = -1, .iterations = 1000, .use_glpk = true};
    sample *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->day = sample_day_new();
    s->plan = sample_plan(s->day->problem);
    OK(cr_check_plan(s->day->problem, s->plan, &s->check));
    s->plan->cost = s->check->cost;
    s->check = cr_check_free(s->check);
    OK(cr_check_plan(s->day->problem, s->plan, &s->check));
    OK(cr_report_plan(s->day->problem, s->plan, &s->report));
    s->explanations = sample_explanations();
    OK(answer_init(&s->answer, s->day, s->plan, s->check, s->report, &s->explanations, &run));
    *state = s;
    return 0;
}

int sample_teardown(void **state)
{
    sample *s = *state;
    answer_done(&s->answer);
    cr_report_free(s->report);
    cr_check_free(s->check);
    cr_plan_free(s->plan);
    sample_day_free(s->day);
    free(s);
    setlocale(LC_ALL, "C");
    return 0;
}

char *sample_written(const answer *a, answer_writer write)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    OK(write(a, out));
    assert_int_equal(fclose(out), 0);
    return text;
}

bool sample_use_comma_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "pl_PL.UTF-8", "de_DE.utf8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (setlocale(LC_ALL, names[i]) && localeconv()->decimal_point[0] == ',')
            return true;
    return false;
}
