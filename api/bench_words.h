/* Text files of the public sets: words apart by white space, numbers checked one by one. */
#ifndef API_BENCH_WORDS_H
#define API_BENCH_WORDS_H

#include "bench.h"

#include <locale.h>

typedef struct bench_words {
    const char *at, *end; /* what is left to read */
    const char *word;     /* the current word; not terminated */
    size_t length;        /* 0: no word left */
    int32_t line;         /* of the current word */
    locale_t c_locale;    /* numbers have a point, whatever the user's locale */
    bench_message *message;
} bench_words;

/* CR_E_NOMEM, and then there is nothing to be done with words_done(). */
cr_status bench_words_init(bench_words *words, const char *text, size_t size, bench_message *message);
void bench_words_done(bench_words *words);

/* Step to the next word; false at the end of the text. */
bool bench_words_next(bench_words *words);
bool bench_words_is(const bench_words *words, const char *text);

/* Does the current word look like the start of a number? */
bool bench_words_numeric(const bench_words *words);

/* The next word as a number in [least, most]; CR_E_INPUT with a message that names the line and what was read. */
cr_status bench_words_number(bench_words *words, const char *what, double least, double most, double *ret_number);
cr_status bench_words_integer(bench_words *words, const char *what, int32_t least, int32_t most, int32_t *ret_number);

/* Read a whole file; the text is yours to free(). */
cr_status bench_file_read(const char *path, char **ret_text, size_t *ret_size, bench_message *message);

#endif
