/* Gazetteer files that are cut short, altered or made up: each is refused, and says why. */
#include "gazetteer.h"

#include "gazetteer_files.h"

/* A small gazetteer as bytes, to be broken. */
typedef struct gaz_image {
    size_t n;
    union {
        char bytes[1024];
        struct {
            gaz_header header;
            gaz_postcode postcodes[4];
            gaz_area areas[3]; /* EH22, EH22 1, EH22 3 */
        };
    };
} gaz_image;

static const char csv[] = "postcode,easting,northing\nEH22 1AA,333480,667000\nEH22 1AB,333680,667000\n"
                          "EH22 1AD,0,0\nEH22 3XY,340000,660000\n";

static void load(scratch *s, gaz_image *ret_image)
{
    cr_gazetteer_counts counts;
    assert_int_equal(build_from(s, csv, &counts), CR_OK);
    FILE *file = fopen(s->gaz, "rb");
    assert_non_null(file);
    ret_image->n = fread(ret_image->bytes, 1, sizeof ret_image->bytes, file);
    fclose(file);
    assert_int_equal(ret_image->n, sizeof(gaz_header) + 4 * sizeof(gaz_postcode) + 3 * sizeof(gaz_area));
}

static void sign(gaz_image *image)
{
    image->header.checksum = gaz_checksum(&image->header, &image->header + 1, image->n - sizeof image->header);
}

/* Opens it from a file, as the program does. */
static void assert_refused(scratch *s, const gaz_image *image, const char *reason)
{
    cr_gazetteer *gazetteer = NULL;
    write_file(s->gaz, image->bytes, image->n);
    assert_int_equal(cr_gazetteer_open(s->gaz, &gazetteer, s->message, sizeof s->message), CR_E_INPUT);
    assert_null(gazetteer);
    if (!strstr(s->message, reason))
        fail_msg("'%s' does not say '%s'", s->message, reason);
}

static void test_the_unbroken_one_is_accepted(void **state)
{
    gaz_image image = {.n = 0};
    load(*state, &image);
    sign(&image); /* so that the tests below break only what they mean to break */
    struct cr_gazetteer view;
    const char *reason;
    assert_int_equal(gaz_view(image.bytes, image.n, &view, &reason), CR_OK);
    cr_place place = find(&view, "EH22 3XY");
    assert_int_equal(place.quality, CR_PLACE_POSTCODE);
}

static void test_every_length_but_the_right_one_is_refused(void **state)
{
    gaz_image image = {.n = 0};
    load(*state, &image);
    struct cr_gazetteer view;
    const char *reason = NULL;
    for (size_t n = 0; n < sizeof image.bytes; n++) {
        char *exact = malloc(n ? n : 1); /* so that a tool sees a step past the end */
        memcpy(exact, image.bytes, n);
        assert_int_equal(gaz_view(exact, n, &view, &reason), n == image.n ? CR_OK : CR_E_INPUT);
        free(exact);
    }
}

static void test_every_flipped_bit_is_noticed(void **state)
{
    gaz_image image = {.n = 0};
    load(*state, &image);
    struct cr_gazetteer view;
    const char *reason = NULL;
    for (size_t bit = 0; bit < image.n * 8; bit++) {
        image.bytes[bit / 8] = (char)(image.bytes[bit / 8] ^ 1 << bit % 8);
        assert_int_equal(gaz_view(image.bytes, image.n, &view, &reason), CR_E_INPUT);
        image.bytes[bit / 8] = (char)(image.bytes[bit / 8] ^ 1 << bit % 8);
    }
    assert_int_equal(gaz_view(image.bytes, image.n, &view, &reason), CR_OK);
}

