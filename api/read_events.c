/* What happened while the day was under way: a list of events laid over the tables of the day.
 *
 * They come from a file of their own (a JSON list, or CSV with a row each), and from a plan.json that was planned anew
 * before: what had happened then still holds. An event is a flat object: {"event": "carer ill", "carer_id": "H01",
 * "from": "10:00"}. A new visit has the columns of visits.csv and is read as a row of it. docs/during-the-day.md has
 * the list.
 */
#include "near.h"
#include "reading.h"
#include "text_file.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

#define KEY_SIZE    64
#define EVENTS_MOST 10000
#define DAYS_MOST   31 /* of a plan, far more than there can be: dates beyond are not reckoned with */

typedef struct event_kind {
    const char *name, *also; /* as it is written */
    day_event_kind kind;
    const char *fields[4]; /* that it may have beside "event" and "note"; NULL ends; none: those of a visit */
} event_kind;

static const event_kind kinds[] = {
    {"carer ill", "carer away", EVENT_CARER_ILL, {"carer_id", "from", NULL}},
    {"carer late", "late", EVENT_CARER_LATE, {"carer_id", "until", NULL}},
    {"carer leaves", "carer leaves early", EVENT_CARER_LEAVES, {"carer_id", "from", NULL}},
    {"new visit", "visit new", EVENT_NEW_VISIT, {NULL}},
    {"visit cancelled", "cancelled", EVENT_VISIT_CANCELLED, {"visit_id", NULL}},
    {"visit longer", "visit takes longer", EVENT_VISIT_LONGER, {"visit_id", "duration", NULL}},
};

#define N_KINDS ((int32_t)(sizeof kinds / sizeof *kinds))

typedef struct event_at {
    day_reading *r;
    const json_t *object;
    const char *file;
    int32_t row;
} event_at;

static void drop_json(json_t **value)
{
    json_decref(*value);
}

#define json_owned __attribute__((cleanup(drop_json))) json_t

static bool same_word(const char *a, const char *b)
{
    char key_a[KEY_SIZE], key_b[KEY_SIZE];
    near_key(a, key_a, sizeof key_a);
    near_key(b, key_b, sizeof key_b);
    return strcmp(key_a, key_b) == 0;
}

/* ---- one event ---- */

__attribute__((format(printf, 3, 4))) static void wrong(const event_at *e, const char *field, const char *format, ...);

