/* Lists of rounds: see bound_columns.h. */
#include "bound_columns.h"

#include <stdlib.h>

cr_status bound_columns_add(bound_columns *list, int32_t group, int64_t cost, const bound_stay *stays, int32_t n)
{
    if ((size_t)list->n == list->room) {
        size_t room = 2 * list->room + 256;
        bound_column *grown = realloc(list->items, room * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        list->items = grown;
        list->room = room;
    }
    if (list->n_stays + (size_t)n > list->room_stays) {
        size_t room = 2 * list->room_stays + (size_t)n + 2048;
        bound_stay *grown = room < INT32_MAX ? realloc(list->stays, room * sizeof *grown) : NULL;
        if (!grown)
            return CR_E_NOMEM;
        list->stays = grown;
        list->room_stays = room;
    }
    list->items[list->n++] = (bound_column){cost, group, {(int32_t)list->n_stays, n}};
    for (int32_t k = 0; k < n; k++)
        list->stays[list->n_stays++] = stays[k];
    return CR_OK;
}

cr_status bound_columns_add_all(bound_columns *list, const bound_columns *more)
{
    cr_status st = CR_OK;
    for (int32_t c = 0; !st && c < more->n; c++) {
        const bound_column *column = &more->items[c];
        st = bound_columns_add(list, column->group, column->cost, more->stays + column->stays.first, column->stays.n);
    }
    return st;
}

void bound_columns_done(bound_columns *list)
{
    free(list->items);
    free(list->stays);
    *list = (bound_columns){0};
}
