/* The columns of each table: names, which are required, and other headings that mean the same. */
#include "columns.h"
#include "reading.h"

#define PLACE_NAMES(prefix, latitude_aliases, longitude_aliases, postcode_aliases)                                     \
    {prefix "latitude", false, latitude_aliases}, {prefix "longitude", false, longitude_aliases},                      \
        {prefix "easting", false, NULL}, {prefix "northing", false, NULL}, {prefix "grid_ref", false, NULL},           \
    {                                                                                                                  \
        prefix "postcode", false, postcode_aliases                                                                     \
    }

static const table_column provider_columns[] = {
    {"provider", true, "providerid"}, {"name", false, "providername"}, {"in_house", false, NULL},
    {"patches_hard", false, NULL},    {"price_per_hour", false, NULL}, {"price_by_length", false, NULL},
    {"block_hours", false, NULL},     {"block_price", false, NULL},    {"min_hours", false, NULL},
    {"min_price", false, NULL},       {"max_hours", false, NULL},      {"max_visits", false, NULL},
};

static const table_column carer_columns[] = {
    {"carer_id", true, NULL},
    {"name", false, "carername"},
    {"provider", false, NULL},
    {"team", false, NULL},
    {"grade", false, NULL},
    {"patches", false, NULL},
    {"patches_hard", false, NULL},
    {"skills", false, NULL},
    {"attributes", false, NULL},
    {"mode", false, "travelmode"},
    {"speed_factor", false, NULL},
    {"shift_id", false, NULL},
    {"date", false, "shiftdate"},
    {"shift_start", false, NULL},
    {"shift_end", false, NULL},
    {"paid_end", false, NULL},
    {"starts_at_begin", false, NULL},
    {"on_call", false, NULL},
    {"rides_with", false, NULL},
    PLACE_NAMES("start_", "startlat", "startlon;startlng", NULL),
    PLACE_NAMES("end_", "endlat", "endlon;endlng", NULL),
    PLACE_NAMES("home_", "homelat;latitude;lat", "homelon;homelng;longitude;lon;lng", "postcode"),
    {"break_start", false, NULL},
    {"break_end", false, NULL},
    {"break_min", false, NULL},
    {"break_paid", false, NULL},
    {"kept_free", false, NULL},
    {"max_work", false, NULL},
    {"max_week_work", false, NULL},
    {"overtime_after", false, NULL},
    {"overtime_rate", false, NULL},
    {"contracted", false, NULL},
    {"max_visits", false, NULL},
    {"room", false, NULL},
    {"max_travel", false, NULL},
    {"max_distance", false, NULL},
    {"pay_per_hour", false, NULL},
    {"pay_per_mile", false, NULL},
};

/* The columns that visits and packages share, but for how a row is named and when it is. */
#define VISIT_COLUMNS(id, date)                                                                                        \
    {id, true, NULL}, {"client_id", true, NULL}, {date, false, NULL}, {"client_name", false, NULL},                    \
        {"address", false, NULL}, PLACE_NAMES("", "lat", "lon;lng;long", NULL), {"patch", false, NULL},                \
        {"band", false, NULL}, {"windows", false, NULL}, {"window_start", false, NULL}, {"window_end", false, NULL},   \
        {"preferred_time", false, NULL}, {"preferred_start", false, NULL}, {"preferred_end", false, NULL},             \
        {"tolerance_min", false, NULL}, {"duration", true, "durationmin"}, {"duration_2", false, NULL},                \
        {"duration_by_grade", false, NULL}, {"sleep_in", false, NULL}, {"carers", false, NULL},                        \
        {"same_provider", false, NULL}, {"second_after", false, NULL}, {"second_after_max", false, NULL},              \
        {"skills", false, NULL}, {"skills_2", false, NULL}, {"attributes", false, NULL},                               \
        {"attributes_2", false, NULL}, {"priority", false, NULL}, {"time_critical", false, NULL},                      \
        {"lives_alone", false, NULL}, {"door_min", false, NULL}, {"forbidden_carers", false, NULL},                    \
        {"preferred_carers", false, NULL}, {"lock_carer", false, NULL}, {"lock_time", false, NULL},                    \
        {"gap_after", false, NULL}, {"gap_min", false, NULL}, {"gap_max", false, NULL}, {"gap_from", false, NULL},     \
        {"same_carer_as", false, NULL}, {"different_carer_from", false, NULL}, {"only_with", false, NULL},             \
        {"brings", false, NULL}, {"takes", false, NULL},                                                               \
    {                                                                                                                  \
        "notes", false, NULL                                                                                           \
    }

