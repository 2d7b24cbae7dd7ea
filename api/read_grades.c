/* Grades of carers, and how long each takes for a visit. The carers teach the words, the visits use them. */
#include "reading.h"
#include "value.h"

#include <string.h>

#define ITEM_SIZE 128
#define LEAST_S   60
#define MOST_S    (24 * 3600)

int32_t read_grade_had(day_reading *r, const row *at, int32_t column)
{
    const char *name = row_text(at, column);
    if (!*name)
        return CR_NONE;
    int32_t known = vocabulary_find(&r->grades, name);
    if (known == CR_NONE && r->grades.n == CR_GRADES_MOST) {
        row_error(at, column, "more than %d grades", CR_GRADES_MOST);
        return CR_NONE;
    }
    return known != CR_NONE ? known : vocabulary_add(&r->grades, r->strings, name);
}

/* "trainee:45" or "trainee:0:45" into its two halves. */
static bool split_item(const row *at, int32_t column, value_item item, char *ret_name, int32_t *ret_s)
{
    if (item.n >= ITEM_SIZE)
        return row_error(at, column, "'%.20s...' is longer than 127 bytes; separate grades by semicolons", item.text);
    memcpy(ret_name, item.text, item.n);
    ret_name[item.n] = '\0';
    char *colon = strchr(ret_name, ':');
    const char *fault = "write trainee:45";
    if (colon && colon > ret_name) {
        *colon = '\0';
        fault = value_duration(colon + 1 + strspn(colon + 1, " "), ret_s);
        for (char *end = colon; end > ret_name && end[-1] == ' ';)
            *--end = '\0';
    }
    if (fault)
        return row_error(at, column, "'%.*s' is not a grade and its duration: %s", (int)item.n, item.text, fault);
    if (*ret_s < LEAST_S || *ret_s > MOST_S)
        return row_error(at, column, "'%.*s' must be from %d to %d minutes", (int)item.n, item.text, LEAST_S / 60,
                         MOST_S / 60);
    return true;
}

/* A grade that nobody has may be somebody's who is off today; one that looks like a slip is one. */
static bool take_item(day_reading *r, const row *at, int32_t column, const char *name, int32_t duration_s,
                      duration_list *list)
{
    int32_t grade = vocabulary_find(&r->grades, name);
    if (grade == CR_NONE) {
        const char *hint = findings_hint(r->findings, name, r->grades.name, r->grades.n);
        if (*hint)
            return row_error(at, column, "no carer has the grade '%s'%s", name, hint);
        if (r->n_carers > 0)
            row_warning(at, column, "no carer has the grade '%s', so it has no effect today", name);
        return true;
    }
    for (int32_t i = 0; i < list->n; i++)
        if (list->items[i].grade == grade)
            return row_error(at, column, "the grade '%s' twice", name);
    list->items[list->n++] = (cr_grade_duration){grade, duration_s};
    return true;
}

bool read_durations_by_grade(day_reading *r, const row *at, int32_t column, duration_list *ret_list)
{
    const char *text = row_text(at, column);
    duration_list list = {NULL, 0};
    if (*text && !(list.items = arena_take_bytes(r->strings, CR_GRADES_MOST * sizeof *list.items)))
        return false;
    bool sound = true;
    value_item item;
    while (value_next_item(&text, &item)) {
        char name[ITEM_SIZE];
        int32_t duration_s;
        sound = split_item(at, column, item, name, &duration_s) && take_item(r, at, column, name, duration_s, &list) &&
                sound;
    }
    if (sound)
        *ret_list = list;
    return sound;
}
