/* Who may go where and in which direction, by tags: at any time, and by the hours of conditional tags. */
#ifndef GEO_TAG_ACCESS_H
#define GEO_TAG_ACCESS_H

#include "osm.h"
#include "tag_hours.h"

typedef enum tag_access { UNSAID, CLOSED, RESTRICTED, OPEN, DISMOUNT } tag_access;

/* *ret_is_particular: a sign for this mode, not one for everybody. */
tag_access tag_access_of(osm_tags tags, int mode, bool *ret_is_particular);

/* Of the value of oneway=*: 1 along the way only, -1 against it only, 0 both, 2 neither; 3: no value that is known. */
int tag_one_way(const char *value);

/* ---- by hours ---- */

#define ACCESS_KEYS 4

/* A tag with its conditional one. */
typedef struct timed_sign {
    int usual; /* what it says without hours */
    int n;
    struct {
        int says;
        road_hours hours;
    } at[CLAUSES_MOST];
} timed_sign;

/* All that says something of a mode: the particular before the general. */
typedef struct timed_signs {
    timed_sign access[ACCESS_KEYS], one_way;
    int n_access;
} timed_signs;

/* False: nothing that is read depends on the time. one_way: what holds without hours. kinds: as of tag_clauses_read().
 */
bool timed_signs_read(osm_tags tags, int mode, int one_way, timed_signs *ret_signs, uint32_t *kinds);

tag_access timed_access_at(const timed_signs *signs, int slot, bool *ret_is_particular);
int timed_one_way_at(const timed_signs *signs, int slot);

/* Kinds (bits) of hours on tags of this mode's that are not read at all: limits of speed, one direction's access ... */
uint32_t timed_kinds_unread(osm_tags tags);

/* Is there any tag with a condition? Most objects have none. */
bool tags_have_condition(osm_tags tags);

/* The conditional tag of a key that names a time, or NULL. */
const char *tag_timed(osm_tags tags, const char *key);

#endif