static void test_each_kind_of_damage_has_its_own_words(void **state)
{
    scratch *s = *state;
    gaz_image whole = {.n = 0}, broken;
    load(s, &whole);

    broken = whole;
    memcpy(broken.bytes, "%PDF-1.7", 8);
    assert_refused(s, &broken, "is not a gazetteer");
    broken = whole;
    broken.n = 20;
    assert_refused(s, &broken, "is cut short");
    broken.n = whole.n - 8;
    assert_refused(s, &broken, "is cut short or too long");
    broken = whole;
    broken.header.version++;
    sign(&broken);
    assert_refused(s, &broken, "another version");
    broken = whole;
    broken.header.byte_order = UINT32_C(0x04030201);
    assert_refused(s, &broken, "other byte order");
    broken = whole;
    broken.postcodes[1].lat_e7++;
    assert_refused(s, &broken, "checksum");
    broken.n = 0;
    assert_refused(s, &broken, "is not a gazetteer");
}

/* What only a made-up file can have: the checksum fits and the content is wrong. */
static void test_records_out_of_order_or_range_are_refused_though_signed(void **state)
{
    scratch *s = *state;
    gaz_image whole = {.n = 0}, broken;
    load(s, &whole);

    broken = whole;
    broken.postcodes[0] = whole.postcodes[1];
    broken.postcodes[1] = whole.postcodes[0];
    sign(&broken);
    assert_refused(s, &broken, "out of order");
    broken = whole;
    broken.postcodes[1].key_and_kind = whole.postcodes[0].key_and_kind ^ GAZ_TERMINATED; /* twice the same postcode */
    sign(&broken);
    assert_refused(s, &broken, "out of order");
    broken = whole;
    broken.areas[2].key = broken.areas[1].key;
    sign(&broken);
    assert_refused(s, &broken, "out of order");
    broken = whole;
    broken.postcodes[3].lat_e7 = 900000001;
    sign(&broken);
    assert_refused(s, &broken, "range");
    broken = whole;
    broken.areas[0].lon_e7 = INT32_MIN;
    sign(&broken);
    assert_refused(s, &broken, "range");
    broken = whole;
    broken.postcodes[3].key_and_kind |= GAZ_QUALITY;
    sign(&broken);
    assert_refused(s, &broken, "range");
}

static void test_counts_that_overflow_are_refused(void **state)
{
    gaz_image image = {.n = 0};
    load(*state, &image);
    static const uint64_t counts[] = {UINT64_MAX, UINT64_MAX / 16, UINT64_C(1) << 60, (UINT64_C(1) << 60) + 4, 5, 0};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (int areas = 0; areas < 2; areas++) {
            gaz_image broken = image;
            *(areas ? &broken.header.n_areas : &broken.header.n_postcodes) = counts[i];
            sign(&broken);
            struct cr_gazetteer view;
            const char *reason = NULL;
            assert_int_equal(gaz_view(broken.bytes, broken.n, &view, &reason), CR_E_INPUT);
        }
}

static void test_what_is_no_file_is_refused(void **state)
{
    scratch *s = *state;
    cr_gazetteer *gazetteer = NULL;
    assert_int_equal(cr_gazetteer_open("/no/such.gaz", &gazetteer, s->message, sizeof s->message), CR_E_INPUT);
    assert_string_equal(s->message, "No such file or directory");
    assert_int_equal(cr_gazetteer_open(s->folder, &gazetteer, s->message, sizeof s->message), CR_E_INPUT);
    assert_non_null(strstr(s->message, "is not a gazetteer"));
    assert_null(gazetteer);
}

int main(void)
{
#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_new, scratch_free)
    const struct CMUnitTest tests[] = {
        WITH_SCRATCH(test_the_unbroken_one_is_accepted),
        WITH_SCRATCH(test_every_length_but_the_right_one_is_refused),
        WITH_SCRATCH(test_every_flipped_bit_is_noticed),
        WITH_SCRATCH(test_each_kind_of_damage_has_its_own_words),
        WITH_SCRATCH(test_records_out_of_order_or_range_are_refused_though_signed),
        WITH_SCRATCH(test_counts_that_overflow_are_refused),
        WITH_SCRATCH(test_what_is_no_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
