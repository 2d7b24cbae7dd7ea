/* The sample day of data/tiny: ten visits on squared paper, drawn in docs/sample-days.md.
 *
 * Streets run along the lines of the paper, a square is five minutes and two kilometres, so every way can be counted
 * with a finger and the best plan checked by hand (tests/generate/test_tiny.c proves it best). Each kind of rule comes
 * once: a double-up, a gap, a lock, a break, a skill, an attribute.
 */
#include "days.h"
#include "places.h"
#include "sheet.h"

#include <stdint.h>
#include <stdlib.h>

typedef struct spot {
    const char *name, *address, *who;
    int32_t x, y; /* squares from the north-west corner */
} spot;

/* The clients, then where the three carers start and end. */
static const spot spots[] = {
    {"C1", "1 Paper Square", "Ada Onequill", 1, 1},
    {"C2", "2 Paper Square", "Bob Twoquill", 2, 0},
    {"C3", "3 Paper Square", "Cat Threequill", 3, 1},
    {"C4", "4 Paper Square", "Dan Fourquill", 5, 0},
    {"C5", "5 Paper Square", "Eve Fivequill", 6, 2},
    {"C6", "6 Paper Square", "Fay Sixquill", 5, 3},
    {"C7", "7 Paper Square", "Gus Sevenquill", 3, 3},
    {"C8", "8 Paper Square", "Ivy Eightquill", 1, 3},
    {"Ann", "", "", 0, 0},
    {"Bea", "", "", 6, 0},
    {"Cal", "", "", 3, 2},
};

#define SQUARE_M 2000
#define SQUARE_S 300

#define N_SPOTS  ((int32_t)(sizeof spots / sizeof *spots))

/* visit_id, client, then the row as it stands. */
static const struct {
    const char *visit_id;
    int32_t client; /* 1 to 8 */
    const char *rest;
} visits[] = {
    {"V01", 1, "07:30,08:00,07:45,30,1,medication,,2,yes,,,,,Insulin at 07:45"},
    {"V02", 2, "07:00,10:00,,45,1,,,3,,,,,,Wash and dress"},
    {"V03", 3, "08:30,09:30,,30,2,hoist,,2,,,,,,Two carers for the hoist"},
    {"V04", 4, "07:30,09:00,,30,1,,,3,,,,,,"},
    {"V05", 5, "08:00,10:00,,45,1,,female,3,,,,,,A woman please"},
    {"V06", 6, "09:30,11:30,,30,1,,,3,,,,,,"},
    {"V07", 7, "07:00,10:00,,30,1,,,3,,Cal,08:00,,,The nurse meets Cal there at 08:00"},
    {"V08", 8, "09:30,11:30,,45,1,,,3,,,,,,"},
    {"V09", 1, "11:30,12:30,,30,1,medication,,2,,,,V01,240,At least four hours after the morning dose"},
    {"V10", 4, "11:00,12:00,,30,1,,,4,,,,,,Lunch"},
};

/* By the last three spots, where they start and end. */
static const char *const carers[] = {
    "Ann,Ann Firstquill,paper,medication;hoist,female,car,Ann,07:00,13:30,10:00,11:00,30",
    "Bea,Bea Secondquill,paper,medication;hoist,female,car,Bea,07:30,12:00,,,",
    "Cal,Cal Thirdquill,paper,hoist,male,car,Cal,07:30,12:00,,,",
};

#define N_CARERS ((int32_t)(sizeof carers / sizeof *carers))

static const char *const history = "client_id,carer_id,date\n"
                                   "C1,Ann,2026-11-20\nC2,Ann,2026-11-20\nC3,Ann,2026-11-20\nC3,Cal,2026-11-20\n"
                                   "C4,Bea,2026-11-21\nC5,Bea,2026-11-21\nC6,Cal,2026-11-21\nC7,Cal,2026-11-22\n"
                                   "C8,Ann,2026-11-22\nC8,Cal,2026-11-22\n";

