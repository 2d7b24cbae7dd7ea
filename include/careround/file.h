/* Files that appear whole or not at all: half a plan looks like a plan with visits forgotten. */
#ifndef CAREROUND_FILE_H
#define CAREROUND_FILE_H

#include "careround/base.h"

#include <stdio.h>

/* Write with `write` (false: errno says why) into a new file beside path, force it to the disk, rename it over path.
 * Whoever has the old one mapped keeps it. Where path is a link, the file it leads to is made anew and the link stays.
 * A device, a pipe or what is open already (/dev/stdout) is written to as it is. CR_E_UPSTREAM, and message (size
 * bytes) says which file and why, if that fails: path is then as before. Any thread may call this. */
cr_status cr_file_write(const char *path, bool (*write)(FILE *file, void *user), void *user, char *message,
                        size_t size);

/* The same, readable by its owner only. */
cr_status cr_file_write_private(const char *path, bool (*write)(FILE *file, void *user), void *user, char *message,
                                size_t size);

/* Could path be written? A file is made beside it and taken away again. For the goal of what takes a while: errors as
 * those of writing. */
cr_status cr_file_try(const char *path, char *message, size_t size);

#endif
