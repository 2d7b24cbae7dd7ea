/* Fuzz: any bytes as a CSV file and, behind the byte 1E, as a mapping of its headings.
 *
 * However the headings are mapped, every cell can be asked for, and every row has a line of the file.
 */
#include "fuzz.h"
#include "reading.h"
#include "text_file.h"

#include <string.h>

static void ask_for_everything(const table *t)
{
    int32_t line = 0;
    for (int32_t r = 0; r < t->n_rows; r++) {
        FUZZ_CHECK(t->line[r] > line); /* the headings, or the row before */
        line = t->line[r];
        for (int32_t c = 0; c < t->kind->n_columns; c++)
            FUZZ_CHECK(strlen(table_text(t, r, c)) <= CELL_MOST_BYTES);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *mark = size ? memchr(data, 0x1E, size) : NULL;
    size_t n = mark ? (size_t)(mark - data) : size;
    cr_auto(arena) strings = NULL;
    findings_book *findings = NULL;
    text_file text;
    char message[300];
    if (text_file_decode(data, n, &text, message, sizeof message))
        return 0;
    FUZZ_CHECK(arena_new(&strings) == CR_OK && findings_new(&findings) == CR_OK);
    json_t *mapping = mark ? json_loadb((const char *)mark + 1, size - n - 1, 0, NULL) : NULL;
    table t;
    table_init(&t, &table_kinds[TABLE_VISITS], "visits.csv", strings);
    FUZZ_CHECK(table_read_csv(&t, text.text, text.size, findings) == CR_OK);
    FUZZ_CHECK(table_match_headings(&t, mapping, findings) == CR_OK);
    ask_for_everything(&t);
    table_done(&t);
    json_decref(mapping);
    text_file_done(&text);
    findings_free(findings);
    return 0;
}
