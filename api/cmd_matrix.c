/* careround matrix --roads area.roads --points P.csv -o FILE */
#include "cmd.h"

#include "points_matrix.h"
#include "text_file.h"

#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: careround matrix --roads area.roads --points P.csv -o FILE [options]\n\n"
    "Seconds and metres by road from every point to every point. P.csv has columns lat and lon, in degrees. One JSON\n"
    "line goes to standard output: n, snap_s, table_s (the best of the repeats, writing left out), unreachable, "
    "threads.\n\n"
    "  -o, --out FILE      name.bin: n x n 32-bit seconds, then n x n metres, row by row, -1 where no road leads;\n"
    "                      otherwise CSV: from, to, seconds, metres, numbered from 0\n"
    "      --mode MODE     car, bicycle or foot (default: car)\n"
    "      --period NAME   at that time of day, for instance 'morning peak' (default: no particular time)\n"
    "      --threads N     (default: 1)\n"
    "      --repeat N      compute it so many times (default: 1)\n"
    "      --vectors BITS  vectors of at most 128, 256 (AVX2) or 512 bits (default: as wide as the machine has)\n";

enum { OPT_ROADS = 256, OPT_POINTS, OPT_MODE, OPT_PERIOD, OPT_THREADS, OPT_REPEAT, OPT_VECTORS };

typedef struct matrix_options {
    const char *roads, *points, *out, *period_name;
    int32_t mode, period;
    double threads, repeat, vector_bits;
} matrix_options;

/* ---- points ---- */

static cr_status read_file(const char *path, findings_book *findings, point_list *ret_points)
{
    char message[300] = "";
    text_file file = {NULL, 0, TEXT_UTF8};
    cr_status st = text_file_read(path, &file, message, sizeof message);
    if (st) {
        findings_error(findings, (finding_at){path, 0, "", ""}, "%s", message);
        return st;
    }
    st = points_read(file.text, file.size, path, findings, ret_points);
    text_file_done(&file);
    return st;
}

static cr_status read_points(const char *path, point_list *ret_points)
{
    findings_book *book = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = findings_new(&book);
    if (!st)
        st = read_file(path, book, ret_points);
    bool has_errors = book && findings_n_errors(book) > 0;
    if (book && findings_publish(&book, &findings) == CR_OK)
        cmd_print_findings(findings, stderr);
    findings_free(book);
    return st ? st : has_errors ? CR_E_INPUT : CR_OK;
}

/* ---- the table ---- */

/* A line on a terminal, once it takes longer; Ctrl-C stops. */
static bool show_progress(void *user, int32_t n_done, int32_t n_all)
{
    static double shown_s;
    double now_s = cmd_clock_s(NULL);
    (void)user;
    if (shown_s == 0)
        shown_s = now_s;
    if (isatty(STDERR_FILENO) && (now_s - shown_s > 0.5 || n_done == n_all)) {
        shown_s = now_s;
        fprintf(stderr, "\r%d of %d rows%s", n_done, n_all,
                n_done == n_all ? "\r                              \r" : "");
    }
    return !cmd_should_stop(NULL);
}

/* Places that no other leads to, or that lead to no other: named, since a sum hides them. */
static void name_unreachable(const points_matrix *a)
{
    size_t n = (size_t)a->n;
    for (size_t i = 0; i < n && a->n_unreachable; i++) {
        bool is_cut_off = n > 1;
        for (size_t j = 0; j < n && is_cut_off; j++)
            is_cut_off = j == i || (a->time_s[i * n + j] < 0 && a->time_s[j * n + i] < 0);
        if (is_cut_off)
            fprintf(stderr, "careround matrix: point %zu: no road leads to any other point\n", i);
    }
}

/* ---- writing ---- */

static bool write_binary(FILE *out, void *user)
{
    const points_matrix *a = user;
    size_t n = (size_t)a->n * (size_t)a->n;
    for (int which = 0; which < 2; which++) {
        int32_t *at = which ? a->dist_m : a->time_s;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        for (size_t i = 0; i < n; i++)
            at[i] = (int32_t)__builtin_bswap32((uint32_t)at[i]);
#endif
        if (fwrite(at, sizeof *at, n, out) != n)
            return false;
    }
    return true;
}

static bool write_csv(FILE *out, void *user)
{
    const points_matrix *a = user;
    size_t n = (size_t)a->n;
    fputs("from,to,seconds,metres\n", out);
    for (size_t i = 0; i < n * n; i++)
        if (fprintf(out, "%zu,%zu,%d,%d\n", i / n, i % n, a->time_s[i], a->dist_m[i]) < 0)
            return false;
    return true;
}

