/* Visits to be sorted by some key. */
#ifndef ENGINE_KEYED_H
#define ENGINE_KEYED_H

#include <stdint.h>

typedef struct keyed {
    double key;
    int32_t visit;
} keyed;

/* For qsort: smallest key first, equal keys by visit, so that the order never depends on the sort. */
static inline int compare_keyed(const void *a, const void *b)
{
    const keyed *x = (const keyed *)a, *y = (const keyed *)b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

/* A short list, without the scratch that qsort may take. */
static inline void sort_few_keyed(keyed *list, int32_t n)
{
    for (int32_t i = 1; i < n; i++) {
        keyed moved = list[i];
        int32_t at = i;
        for (; at > 0 && compare_keyed(&moved, &list[at - 1]) < 0; at--)
            list[at] = list[at - 1];
        list[at] = moved;
    }
}

#define FEW_KEYED 64

#endif
