/* Writing a .roads file: sections one after the other, and their checksum. */
#include "roads_file.h"

#include "careround/file.h"

#include "file_hash.h"

#include <stdio.h>

static bool put_padding(FILE *file, uint64_t *hash, uint64_t *at, uint64_t to)
{
    static const char zeros[ROADS_ALIGN];
    size_t n = (size_t)(to - *at);
    if (file && n && fwrite(zeros, n, 1, file) != 1)
        return false;
    *hash = file_hash(*hash, zeros, n);
    *at = to;
    return true;
}

/* All after the header, to a file or only into the hash. Sections are padded to 8 bytes so that the hash of the parts
 * is the hash of the whole. */
static bool put_sections(struct cr_roads *view, FILE *file, uint64_t *hash)
{
    roads_section sections[ROADS_SECTIONS_MOST];
    uint64_t bytes, at = sizeof view->header;
    int n = roads_sections(view, sections, &bytes);
    for (int i = 0; i < n; i++) {
        size_t size = (size_t)(sections[i].n * sections[i].item_bytes), whole = size / 8 * 8;
        const char *from = *sections[i].at;
        if (!put_padding(file, hash, &at, sections[i].offset) || (file && size && fwrite(from, size, 1, file) != 1))
            return false;
        *hash = file_hash(*hash, from, whole);
        at += size;
        if (size > whole) { /* an odd number of four-byte items: the word is completed by the padding */
            uint64_t word = 0;
            memcpy(&word, from + whole, size - whole);
            *hash = file_hash(*hash, &word, sizeof word);
            static const char zeros[8];
            if (file && fwrite(zeros, 8 - (size - whole), 1, file) != 1)
                return false;
            at += 8 - (size - whole);
        }
    }
    return true;
}

static bool write_view(FILE *file, void *user)
{
    struct cr_roads *view = user;
    return fwrite(&view->header, sizeof view->header, 1, file) == 1 && put_sections(view, file, &(uint64_t){0});
}

cr_status roads_write(struct cr_roads *view, const char *path, char *message, size_t size)
{
    roads_header *h = &view->header;
    roads_section sections[ROADS_SECTIONS_MOST];
    memcpy(h->magic, ROADS_MAGIC, sizeof h->magic);
    h->version = ROADS_VERSION;
    h->byte_order = ROADS_BYTE_ORDER;
    (void)roads_sections(view, sections, &h->file_bytes);
    h->file_bytes = (h->file_bytes + 7) / 8 * 8;
    uint64_t hash = roads_checksum(h, "", 0);
    (void)put_sections(view, NULL, &hash);
    h->checksum = hash;
    return cr_file_write(path, write_view, view, message, size);
}
