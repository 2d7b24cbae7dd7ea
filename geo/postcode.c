/* UK postcodes: the grammar, the one spelling, the sortable key.
 *
 * Outward code, then a digit and two letters. The outward code is one or two letters for the area, then a digit, two
 * digits, or in London a digit and a letter: A9 A99 AA9 AA99 A9A AA9A. Not every letter stands everywhere (Royal Mail,
 * PAF Programmers' Guide). Old postcodes are still on file at care services and in ONSPD: W1M to W1Y, gone in 2000, are
 * let in although no London district ends so today.
 */
#include "postcode.h"
#include "careround/place.h"

#include <stdbool.h>
#include <string.h>

#define LETTERS_MOST 7
#define SPACE        ' '

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* A letter that is none of these. */
static bool is_letter_but(char c, const char *none_of)
{
    return is_letter(c) && !strchr(none_of, c);
}

/* How many bytes of text are a space: no-break spaces come with text from web pages and spreadsheets. */
static size_t space_length(const char *text, size_t n)
{
    if (*text == ' ' || *text == '\t')
        return 1;
    return n >= 2 && memcmp(text, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

/* Without spaces, in capitals. Returns how many, or LETTERS_MOST + 1 if there are more. */
static size_t squeeze(const char *text, size_t n, char ret_letters[LETTERS_MOST])
{
    size_t n_letters = 0;
    n = strnlen(text, n);
    for (size_t i = 0; i < n;) {
        size_t space = space_length(text + i, n - i);
        if (space) {
            i += space;
            continue;
        }
        if (n_letters == LETTERS_MOST)
            return LETTERS_MOST + 1;
        char c = text[i++];
        ret_letters[n_letters++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return n_letters;
}

static bool is_inward(const char *code)
{
    return is_digit(code[0]) && is_letter_but(code[1], "CIKMOV") && is_letter_but(code[2], "CIKMOV");
}

/* What follows the letters of the area: one digit, two, or a digit and a letter none of these. */
static bool is_district(const char *code, size_t n, const char *none_of)
{
    return n >= 1 && n <= 2 && is_digit(code[0]) && (n == 1 || is_digit(code[1]) || is_letter_but(code[1], none_of));
}

static bool is_outward(const char *code, size_t n)
{
    if (n == 3 && memcmp(code, "GIR", 3) == 0)
        return true; /* the bank that had a postcode to itself */
    if (n < 2 || !is_letter_but(code[0], "QV"))
        return false;
    if (is_digit(code[1]))
        return is_district(code + 1, n - 1, "ILOQZ");
    return is_letter_but(code[1], "IJZ") && is_district(code + 2, n - 2, "CDFGIJKLOQSTUZ");
}

uint64_t geo_postcode_key(const char *text, size_t n)
{
    char letters[LETTERS_MOST];
    size_t n_letters = squeeze(text, n, letters);
    if (n_letters < 5 || n_letters > LETTERS_MOST)
        return 0;
    size_t n_outward = n_letters - 3;
    if (!is_outward(letters, n_outward) || !is_inward(letters + n_outward))
        return 0;
    uint64_t key = 0;
    for (size_t i = 0; i < 4; i++)
        key = key << 8 | (uint8_t)(i < n_outward ? letters[i] : SPACE);
    for (size_t i = 0; i < 3; i++)
        key = key << 8 | (uint8_t)letters[n_outward + i];
    return key << 8;
}

uint64_t geo_postcode_sector(uint64_t key)
{
    return key & UINT64_C(0xffffffffff000000);
}

uint64_t geo_postcode_district(uint64_t key)
{
    return key & UINT64_C(0xffffffff00000000);
}

int geo_postcode_is_northern_irish(uint64_t key)
{
    return key >> 48 == ('B' << 8 | 'T');
}

cr_status cr_postcode_parse(const char *text, char ret_text[CR_POSTCODE_SIZE])
{
    uint64_t key = geo_postcode_key(text, SIZE_MAX);
    if (!key)
        return CR_E_INPUT;
    char *to = ret_text;
    for (int i = 0; i < 7; i++) {
        char c = (char)(key >> (56 - 8 * i));
        if (i == 4)
            *to++ = SPACE;
        if (c != SPACE)
            *to++ = c;
    }
    *to = '\0';
    return CR_OK;
}
