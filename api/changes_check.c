/* Is a list of changes well formed? Each kind has its fields; everything wrong is told at once.
 *
 * Whether the carers and visits named exist, the day must say: changes_tables.c and changes_visits.c tell of these.
 */
#include "changes.h"

#include "table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTES_MOST  1440
#define HOURS_MOST    100000
#define TEXT_MOST     200
#define CHANGES_MOST  1000
#define FIELDS_MOST   8
#define LETTERS_BLANK " \t\r\n"

typedef enum field_form {
    FIELD_TEXT,
    FIELD_NAMES,   /* a list of texts, not empty */
    FIELD_MINUTES, /* whole, 1 or more */
    FIELD_HOURS,   /* more than 0 */
    FIELD_BOOL,
    FIELD_OBJECT, /* not empty */
    FIELD_ROWS,   /* a list of objects, not empty */
    FIELD_CELL,   /* what a cell of a table can hold */
} field_form;

typedef struct field {
    const char *name;
    field_form form;
    bool is_needed;
} field;

typedef struct change_form {
    const char *name;
    bool needs_pick; /* without saying of whom, it would be of everybody */
    field fields[FIELDS_MOST];
} change_form;

#define PICK_CARERS                                                                                                    \
    {"carers", FIELD_NAMES, false}, {"providers", FIELD_NAMES, false},                                                 \
    {                                                                                                                  \
        "teams", FIELD_NAMES, false                                                                                    \
    }
#define PICK_VISITS                                                                                                    \
    {"visits", FIELD_NAMES, false}, {"clients", FIELD_NAMES, false},                                                   \
    {                                                                                                                  \
        "bands", FIELD_NAMES, false                                                                                    \
    }

static const change_form forms[N_CHANGES] = {
    [CHANGE_REMOVE_CARERS] = {"remove_carers", true, {PICK_CARERS}},
    [CHANGE_ADD_CARERS] = {"add_carers", false, {{"rows", FIELD_ROWS, true}}},
    [CHANGE_SET_CARERS] = {"set_carers", false, {{"columns", FIELD_OBJECT, true}, PICK_CARERS}},
    [CHANGE_TRAVEL_BY] = {"travel_by",
                          false,
                          {{"mode", FIELD_TEXT, true}, {"instead_of", FIELD_TEXT, false}, PICK_CARERS}},
    [CHANGE_MOVE_HOURS] = {"move_hours",
                           false,
                           {{"from", FIELD_TEXT, true},
                            {"to", FIELD_TEXT, true},
                            {"hours", FIELD_HOURS, true},
                            {"pay_per_hour", FIELD_CELL, false},
                            {"carers", FIELD_NAMES, false}}},
    [CHANGE_REMOVE_VISITS] = {"remove_visits", true, {PICK_VISITS}},
    [CHANGE_ADD_VISITS] = {"add_visits", false, {{"rows", FIELD_ROWS, true}}},
    [CHANGE_SET_VISITS] = {"set_visits", false, {{"columns", FIELD_OBJECT, true}, PICK_VISITS}},
    [CHANGE_SHORTEN_VISITS] = {"shorten_visits",
                               false,
                               {{"minutes", FIELD_MINUTES, true}, {"least", FIELD_MINUTES, false}, PICK_VISITS}},
    [CHANGE_WIDEN_WINDOWS] = {"widen_windows",
                              false,
                              {{"minutes", FIELD_MINUTES, true}, {"time_critical", FIELD_BOOL, false}, PICK_VISITS}},
    [CHANGE_ADD_PROVIDERS] = {"add_providers", false, {{"rows", FIELD_ROWS, true}}},
    [CHANGE_SET_PROVIDERS] = {"set_providers",
                              false,
                              {{"columns", FIELD_OBJECT, true}, {"providers", FIELD_NAMES, false}}},
    [CHANGE_SETTINGS] = {"settings", false, {{"set", FIELD_OBJECT, true}}},
};

