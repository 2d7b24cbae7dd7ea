/* Writing a gazetteer: whole or not at all. */
#include "gazetteer.h"

#include "careround/file.h"

#include "file_hash.h"

#include <string.h>

static bool put(FILE *file, const void *bytes, size_t n)
{
    return n == 0 || fwrite(bytes, n, 1, file) == 1;
}

uint64_t gaz_checksum(const gaz_header *header, const void *rest, size_t rest_bytes)
{
    uint64_t hash = file_hash(FILE_HASH, header, offsetof(gaz_header, checksum));
    return file_hash(hash, rest, rest_bytes);
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
    header.checksum = file_hash(hash, content->areas, content->n_areas * sizeof *content->areas);
    return header;
}

static bool write_content(FILE *file, void *user)
{
    const gaz_content *content = user;
    gaz_header header = header_of(content);
    return put(file, &header, sizeof header) &&
           put(file, content->postcodes, content->n_postcodes * sizeof *content->postcodes) &&
           put(file, content->areas, content->n_areas * sizeof *content->areas);
}

cr_status gaz_write(const gaz_content *content, const char *path, char *message, size_t size)
{
    gaz_content copy = *content;
    return cr_file_write(path, write_content, &copy, message, size);
}
