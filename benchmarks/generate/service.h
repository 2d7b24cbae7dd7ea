/* A made-up care service for one day: clients and their visits, carers and their shifts, and who has been where.
 *
 * Built in the order of the functions below, each from a random stream of its own; written by write_day.c. Times are
 * minutes after midnight. The words are those of docs/input.md.
 */
#ifndef GENERATE_SERVICE_H
#define GENERATE_SERVICE_H

#include "places.h"
#include "rng.h"

typedef enum gen_band { GEN_MORNING, GEN_LUNCH, GEN_TEA, GEN_BED, GEN_BANDS } gen_band;

typedef enum gen_skill {
    GEN_MEDICATION, /* 1 prompt, 2 give */
    GEN_HOIST,      /* 1 second carer, 2 lead */
    GEN_DEMENTIA,   /* 1 aware, 2 skilled */
    GEN_CATHETER,
    GEN_STOMA,
    GEN_PEG,
    GEN_END_OF_LIFE,
    GEN_SKILLS
} gen_skill;

typedef enum gen_attribute {
    GEN_FEMALE,
    GEN_MALE,
    GEN_DOGS,
    GEN_CATS,
    GEN_SMOKE, /* at ease in a smoker's home */
    GEN_POLISH,
    GEN_URDU,
    GEN_BSL,
    GEN_ATTRIBUTES
} gen_attribute;

extern const char *const gen_skill_names[GEN_SKILLS];
extern const char *const gen_attribute_names[GEN_ATTRIBUTES];
extern const char *const gen_band_names[GEN_BANDS];

typedef struct gen_levels {
    uint8_t of[GEN_SKILLS]; /* 0: not had, not needed */
} gen_levels;

#define GEN_REGULARS 5
#define GEN_NONE     (-1)

typedef struct gen_client {
    char client_id[8], name[40], address[96];
    gen_place place;
    bool has_coordinates, lives_alone, has_dementia;
    int32_t leaning_min;                    /* an early bird is negative: moves her times within the bands */
    int32_t day_regulars[GEN_REGULARS];     /* carers who usually come for morning and lunch; GEN_NONE */
    int32_t evening_regulars[GEN_REGULARS]; /* and for tea and bed */
    int32_t forbidden[2], preferred[3];     /* carers; GEN_NONE */
    int32_t known_days;                     /* the package has run for so many of the past days */
} gen_client;

typedef struct gen_visit {
    char visit_id[12];
    int32_t client;
    gen_band band;
    int32_t preferred, tolerance, duration, carers;
    int32_t open[2], close[2]; /* windows of its own in place of the band's; GEN_NONE */
    gen_levels skills[2];      /* of the first and the second carer */
    uint32_t attributes;       /* bit per gen_attribute */
    int32_t priority;
    bool is_time_critical;
    int32_t gap_after, gap_min, gap_max; /* a visit; minutes, GEN_NONE */
    bool gap_from_end;
    int32_t same_carer_as;
    int32_t lock_carer, lock_time;
    const char *notes;
} gen_visit;

typedef struct gen_carer {
    char carer_id[8], name[40];
    int32_t provider, mode;
    gen_place home;
    gen_levels skills;
    uint32_t attributes;
    int32_t pay_pence, max_work, max_visits;
    bool starts_at_base;
    int32_t known_days; /* joined so many days ago */
    int32_t first_shift, n_shifts;
} gen_carer;

typedef struct gen_shift {
    int32_t carer, start, end;
    int32_t break_open, break_close, break_min; /* break_min 0: none of its own (the 6-hour rule adds one) */
    bool break_paid;
} gen_shift;

typedef enum gen_mode { GEN_CAR, GEN_BICYCLE, GEN_FOOT, GEN_MODES } gen_mode;

/* A day's work as rotas know it: one shift or, split, two. */
typedef struct gen_pattern {
    gen_shift shift[2];
    int32_t n_shifts;
    int32_t weight; /* its share of the carers */
} gen_pattern;

typedef struct gen_provider {
    const char *provider_id, *name, *initial;
    bool is_in_house;
    int32_t weight, pay_pence;
} gen_provider;

/* Who gets which bands: a bit per gen_band. */
typedef struct gen_package {
    uint32_t bands;
    int32_t n_clients;
} gen_package;

/* Everything that makes one made-up service differ from another. */
typedef struct gen_spec {
    const char *id_format_client, *id_format_carer; /* "C%03d", "%s%02d" */
    const gen_town *towns;
    const gen_provider *providers;
    const gen_pattern *patterns;
    const gen_package *packages;
    int32_t n_towns, n_providers, n_patterns, n_packages;
    int32_t n_carers;
    int32_t mode_weights[GEN_MODES];
    int32_t n_double_all, n_double_ends; /* clients with two carers at every visit, or at morning and bed */
    int32_t n_dementia, n_insulin, n_catheter, n_stoma, n_peg, n_end_of_life;
    int32_t n_sheltered, sheltered_size; /* houses where several clients share one address */
    int32_t short_visit_percent;         /* of the prompts that take 15 minutes */
    int32_t lengths[GEN_BANDS][4];       /* weights of visits of 15, 30, 45 and 60 minutes */
    int32_t n_locks, n_same_carer, n_history_days;
    int32_t base_town; /* where the office is */
    const char *about; /* said in settings.json */
    int32_t apart_km;  /* clients may live so far apart without a warning */
} gen_spec;

typedef struct gen_service {
    const gen_spec *spec;
    const gen_places *places;
    uint64_t seed;
    int32_t n_clients, n_visits, n_carers, n_shifts;
    gen_client *clients;
    gen_visit *visits; /* by client, then in order of the day */
    gen_carer *carers;
    gen_shift *shifts; /* by carer, then in order of the day */
} gen_service;

/* Clients with their visits, then carers with their shifts. */
void gen_make_clients(gen_service *service);
void gen_make_carers(gen_service *service);

/* Fit one to the other: train carers where too few could come, find the regular carers, then wishes and locks. */
void gen_make_matches(gen_service *service);

void gen_service_done(gen_service *service);

/* May this carer do the visit's k-th part: skills, attributes, not forbidden, on shift around its preferred time? */
bool gen_carer_fits(const gen_service *service, int32_t carer, int32_t visit, int32_t k);
bool gen_carer_is_on_duty(const gen_service *service, int32_t carer, int32_t visit);
int32_t gen_home_to_client_m(const gen_service *service, int32_t carer, int32_t client);

/* visits.csv, carers.csv, history.csv, providers.csv, settings.json and the postcodes into a folder. */
bool gen_write_day(const gen_service *service, const char *dir);
bool gen_write_history(const gen_service *service, const char *dir);

/* The two made-up services. */
const gen_spec *gen_midlothian_spec(void);
const gen_spec *gen_county_spec(void);

#define GEN_VISITS_LEAST 60 /* of a scaled service: with fewer, a condition finds nobody who may have it */
#define GEN_VISITS_MOST  20000

int32_t gen_spec_visits(const gen_spec *spec);

/* The same service with about n_visits visits (clients are whole): clients and conditions in proportion, and carers
 * enough for them. Its packages are the caller's to free. */
gen_spec gen_spec_scaled(const gen_spec *spec, int32_t n_visits);

#endif
