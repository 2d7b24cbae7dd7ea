/* Postcodes as sortable numbers: what the gazetteer files and looks up. */
#ifndef GEO_POSTCODE_H
#define GEO_POSTCODE_H

#include <stddef.h>
#include <stdint.h>

/* "EH1 4AA" as the seven characters 'E' 'H' '1' ' ' '4' 'A' 'A' in the upper bytes, the lowest byte 0. Keys compare as
 * the postcodes sort. 0 if the n characters of text (fewer if it ends before) are no UK postcode. */
uint64_t geo_postcode_key(const char *text, size_t n);

/* The key of its sector ("EH1 4") and of its district ("EH1"). */
uint64_t geo_postcode_sector(uint64_t key);
uint64_t geo_postcode_district(uint64_t key);

/* Northern Ireland, whose eastings and northings are on the Irish Grid. */
int geo_postcode_is_northern_irish(uint64_t key);

#endif
