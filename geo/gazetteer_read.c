/* Reading published postcode files: rows of CSV become gaz_rows.
 *
 * Three kinds are told apart by their content. ONSPD has a header, and its columns were renamed in 2025 (oseast1m
 * became east1m), so columns are found by name. Code-Point Open has no header, or the two rows of its header file; the
 * Scottish Postcode Directory has none and marks split postcodes with a letter more. Millions of rows: only the fields
 * needed are kept, in place. Numbers are read here and not by strtod(), which would want a decimal comma in half of
 * Europe.
 */
#include "gazetteer.h"
#include "grid.h"
#include "postcode.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIELDS_MOST      80 /* ONSPD has 53 */
#define FIELD_SIZE       32 /* what is longer is neither postcode nor number nor a column's name */
#define FIELD_BYTES_MOST ((size_t)1 << 20)

typedef enum role {
    POSTCODE,
    QUALITY,
    EAST,
    NORTH,
    LAT,
    LON,
    ENDED, /* the date when the postcode went out of use */
    N_ROLES,
} role;

static const struct {
    const char *name;
    role role;
} known_columns[] = {
    {"pc", POSTCODE},      {"postcode", POSTCODE},
    {"pcd", POSTCODE},     {"pcd2", POSTCODE},
    {"pcds", POSTCODE},    {"pcd7", POSTCODE},
    {"pcd8", POSTCODE},    {"pq", QUALITY},
    {"osgrdind", QUALITY}, {"gridind", QUALITY},
    {"ea", EAST},          {"eastings", EAST},
    {"easting", EAST},     {"oseast1m", EAST},
    {"east1m", EAST},      {"no", NORTH},
    {"northings", NORTH},  {"northing", NORTH},
    {"osnrth1m", NORTH},   {"north1m", NORTH},
    {"lat", LAT},          {"latitude", LAT},
    {"long", LON},         {"longitude", LON},
    {"doterm", ENDED},     {"positional_quality_indicator", QUALITY},
};

typedef struct reader {
    gaz_rows *rows;
    bool has_layout, may_be_split;
    int column[N_ROLES];    /* of the role; -1: the file has none */
    bool keep[FIELDS_MOST]; /* before the layout is known: all */
    char field[FIELDS_MOST][FIELD_SIZE];
    int n_fields;
    int64_t n_read; /* rows of this file */
    cr_status status;
} reader;

/* ---- values ---- */

