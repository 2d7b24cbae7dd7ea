/* OS grid references: "NT 3348 6700" to metres.
 *
 * Two letters name a square of 100 km: the first one of 500 km, the second one of the 25 within it, both counted in
 * rows from the north-west, without I. The digits are halved, easting first; each digit divides the square by ten.
 */
#include "careround/place.h"

#include <math.h>
#include <string.h>

#define HALF_DIGITS_MOST 5 /* five a side name a square of one metre */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static const char *skip_spaces(const char *text)
{
    return text + strspn(text, " \t");
}

/* 0 to 24 in rows from the north-west, 25 if it is no letter of the grid. */
static int letter_place(char c)
{
    static const char letters[] = "ABCDEFGHJKLMNOPQRSTUVWXYZ";
    const char *found = c ? strchr(letters, upper(c)) : NULL;
    return found ? (int)(found - letters) : 25;
}

/* The south-west corner of the square that the letters name, in units of 100 km. SV is the false origin. */
static bool parse_letters(const char *text, int *ret_east, int *ret_north)
{
    int large = letter_place(text[0]), small = large < 25 ? letter_place(text[1]) : 25;
    if (small == 25)
        return false;
    int east = (large % 5 - 2) * 5 + small % 5, north = (3 - large / 5) * 5 + 4 - small / 5;
    if (east < 0 || east >= 7 || north < 0 || north >= 13)
        return false;
    *ret_east = east;
    *ret_north = north;
    return true;
}

/* The digits, in one run or in two of the same length; nothing may follow but spaces. */
static bool parse_digits(const char *text, char *ret_digits, int *ret_n_half)
{
    static const char digits[] = "0123456789";
    size_t n = strspn(text, digits);
    const char *rest = skip_spaces(text + n);
    size_t n_rest = strspn(rest, digits);
    if (*skip_spaces(rest + n_rest) || (n_rest ? n_rest != n : n % 2 != 0))
        return false;
    size_t n_half = n_rest ? n : n / 2;
    if (n_half < 1 || n_half > HALF_DIGITS_MOST)
        return false;
    memcpy(ret_digits, text, n);
    memcpy(ret_digits + n, rest, n_rest);
    *ret_n_half = (int)n_half;
    return true;
}

cr_status cr_grid_ref_parse(const char *text, double *ret_east_m, double *ret_north_m, double *ret_half_m)
{
    int east, north, n_half;
    char digits[2 * HALF_DIGITS_MOST];
    text = skip_spaces(text);
    if (!parse_letters(text, &east, &north) || !parse_digits(skip_spaces(text + 2), digits, &n_half))
        return CR_E_INPUT;
    int side_m = 100000;
    for (int k = 0; k < n_half; k++) {
        east = east * 10 + digits[k] - '0';
        north = north * 10 + digits[n_half + k] - '0';
        side_m /= 10;
    }
    *ret_east_m = (east + 0.5) * side_m;
    *ret_north_m = (north + 0.5) * side_m;
    *ret_half_m = 0.5 * side_m;
    return CR_OK;
}
