/* A checksum that notices what happened to a file since it was written (careround/file.h). */
#ifndef GEO_FILE_HASH_H
#define GEO_FILE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a by words of eight bytes: any single changed word changes it. Begin with FILE_HASH. */
#define FILE_HASH UINT64_C(0xcbf29ce484222325)
uint64_t file_hash(uint64_t hash, const void *bytes, size_t n_bytes);

#endif
