/* The days that are not drawn by lot. */
#ifndef GENERATE_DAYS_H
#define GENERATE_DAYS_H

#include <stdbool.h>

/* data/tiny: ten visits on squared paper, small enough to plan by hand. */
bool gen_tiny(const char *dir);

/* The folder of the Strathclyde data (visits.csv, carers.csv, distance.csv) as one DAY folder a date below dir. */
bool gen_strathclyde(const char *folder, const char *dir);

#endif
