/* Text files from outside.
 *
 * Excel saves "CSV" in the machine's old code page, "CSV UTF-8" with a byte-order mark and "Unicode text" as UTF-16;
 * all of them turn up. What is neither marked nor sound UTF-8 is taken as Windows-1252, in which every byte is a
 * letter, so the guess can be wrong but never fail.
 */
#include "text_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unicode/ucnv.h>
#include <unicode/utf8.h>

void text_file_done(text_file *file)
{
    free(file->text);
    *file = (text_file){0};
}

static bool is_utf8(const char *text, size_t n)
{
    int32_t i = 0, length = (int32_t)n;
    while (i < length) {
        UChar32 c;
        U8_NEXT(text, i, length, c);
        if (c < 0)
            return false;
    }
    return true;
}

static text_encoding detect(const unsigned char *b, size_t n)
{
    if (n >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF)
        return TEXT_UTF8_BOM;
    if (n >= 2 && ((b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF)))
        return TEXT_UTF16;
    return is_utf8((const char *)b, n) ? TEXT_UTF8 : TEXT_WINDOWS_1252;
}

/* Three bytes of UTF-8 are the most that a byte of Windows-1252 or half a unit of UTF-16 can become. */
static cr_status convert(const char *from, const char *bytes, size_t n, text_file *file)
{
    size_t capacity = n * 3 + 1;
    file->text = malloc(capacity);
    if (!file->text)
        return CR_E_NOMEM;
    UErrorCode code = U_ZERO_ERROR;
    int32_t length = ucnv_convert("UTF-8", from, file->text, (int32_t)capacity, bytes, (int32_t)n, &code);
    if (U_FAILURE(code))
        return code == U_MEMORY_ALLOCATION_ERROR ? CR_E_NOMEM : CR_E_INPUT;
    file->size = (size_t)length;
    file->text[length] = '\0';
    return CR_OK;
}

static cr_status copy(const char *bytes, size_t n, text_file *file)
{
    file->text = malloc(n + 1);
    if (!file->text)
        return CR_E_NOMEM;
    memcpy(file->text, bytes, n);
    file->text[n] = '\0';
    file->size = n;
    return CR_OK;
}

static cr_status no_zero_bytes(const text_file *file, char *message, size_t size)
{
    const char *zero = memchr(file->text, '\0', file->size);
    if (!zero)
        return CR_OK;
    int32_t line = 1;
    for (const char *p = file->text; p < zero; p++)
        line += *p == '\n';
    snprintf(message, size, "not a text file (a zero byte in line %d); save it as CSV (UTF-8)", line);
    return CR_E_INPUT;
}

static cr_status decode(const char *bytes, size_t n, text_file *file, char *message, size_t size)
{
    if (n >= 4 && memcmp(bytes, "PK\3\4", 4) == 0) {
        snprintf(message, size, "a workbook (.xlsx or .ods), not text; save it as CSV (UTF-8)");
        return CR_E_INPUT;
    }
    file->encoding = detect((const unsigned char *)bytes, n);
    cr_status st = CR_OK;
    if (file->encoding == TEXT_WINDOWS_1252)
        st = convert("windows-1252", bytes, n, file);
    else if (file->encoding == TEXT_UTF16)
        st = convert("UTF-16", bytes, n, file);
    else if (file->encoding == TEXT_UTF8_BOM)
        st = is_utf8(bytes + 3, n - 3) ? copy(bytes + 3, n - 3, file) : CR_E_INPUT;
    else
        st = copy(bytes, n, file);
    if (st == CR_E_INPUT)
        snprintf(message, size, "says it is Unicode by its first bytes, but is not; save it as CSV (UTF-8)");
    return st ? st : no_zero_bytes(file, message, size);
}

cr_status text_file_decode(const void *bytes, size_t n, text_file *ret_file, char *message, size_t size)
{
    text_file file = {0};
    if (n > TEXT_FILE_MOST_BYTES) {
        snprintf(message, size, "larger than %zu MB", TEXT_FILE_MOST_BYTES >> 20);
        return CR_E_INPUT;
    }
    cr_status st = decode(bytes, n, &file, message, size);
    if (st)
        text_file_done(&file);
    else
        *ret_file = file;
    return st;
}

/* A pipe or a device has no size to trust and may never end. */
static cr_status open_regular(const char *path, FILE **ret_in, size_t *ret_size, char *message, size_t size)
{
    struct stat about;
    FILE *in = fopen(path, "rbe");
    if (!in || fstat(fileno(in), &about)) {
        snprintf(message, size, "cannot be read: %s", strerror(errno));
        if (in)
            fclose(in);
        return CR_E_UPSTREAM;
    }
    if (!S_ISREG(about.st_mode) || (size_t)about.st_size > TEXT_FILE_MOST_BYTES) {
        fclose(in);
        if (!S_ISREG(about.st_mode))
            snprintf(message, size, "not a file");
        else
            snprintf(message, size, "larger than %zu MB", TEXT_FILE_MOST_BYTES >> 20);
        return CR_E_INPUT;
    }
    *ret_in = in;
    *ret_size = (size_t)about.st_size;
    return CR_OK;
}

cr_status text_file_read(const char *path, text_file *ret_file, char *message, size_t size)
{
    FILE *in;
    size_t n;
    cr_status st = open_regular(path, &in, &n, message, size);
    if (st)
        return st;
    char *bytes = malloc(n + 1);
    size_t got = bytes ? fread(bytes, 1, n, in) : 0;
    if (!bytes)
        st = CR_E_NOMEM;
    else if (got != n) {
        snprintf(message, size, "cannot be read to its end");
        st = CR_E_UPSTREAM;
    } else
        st = text_file_decode(bytes, n, ret_file, message, size);
    free(bytes);
    fclose(in);
    return st;
}
