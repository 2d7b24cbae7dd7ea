/* Invented people and streets. Family and street names are made of two words of the heath, so that nobody takes them
 * for a real person or a real road. */
#ifndef GENERATE_NAMES_H
#define GENERATE_NAMES_H

#include "rng.h"

#include <stddef.h>

/* "Morag Thistlequill". Different n give different family names (256 of them). */
void gen_name_person(gen_rng *rng, int32_t n, bool is_woman, bool is_old, char *ret_name, size_t size);

/* "Rowanmere Gardens" for the n-th street. */
void gen_name_street(int32_t n, char *ret_name, size_t size);

#endif
