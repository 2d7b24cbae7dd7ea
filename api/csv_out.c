/* CSV rows, field by field. */
#include "csv_out.h"

#include <inttypes.h>
#include <string.h>

csv_out csv_begin(FILE *out)
{
    fputs("\xEF\xBB\xBF", out);
    return (csv_out){.out = out};
}

static void put_between(csv_out *csv)
{
    if (csv->in_row)
        fputc(',', csv->out);
    csv->in_row = true;
}

/* What makes a spreadsheet calculate; white space before it does not stop all of them. */
static bool looks_like_formula(const char *text)
{
    return strchr("=+-@\t\r\n", *text) && *text;
}

void csv_text(csv_out *csv, const char *text)
{
    put_between(csv);
    const bool is_formula = looks_like_formula(text + strspn(text, " "));
    if (!is_formula && !strpbrk(text, ",\"\r\n")) {
        fputs(text, csv->out);
        return;
    }
    fputs(is_formula ? "\"'" : "\"", csv->out);
    for (; *text; text++)
        fputs(*text == '"' ? "\"\"" : (const char[]){*text, '\0'}, csv->out);
    fputc('"', csv->out);
}

void csv_value(csv_out *csv, const char *value)
{
    put_between(csv);
    fputs(value, csv->out);
}

void csv_int(csv_out *csv, int64_t value)
{
    put_between(csv);
    fprintf(csv->out, "%" PRId64, value);
}

void csv_end_row(csv_out *csv)
{
    fputs("\r\n", csv->out);
    csv->in_row = false;
}

void csv_head(csv_out *csv, const char *const *names, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        csv_value(csv, names[i]);
    csv_end_row(csv);
}
