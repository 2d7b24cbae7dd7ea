/* An arena: memory that is taken bit by bit and given back all at once.
 *
 * Strings of a day are thousands, small, and die together with it. A failed allocation is remembered: callers that only
 * keep strings may go on (they get "") and ask arena_failed() once at the end.
 */
#ifndef API_ARENA_H
#define API_ARENA_H

#include "careround/base.h"

typedef struct arena arena;

cr_status arena_new(arena **ret_arena);
arena *arena_free(arena *a);
CR_AUTO_DEFINE(arena)

/* True once any allocation has failed. */
bool arena_failed(const arena *a);

/* Count a failure elsewhere as one of the arena's, for callers that have no status to return. */
void arena_fail(arena *a);

/* Zeroed memory, aligned for any type; NULL when there is none. */
void *arena_take_bytes(arena *a, size_t size);

/* Copies; "" when there is no memory. */
const char *arena_copy(arena *a, const char *text);
const char *arena_copy_n(arena *a, const char *text, size_t n);
__attribute__((format(printf, 2, 3))) const char *arena_print(arena *a, const char *format, ...);

/* Room for one more element at the end of a malloc'ed array; false when there is no memory, *array is then as it was.
 * `if (!array_room((void **)&a->items, a->n, &a->room, sizeof *a->items)) ...` */
bool array_room(void **array, int32_t n, int32_t *room, size_t size);

#endif
