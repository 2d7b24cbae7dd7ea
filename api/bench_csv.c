/* CSV records of the public sets. */
#include "bench_csv.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* libcsv gives a field at a time: a row's fields are kept one after the other in text, each terminated. */
typedef struct row_builder {
    char *text;
    size_t *offset;
    const char **fields;
    size_t text_size, text_room;
    int32_t n_fields, fields_room;
    int32_t number;
    bench_row_fn *each;
    void *user;
    bench_message *message;
    cr_status status;
} row_builder;

static bool grow_text(row_builder *b, size_t more)
{
    if (b->text_size + more <= b->text_room)
        return true;
    size_t room = 2 * (b->text_size + more) + 256;
    char *text = realloc(b->text, room);
    if (!text)
        return false;
    b->text = text;
    b->text_room = room;
    return true;
}

static bool grow_fields(row_builder *b)
{
    if (b->n_fields < b->fields_room)
        return true;
    int32_t room = 2 * b->fields_room + 16;
    size_t *offset = realloc(b->offset, (size_t)room * sizeof *offset);
    if (offset)
        b->offset = offset;
    const char **fields = realloc(b->fields, (size_t)room * sizeof *fields);
    if (fields)
        b->fields = fields;
    if (!offset || !fields)
        return false;
    b->fields_room = room;
    return true;
}

static void on_field(void *bytes, size_t size, void *user)
{
    row_builder *b = user;
    if (b->status)
        return;
    if (!grow_text(b, size + 1) || !grow_fields(b)) {
        b->status = CR_E_NOMEM;
        return;
    }
    b->offset[b->n_fields++] = b->text_size;
    if (size)
        memcpy(b->text + b->text_size, bytes, size);
    b->text[b->text_size + size] = '\0';
    b->text_size += size + 1;
}

static void on_row(int terminator, void *user)
{
    row_builder *b = user;
    if (b->status)
        return;
    for (int32_t i = 0; i < b->n_fields; i++)
        b->fields[i] = b->text + b->offset[i];
    bench_row row = {.number = ++b->number, .n_fields = b->n_fields, .fields = b->fields};
    b->status = b->each(&row, b->user, b->message);
    b->n_fields = 0;
    b->text_size = 0;
}

cr_status bench_csv_each_row(bench_text file, bench_row_fn *each, void *user, bench_message *message)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_APPEND_NULL))
        return CR_E_NOMEM;
    row_builder b = {.each = each, .user = user, .message = message};
    bool whole = csv_parse(&parser, file.text, file.size, on_field, on_row, &b) == file.size &&
                 csv_fini(&parser, on_field, on_row, &b) == 0;
    csv_free(&parser);
    free(b.text);
    free(b.offset);
    free(b.fields);
    return whole ? b.status : CR_E_NOMEM;
}

cr_status bench_row_integer(const bench_row *row, int32_t field, const char *column, int64_t least, int64_t most,
                            int64_t *ret_number, bench_message *message)
{
    if (field >= row->n_fields)
        return bench_fault(message, "row %d: %s is missing", row->number, column);
    const char *text = row->fields[field];
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (end == text || *end || errno)
        return bench_fault(message, "row %d: %s: \"%.40s\" is no whole number", row->number, column, text);
    if (number < least || number > most)
        return bench_fault(message, "row %d: %s: %lld is outside %lld to %lld", row->number, column, number,
                           (long long)least, (long long)most);
    *ret_number = number;
    return CR_OK;
}
