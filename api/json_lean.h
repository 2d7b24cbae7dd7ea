/* A JSON text without members that nobody reads, so that Jansson, which takes some 10 ns a byte, has less to read. */
#ifndef API_JSON_LEAN_H
#define API_JSON_LEAN_H

#include "careround/base.h"

#define JSON_LEAN_NAMES_MOST 32

/* A copy of the text without members of these names whose values are plain: texts of ASCII without escapes, whole
 * numbers, true, false, null, and []. The copy is sound JSON, also as to keys that stand twice, exactly if the text is;
 * the place of what is wrong with it is another. malloc'ed; NULL: read the text itself (what it says is not to be seen
 * at a glance). CR_E_NOMEM.
 * names  at most JSON_LEAN_NAMES_MOST, of one byte at least
 */
cr_status json_lean(const char *text, size_t size, const char *const *names, int32_t n_names, char **ret_copy,
                    size_t *ret_size);

#endif