/* By Jansson, whose numbers have a decimal point whatever the locale. */
static cr_status print_line(const matrix_options *o, const points_matrix *a)
{
    json_t *line = json_pack("{s:i, s:f, s:f, s:I, s:i}", "n", (int)a->n, "snap_s", a->snap_s, "table_s", a->table_s,
                             "unreachable", (json_int_t)a->n_unreachable, "threads", (int)o->threads);
    bool written = line && json_dumpf(line, stdout, JSON_REAL_PRECISION(6)) == 0 && putchar('\n') != EOF;
    json_decref(line);
    return written ? CR_OK : CR_E_UPSTREAM;
}

static cr_status write_answer(const matrix_options *o, points_matrix *a)
{
    size_t n = strlen(o->out);
    bool is_binary = n > 4 && strcmp(o->out + n - 4, ".bin") == 0;
    cr_status st = print_line(o, a);
    return st ? st : cmd_write_file(o->out, is_binary ? write_binary : write_csv, a);
}

/* ---- the command ---- */

/* A name that the file does not have is answered with those that it has. */
static cr_status find_period(matrix_options *o, const cr_roads *roads)
{
    o->period = o->period_name ? cr_roads_find_period(roads, o->mode, o->period_name) : CR_NONE;
    if (!o->period_name || o->period != CR_NONE)
        return CR_OK;
    fprintf(stderr, "careround matrix: %s has no period '%s' for mode %s; it has", o->roads, o->period_name,
            cr_road_mode_name(o->mode));
    int32_t n = cr_roads_n_periods(roads, o->mode);
    for (int32_t k = 0; k < n; k++)
        fprintf(stderr, "%s '%s'", k ? "," : "", cr_roads_period(roads, o->mode, k)->name);
    fputs(n ? "\n" : " none\n", stderr);
    return CR_E_INPUT;
}

static cr_status make_matrix(matrix_options *o)
{
    char message[300] = "";
    point_list points = {NULL, 0};
    points_matrix a = {.n = 0};
    cr_auto(cr_roads) roads = NULL;
    cmd_watch_signals();
    cr_status st = read_points(o->points, &points);
    cr_status opened = cr_roads_open(o->roads, &roads, message, sizeof message);
    if (opened)
        fprintf(stderr, "careround matrix: %s\n", message);
    st = st ? st : opened;
    if (!st && !cr_roads_has_mode(roads, o->mode)) {
        fprintf(stderr, "careround matrix: %s has no roads for mode %s\n", o->roads, cr_road_mode_name(o->mode));
        st = CR_E_INPUT;
    }
    if (!st)
        st = find_period(o, roads);
    const points_request request = {o->mode,       o->period, (int32_t)o->threads,    (int32_t)o->repeat,
                                    show_progress, NULL,      (int32_t)o->vector_bits};
    if (!st)
        st = points_matrix_make(&request, roads, &points, &a);
    if (!st) {
        name_unreachable(&a);
        st = write_answer(o, &a);
    }
    points_done(&points);
    points_matrix_done(&a);
    return st;
}

static bool take_option(int c, matrix_options *o)
{
    switch (c) {
    case 'o':
        o->out = optarg;
        return true;
    case OPT_ROADS:
        o->roads = optarg;
        return true;
    case OPT_POINTS:
        o->points = optarg;
        return true;
    case OPT_MODE:
        o->mode = cr_road_mode_find(optarg);
        return o->mode != CR_NONE || (cmd_usage_error("matrix", "--mode must be car, bicycle or foot"), false);
    case OPT_PERIOD:
        o->period_name = optarg;
        return true;
    case OPT_THREADS:
        return cmd_option_count("matrix", "threads", optarg, 1, 64, &o->threads);
    case OPT_REPEAT:
        return cmd_option_count("matrix", "repeat", optarg, 1, 1e6, &o->repeat);
    case OPT_VECTORS:
        return cmd_option_count("matrix", "vectors", optarg, 128, 512, &o->vector_bits);
    default:
        return cmd_usage_error("matrix", "see above"), false;
    }
}

int cmd_matrix(int argc, char **argv)
{
    static const struct option options[] = {
        {"out", required_argument, NULL, 'o'},
        {"roads", required_argument, NULL, OPT_ROADS},
        {"points", required_argument, NULL, OPT_POINTS},
        {"mode", required_argument, NULL, OPT_MODE},
        {"period", required_argument, NULL, OPT_PERIOD},
        {"threads", required_argument, NULL, OPT_THREADS},
        {"repeat", required_argument, NULL, OPT_REPEAT},
        {"vectors", required_argument, NULL, OPT_VECTORS},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    matrix_options o = {.threads = 1, .repeat = 1};
    for (int c; (c = getopt_long(argc, argv, "o:h", options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (!take_option(c, &o))
            return EXIT_USAGE;
    }
    if (optind < argc || !o.roads || !o.points || !o.out)
        return cmd_usage_error("matrix",
                               !o.roads    ? "which roads? Give --roads FILE"
                               : !o.points ? "which points? Give --points FILE"
                               : !o.out    ? "where to? Give -o FILE"
                                           : "'%s' is too much",
                               optind < argc ? argv[optind] : "");
    return cmd_exit_status(make_matrix(&o));
}
