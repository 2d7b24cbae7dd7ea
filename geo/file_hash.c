/* Checksums of files. */
#include "file_hash.h"

#include <string.h>

uint64_t file_hash(uint64_t hash, const void *bytes, size_t n_bytes)
{
    const char *at = bytes;
    for (size_t i = 0; i + 8 <= n_bytes; i += 8) {
        uint64_t word;
        memcpy(&word, at + i, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x100000001b3);
    }
    uint64_t rest = 0;
    if (n_bytes % 8 == 0)
        return hash;
    memcpy(&rest, at + n_bytes / 8 * 8, n_bytes % 8);
    return (hash ^ rest) * UINT64_C(0x100000001b3);
}