/* Texts and numbers as text, in the arena; NULL: another kind of value. */
static const char *text_of(const event_at *e, const json_t *value)
{
    if (json_is_string(value))
        return arena_copy(e->r->strings, json_string_value(value));
    if (json_is_integer(value))
        return arena_print(e->r->strings, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_is_number(value) ? arena_print(e->r->strings, "%.12g", json_number_value(value)) : NULL;
}

/* "" where it is not given. */
static const char *field(const event_at *e, const char *name)
{
    const char *key, *text;
    json_t *value;
    json_object_foreach((json_t *)e->object, key, value) if (same_word(key, name))
    {
        text = text_of(e, value);
        return text ? text : "";
    }
    return "";
}

static void wrong(const event_at *e, const char *name, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings_error(e->r->findings, (finding_at){e->file, e->row, name, name && *name ? field(e, name) : ""}, "%s",
                   text);
}

static const char *needed(const event_at *e, const char *name)
{
    const char *text = field(e, name);
    if (!*text)
        wrong(e, name, "is missing, and this event needs it");
    return text;
}

static void check_fields(const event_at *e, const event_kind *kind)
{
    const char *key, *names[8];
    int32_t n = 0;
    json_t *value;
    for (; kind->fields[n]; n++)
        names[n] = kind->fields[n];
    names[n++] = "note";
    json_object_foreach((json_t *)e->object, key, value)
    {
        bool known = same_word(key, "event");
        for (int32_t i = 0; i < n; i++)
            known = known || same_word(key, names[i]);
        if (!known)
            wrong(e, arena_copy(e->r->strings, key), "has no meaning for '%s'%s", kind->name,
                  findings_hint(e->r->findings, key, names, n));
    }
}

/* A time of the first day, or a date with a time; seconds of the clock from the first midnight. */
static bool read_time(const event_at *e, const char *name, int32_t *ret_s)
{
    const char *text = field(e, name), *why = value_time(text, ret_s);
    int32_t days, s;
    if (why && !value_date_time(text, &days, &s) && s != CR_FREE) {
        bool is_near = days >= e->r->day0 && days <= e->r->day0 + DAYS_MOST;
        why = is_near ? NULL : "must be on a day of this plan; give the time alone for the first";
        *ret_s = is_near ? (days - e->r->day0) * 86400 + s : 0;
    }
    if (why)
        wrong(e, name, "%s", why);
    return !why;
}

static void read_carer_event(const event_at *e, day_event *event)
{
    bool is_late = event->kind == EVENT_CARER_LATE;
    event->id = needed(e, "carer_id");
    if (is_late && *needed(e, "until"))
        read_time(e, "until", &event->to_s);
    if (!is_late && (event->kind == EVENT_CARER_ILL ? *field(e, "from") : *needed(e, "from")))
        read_time(e, "from", &event->from_s);
}

static void read_visit_event(const event_at *e, day_event *event)
{
    event->id = needed(e, "visit_id");
    if (event->kind != EVENT_VISIT_LONGER || !*needed(e, "duration"))
        return;
    const char *why = value_duration(field(e, "duration"), &event->duration_s);
    if (why)
        wrong(e, "duration", "%s", why);
}

static cr_status add_new_visit(const event_at *e, json_t *new_visits)
{
    json_t *visit = json_copy((json_t *)e->object);
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(visit, next, key, value) if (same_word(key, "event")) json_object_del(visit, key);
    int32_t *rows = e->r->new_visit_rows;
    if (!array_room((void **)&rows, e->r->n_new_visits, &e->r->new_visits_room, sizeof *rows)) {
        json_decref(visit);
        return CR_E_NOMEM;
    }
    e->r->new_visit_rows = rows;
    rows[e->r->n_new_visits++] = e->row;
    return json_array_append_new(new_visits, visit) ? CR_E_NOMEM : CR_OK;
}

static const event_kind *find_kind(const event_at *e)
{
    const char *text = field(e, "event"), *names[N_KINDS];
    for (int32_t i = 0; i < N_KINDS; i++) {
        names[i] = kinds[i].name;
        if (*text && (same_word(text, kinds[i].name) || same_word(text, kinds[i].also)))
            return &kinds[i];
    }
    wrong(e, "event", "must be carer ill, carer late, carer leaves, new visit, visit cancelled or visit longer%s",
          *text ? findings_hint(e->r->findings, text, names, N_KINDS) : "");
    return NULL;
}

/* The event for plan.json, in one line. */
static const char *as_json(const event_at *e)
{
    char *text = json_dumps(e->object, JSON_COMPACT | JSON_SORT_KEYS);
    const char *kept = text ? arena_copy(e->r->strings, text) : "";
    free(text);
    return kept;
}

static cr_status read_event(const event_at *e, json_t *new_visits)
{
    day_reading *r = e->r;
    if (!json_is_object(e->object)) {
        wrong(e, "", "must be an object: {\"event\": \"carer ill\", \"carer_id\": ...}");
        return CR_OK;
    }
    const event_kind *kind = find_kind(e);
    if (!kind)
        return CR_OK;
    day_event event = {.kind = kind->kind,
                       .file = e->file,
                       .row = e->row,
                       .id = "",
                       .json = as_json(e),
                       .from_s = CR_FREE,
                       .to_s = CR_FREE,
                       .carer = CR_NONE};
    cr_status st = CR_OK;
    if (kind->fields[0])
        check_fields(e, kind);
    if (event.kind == EVENT_NEW_VISIT) {
        event.id = field(e, "visit_id");
        st = add_new_visit(e, new_visits);
    } else if (event.kind == EVENT_VISIT_CANCELLED || event.kind == EVENT_VISIT_LONGER) {
        read_visit_event(e, &event);
    } else {
        read_carer_event(e, &event);
    }
    if (!st && !array_room((void **)&r->events, r->n_events, &r->events_room, sizeof *r->events))
        st = CR_E_NOMEM;
    if (!st)
        r->events[r->n_events++] = event;
    return st;
}

/* ---- the files ---- */

static cr_status read_list(day_reading *r, const char *file, const json_t *list, const int32_t *lines,
                           json_t *new_visits)
{
    cr_status st = CR_OK;
    if (!json_is_array(list) || json_array_size(list) > EVENTS_MOST)
        findings_error(r->findings, (finding_at){file, 0, "", ""},
                       "must be a list of at most %d events: [{\"event\": ...}]", EVENTS_MOST);
    else
        for (size_t i = 0; !st && i < json_array_size(list); i++)
            st = read_event(&(event_at){r, json_array_get(list, i), file, lines ? lines[i] : (int32_t)i + 1},
                            new_visits);
    return st;
}

/* Rows of CSV as objects of what their cells hold. */
static json_t *objects_of(const table *t)
{
    json_t *list = json_array();
    for (int32_t i = 0; list && i < t->n_rows; i++) {
        json_t *object = json_object();
        bool ok = object;
        for (int32_t h = 0; ok && h < t->n_headings; h++) {
            const char *cell = t->cell[(size_t)i * (size_t)t->n_headings + (size_t)h];
            if (*cell)
                ok = json_object_set_new(object, t->heading[h], json_string(cell)) == 0;
        }
        if (json_array_append_new(list, object) || !ok) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static cr_status read_csv(day_reading *r, const char *file, const text_file *text, json_t *new_visits)
{
    static const table_column columns[] = {{"event", true, NULL}};
    static const table_kind kind = {"events.csv", "events", columns, 1};
    table t;
    table_init(&t, &kind, file, r->strings);
    cr_status st = table_read_csv(&t, text->text, text->size, r->findings);
    json_owned *list = st ? NULL : objects_of(&t);
    st = st ? st : list ? read_list(r, file, list, t.line, new_visits) : CR_E_NOMEM;
    table_done(&t);
    return st;
}

/* A list, {"events": [...]}, or a plan.json that was planned anew. */
static const json_t *list_in(const json_t *root)
{
    const json_t *replanned = json_object_get(root, "replanned");
    return json_is_array(root) ? root : json_object_get(replanned ? replanned : root, "events");
}

static cr_status read_text(day_reading *r, const char *file, const text_file *text, bool is_plan, json_t *new_visits)
{
    size_t at = strspn(text->text, " \t\r\n");
    json_error_t error;
    if (!is_plan && text->text[at] != '{' && text->text[at] != '[')
        return read_csv(r, file, text, new_visits);
    json_owned *root = json_loadb(text->text, text->size, JSON_REJECT_DUPLICATES, &error);
    if (!root && json_error_code(&error) == json_error_out_of_memory)
        return CR_E_NOMEM;
    if (is_plan) /* what else is wrong with a plan is said when it is read as one */
        return json_is_object(json_object_get(root, "replanned")) ? read_list(r, file, list_in(root), NULL, new_visits)
                                                                  : CR_OK;
    if (!root) {
        findings_error(r->findings, (finding_at){file, error.line, "", ""}, "not JSON at column %d: %s", error.column,
                       error.text);
        return CR_OK;
    }
    return read_list(r, file, list_in(root), NULL, new_visits);
}

static cr_status read_file(day_reading *r, const char *path, bool is_plan, json_t *new_visits)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    text_file text = {0};
    char message[300];
    if (!path)
        return CR_OK;
    const char *file = arena_copy(r->strings, slash ? slash + 1 : path);
    cr_status st = text_file_read(path, &text, message, sizeof message);
    if (st == CR_E_NOMEM || (st && is_plan))
        return st == CR_E_NOMEM ? st : CR_OK;
    if (st) {
        findings_error(r->findings, (finding_at){file, 0, "", ""}, "%s", message);
        return CR_OK;
    }
    int32_t n_before = r->n_events;
    st = read_text(r, file, &text, is_plan, new_visits);
    text_file_done(&text);
    for (int32_t i = n_before; i < r->n_events; i++)
        r->events[i].is_new = !is_plan;
    return st;
}

cr_status read_events(day_reading *r)
{
    table *t = &r->tables[TABLE_NEW_VISITS];
    json_owned *new_visits = json_array();
    if (!new_visits)
        return CR_E_NOMEM;
    cr_status st = read_file(r, r->options->plan_path, true, new_visits);
    if (!st)
        st = read_file(r, r->options->events_path, false, new_visits);
    table_init(t, &table_kinds[TABLE_VISITS], r->n_events > 0 ? r->events[r->n_events - 1].file : "events", r->strings);
    if (st || r->n_new_visits == 0)
        return st;
    if ((st = table_read_json(t, new_visits, r->findings)) || (st = table_match_headings(t, NULL, r->findings)))
        return st;
    for (int32_t i = 0; i < t->n_rows; i++)
        t->line[i] = r->new_visit_rows[i];
    return CR_OK;
}

/* ---- laid over the visits ---- */

bool event_changes_visit(day_reading *r, visit_record *v)
{
    bool is_cancelled = false;
    for (int32_t i = 0; i < r->n_events; i++) {
        day_event *event = &r->events[i];
        if ((event->kind != EVENT_VISIT_CANCELLED && event->kind != EVENT_VISIT_LONGER) ||
            strcmp(event->id, v->visit_id) != 0)
            continue;
        event->is_found = true;
        is_cancelled = is_cancelled || event->kind == EVENT_VISIT_CANCELLED;
        /* Who comes later, or for less, keeps her time: her part is a visit of its own, or she leaves when she did. */
        bool are_alike = v->duration_s[0] == v->duration_s[1] && (v->after_most == 0 || v->is_part);
        if (event->kind == EVENT_VISIT_LONGER)
            for (int32_t k = 0; k < (are_alike ? 2 : 1); k++) {
                v->duration_s[k] = event->duration_s;
                v->by_grade[k].n = 0;
            }
    }
    return is_cancelled;
}

static const char *visit_hint(day_reading *r, const char *id)
{
    const char **names = malloc(((size_t)r->n_visits + 1) * sizeof *names);
    for (int32_t v = 0; names && v < r->n_visits; v++)
        names[v] = r->visits[v].visit_id;
    const char *hint = names ? findings_hint(r->findings, id, names, r->n_visits) : "";
    free(names);
    return hint;
}

static const char *carer_hint(day_reading *r, const char *id)
{
    const char **names = malloc(((size_t)r->n_carers + 1) * sizeof *names);
    for (int32_t c = 0; names && c < r->n_carers; c++)
        names[c] = r->carers[c].carer_id;
    const char *hint = names ? findings_hint(r->findings, id, names, r->n_carers) : "";
    free(names);
    return hint;
}

/* Not before the days of the plan are known. A night ends on the day after the last. */
static void check_time(day_reading *r, const day_event *event)
{
    const int32_t end_s = ((r->n_days > 1 ? r->n_days : 1) + 1) * 86400;
    bool is_until = event->kind == EVENT_CARER_LATE;
    if ((is_until ? event->to_s : event->from_s) >= end_s)
        findings_error(r->findings, (finding_at){event->file, event->row, is_until ? "until" : "from", ""},
                       "must be on a day of this plan");
}

void check_events(day_reading *r)
{
    for (int32_t i = 0; i < r->n_events; i++) {
        day_event *event = &r->events[i];
        bool is_visit = event->kind == EVENT_VISIT_CANCELLED || event->kind == EVENT_VISIT_LONGER;
        if (!*event->id || event->kind == EVENT_NEW_VISIT)
            continue;
        if (is_visit && !event->is_found)
            findings_error(r->findings, (finding_at){event->file, event->row, "visit_id", event->id},
                           "no such visit on this day%s", visit_hint(r, event->id));
        if (!is_visit)
            check_time(r, event);
        if (!is_visit)
            event->carer = name_index_get(r->carer_index, event->id);
        if (!is_visit && event->carer < 0)
            findings_error(r->findings, (finding_at){event->file, event->row, "carer_id", event->id},
                           "no such carer on this day%s", carer_hint(r, event->id));
    }
}
