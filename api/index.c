/* An index on top of Jansson's hash table. */
#include "index.h"

#include <jansson.h>

cr_status name_index_new(name_index **ret_index)
{
    json_t *object = json_object();
    if (!object)
        return CR_E_NOMEM;
    *ret_index = (name_index *)object;
    return CR_OK;
}

name_index *name_index_free(name_index *index)
{
    json_decref((json_t *)index);
    return NULL;
}

bool name_index_set(name_index *index, const char *name, int32_t number)
{
    return json_object_set_new_nocheck((json_t *)index, name, json_integer(number)) == 0;
}

int32_t name_index_get(const name_index *index, const char *name)
{
    const json_t *number = json_object_get((const json_t *)index, name);
    return number ? (int32_t)json_integer_value(number) : CR_NONE;
}
