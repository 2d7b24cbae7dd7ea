/* What the files that read VROOM's JSON share: a value's place, and its faults. */
#ifndef API_VROOM_VALUES_H
#define API_VROOM_VALUES_H

#include "vroom.h"

#include <stdio.h>

#define VROOM_PLACES_MOST   20000
#define VROOM_WINDOWS_MOST  10000
#define VROOM_DURATION_MOST 31622400            /* a year */
#define VROOM_SECONDS_MOST  INT64_C(8589934592) /* a time stamp until 2242 */
#define VROOM_ID_MOST       INT64_C(9007199254740991)
#define VROOM_FAULTS_SHOWN  20

/* Where a value stands, for its faults: no text is made until there is one. */
typedef struct vroom_at {
    const struct vroom_at *up; /* NULL: the root */
    const char *key;           /* NULL: an item of a list, */
    size_t item;               /* this one */
} vroom_at;

typedef struct vroom_reader {
    vroom_input *in;
    FILE *faults;
    int32_t n_faults;
} vroom_reader;

/* Keep a fault: the place, the value if there is one, and what is wrong. */
__attribute__((format(printf, 4, 5))) void vroom_fault(vroom_reader *r, const vroom_at *where, const json_t *value,
                                                       const char *format, ...);

/* Zeroed, as long as the input is; NULL: no memory, which the reading ends with. */
void *vroom_take(vroom_reader *r, size_t n, size_t size);

/* Is the member given, and not null? */
bool vroom_has(const json_t *object, const char *key);
/* A fault, if not. */
bool vroom_is_object(vroom_reader *r, const vroom_at *where, const json_t *value);
/* A whole number in [least, most]; else a fault, and least. */
int64_t vroom_whole(vroom_reader *r, const vroom_at *where, const json_t *value, int64_t least, int64_t most);
int64_t vroom_whole_of(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key, int64_t otherwise,
                       int64_t least, int64_t most);
/* The length of a list that may be missing; a fault, and 0, if it is no list. */
size_t vroom_list_of(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key, size_t most,
                     const json_t **ret_list);
const char *vroom_text_of(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key,
                          const char *otherwise);
/* Its index in the list, at the end of which it is put if it is new; CR_NONE: there are too many. */
int32_t vroom_find_text(const char **texts, int32_t *n, int32_t most, const char *text);

/* By the matrix's numbers if there is one, by coordinates otherwise. CR_NONE: not given. */
int32_t vroom_read_place(vroom_reader *r, const vroom_at *where, const json_t *object, const char *index_key,
                         const char *key);
/* An array of n_amounts numbers; zeros if it is not given. */
int64_t *vroom_read_amounts(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key);
/* [from, to], both included. */
void vroom_read_window(vroom_reader *r, const vroom_at *where, const json_t *window, int64_t *ret_open_s,
                       int64_t *ret_close_s);
/* These are read where the problem is built; here what is wrong with them is kept, and windows are put in order. */
void vroom_check_windows(vroom_reader *r, const vroom_at *where, const json_t *object, size_t most);
void vroom_check_skills(vroom_reader *r, const vroom_at *where, const json_t *object);
void vroom_check_per_type(vroom_reader *r, const vroom_at *where, const json_t *object, const char *key);

/* Before all others: they say what a location_index may be. */
void vroom_read_matrices(vroom_reader *r);
/* With matrices every vehicle needs one; costs by the hour and a matrix of costs are one too many. */
void vroom_check_profiles(vroom_reader *r);

#endif
