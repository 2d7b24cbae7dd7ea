/* The large day: 3,300 clients with 10,000 visits and 800 carers around the towns of the three Lothians.
 *
 * The towns are real, everything in them is invented. 14 visits for every carer: visits are short, as some councils buy
 * them, and most carers work the long day of four on and four off.
 */
#include "service.h"

#define HM(hours, minutes) ((hours)*60 + (minutes))
#define MORNING            (1u << GEN_MORNING)
#define LUNCH              (1u << GEN_LUNCH)
#define TEA                (1u << GEN_TEA)
#define BED                (1u << GEN_BED)

#define TOWN(name, east, north, radius, weight)                                                                        \
    {                                                                                                                  \
        name, NULL, east, north, radius, weight                                                                        \
    }

static const gen_town towns[] = {
    TOWN("Livingston", 305500, 667500, 3600, 400),      TOWN("Bathgate", 297500, 669000, 1900, 170),
    TOWN("Broxburn", 308500, 672300, 1600, 120),        TOWN("Linlithgow", 300000, 677000, 1500, 110),
    TOWN("Whitburn", 294700, 665000, 1300, 100),        TOWN("Armadale", 293700, 668400, 1300, 100),
    TOWN("West Calder", 301800, 663200, 1000, 45),      TOWN("Fauldhouse", 292900, 660600, 900, 45),
    TOWN("Musselburgh", 334500, 672600, 1900, 220),     TOWN("Tranent", 340300, 672800, 1300, 110),
    TOWN("Prestonpans", 338800, 674400, 1100, 100),     TOWN("Haddington", 351300, 674000, 1300, 105),
    TOWN("North Berwick", 355200, 685000, 1200, 85),    TOWN("Dunbar", 367800, 678700, 1300, 100),
    TOWN("Gullane", 348200, 682700, 800, 35),           TOWN("East Linton", 359100, 677200, 700, 25),
    TOWN("Ormiston", 341500, 669300, 700, 25),          TOWN("Dalkeith", 333300, 667400, 1600, 170),
    TOWN("Bonnyrigg", 330900, 665000, 1500, 165),       TOWN("Penicuik", 323500, 660000, 1700, 150),
    TOWN("Mayfield", 335000, 664800, 1200, 95),         TOWN("Gorebridge", 334300, 661300, 1300, 85),
    TOWN("Loanhead", 328000, 665700, 1000, 75),         TOWN("Newtongrange", 333300, 664300, 900, 60),
    TOWN("Edinburgh south", 328000, 669500, 3000, 480), TOWN("Gifford", 353300, 668100, 1500, 20),
    TOWN("Pathhead", 339500, 664300, 1500, 20),         TOWN("Roslin", 327200, 663300, 900, 35),
};

static const gen_provider providers[] = {
    {"council", "County in-house team (synthetic)", "H", .is_in_house = true, .weight = 38, .pay_pence = 1410},
    {"kestrel", "Kestrel Home Care (synthetic)", "K", .weight = 22, .pay_pence = 1271},
    {"lapwing", "Lapwing Care (synthetic)", "L", .weight = 17, .pay_pence = 1290},
    {"siskin", "Siskin Support (synthetic)", "S", .weight = 13, .pay_pence = 1280},
    {"wheatear", "Wheatear Homecare (synthetic)", "W", .weight = 10, .pay_pence = 1300},
};

static const gen_pattern patterns[] = {
    {.n_shifts = 2,
     .weight = 74,
     .shift =
         {{.start = HM(7, 0), .end = HM(14, 15), .break_open = HM(10, 0), .break_close = HM(12, 30), .break_min = 20},
          {.start = HM(16, 0), .end = HM(21, 45)}}},
    {.n_shifts = 1,
     .weight = 14,
     .shift =
         {{.start = HM(7, 0), .end = HM(14, 45), .break_open = HM(9, 45), .break_close = HM(13, 30), .break_min = 30}}},
    {.n_shifts = 1,
     .weight = 12,
     .shift = {{.start = HM(15, 0),
                .end = HM(22, 15),
                .break_open = HM(17, 30),
                .break_close = HM(20, 0),
                .break_min = 20,
                .break_paid = true}}},
};

static const gen_package packages[] = {
    {MORNING | LUNCH | TEA | BED, 1560},
    {MORNING | LUNCH | BED, 300},
    {MORNING | TEA | BED, 400},
    {MORNING | LUNCH | TEA, 100},
    {MORNING | BED, 240},
    {MORNING | TEA, 90},
    {MORNING | LUNCH, 90},
    {MORNING, 330},
    {LUNCH, 110},
    {BED, 80},
};

static const gen_spec spec = {
    .id_format_client = "C%04d",
    .id_format_carer = "%s%03d",
    .towns = towns,
    .providers = providers,
    .patterns = patterns,
    .packages = packages,
    .n_towns = sizeof towns / sizeof towns[0],
    .n_providers = sizeof providers / sizeof providers[0],
    .n_patterns = sizeof patterns / sizeof patterns[0],
    .n_packages = sizeof packages / sizeof packages[0],
    .n_carers = 800,
    .mode_weights = {[GEN_CAR] = 82, [GEN_BICYCLE] = 6, [GEN_FOOT] = 12},
    .n_double_all = 350,
    .n_double_ends = 50,
    .n_dementia = 600,
    .n_insulin = 110,
    .n_catheter = 150,
    .n_stoma = 70,
    .n_peg = 40,
    .n_end_of_life = 45,
    .n_sheltered = 28,
    .sheltered_size = 7,
    .short_visit_percent = 90,
    .lengths = {{25, 60, 12, 3}, {40, 54, 5, 1}, {40, 57, 3, 0}, {30, 64, 6, 0}},
    .n_locks = 120,
    .n_same_carer = 50,
    .n_history_days = 28,
    .base_town = 0,
    .about = "Synthetic large day: everybody in it is invented; docs/sample-days.md",
    .apart_km = 90,
};

const gen_spec *gen_county_spec(void)
{
    return &spec;
}
