/* CSV and other small files, written. */
#include "sheet.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static FILE *open_in(const char *dir, const char *name)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path) {
        fprintf(stderr, "careround-generate: %s/%s: the path is too long\n", dir, name);
        return NULL;
    }
    FILE *file = fopen(path, "wb");
    if (!file)
        fprintf(stderr, "careround-generate: %s: %s\n", path, strerror(errno));
    return file;
}

static bool close_checked(FILE *file)
{
    bool sound = !ferror(file);
    if (fclose(file) != 0)
        sound = false;
    if (!sound)
        fprintf(stderr, "careround-generate: a file could not be written whole: %s\n", strerror(errno));
    return sound;
}

bool gen_sheet_open(gen_sheet *sheet, const char *dir, const char *name, const char *heading)
{
    *sheet = (gen_sheet){.file = open_in(dir, name)};
    if (sheet->file)
        fprintf(sheet->file, "%s\n", heading);
    return sheet->file != NULL;
}

bool gen_sheet_close(gen_sheet *sheet)
{
    return close_checked(sheet->file);
}

static void next_cell(gen_sheet *sheet)
{
    if (sheet->in_row)
        putc(',', sheet->file);
    sheet->in_row = true;
}

void gen_sheet_text(gen_sheet *sheet, const char *text)
{
    next_cell(sheet);
    if (!strpbrk(text, ",\"\n")) {
        fputs(text, sheet->file);
        return;
    }
    putc('"', sheet->file);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', sheet->file);
        putc(*text, sheet->file);
    }
    putc('"', sheet->file);
}

void gen_sheet_number(gen_sheet *sheet, int32_t number)
{
    next_cell(sheet);
    fprintf(sheet->file, "%d", number);
}

void gen_sheet_optional(gen_sheet *sheet, int32_t number, bool given)
{
    next_cell(sheet);
    if (given)
        fprintf(sheet->file, "%d", number);
}

void gen_sheet_clock(gen_sheet *sheet, int32_t minutes)
{
    next_cell(sheet);
    if (minutes >= 0)
        fprintf(sheet->file, "%02d:%02d", minutes / 60, minutes % 60);
}

void gen_sheet_seconds(gen_sheet *sheet, int32_t seconds)
{
    next_cell(sheet);
    fprintf(sheet->file, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void gen_sheet_yes(gen_sheet *sheet, bool yes)
{
    gen_sheet_text(sheet, yes ? "yes" : "");
}

void gen_sheet_empty(gen_sheet *sheet, int32_t n)
{
    while (n-- > 0)
        next_cell(sheet);
}

void gen_sheet_row_end(gen_sheet *sheet)
{
    putc('\n', sheet->file);
    sheet->in_row = false;
}

bool gen_write_file(const char *dir, const char *name, const char *content)
{
    FILE *file = open_in(dir, name);
    if (!file)
        return false;
    fputs(content, file);
    return close_checked(file);
}

bool gen_make_folder(const char *dir)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s", dir) >= (int)sizeof path)
        return false;
    for (char *c = path + 1; *c; c++) {
        if (*c != '/')
            continue;
        *c = '\0';
        mkdir(path, 0777); /* one that is there already, or is no folder: the last call tells */
        *c = '/';
    }
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return true;
    fprintf(stderr, "careround-generate: %s: %s\n", path, strerror(errno));
    return false;
}

void *gen_room(size_t n, size_t size)
{
    void *room = calloc(n ? n : 1, size);
    if (!room) {
        fputs("careround-generate: no memory left\n", stderr);
        exit(1);
    }
    return room;
}
