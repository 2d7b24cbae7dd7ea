/* Fuzz: any bytes as a polygon, .poly or GeoJSON; a sound one is asked about points. */
#include "fuzz.h"

#include "read_polygon.h"
#include "road_polygon.h"

#include <stdlib.h>
#include <string.h>

static void ask(const cr_road_polygon *rings)
{
    road_polygon *polygon = NULL;
    FUZZ_CHECK(rings->ring_first[0] == 0);
    FUZZ_CHECK(road_polygon_new(rings, &polygon) == CR_OK);
    for (int i = -4; i <= 4; i++)
        (void)road_polygon_has(polygon, i * 22.5, i * 45);
    FUZZ_CHECK(!road_polygon_has(polygon, 91, 0));
    road_polygon_free(polygon);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    findings_book *findings = NULL;
    polygon_rings rings;
    char *text = malloc(size + 1);
    FUZZ_CHECK(text && findings_new(&findings) == CR_OK);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    FUZZ_CHECK(polygon_read_text("fuzz", text, size, &rings, findings) == CR_OK);
    if (!findings_n_errors(findings))
        ask(&rings.polygon);
    polygon_rings_done(&rings);
    findings_free(findings);
    free(text);
    return 0;
}
