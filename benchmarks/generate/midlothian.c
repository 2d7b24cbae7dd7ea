/* The sample day of data/midlothian: 130 clients with 420 visits, 55 carers of an in-house team and two agencies. */
#include "service.h"

#define HM(hours, minutes) ((hours)*60 + (minutes))
#define MORNING            (1u << GEN_MORNING)
#define LUNCH              (1u << GEN_LUNCH)
#define TEA                (1u << GEN_TEA)
#define BED                (1u << GEN_BED)

/* Postcode sectors by town; weights after the towns' people (about 97,000 in Midlothian), add up to 130. */
static const gen_town towns[] = {
    {"Dalkeith", "EH22 1,EH22 2,EH22 3", .weight = 25},
    {"Bonnyrigg", "EH19 2,EH19 3", .weight = 24},
    {"Penicuik", "EH26 0,EH26 8,EH26 9", .weight = 22},
    {"Mayfield", "EH22 5", .weight = 14},
    {"Gorebridge", "EH23 4", .weight = 12},
    {"Loanhead", "EH20 9", .weight = 11},
    {"Newtongrange", "EH22 4", .weight = 9},
    {"Roslin", "EH25 9", .weight = 4},
    {"Lasswade", "EH18 1", .weight = 3},
    {"Rosewell", "EH24 9", .weight = 3},
    {"Pathhead", "EH37 5", .weight = 3},
};

static const gen_provider providers[] = {
    {"council", "Midlothian in-house team (synthetic)", "H", .is_in_house = true, .weight = 29, .pay_pence = 1410},
    {"kestrel", "Kestrel Home Care (synthetic)", "K", .weight = 15, .pay_pence = 1271},
    {"lapwing", "Lapwing Care (synthetic)", "L", .weight = 11, .pay_pence = 1290},
};

/* Early, late, the split day of home care (morning and evening, when most clients need somebody), the long day of those
 * who work four on and four off, and short shifts for parents and students. */
static const gen_pattern patterns[] = {
    {.n_shifts = 1,
     .weight = 19,
     .shift =
         {{.start = HM(7, 0), .end = HM(14, 30), .break_open = HM(9, 45), .break_close = HM(13, 30), .break_min = 30}}},
    {.n_shifts = 1,
     .weight = 15,
     .shift = {{.start = HM(15, 15),
                .end = HM(22, 0),
                .break_open = HM(17, 30),
                .break_close = HM(20, 0),
                .break_min = 20,
                .break_paid = true}}},
    {.n_shifts = 2,
     .weight = 10,
     .shift = {{.start = HM(7, 0), .end = HM(11, 15)}, {.start = HM(16, 45), .end = HM(21, 30)}}},
    {.n_shifts = 2,
     .weight = 4,
     .shift = {{.start = HM(7, 0), .end = HM(14, 15)}, {.start = HM(16, 30), .end = HM(21, 45)}}},
    {.n_shifts = 1, .weight = 4, .shift = {{.start = HM(8, 45), .end = HM(14, 15)}}},
    {.n_shifts = 1, .weight = 3, .shift = {{.start = HM(18, 15), .end = HM(22, 15)}}},
};

static const gen_package packages[] = {
    {MORNING | LUNCH | TEA | BED, 68},
    {MORNING | LUNCH | BED, 13},
    {MORNING | TEA | BED, 16},
    {MORNING | LUNCH | TEA, 3},
    {MORNING | BED, 13},
    {MORNING | TEA, 5},
    {MORNING | LUNCH, 4},
    {MORNING, 5},
    {LUNCH, 2},
    {BED, 1},
};

static const gen_spec spec = {
    .id_format_client = "C%03d",
    .id_format_carer = "%s%02d",
    .towns = towns,
    .providers = providers,
    .patterns = patterns,
    .packages = packages,
    .n_towns = sizeof towns / sizeof towns[0],
    .n_providers = sizeof providers / sizeof providers[0],
    .n_patterns = sizeof patterns / sizeof patterns[0],
    .n_packages = sizeof packages / sizeof packages[0],
    .n_carers = 55,
    .mode_weights = {[GEN_CAR] = 42, [GEN_BICYCLE] = 4, [GEN_FOOT] = 9},
    .n_double_all = 16,
    .n_double_ends = 4,
    .n_dementia = 24,
    .n_insulin = 4,
    .n_catheter = 6,
    .n_stoma = 3,
    .n_peg = 2,
    .n_end_of_life = 2,
    .n_sheltered = 3,
    .sheltered_size = 4,
    .short_visit_percent = 70,
    .lengths = {{5, 53, 31, 11}, {8, 74, 13, 5}, {8, 82, 10, 0}, {6, 74, 20, 0}}, /* half to two thirds take 30 */
    .n_locks = 5,
    .n_same_carer = 2,
    .n_history_days = 28,
    .base_town = 0,
    .about = "Synthetic sample day: everybody in it is invented; docs/sample-days.md",
    .apart_km = 40,
};

const gen_spec *gen_midlothian_spec(void)
{
    return &spec;
}
