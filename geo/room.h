/* Room in arrays that grow, and whole arrays of a known size. */
#ifndef GEO_ROOM_H
#define GEO_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* array points at a pointer to items of item_bytes, *room of them. True: there is room for n. */
static inline bool room_for(void *array, size_t *room, size_t n, size_t item_bytes)
{
    if (n <= *room)
        return true;
    size_t more = n + n / 2 + 16;
    void *moved = more < SIZE_MAX / 2 / item_bytes ? realloc(*(void **)array, more * item_bytes) : NULL;
    if (!moved)
        return false;
    *(void **)array = moved;
    *room = more;
    return true;
}

/* n items, zeroed; never NULL for want of items. */
static inline void *room_zeroed(size_t n, size_t item_bytes)
{
    return calloc(n ? n : 1, item_bytes);
}

/* n items, whatever is in them. */
static inline void *room_raw(size_t n, size_t item_bytes)
{
    return n < SIZE_MAX / 2 / item_bytes ? malloc((n ? n : 1) * item_bytes) : NULL;
}

#endif
