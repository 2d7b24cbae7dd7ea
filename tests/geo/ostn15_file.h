/* For tests: the OSTN15 shifts as a grid file that PROJ takes for the published one. */
#ifndef TESTS_GEO_OSTN15_FILE_H
#define TESTS_GEO_OSTN15_FILE_H

#include <stdbool.h>

/* Reads the two files of raw shifts and writes an NTv2 grid over all Great Britain. false: a file failed. */
bool ostn15_file_write(const char *east_shift_path, const char *north_shift_path, const char *grid_path);

#endif
