/* Files that appear whole or not at all, and checksums that notice what happened to them since. */
#ifndef GEO_WHOLE_FILE_H
#define GEO_WHOLE_FILE_H

#include "careround/base.h"

#include <stdio.h>

/* Write with `write` into a new file beside path, force it to the disk, rename it over path. Whoever has the old one
 * mapped keeps it. A device or pipe is written to as it is. CR_E_UPSTREAM and the reason in message if that fails: path
 * is then as before. */
cr_status whole_file_write(const char *path, bool (*write)(FILE *file, void *user), void *user, char *message,
                           size_t size);

/* The same, readable by its owner only. */
cr_status whole_file_write_private(const char *path, bool (*write)(FILE *file, void *user), void *user, char *message,
                                   size_t size);

/* FNV-1a by words of eight bytes: any single changed word changes it. Begin with WHOLE_FILE_HASH. */
#define WHOLE_FILE_HASH UINT64_C(0xcbf29ce484222325)
uint64_t whole_file_hash(uint64_t hash, const void *bytes, size_t n_bytes);

#endif
