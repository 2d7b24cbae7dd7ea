/* Text files from outside: read whole, within a limit, and made UTF-8 whatever they were. */
#ifndef API_TEXT_FILE_H
#define API_TEXT_FILE_H

#include "careround/base.h"

#define TEXT_FILE_MOST_BYTES ((size_t)256 << 20)

typedef enum text_encoding {
    TEXT_UTF8,
    TEXT_UTF8_BOM,
    TEXT_UTF16,
    TEXT_WINDOWS_1252,
} text_encoding;

typedef struct text_file {
    char *text; /* UTF-8 without byte-order mark, NUL at the end; malloc'ed */
    size_t size;
    text_encoding encoding; /* what it was */
} text_file;

/* CR_E_INPUT: message says why it cannot be text or is too large; CR_E_UPSTREAM: it cannot be read. */
cr_status text_file_read(const char *path, text_file *ret_file, char *message, size_t size);

/* The same for bytes already in memory (the fuzzers' way in). */
cr_status text_file_decode(const void *bytes, size_t n, text_file *ret_file, char *message, size_t size);

void text_file_done(text_file *file);

#endif