/* One change under the finger. */
typedef struct checking {
    const day_changes *changes;
    arena *strings;
    findings_book *findings;
    size_t at;
} checking;

static const char *path_of(const checking *c, const char *name)
{
    return arena_print(c->strings, "%s[%zu]%s%s", c->changes->where, c->at, *name ? "." : "", name);
}

__attribute__((format(printf, 4, 5))) static void wrong(checking *c, const char *name, const char *value,
                                                        const char *format, ...)
{
    char text[500];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings_error(c->findings, (finding_at){c->changes->file, 0, path_of(c, name), value}, "%s", text);
}

/* Jansson's strings may hold NUL; ours end there. */
static bool is_plain_text(const json_t *value)
{
    const char *text = json_string_value(value);
    size_t n = text ? strlen(text) : 0;
    return text && n == json_string_length(value) && n <= TEXT_MOST && n > strspn(text, LETTERS_BLANK);
}

static const char *text_or_empty(const json_t *value)
{
    return is_plain_text(value) ? json_string_value(value) : "";
}

static void check_names(checking *c, const char *name, const json_t *list)
{
    size_t i;
    json_t *item;
    if (!json_is_array(list) || json_array_size(list) == 0)
        wrong(c, name, text_or_empty(list), "must be a list of texts with at least one: [\"A\", \"B\"]");
    json_array_foreach((json_t *)list, i, item) if (!is_plain_text(item))
        wrong(c, arena_print(c->strings, "%s[%zu]", name, i), "", "must be a text of 1 to %d bytes", TEXT_MOST);
}

static void check_rows(checking *c, const char *name, const json_t *list)
{
    size_t i;
    json_t *item;
    if (!json_is_array(list) || json_array_size(list) == 0)
        wrong(c, name, "", "must be a list of objects with at least one, with the columns of the table as names");
    json_array_foreach((json_t *)list, i, item) if (!json_is_object(item) || json_object_size(item) == 0)
        wrong(c, arena_print(c->strings, "%s[%zu]", name, i), "", "must be an object with the columns as names");
}

static void check_number(checking *c, const field *f, const json_t *value)
{
    double number = json_number_value(value), most = f->form == FIELD_MINUTES ? MINUTES_MOST : HOURS_MOST;
    char *text = json_is_number(value) ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    const char *shown = text ? text : text_or_empty(value);
    if (f->form == FIELD_MINUTES &&
        !(json_is_number(value) && number >= 1 && number <= most && number == floor(number)))
        wrong(c, f->name, shown, "must be a whole number of minutes from 1 to %.0f", most);
    if (f->form == FIELD_HOURS && !(json_is_number(value) && number > 0 && number <= most))
        wrong(c, f->name, shown, "must be a number of hours above 0, at most %.0f", most);
    free(text);
}

static void check_field(checking *c, const field *f, const json_t *value)
{
    switch (f->form) {
    case FIELD_TEXT:
        if (!is_plain_text(value))
            wrong(c, f->name, "", "must be a text of 1 to %d bytes", TEXT_MOST);
        break;
    case FIELD_NAMES:
        check_names(c, f->name, value);
        break;
    case FIELD_MINUTES:
    case FIELD_HOURS:
        check_number(c, f, value);
        break;
    case FIELD_BOOL:
        if (!json_is_boolean(value))
            wrong(c, f->name, text_or_empty(value), "must be true or false");
        break;
    case FIELD_OBJECT:
        if (!json_is_object(value) || json_object_size(value) == 0)
            wrong(c, f->name, text_or_empty(value), "must be an object with at least one name");
        break;
    case FIELD_ROWS:
        check_rows(c, f->name, value);
        break;
    case FIELD_CELL:
        if (!table_json_text(c->strings, value))
            wrong(c, f->name, "", "must be a text or a number");
        break;
    }
}