static const table_column visit_columns[] = {VISIT_COLUMNS("visit_id", "date")};

static const table_column package_columns[] = {
    VISIT_COLUMNS("package_id", "start"), {"end", false, NULL},       {"days", false, NULL},
    {"every_weeks", false, NULL},         {"suspended", false, NULL},
};

static const table_column history_columns[] = {
    {"client_id", true, NULL},
    {"carer_id", true, NULL},
    {"date", true, NULL},
    {"time", false, NULL},
};

static const table_column accepted_columns[] = {
    {"rule", true, NULL},      {"visit_id", false, NULL}, {"other_visit_id", false, NULL},
    {"carer_id", false, NULL}, {"shift_id", false, NULL}, {"up_to", false, NULL},
    {"who", true, NULL},       {"when", true, NULL},      {"why", true, NULL},
};

static const table_column held_back_columns[] = {
    {"name", false, NULL},       {"date", false, NULL},     {"hours", true, NULL},
    {"window", true, NULL},      {"piece", false, NULL},    {"skills", false, NULL},
    {"attributes", false, NULL}, {"provider", false, NULL}, {"patch", false, NULL},
};

static const table_column matrix_columns[] = {
    {"mode", false, NULL},   {"from", true, NULL},        {"to", true, NULL},
    {"seconds", true, NULL}, {"metres", false, "meters"}, {"period", false, NULL},
};

static_assert(sizeof provider_columns / sizeof *provider_columns == N_PROVIDER_COLUMNS, "enum and names go together");
static_assert(sizeof carer_columns / sizeof *carer_columns == N_CARER_COLUMNS, "enum and names go together");
static_assert(sizeof visit_columns / sizeof *visit_columns == N_VISIT_COLUMNS, "enum and names go together");
static_assert(sizeof package_columns / sizeof *package_columns == N_PACKAGE_COLUMNS, "enum and names go together");
static_assert(sizeof history_columns / sizeof *history_columns == N_HISTORY_COLUMNS, "enum and names go together");
static_assert(sizeof accepted_columns / sizeof *accepted_columns == N_ACCEPTED_COLUMNS, "enum and names go together");
static_assert(sizeof held_back_columns / sizeof *held_back_columns == N_HELD_BACK_COLUMNS,
              "enum and names go together");
static_assert(sizeof matrix_columns / sizeof *matrix_columns == N_MATRIX_COLUMNS, "enum and names go together");

const table_kind table_kinds[N_TABLES] = {
    [TABLE_PROVIDERS] = {"providers.csv", "providers", provider_columns, N_PROVIDER_COLUMNS},
    [TABLE_CARERS] = {"carers.csv", "carers", carer_columns, N_CARER_COLUMNS},
    [TABLE_VISITS] = {"visits.csv", "visits", visit_columns, N_VISIT_COLUMNS},
    [TABLE_PACKAGES] = {"packages.csv", "packages", package_columns, N_PACKAGE_COLUMNS},
    [TABLE_HISTORY] = {"history.csv", "history", history_columns, N_HISTORY_COLUMNS},
    [TABLE_ACCEPTED] = {"accepted.csv", "accepted", accepted_columns, N_ACCEPTED_COLUMNS},
    [TABLE_HELD_BACK] = {"held_back.csv", "held_back", held_back_columns, N_HELD_BACK_COLUMNS},
    [TABLE_MATRIX] = {"matrix.csv", "matrix", matrix_columns, N_MATRIX_COLUMNS},
};
