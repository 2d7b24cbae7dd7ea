/* Goods: what visits bring from where the round starts and take along to where it ends, and what a car has room for.
 * The carers teach the words, the visits use them. */
#include "columns.h"
#include "reading.h"

#include <string.h>

#define ITEM_SIZE 128
#define MOST      100000 /* of a kind */

/* "meals:2" into its two halves; without a number, if that will do, it is one. */
static bool split_item(const row *at, int32_t column, value_item item, bool needs_number, char *ret_name,
                       int32_t *ret_n)
{
    if (item.n >= ITEM_SIZE)
        return row_error(at, column, "'%.20s...' is longer than 127 bytes; separate goods by semicolons", item.text);
    memcpy(ret_name, item.text, item.n);
    ret_name[item.n] = '\0';
    *ret_n = 1;
    char *colon = strrchr(ret_name, ':');
    if (!colon && !needs_number)
        return true;
    if (!colon || colon == ret_name ||
        !value_int(colon + 1 + strspn(colon + 1, " "), needs_number ? 0 : 1, MOST, ret_n))
        return row_error(at, column, "'%.*s' is not goods and how many; write meals:2 (from %d to %d)", (int)item.n,
                         item.text, needs_number ? 0 : 1, MOST);
    for (*colon = '\0'; colon > ret_name && colon[-1] == ' ';)
        *--colon = '\0';
    return true;
}

static int32_t learn(day_reading *r, const row *at, int32_t column, const char *name)
{
    int32_t kind = vocabulary_find(&r->goods, name);
    if (kind != CR_NONE || r->goods.n < CR_GOODS_MOST)
        return kind != CR_NONE ? kind : vocabulary_add(&r->goods, r->strings, name);
    row_error(at, column, "more than %d kinds of goods", CR_GOODS_MOST);
    return CR_NONE;
}

/* Goods for which no car has a limit are for the run sheets; what looks like a slip is one. */
static int32_t look_up(day_reading *r, const row *at, int32_t column, const char *name)
{
    int32_t kind = vocabulary_find(&r->goods, name);
    if (kind != CR_NONE)
        return kind;
    const char *hint = findings_hint(r->findings, name, r->goods.name, r->goods.n_known);
    if (*hint) {
        row_error(at, column, "no carer's room is for '%s'%s", name, hint);
        return CR_NONE;
    }
    if (r->n_carers > 0 && r->goods.n < CR_GOODS_MOST)
        row_warning(at, column, "no carer's room is for '%s', so every car has room for it", name);
    return learn(r, at, column, name);
}

bool read_rooms(day_reading *r, const row *at, int32_t column, room_list *ret_list)
{
    const char *text = row_text(at, column);
    room_list list = {NULL, 0};
    if (*text && !(list.items = arena_take_bytes(r->strings, CR_GOODS_MOST * sizeof *list.items)))
        return false;
    bool sound = true;
    value_item item;
    while (sound && value_next_item(&text, &item)) {
        char name[ITEM_SIZE];
        int32_t most, kind = CR_NONE;
        sound = split_item(at, column, item, true, name, &most) && (kind = learn(r, at, column, name)) != CR_NONE;
        for (int32_t i = 0; sound && i < list.n; i++)
            if (list.items[i].kind == kind)
                sound = row_error(at, column, "'%s' twice", name);
        if (sound)
            list.items[list.n++] = (cr_room){kind, most};
    }
    if (sound)
        *ret_list = list;
    return sound;
}

/* Brought and taken goods of a kind are one item of the list. */
static cr_goods *item_of_kind(goods_list *list, int32_t kind)
{
    for (int32_t i = 0; i < list->n; i++)
        if (list->items[i].kind == kind)
            return &list->items[i];
    list->items[list->n] = (cr_goods){.kind = kind};
    return &list->items[list->n++];
}

static bool read_column(day_reading *r, const row *at, int32_t column, bool is_brought, goods_list *list)
{
    const char *text = row_text(at, column);
    value_item item;
    while (value_next_item(&text, &item)) {
        char name[ITEM_SIZE];
        int32_t n, kind;
        if (!split_item(at, column, item, false, name, &n) || (kind = look_up(r, at, column, name)) == CR_NONE)
            return false;
        cr_goods *goods = item_of_kind(list, kind);
        int32_t *count = is_brought ? &goods->brings : &goods->takes;
        if (*count > 0)
            return row_error(at, column, "'%s' twice", name);
        *count = n;
    }
    return true;
}

bool read_goods(day_reading *r, const row *at, goods_list *ret_list)
{
    goods_list list = {NULL, 0};
    bool has_any = *row_text(at, VISIT_BRINGS) || *row_text(at, VISIT_TAKES);
    if (has_any && !(list.items = arena_take_bytes(r->strings, CR_GOODS_MOST * sizeof *list.items)))
        return false;
    bool brings = read_column(r, at, VISIT_BRINGS, true, &list), takes = read_column(r, at, VISIT_TAKES, false, &list);
    if (brings && takes)
        *ret_list = list;
    return brings && takes;
}
