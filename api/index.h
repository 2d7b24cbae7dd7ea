/* An index: from a name to a number. */
#ifndef API_INDEX_H
#define API_INDEX_H

#include "careround/base.h"

typedef struct name_index name_index; /* a Jansson object: hashed with a random seed, so hostile ids cannot slow it */

cr_status name_index_new(name_index **ret_index);
name_index *name_index_free(name_index *index);
CR_AUTO_DEFINE(name_index)

/* Set a name's number; false when there is no memory. */
bool name_index_set(name_index *index, const char *name, int32_t number);

/* The number, or CR_NONE. */
int32_t name_index_get(const name_index *index, const char *name);

#endif
