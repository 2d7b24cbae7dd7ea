/* Near misses by edit distance. */
#include "near.h"

#include <string.h>

#define LETTERS_MOST 63

/* Locale-free: a Turkish locale must not turn I into a dotless i. */
static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int near_distance(const char *a, const char *b, int most)
{
    int n = (int)strnlen(a, LETTERS_MOST + 1), m = (int)strnlen(b, LETTERS_MOST + 1);
    if (n > LETTERS_MOST || m > LETTERS_MOST || n - m > most || m - n > most)
        return most + 1;
    /* rows[i % 3][j]: from the first i letters of a to the first j of b */
    int rows[3][LETTERS_MOST + 1];
    for (int j = 0; j <= m; j++)
        rows[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        int best = i;
        for (int j = 1; j <= m; j++) {
            unsigned char x = lower((unsigned char)a[i - 1]), y = lower((unsigned char)b[j - 1]);
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower((unsigned char)b[j - 2]) && lower((unsigned char)a[i - 2]) == y)
                row[j] = least(row[j], two_above[j - 2] + 1);
            best = least(best, row[j]);
        }
        if (best > most) /* and no later row can be less */
            return most + 1;
    }
    return least(rows[n % 3][m], most + 1);
}

/* V1 is no slip of V2: where only digits differ, both are likely meant. */
static bool only_digits_differ(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && (*a < '0' || *a > '9' || *b < '0' || *b > '9'))
            return false;
    return *a == *b;
}

const char *near_miss(const char *word, const char *const *candidates, int32_t n)
{
    size_t length = strlen(word);
    int most = length <= 4 ? 1 : length <= 8 ? 2 : 3;
    const char *nearest = NULL;
    for (int32_t i = 0; i < n; i++) {
        int distance = near_distance(word, candidates[i], nearest ? most - 1 : most);
        if (distance <= most && (!nearest || distance < most) && !only_digits_differ(word, candidates[i])) {
            nearest = candidates[i];
            most = distance;
        }
    }
    return nearest;
}

void near_key(const char *text, char *ret_key, size_t size)
{
    size_t n = 0;
    for (; *text && n + 1 < size; text++)
        if (*text != ' ' && *text != '_' && *text != '-' && *text != '\t' && *text != '\n' && *text != '\r')
            ret_key[n++] = (char)lower((unsigned char)*text);
    ret_key[n] = '\0';
}
