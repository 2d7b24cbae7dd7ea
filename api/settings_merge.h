/* Laying an object over the settings: what its parts share (settings.c, settings_periods.c). */
#ifndef API_SETTINGS_MERGE_H
#define API_SETTINGS_MERGE_H

#include "settings.h"

#define SETTINGS_NAMES_MOST 128

typedef enum setting_kind {
    SETTING_NUMBER,   /* double */
    SETTING_COUNT,    /* int32_t */
    SETTING_DURATION, /* int32_t seconds */
    SETTING_BOOL,
    SETTING_WINDOW, /* "07:00-22:00" */
    SETTING_DATE,
    SETTING_ZONE,
} setting_kind;

typedef struct setting {
    const char *name; /* "prices.pay_per_hour" */
    setting_kind kind;
    size_t offset;
    double least, most;
    bool optional; /* may be missing from the defaults */
} setting;

/* One object while it is laid over the settings. */
typedef struct settings_merging {
    settings *s;
    const char *file;
    arena *strings;
    findings_book *findings;
    bool seen[SETTINGS_NAMES_MOST];
    const json_t *periods; /* for the end, when all modes are known; NULL */
} settings_merging;

__attribute__((format(printf, 4, 5))) void settings_wrong(settings_merging *m, const char *name, const char *value,
                                                          const char *format, ...);

/* A value may stand alone or, as in the defaults, beside its source: {"value": 45, "source": "..."}. */
const json_t *settings_bare(const json_t *value);

/* Text, or a number as text; NULL: neither. */
const char *settings_as_text(const settings_merging *m, const json_t *value);

/* "07:00-10:00" with any dash or "to" between; past midnight 22:00-31:00 or 22:00-07:00. NULL, or what is wrong. */
const char *settings_window(const char *text, cr_window *ret_window);

void settings_set_number(settings_merging *m, const setting *set, const char *text, void *field);

/* travel.periods, once all modes are known. */
void settings_merge_periods(settings_merging *m);

#endif