/* An optional sign, digits, perhaps a point and more digits; nothing else. */
static bool parse_number(const char *text, double *ret_value)
{
    bool is_negative = *text == '-';
    double value = 0, scale = 1;
    int n_digits = 0;
    bool after_point = false;
    for (const char *c = text + (is_negative || *text == '+'); *c; c++) {
        if (*c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (*c < '0' || *c > '9' || ++n_digits > 15)
            return false;
        value = value * 10 + (*c - '0');
        scale *= after_point ? 10 : 1;
    }
    *ret_value = (is_negative ? -value : value) / scale;
    return n_digits > 0;
}

static const char *value_of(const reader *r, role what)
{
    int column = r->column[what];
    return column >= 0 && column < r->n_fields ? r->field[column] : "";
}

/* The postcode in a field; a split one (PA31 8UAA) is filed without its letter. */
static uint64_t key_of(const char *text, bool may_be_split)
{
    uint64_t key = geo_postcode_key(text, FIELD_SIZE);
    size_t n = strlen(text);
    if (!key && may_be_split && n > 1)
        key = geo_postcode_key(text, n - 1);
    return key;
}

/* ---- the layout of the file ---- */

static void set_column(reader *r, role what, int column)
{
    if (r->column[what] < 0)
        r->column[what] = column;
}

static void forget_columns(reader *r)
{
    for (int i = 0; i < N_ROLES; i++)
        r->column[i] = -1;
}

static bool layout_from_header(reader *r)
{
    forget_columns(r);
    for (int i = 0; i < r->n_fields && i < FIELDS_MOST; i++)
        for (size_t k = 0; k < sizeof known_columns / sizeof *known_columns; k++)
            if (strcasecmp(r->field[i], known_columns[k].name) == 0)
                set_column(r, known_columns[k].role, i);
    return r->column[POSTCODE] >= 0 &&
           ((r->column[EAST] >= 0 && r->column[NORTH] >= 0) || (r->column[LAT] >= 0 && r->column[LON] >= 0));
}

static bool is_number(const reader *r, int column)
{
    double value;
    return column < r->n_fields && parse_number(r->field[column], &value);
}

/* Code-Point Open: postcode, quality, easting, northing. */
static bool layout_of_code_point(reader *r)
{
    forget_columns(r);
    for (int i = 0; i < 4; i++)
        set_column(r, (role)(POSTCODE + i), i);
    return geo_postcode_key(r->field[0], FIELD_SIZE) && is_number(r, 1) && is_number(r, 2) && is_number(r, 3);
}

/* Scottish Postcode Directory: postcode, its district, its sector, two dates; large users then have a postcode more. */
static bool layout_of_scotland(reader *r)
{
    uint64_t key = key_of(r->field[0], true);
    size_t n_district = strlen(r->field[1]);
    if (!key || r->n_fields < 10 || n_district < 2 || strncmp(r->field[0], r->field[1], n_district) != 0 ||
        strncmp(r->field[0], r->field[2], strlen(r->field[2])) != 0)
        return false;
    int first = is_number(r, 5) ? 5 : 6;
    forget_columns(r);
    set_column(r, POSTCODE, 0);
    set_column(r, ENDED, 4);
    for (int i = 0; i < 4; i++)
        set_column(r, (role)(EAST + i), first + i);
    r->may_be_split = true;
    return is_number(r, first) && is_number(r, first + 1);
}

/* ---- rows ---- */

static cr_status append(gaz_rows *rows, const gaz_row *row)
{
    if (rows->n == rows->room) {
        size_t room = rows->room ? rows->room + rows->room / 2 : 4096;
        gaz_row *at = realloc(rows->at, room * sizeof *at);
        if (!at)
            return CR_E_NOMEM;
        rows->at = at;
        rows->room = room;
    }
    rows->at[rows->n++] = *row;
    return CR_OK;
}

/* 1 to 8; 0 for no position. Code-Point Open counts in tens. A file without the column has only good ones. */
static int quality_of(const reader *r)
{
    double value;
    if (r->column[QUALITY] < 0)
        return GAZ_QUALITY_BEST;
    if (!parse_number(value_of(r, QUALITY), &value))
        return 0;
    if (value >= 10)
        value /= 10;
    return value >= GAZ_QUALITY_BEST && value <= GAZ_QUALITY_WORST ? (int)value : 0;
}

/* A position on the National Grid, which 0, 0 stands for the lack of, or else in degrees, where ONSPD writes latitude
 * 99.999999 for none. Northern Irish metres are on another grid. */
static void set_position(const reader *r, gaz_row *row)
{
    double east, north, lat, lon;
    int quality = quality_of(r);
    if (!quality)
        return;
    if (!geo_postcode_is_northern_irish(row->key) && parse_number(value_of(r, EAST), &east) &&
        parse_number(value_of(r, NORTH), &north) && geo_grid_contains(east, north) && (east > 0 || north > 0)) {
        row->lon_or_east = east;
        row->lat_or_north = north;
        row->kind |= (uint8_t)quality;
    } else if (parse_number(value_of(r, LAT), &lat) && parse_number(value_of(r, LON), &lon) && fabs(lat) <= 90 &&
               fabs(lon) <= 180 && (lat != 0 || lon != 0)) {
        row->lon_or_east = lon;
        row->lat_or_north = lat;
        row->kind |= (uint8_t)(quality | GAZ_DEGREES);
    }
}

static void take_row(reader *r)
{
    r->n_read++;
    r->rows->n_read++;
    gaz_row row = {.key = key_of(value_of(r, POSTCODE), r->may_be_split), .order = (uint32_t)r->rows->n};
    if (!row.key) {
        r->rows->n_bad++;
        return;
    }
    if (*value_of(r, ENDED))
        row.kind |= GAZ_TERMINATED;
    set_position(r, &row);
    r->status = append(r->rows, &row);
}

/* The first row says what the file is; a header may have a second row of longer names. */
static void take_first_row(reader *r)
{
    bool is_header = layout_from_header(r);
    if (!is_header && !layout_of_code_point(r) && !layout_of_scotland(r)) {
        r->status = CR_E_INPUT;
        return;
    }
    r->has_layout = true;
    memset(r->keep, 0, sizeof r->keep);
    for (int i = 0; i < N_ROLES; i++)
        if (r->column[i] >= 0)
            r->keep[r->column[i]] = true;
    if (!is_header)
        take_row(r);
}

static bool is_second_header(const reader *r)
{
    return r->n_read == 0 && strcasecmp(value_of(r, POSTCODE), "postcode") == 0;
}

static void at_field(void *text, size_t n, void *closure)
{
    reader *r = closure;
    int i = r->n_fields < FIELDS_MOST ? r->n_fields++ : FIELDS_MOST;
    if (i == FIELDS_MOST || !r->keep[i])
        return;
    n = n < FIELD_SIZE ? n : FIELD_SIZE - 1;
    if (n)
        memcpy(r->field[i], text, n);
    r->field[i][n] = '\0';
}

static void at_row_end(int c, void *closure)
{
    reader *r = closure;
    if (r->status == CR_OK && !r->has_layout)
        take_first_row(r);
    else if (r->status == CR_OK && !is_second_header(r))
        take_row(r);
    r->n_fields = 0;
}

/* ---- files ---- */

static cr_status feed(reader *r, struct csv_parser *parser, const char *text, size_t n)
{
    if (csv_parse(parser, text, n, at_field, at_row_end, r) != n)
        return CR_E_NOMEM;
    if (csv_get_buffer_size(parser) > FIELD_BYTES_MOST)
        return CR_E_INPUT; /* a quote that never closes */
    return r->status;
}

static size_t byte_order_mark(const char *text, size_t n)
{
    return n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Reads from the file, or the text if file is NULL. */
static cr_status read_all(reader *r, FILE *file, const char *text, size_t n)
{
    struct csv_parser parser;
    char chunk[1 << 16];
    if (csv_init(&parser, 0) != 0)
        return CR_E_NOMEM;
    bool is_first = true;
    cr_status st = CR_OK;
    do {
        if (file) {
            n = fread(chunk, 1, sizeof chunk, file);
            text = chunk;
        }
        size_t skip = is_first ? byte_order_mark(text, n) : 0;
        st = feed(r, &parser, text + skip, n - skip);
        is_first = false;
    } while (file && n > 0 && st == CR_OK);
    if (st == CR_OK && csv_fini(&parser, at_field, at_row_end, r) != 0)
        st = CR_E_NOMEM;
    if (st == CR_OK)
        st = r->status;
    csv_free(&parser);
    return st;
}

static cr_status explain(const reader *r, const char *name, cr_status st, size_t n_before, char *message, size_t size)
{
    if (st == CR_OK && r->rows->n == n_before) {
        snprintf(message, size, "%s: no row has a postcode", name);
        return CR_E_INPUT;
    }
    if (st == CR_E_INPUT && r->has_layout)
        snprintf(message, size, "%s: a quote is opened after row %lld and never closed", name, (long long)r->n_read);
    else if (st == CR_E_INPUT)
        snprintf(message, size,
                 "%s: row 1 is neither of Code-Point Open, of ONSPD nor of the Scottish Postcode Directory", name);
    else if (st == CR_E_NOMEM)
        snprintf(message, size, "%s: out of memory", name);
    return st;
}

static cr_status read_source(const char *name, FILE *file, const char *text, size_t n, gaz_rows *rows, char *message,
                             size_t size)
{
    reader *r = calloc(1, sizeof *r);
    if (!r)
        return CR_E_NOMEM;
    r->rows = rows;
    memset(r->keep, 1, sizeof r->keep);
    size_t n_before = rows->n;
    cr_status st = explain(r, name, read_all(r, file, text, n), n_before, message, size);
    free(r);
    return st;
}

cr_status gaz_read_text(const char *name, const char *text, size_t n_bytes, gaz_rows *rows, char *message, size_t size)
{
    return read_source(name, NULL, text, n_bytes, rows, message, size);
}

cr_status gaz_read_file(const char *path, gaz_rows *rows, char *message, size_t size)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        snprintf(message, size, "%s: %s", path, strerror(errno));
        return errno == ENOMEM ? CR_E_NOMEM : CR_E_INPUT;
    }
    cr_status st = read_source(path, file, NULL, 0, rows, message, size);
    if (st != CR_E_NOMEM && ferror(file)) {
        snprintf(message, size, "%s: cannot be read to its end", path);
        st = CR_E_UPSTREAM;
    }
    fclose(file);
    return st;
}
