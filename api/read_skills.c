/* Words: skills, attributes and patches. The carers teach them, the visits use them. */
#include "near.h"
#include "reading.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

#define WORD_SIZE 128

cr_status vocabulary_init(vocabulary *w, const char *what)
{
    *w = (vocabulary){.what = what};
    return name_index_new(&w->index);
}

void vocabulary_done(vocabulary *w)
{
    free(w->name);
    free(w->most_level);
    name_index_free(w->index);
    *w = (vocabulary){0};
}

int32_t vocabulary_find(const vocabulary *w, const char *name)
{
    char key[WORD_SIZE];
    near_key(name, key, sizeof key);
    return name_index_get(w->index, key);
}

static bool grow(vocabulary *w)
{
    if (w->n < w->room)
        return true;
    int32_t room = w->room ? w->room * 2 : 16;
    const char **name = realloc(w->name, (size_t)room * sizeof *name);
    if (name)
        w->name = name;
    int32_t *most_level = realloc(w->most_level, (size_t)room * sizeof *most_level);
    if (most_level)
        w->most_level = most_level;
    if (!name || !most_level)
        return false;
    w->room = room;
    return true;
}

int32_t vocabulary_add(vocabulary *w, arena *strings, const char *name)
{
    char key[WORD_SIZE];
    near_key(name, key, sizeof key);
    int32_t id = name_index_get(w->index, key);
    if (id != CR_NONE)
        return id;
    if (!grow(w) || !name_index_set(w->index, key, w->n)) {
        arena_fail(strings);
        return CR_NONE;
    }
    w->name[w->n] = arena_copy(strings, name);
    w->most_level[w->n] = 0;
    return w->n++;
}

/* ---- lists ---- */

static int32_t count_items(const char *list)
{
    int32_t n = 0;
    value_item item;
    while (value_next_item(&list, &item))
        n++;
    return n;
}

/* "hoist:2" into "hoist" and 2; without a number the level is 1. */
static bool split_level(const row *at, int32_t column, value_item item, char *ret_name, int32_t *ret_level)
{
    if (item.n >= WORD_SIZE)
        return row_error(at, column, "'%.20s...' is longer than 127 bytes; separate skills by semicolons", item.text);
    memcpy(ret_name, item.text, item.n);
    ret_name[item.n] = '\0';
    *ret_level = 1;
    char *colon = strrchr(ret_name, ':');
    if (!colon)
        return true;
    *colon = '\0';
    if (!*ret_name || !value_int(colon + 1 + strspn(colon + 1, " "), 1, 100, ret_level))
        return row_error(at, column, "'%.*s' is not a skill and level; write hoist or hoist:2 (levels 1 to 100)",
                         (int)item.n, item.text);
    for (char *end = colon; end > ret_name && end[-1] == ' ';)
        *--end = '\0';
    return true;
}

/* Learn or look up one word of a row; CR_NONE if it is noted as wrong (or there is no memory). */
typedef int32_t (*word_taker)(day_reading *r, vocabulary *w, const row *at, int32_t column, const char *name,
                              int32_t level);

static int32_t learn(day_reading *r, vocabulary *w, const row *at, int32_t column, const char *name, int32_t level)
{
    (void)at;
    (void)column;
    int32_t id = vocabulary_add(w, r->strings, name);
    if (id != CR_NONE && level > w->most_level[id])
        w->most_level[id] = level;
    return id;
}

static int32_t look_up(day_reading *r, vocabulary *w, const row *at, int32_t column, const char *name, int32_t level)
{
    int32_t id = vocabulary_find(w, name);
    if (id == CR_NONE) {
        const char *hint = findings_hint(r->findings, name, w->name, w->n_known);
        if (*hint) {
            row_error(at, column, "no carer has the %s '%s'%s", w->what, name, hint);
            return CR_NONE;
        }
        if (r->n_carers == 0)
            return vocabulary_add(w, r->strings, name); /* what is wrong with the carers has been said */
        row_warning(at, column, "no carer has the %s '%s'; visits that need it cannot be served", w->what, name);
        return vocabulary_add(w, r->strings, name);
    }
    if (w->most_level[id] > 0 && level > w->most_level[id])
        row_warning(at, column, "no carer has the %s '%s' at level %d (the highest is %d)", w->what, name, level,
                    w->most_level[id]);
    return id;
}

static bool read_list(day_reading *r, vocabulary *w, const row *at, int32_t column, word_taker take_word,
                      skill_list *ret_list)
{
    const char *list = row_text(at, column);
    int32_t n = count_items(list);
    skill_list skills = {n ? arena_take_bytes(r->strings, (size_t)n * sizeof(cr_skill)) : NULL, 0};
    if (n && !skills.items)
        return false;
    bool sound = true;
    value_item item;
    while (value_next_item(&list, &item)) {
        char name[WORD_SIZE];
        int32_t level, id = CR_NONE;
        if (split_level(at, column, item, name, &level))
            id = take_word(r, w, at, column, name, level);
        if (id == CR_NONE)
            sound = false;
        else
            skills.items[skills.n++] = (cr_skill){id, level};
    }
    if (sound)
        *ret_list = skills;
    return sound;
}

static bool read_ids(day_reading *r, vocabulary *w, const row *at, int32_t column, word_taker take_word,
                     id_list *ret_list)
{
    skill_list with_levels;
    if (!read_list(r, w, at, column, take_word, &with_levels))
        return false;
    int32_t *items = with_levels.n ? arena_take_bytes(r->strings, (size_t)with_levels.n * sizeof *items) : NULL;
    for (int32_t i = 0; items && i < with_levels.n; i++)
        items[i] = with_levels.items[i].skill;
    *ret_list = (id_list){items, items ? with_levels.n : 0};
    return true;
}

bool read_skills_had(day_reading *r, const row *at, int32_t column, skill_list *ret_list)
{
    return read_list(r, &r->skills, at, column, learn, ret_list);
}

bool read_attributes_had(day_reading *r, const row *at, int32_t column, id_list *ret_list)
{
    return read_ids(r, &r->attributes, at, column, learn, ret_list);
}

bool read_skills_needed(day_reading *r, const row *at, int32_t column, skill_list *ret_list)
{
    return read_list(r, &r->skills, at, column, look_up, ret_list);
}

bool read_attributes_needed(day_reading *r, const row *at, int32_t column, id_list *ret_list)
{
    return read_ids(r, &r->attributes, at, column, look_up, ret_list);
}

bool read_patches_worked(day_reading *r, const row *at, int32_t column, id_list *ret_list)
{
    return read_ids(r, &r->patches, at, column, learn, ret_list);
}

/* A patch that nobody works is known all the same: carers who keep to theirs do not come there. */
int32_t read_patch_of(day_reading *r, const row *at, int32_t column)
{
    const char *name = row_text(at, column);
    if (!*name)
        return CR_NONE;
    int32_t patch = vocabulary_find(&r->patches, name);
    if (patch != CR_NONE)
        return patch;
    const char *hint = findings_hint(r->findings, name, r->patches.name, r->patches.n_known);
    if (*hint) {
        row_error(at, column, "no carer works the patch '%s'%s", name, hint);
        return CR_NONE;
    }
    if (r->n_carers > 0)
        row_warning(at, column, "no carer works the patch '%s'", name);
    return vocabulary_add(&r->patches, r->strings, name);
}
