/* Fuzz: any bytes as the reply of a router. The first byte says which kind, which status and how many places were asked
 * for. What is believed must be a table.
 */
#include "fuzz.h"
#include "router.h"

#include <stdlib.h>
#include <string.h>

static void check_table(const router_block *b)
{
    for (int32_t i = 0; i < b->n_from * b->n_to; i++) {
        FUZZ_CHECK(b->time_s[i] >= 0 && b->time_s[i] <= CR_NO_WAY);
        FUZZ_CHECK((b->time_s[i] == CR_NO_WAY) == (b->dist_m[i] == CR_NO_WAY));
        FUZZ_CHECK(b->dist_m[i] >= 0 && b->dist_m[i] <= CR_NO_WAY);
    }
    for (int32_t i = 0; i < b->n_from; i++)
        FUZZ_CHECK(b->snap_m[i] >= 0 || b->snap_m[i] == -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int32_t which[] = {0, 1};
    static const cr_place places[] = {{55.9, -3.1, -1, CR_PLACE_ROOFTOP}, {55.8, -3.2, -1, CR_PLACE_ROOFTOP}};
    int32_t time_s[4], dist_m[4];
    double snap_m[2];
    char message[120] = "";
    if (size == 0)
        return 0;
    int how = data[0];
    router_block block = {places, which, which, 1 + (how & 1), 1 + (how >> 1 & 1), time_s, dist_m, snap_m};
    char *text = malloc(size); /* as http.c gives it: with a NUL behind it */
    FUZZ_CHECK(text);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    http_reply reply = {how & 4 ? 400 : 200, text, size - 1};
    router_verdict verdict = how & 8 ? valhalla_read(&reply, &block, message, sizeof message)
                                     : osrm_read(&reply, &block, message, sizeof message);
    if (verdict == ROUTER_ANSWERED)
        check_table(&block);
    FUZZ_CHECK(verdict != ROUTER_REFUSED || *message);
    free(text);
    return 0;
}
