/* Writing a gazetteer: whole or not at all.
 *
 * Into a new file beside the goal, forced to the disk, then renamed over it. Whoever has the old one mapped keeps it.
 */
#include "gazetteer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool put(FILE *file, const void *bytes, size_t n)
{
    return n == 0 || fwrite(bytes, n, 1, file) == 1;
}

static uint64_t hash_words(uint64_t hash, const void *bytes, size_t n_bytes)
{
    const char *at = bytes;
    for (size_t i = 0; i < n_bytes; i += 8) {
        uint64_t word;
        memcpy(&word, at + i, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x100000001b3);
    }
    return hash;
}

uint64_t gaz_checksum(const gaz_header *header, const void *rest, size_t rest_bytes)
{
    uint64_t hash = hash_words(UINT64_C(0xcbf29ce484222325), header, offsetof(gaz_header, checksum));
    return hash_words(hash, rest, rest_bytes);
}

static gaz_header header_of(const gaz_content *content)
{
    gaz_header header = {
        .version = GAZ_VERSION,
        .byte_order = GAZ_BYTE_ORDER,
        .n_postcodes = content->n_postcodes,
        .n_areas = content->n_areas,
        .accuracy_m = content->accuracy_m,
    };
    memcpy(header.magic, GAZ_MAGIC, sizeof header.magic);
    uint64_t hash = gaz_checksum(&header, content->postcodes, content->n_postcodes * sizeof *content->postcodes);
    header.checksum = hash_words(hash, content->areas, content->n_areas * sizeof *content->areas);
    return header;
}

/* Readable for all whom the umask allows, as a file made in the ordinary way; mkstemp() is stricter. */
static bool share_as_usual(int fd)
{
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(fd, 0666 & ~mask) == 0;
}

static bool write_content(const gaz_content *content, int fd)
{
    FILE *file = fdopen(fd, "wb");
    if (!file) {
        close(fd);
        return false;
    }
    gaz_header header = header_of(content);
    bool ok = put(file, &header, sizeof header) &&
              put(file, content->postcodes, content->n_postcodes * sizeof *content->postcodes) &&
              put(file, content->areas, content->n_areas * sizeof *content->areas) && fflush(file) == 0 &&
              share_as_usual(fd) && fsync(fd) == 0;
    int error = errno;
    bool closed = fclose(file) == 0;
    if (!ok)
        errno = error;
    return ok && closed;
}

cr_status gaz_write(const gaz_content *content, const char *path, char *message, size_t size)
{
    size_t n = strlen(path) + sizeof ".XXXXXX";
    char *new_path = malloc(n);
    if (!new_path)
        return CR_E_NOMEM;
    snprintf(new_path, n, "%s.XXXXXX", path);
    int fd = mkostemp(new_path, O_CLOEXEC);
    bool ok = fd >= 0 && write_content(content, fd) && rename(new_path, path) == 0;
    if (!ok) {
        snprintf(message, size, "%s: cannot be written: %s", path, strerror(errno));
        if (fd >= 0)
            unlink(new_path);
    }
    free(new_path);
    return ok ? CR_OK : CR_E_UPSTREAM;
}
