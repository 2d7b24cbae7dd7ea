/* An arena of chunks in a list, newest first. */
#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES 65536

typedef struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(max_align_t) char bytes[];
} chunk;

struct arena {
    chunk *newest;
    bool failed;
};

cr_status arena_new(arena **ret_arena)
{
    arena *a = calloc(1, sizeof *a);
    if (!a)
        return CR_E_NOMEM;
    *ret_arena = a;
    return CR_OK;
}

arena *arena_free(arena *a)
{
    if (a) {
        for (chunk *c = a->newest, *next; c; c = next) {
            next = c->next;
            free(c);
        }
        free(a);
    }
    return NULL;
}

bool arena_failed(const arena *a)
{
    return a->failed;
}

void arena_fail(arena *a)
{
    a->failed = true;
}

static chunk *add_chunk(arena *a, size_t least)
{
    size_t size = least > CHUNK_BYTES ? least : CHUNK_BYTES;
    chunk *c = malloc(sizeof *c + size);
    if (!c) {
        a->failed = true;
        return NULL;
    }
    *c = (chunk){.next = a->newest, .size = size};
    a->newest = c;
    return c;
}

static void *take(arena *a, size_t size, size_t align)
{
    chunk *c = a->newest;
    size_t at = c ? (c->used + align - 1) / align * align : 0;
    if (!c || at > c->size || size > c->size - at) {
        c = add_chunk(a, size);
        if (!c)
            return NULL;
        at = 0;
    }
    c->used = at + size;
    return c->bytes + at;
}

void *arena_take_bytes(arena *a, size_t size)
{
    void *bytes = take(a, size, _Alignof(max_align_t));
    return bytes ? memset(bytes, 0, size) : NULL;
}

const char *arena_copy_n(arena *a, const char *text, size_t n)
{
    if (n == 0)
        return "";
    char *copy = take(a, n + 1, 1);
    if (!copy)
        return "";
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

const char *arena_copy(arena *a, const char *text)
{
    return arena_copy_n(a, text, strlen(text));
}

const char *arena_print(arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = n < 0 ? NULL : take(a, (size_t)n + 1, 1);
    if (text)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text ? text : "";
}

bool array_room(void **array, int32_t n, int32_t *room, size_t size)
{
    if (n < *room)
        return true;
    if (n >= INT32_MAX / 2)
        return false;
    int32_t wanted = n < 8 ? 16 : n * 2;
    void *grown = realloc(*array, (size_t)wanted * size);
    if (!grown)
        return false;
    *array = grown;
    *room = wanted;
    return true;
}
