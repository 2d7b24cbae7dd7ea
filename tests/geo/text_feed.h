/* A feed made of texts, for tests: no zip, no file. */
#ifndef TESTS_TEXT_FEED_H
#define TESTS_TEXT_FEED_H

#include "gtfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_FEED_FILES 8

typedef struct text_feed {
    const char *name[TEXT_FEED_FILES];
    const char *text[TEXT_FEED_FILES]; /* NULL: not there */
    size_t size[TEXT_FEED_FILES];
} text_feed;

/* In three pieces, so that rows are cut anywhere. */
static inline gtfs_found text_feed_read(void *source, const char *name, gtfs_bytes take, void *user, char *reason,
                                        size_t size)
{
    const text_feed *feed = source;
    (void)reason;
    (void)size;
    for (int i = 0; i < TEXT_FEED_FILES; i++) {
        if (!feed->name[i] || !feed->text[i] || strcmp(feed->name[i], name) != 0)
            continue;
        size_t n = feed->size[i], third = n / 3;
        if (take(user, feed->text[i], third) && take(user, feed->text[i] + third, third))
            take(user, feed->text[i] + 2 * third, n - 2 * third);
        return GTFS_FOUND;
    }
    return GTFS_MISSING;
}

#endif
