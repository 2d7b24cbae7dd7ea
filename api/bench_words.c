/* Words and numbers of the text files of the public sets.
 *
 * The files are small and come from outside: every number is checked for form and range where it is read, and every
 * fault names its line.
 */
#include "bench_words.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The largest file of the sets has 1 MB. */
#define FILE_MOST (64u << 20)

cr_status bench_words_init(bench_words *words, const char *text, size_t size, bench_message *message)
{
    *words = (bench_words){.at = text, .end = text + size, .line = 1, .message = message};
    words->c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return words->c_locale ? CR_OK : CR_E_NOMEM;
}

void bench_words_done(bench_words *words)
{
    freelocale(words->c_locale);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

bool bench_words_next(bench_words *words)
{
    for (; words->at < words->end && is_blank(*words->at); words->at++)
        words->line += *words->at == '\n';
    words->word = words->at;
    while (words->at < words->end && !is_blank(*words->at))
        words->at++;
    words->length = (size_t)(words->at - words->word);
    return words->length > 0;
}

bool bench_words_is(const bench_words *words, const char *text)
{
    return strlen(text) == words->length && memcmp(words->word, text, words->length) == 0;
}

bool bench_words_numeric(const bench_words *words)
{
    return words->length > 0 && (isdigit((unsigned char)words->word[0]) || strchr("+-.", words->word[0])) &&
           words->word[0] != '\0';
}

/* Digits, sign, point, exponent: strtod() would also take "nan", "inf" and hexadecimal. */
static bool parse_number(const bench_words *words, double *ret_number)
{
    char text[64];
    if (words->length >= sizeof text)
        return false;
    for (size_t i = 0; i < words->length; i++) {
        text[i] = words->word[i];
        if (text[i] == '\0' || !strchr("0123456789+-.eE", text[i]))
            return false;
    }
    text[words->length] = '\0';
    char *end;
    double number = strtod_l(text, &end, words->c_locale);
    if (end == text || *end || !isfinite(number))
        return false;
    *ret_number = number;
    return true;
}

cr_status bench_words_number(bench_words *words, const char *what, double least, double most, double *ret_number)
{
    if (!bench_words_next(words))
        return bench_fault(words->message, "line %d: the file ends where %s should be", words->line, what);
    int shown = words->length < 40 ? (int)words->length : 40;
    double number;
    if (!parse_number(words, &number))
        return bench_fault(words->message, "line %d: %s: \"%.*s\" is no number", words->line, what, shown, words->word);
    if (number < least || number > most)
        return bench_fault(words->message, "line %d: %s: %.*s is outside %.10g to %.10g", words->line, what, shown,
                           words->word, least, most);
    *ret_number = number;
    return CR_OK;
}

cr_status bench_words_integer(bench_words *words, const char *what, int32_t least, int32_t most, int32_t *ret_number)
{
    double number;
    cr_status st = bench_words_number(words, what, least, most, &number);
    if (st)
        return st;
    if (number != floor(number))
        return bench_fault(words->message, "line %d: %s: %.10g is not a whole number", words->line, what, number);
    *ret_number = (int32_t)number;
    return CR_OK;
}

static cr_status read_stream(FILE *file, const char *path, char **ret_text, size_t *ret_size, bench_message *message)
{
    size_t room = 1u << 16, size = 0;
    char *text = malloc(room);
    while (text) {
        size += fread(text + size, 1, room - size, file);
        if (size < room || room > FILE_MOST)
            break;
        char *grown = realloc(text, room * 2);
        if (!grown)
            free(text);
        text = grown;
        room *= 2;
    }
    if (!text)
        return CR_E_NOMEM;
    if (ferror(file) || size > FILE_MOST) {
        cr_status st = ferror(file) ? bench_fault(message, "%s: %s", path, strerror(errno))
                                    : bench_fault(message, "%s: larger than %u bytes", path, FILE_MOST);
        free(text);
        return st;
    }
    *ret_text = text;
    *ret_size = size;
    return CR_OK;
}

cr_status bench_file_read(const char *path, char **ret_text, size_t *ret_size, bench_message *message)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return bench_fault(message, "%s: %s", path, strerror(errno));
    cr_status st = read_stream(file, path, ret_text, ret_size, message);
    fclose(file);
    return st;
}

cr_status bench_read(const bench_format *format, const bench_source *source, bench_instance **ret_instance,
                     bench_message *message)
{
    if (!format->parse)
        return format->read(source, ret_instance, message);
    char *text;
    size_t size;
    cr_status st = bench_file_read(source->path, &text, &size, message);
    if (st)
        return st;
    st = format->parse(text, size, &source->convention, ret_instance, message);
    free(text);
    return st;
}