static bool is_pick(const char *name)
{
    static const char *const picks[] = {"carers", "providers", "teams", "visits", "clients", "bands"};
    for (size_t i = 0; i < sizeof picks / sizeof *picks; i++)
        if (strcmp(picks[i], name) == 0)
            return true;
    return false;
}

static void check_unknown(checking *c, const change_form *form, const json_t *change)
{
    const char *names[FIELDS_MOST + 2], *name;
    int32_t n = 0;
    json_t *value;
    names[n++] = "change";
    names[n++] = "about";
    for (int32_t i = 0; i < FIELDS_MOST && form->fields[i].name; i++)
        names[n++] = form->fields[i].name;
    json_object_foreach((json_t *)change, name, value)
    {
        bool is_known = false;
        for (int32_t i = 0; i < n; i++)
            is_known = is_known || strcmp(names[i], name) == 0;
        if (!is_known)
            wrong(c, name, "", "%s knows no such field%s", form->name, findings_hint(c->findings, name, names, n));
    }
}

static void check_fields(checking *c, const change_form *form, const json_t *change)
{
    bool picks = false;
    for (int32_t i = 0; i < FIELDS_MOST && form->fields[i].name; i++) {
        const field *f = &form->fields[i];
        const json_t *value = json_object_get(change, f->name);
        if (value)
            check_field(c, f, value);
        else if (f->is_needed)
            wrong(c, f->name, "", "is missing, but %s needs it", form->name);
        picks = picks || (value && is_pick(f->name));
    }
    if (form->needs_pick && !picks)
        wrong(c, "", form->name, "must say of whom: give %s or more",
              strcmp(form->fields[0].name, "carers") == 0 ? "carers, providers or teams" : "visits, clients or bands");
    check_unknown(c, form, change);
}

static const change_form *form_of(const json_t *change)
{
    const char *name = json_string_value(json_object_get(change, "change"));
    for (int32_t k = 0; name && k < N_CHANGES; k++)
        if (strcmp(forms[k].name, name) == 0)
            return &forms[k];
    return NULL;
}

static void check_change(checking *c, const json_t *change)
{
    const change_form *form = form_of(change);
    const json_t *kind = json_object_get(change, "change");
    const char *names[N_CHANGES];
    for (int32_t k = 0; k < N_CHANGES; k++)
        names[k] = forms[k].name;
    if (form)
        check_fields(c, form, change);
    else if (!json_is_object(change))
        wrong(c, "", text_or_empty(change), "must be an object: {\"change\": \"widen_windows\", \"minutes\": 15}");
    else if (!is_plain_text(kind))
        wrong(c, "change", "", "must say what is changed: remove_carers, travel_by, widen_windows, ...");
    else
        wrong(c, "change", json_string_value(kind), "there is no such change%s",
              findings_hint(c->findings, json_string_value(kind), names, N_CHANGES));
}

bool changes_check(const day_changes *changes, arena *strings, findings_book *findings)
{
    checking c = {changes, strings, findings, 0};
    int32_t before = findings_n_errors(findings);
    finding_at at = {changes->file, 0, changes->where, ""};
    if (!json_is_array(changes->list))
        findings_error(findings, at, "must be a list of changes: [{\"change\": \"widen_windows\", \"minutes\": 15}]");
    if (json_array_size(changes->list) > CHANGES_MOST)
        findings_error(findings, at, "more than %d changes", CHANGES_MOST);
    for (; c.at < json_array_size(changes->list) && c.at < CHANGES_MOST; c.at++)
        check_change(&c, json_array_get(changes->list, c.at));
    return findings_n_errors(findings) == before;
}

change_kind change_kind_of(const json_t *change)
{
    return (change_kind)(form_of(change) - forms);
}

int32_t change_minutes_s(const json_t *change, const char *name, int32_t usual)
{
    const json_t *minutes = json_object_get(change, name);
    return minutes ? 60 * (int32_t)json_number_value(minutes) : usual;
}
