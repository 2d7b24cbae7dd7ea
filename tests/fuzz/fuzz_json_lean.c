/* Fuzz: any bytes at all as a JSON text of which members are left out.
 *
 * What is left is sound exactly if the text is, keys that stand twice included, and says the same but for the members
 * of those names.
 */
#include "fuzz.h"
#include "json_lean.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define FLAGS (JSON_REJECT_DUPLICATES | JSON_DECODE_ANY)

static const char *const names[] = {"a", "ab", "b", "client", "with"};
#define N_NAMES ((int32_t)(sizeof names / sizeof *names))

static void leave_out_all(json_t *json)
{
    size_t i;
    const char *key;
    json_t *value;
    for (int32_t n = 0; json_is_object(json) && n < N_NAMES; n++)
        json_object_del(json, names[n]);
    json_object_foreach(json, key, value) leave_out_all(value);
    json_array_foreach(json, i, value) leave_out_all(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t lean_size = 0;
    char *lean = NULL;
    if (json_lean((const char *)data, size, names, N_NAMES, &lean, &lean_size) || !lean)
        return 0;
    FUZZ_CHECK(lean_size <= size);
    json_auto_t *whole = json_loadb((const char *)data, size, FLAGS, NULL);
    json_auto_t *less = json_loadb(lean, lean_size, FLAGS, NULL);
    FUZZ_CHECK((whole != NULL) == (less != NULL));
    leave_out_all(whole);
    leave_out_all(less);
    FUZZ_CHECK(!whole || json_equal(whole, less));
    free(lean);
    return 0;
}