/* 20 pence for a paid minute, 10 more if it is travelled, £1.50 for a new face: sums for a pencil. */
static const char *const settings =
    "{\n"
    "  \"about\": \"Synthetic: ten visits on squared paper, docs/sample-days.md\",\n"
    "  \"date\": \"2026-11-23\",\n"
    "  \"prices\": {\n"
    "    \"pay_per_hour\": 1200, \"minimum_pay_per_hour\": 0, \"travel_per_hour\": 600, \"waiting_per_hour\": 0,\n"
    "    \"early_per_minute\": 5, \"late_per_minute\": 10, \"unfamiliar_per_visit\": 150,\n"
    "    \"stranger_short_per_visit\": 0, \"not_preferred_per_visit\": 0, \"shift_use\": 0\n"
    "  },\n"
    "  \"visits\": {\"door\": 0, \"preferred_within\": 0},\n"
    "  \"travel\": {\"modes\": {\"car\": {\"pence_per_mile\": 0}}}\n"
    "}\n";

/* The paper lies over the fields between Loanhead and Pathhead. */
static void print_position(FILE *file, const spot *at)
{
    gen_place place = {.east_m = 327000 + SQUARE_M * at->x, .north_m = 667000 - SQUARE_M * at->y};
    char lat[16], lon[16];
    gen_degrees(&place, lat, lon, sizeof lat);
    fprintf(file, "%s,%s", lat, lon);
}

static bool write_visits(const char *dir)
{
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "visits.csv",
                        "visit_id,client_id,client_name,address,latitude,longitude,window_start,window_end,"
                        "preferred_time,duration,carers,skills,attributes,priority,time_critical,lock_carer,lock_time,"
                        "gap_after,gap_min,notes"))
        return false;
    for (size_t v = 0; v < sizeof visits / sizeof *visits; v++) {
        const spot *client = &spots[visits[v].client - 1];
        fprintf(sheet.file, "%s,%s,%s,%s,", visits[v].visit_id, client->name, client->who, client->address);
        print_position(sheet.file, client);
        fprintf(sheet.file, ",%s\n", visits[v].rest);
    }
    return gen_sheet_close(&sheet);
}

static bool write_carers(const char *dir)
{
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "carers.csv",
                        "carer_id,name,provider,skills,attributes,mode,shift_id,shift_start,shift_end,break_start,"
                        "break_end,break_min,home_latitude,home_longitude"))
        return false;
    for (int32_t c = 0; c < N_CARERS; c++) {
        fprintf(sheet.file, "%s,", carers[c]);
        print_position(sheet.file, &spots[N_SPOTS - N_CARERS + c]);
        putc('\n', sheet.file);
    }
    return gen_sheet_close(&sheet);
}

static bool write_matrix(const char *dir)
{
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "matrix.csv", "from,to,seconds,metres"))
        return false;
    for (int32_t from = 0; from < N_SPOTS; from++) {
        for (int32_t to = 0; to < N_SPOTS; to++) {
            int32_t squares = abs(spots[from].x - spots[to].x) + abs(spots[from].y - spots[to].y);
            gen_sheet_text(&sheet, spots[from].name);
            gen_sheet_text(&sheet, spots[to].name);
            gen_sheet_number(&sheet, SQUARE_S * squares);
            gen_sheet_number(&sheet, SQUARE_M * squares);
            gen_sheet_row_end(&sheet);
        }
    }
    return gen_sheet_close(&sheet);
}

bool gen_tiny(const char *dir)
{
    return gen_make_folder(dir) && write_visits(dir) && write_carers(dir) && write_matrix(dir) &&
           gen_write_file(dir, "history.csv", history) && gen_write_file(dir, "settings.json", settings) &&
           gen_write_file(dir, "providers.csv", "provider,name,in_house\npaper,Squared Paper Care (synthetic),yes\n");
}
