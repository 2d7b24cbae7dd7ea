/* A CSV file being written, cell by cell: UTF-8, commas, LF, quoted where needed (RFC 4180).
 *
 * The first trouble with the disk is kept and told by gen_sheet_close(), so that the callers need not ask each time.
 */
#ifndef GENERATE_SHEET_H
#define GENERATE_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct gen_sheet {
    FILE *file;
    bool in_row;
} gen_sheet;

/* DIR/NAME with its heading line ("a,b,c"). False, with a message on standard error, if it cannot be written. */
bool gen_sheet_open(gen_sheet *sheet, const char *dir, const char *name, const char *heading);
bool gen_sheet_close(gen_sheet *sheet);

void gen_sheet_text(gen_sheet *sheet, const char *text);
void gen_sheet_number(gen_sheet *sheet, int32_t number);
void gen_sheet_optional(gen_sheet *sheet, int32_t number, bool given); /* an empty cell where not given */
void gen_sheet_clock(gen_sheet *sheet, int32_t minutes);               /* 450 -> 07:30; negative: empty */
void gen_sheet_seconds(gen_sheet *sheet, int32_t seconds);             /* 27015 -> 07:30:15 */
void gen_sheet_yes(gen_sheet *sheet, bool yes);                        /* "yes" or an empty cell */
void gen_sheet_empty(gen_sheet *sheet, int32_t n);
void gen_sheet_row_end(gen_sheet *sheet);

/* DIR/NAME with this content, as it stands. */
bool gen_write_file(const char *dir, const char *name, const char *content);

/* The folder and those above it, where they are not there yet. */
bool gen_make_folder(const char *dir);

/* calloc that ends the program with a message: a generator has nothing to save. */
void *gen_room(size_t n, size_t size);

#endif
