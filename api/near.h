/* Near misses: which known word was probably meant. */
#ifndef API_NEAR_H
#define API_NEAR_H

#include "careround/base.h"

/* The candidate nearest to word, or NULL when none is near enough to be worth a hint: at most one letter changed in
 * words of up to four letters, two up to eight, three beyond. Case does not count. */
const char *near_miss(const char *word, const char *const *candidates, int32_t n);

/* Letters inserted, deleted, changed or swapped with their neighbour (optimal string alignment) to get from a to b,
 * ASCII case ignored; `most` + 1 if more than most, or if either is longer than 63 bytes. */
int near_distance(const char *a, const char *b, int most);

/* The same word for a heading, a skill or a band: letters in lower case, without spaces, _ and -. Cut to size. */
void near_key(const char *text, char *ret_key, size_t size);

#endif
