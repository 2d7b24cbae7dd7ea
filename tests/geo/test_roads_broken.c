/* Maps and .roads files that are cut short, altered or made up: each is refused, and says why. */
#include "tiny_map.h"

#include "roads_file.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- extracts ---- */

static void write_osm(const tiny_map *map, const void *bytes, size_t n)
{
    FILE *out = fopen(map->osm, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(out);
}

static void assert_no_map(tiny_map *map, const char *bytes, size_t n, const char *reason)
{
    cr_roads_counts counts;
    write_osm(map, bytes, n);
    assert_int_equal(
        cr_roads_build(map->osm, map->roads_path, &map->options, &counts, map->message, sizeof map->message),
        CR_E_INPUT);
    if (!strstr(map->message, reason) || !strstr(map->message, map->osm))
        fail_msg("'%s' does not name the file and say '%s'", map->message, reason);
    FILE *left = fopen(map->roads_path, "rb");
    assert_null(left);
}

static void test_what_is_no_map_is_refused(void **state)
{
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"", "is not an OpenStreetMap file"},
        {"lat,lon\n1,2\n", "is not an OpenStreetMap file"},
        {"<html><body>404</body></html>", "its root is not <osm>"},
        {"<osm><node id='1' lat='1'", "line 1: "},
        {"<osm>\n<way id='x'/></osm>", "line 2: an object has no number for its id"},
        {"<osm><way id='1'><nd ref='y'/></way></osm>", "no number for its ref"},
        {"<osm><relation id='1'><member ref='1'/></relation></osm>", "has no type"},
        {"<osm><node id='1' lat='1' lon='1'/></osm>", "has no road"},
        {"<osm><way id='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='service'/></way></osm>",
         "none of its roads has two known points"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_no_map(*state, cases[i].text, strlen(cases[i].text), cases[i].reason);
}

static void test_damaged_pbf_is_refused(void **state)
{
    /* A length, a blob header of type OSMHeader and data size 4, a blob. */
    static const char head[] = "\0\0\0\x0d\n\x09OSMHeader\x18";
    char bytes[64];
    memcpy(bytes, head, sizeof head);
    bytes[sizeof head - 1] = 4;
    assert_no_map(*state, bytes, sizeof head, "block 1: is cut short");
    memcpy(bytes + sizeof head, "\x1a\x01x\x10", 4);
    assert_no_map(*state, bytes, sizeof head + 4, "block 1: is not a blob");
    memcpy(bytes + sizeof head, "\x1a\x02xy", 4); /* two bytes of zlib's that are none, and no size stated */
    assert_no_map(*state, bytes, sizeof head + 4, "does not unpack");
    memcpy(bytes + sizeof head, "\x22\x02xy", 4);
    assert_no_map(*state, bytes, sizeof head + 4, "compressed in a way other than zlib");
    bytes[0] = 1;
    assert_no_map(*state, bytes, sizeof head + 4, "header size out of range");
}

/* ---- .roads files ---- */

typedef struct image {
    union {
        char *bytes;
        roads_header *header;
    };
    size_t n;
} image;

static image load(tiny_map *map)
{
    tiny_node(map, 1, 0, 0, "");
    tiny_node(map, 2, 300, 0, "");
    tiny_node(map, 3, 300, 300, "");
    tiny_way(map, 11, "1 2 3", "highway=residential");
    tiny_way(map, 12, "3 1", "highway=residential oneway=yes");
    tiny_add_period(map, CR_ROAD_CAR, "peak", 7, 2);
    tiny_build(map);
    image whole = {{malloc((size_t)map->counts.file_bytes)}, (size_t)map->counts.file_bytes};
    FILE *in = fopen(map->roads_path, "rb");
    assert_true(in && whole.bytes);
    assert_int_equal(fread(whole.bytes, 1, whole.n, in), whole.n);
    assert_int_equal(fgetc(in), EOF);
    fclose(in);
    return whole;
}

static void sign(image *file)
{
    file->header->checksum = roads_checksum(file->header, file->header + 1, file->n - sizeof *file->header);
}

static void assert_refused(const image *file, const char *reason)
{
    struct cr_roads view;
    const char *found = NULL;
    assert_int_equal(roads_view(file->bytes, file->n, &view, &found), CR_E_INPUT);
    if (!strstr(found, reason))
        fail_msg("'%s' does not say '%s'", found, reason);
}

static void test_every_flipped_bit_and_every_other_length_is_noticed(void **state)
{
    image file = load(*state);
    struct cr_roads view;
    const char *reason;
    assert_int_equal(roads_view(file.bytes, file.n, &view, &reason), CR_OK);
    for (size_t bit = 0; bit < file.n * 8; bit++) {
        file.bytes[bit / 8] = (char)(file.bytes[bit / 8] ^ 1 << bit % 8);
        assert_int_equal(roads_view(file.bytes, file.n, &view, &reason), CR_E_INPUT);
        file.bytes[bit / 8] = (char)(file.bytes[bit / 8] ^ 1 << bit % 8);
    }
    for (size_t n = 0; n < file.n; n++)
        assert_int_equal(roads_view(file.bytes, n, &view, &reason), CR_E_INPUT);
    free(file.bytes);
}

static void test_each_kind_of_damage_has_its_own_words(void **state)
{
    image file = load(*state);
    roads_header whole = *file.header;
    file.header->magic[0] = 'X';
    assert_refused(&file, "is not a .roads file");
    *file.header = whole;
    file.header->version++;
    assert_refused(&file, "another version");
    file.header->version = 2; /* before there were hours */
    assert_refused(&file, "was made by another version of careround; build it again");
    *file.header = whole;
    file.header->byte_order = UINT32_C(0x04030201);
    assert_refused(&file, "other byte order");
    *file.header = whole;
    file.header->file_bytes++;
    assert_refused(&file, "cut short or too long");
    *file.header = whole;
    file.header->timestamp_s++;
    assert_refused(&file, "checksum");
    *file.header = whole;
    file.header->n_segments = UINT64_MAX;
    sign(&file);
    assert_refused(&file, "out of range");
    *file.header = whole;
    file.header->n_hours = 0;
    sign(&file);
    assert_refused(&file, "out of range");
    *file.header = whole;
    file.header->modes[0].metrics[0].n_up += 1000;
    sign(&file);
    assert_refused(&file, "do not fit its length");
    free(file.bytes);
}

/* What only a made-up file can have: the checksum fits, and a number leads out of the file or round for ever. */
static void test_numbers_that_lead_astray_are_refused_though_signed(void **state)
{
    image file = load(*state);
    struct cr_roads view;
    const char *reason;
    assert_int_equal(roads_view(file.bytes, file.n, &view, &reason), CR_OK);
    const roads_mode_view *m = &view.modes[CR_ROAD_CAR];
    struct {
        const uint32_t *at;
        uint32_t wrong;
    } cases[] = {
        {&view.segments[0].first_point, 1},
        {&view.leaf_segment[0], 99},
        {&m->arc_of[0], 99},
        {&m->arcs[0].segment, 99},
        {&m->arcs[0].state, 99},
        {&m->arcs[0].next_copy, 0},
        {&m->arcs[1].first_next, 0xfffffff0},
        {&m->next_state[0], 99},
        {&m->metrics[0].up_first[1], 77},
        {&m->metrics[0].up_head[0], 77},
        {&m->metrics[0].down_tail[0], 0x7fffffff},
        {&m->metrics[0].down_first[0], 1},
        {&m->metrics[1].up_head[0], 77},
        {(const uint32_t *)&m->periods[0].from_s, 86400},
        {(const uint32_t *)&m->periods[0].weekend, 1},
        {(const uint32_t *)&m->periods[0].time_factor[0][0] + 1, 0x7ff00000}, /* infinite */
        {(const uint32_t *)view.kinds, 0xffffffff},
        {&m->next_turn[0], turn_of(0, false, 1)}, /* there are no hours but never */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t *at = (uint32_t *)(file.bytes + ((const char *)cases[i].at - file.bytes)), right = *at;
        *at = cases[i].wrong;
        sign(&file);
        assert_refused(&file, "leads out of it");
        *at = right;
    }
    sign(&file);
    assert_int_equal(roads_view(file.bytes, file.n, &view, &reason), CR_OK); /* the control */
    free(file.bytes);
}

static void test_what_is_no_file_is_refused(void **state)
{
    tiny_map *map = *state;
    cr_roads *roads = NULL;
    assert_int_equal(cr_roads_open("/no/such.roads", &roads, map->message, sizeof map->message), CR_E_INPUT);
    assert_string_equal(map->message, "/no/such.roads: No such file or directory");
    assert_int_equal(cr_roads_open(map->folder, &roads, map->message, sizeof map->message), CR_E_INPUT);
    assert_non_null(strstr(map->message, "is not a .roads file"));
    assert_null(roads);
}

static void test_a_folder_that_is_not_there_cannot_be_written_to(void **state)
{
    tiny_map *map = *state;
    image file = load(map);
    free(file.bytes);
    cr_roads_counts counts;
    assert_int_equal(
        cr_roads_build(map->osm, "/no/such/folder/a.roads", &map->options, &counts, map->message, sizeof map->message),
        CR_E_UPSTREAM);
    assert_non_null(strstr(map->message, "/no/such/folder/a.roads: cannot be written"));
}

int main(void)
{
#define WITH_MAP(test) cmocka_unit_test_setup_teardown(test, tiny_new, tiny_free)
    const struct CMUnitTest tests[] = {
        WITH_MAP(test_what_is_no_map_is_refused),
        WITH_MAP(test_damaged_pbf_is_refused),
        WITH_MAP(test_every_flipped_bit_and_every_other_length_is_noticed),
        WITH_MAP(test_each_kind_of_damage_has_its_own_words),
        WITH_MAP(test_numbers_that_lead_astray_are_refused_though_signed),
        WITH_MAP(test_what_is_no_file_is_refused),
        WITH_MAP(test_a_folder_that_is_not_there_cannot_be_written_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
