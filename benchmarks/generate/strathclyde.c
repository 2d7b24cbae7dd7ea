/* The ten real days of the Strathclyde data as DAY folders.
 *
 * "Dataset of Home Care Scheduling and Routing Problems with Synchronized Visits", doi 10.15129/2d4885e1. The
 * convention: a visit starts within 30 minutes of its planned time, a segment of a carer's day is hard, the first and
 * the last leg of a segment are free (nobody knows where carers live), a visit of two carers has both or none. The
 * settings price a second of travel at a penny and a missing carer at 100,000, and nothing else, so that the cost in
 * pence is the objective. The data is its owners': the folders are for your own disk, not for this repository.
 */
#include "days.h"
#include "sheet.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_S  (30 * 60)
#define MOST_DAYS 31

typedef struct source_visit {
    char visit_id[16], user_id[16], date[12];
    int32_t start_s, duration_s, carers;
} source_visit;

typedef struct source_segment {
    char carer_id[16], date[12];
    int32_t begin_s, end_s;
} source_segment;

typedef struct source {
    int32_t n_visits, n_segments, n_dates;
    source_visit *visits;
    source_segment *segments;
    char dates[MOST_DAYS][12];
    const char *folder;
} source;

static FILE *open_source(const char *folder, const char *name)
{
    char path[PATH_MAX];
    FILE *file = NULL;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path)
        file = fopen(path, "rb");
    if (!file)
        fprintf(stderr, "careround-generate: %s/%s: %s\n", folder, name, strerror(errno));
    return file;
}

static bool complain(const char *name, int32_t line)
{
    fprintf(stderr, "careround-generate: %s, line %d: not as the data set has it\n", name, line);
    return false;
}

/* VisitId,UserId,Date,Time,Duration,CarerCount */
static bool parse_visit(const char *line, source_visit *ret_visit)
{
    int hour, minute, second;
    if (sscanf(line, "%15[^,],%15[^,],%11[^,],%d:%d:%d,%d,%d", ret_visit->visit_id, ret_visit->user_id, ret_visit->date,
               &hour, &minute, &second, &ret_visit->duration_s, &ret_visit->carers) != 8)
        return false;
    ret_visit->start_s = hour * 3600 + minute * 60 + second;
    return ret_visit->duration_s > 0 && ret_visit->carers >= 1 && ret_visit->carers <= 2;
}

/* CarerId,Date,Begin,End; begin and end are date-times of that date. */
static bool parse_segment(const char *line, source_segment *ret_segment)
{
    int from[3], to[3];
    if (sscanf(line, "%15[^,],%11[^,],%*[^T]T%d:%d:%d,%*[^T]T%d:%d:%d", ret_segment->carer_id, ret_segment->date,
               &from[0], &from[1], &from[2], &to[0], &to[1], &to[2]) != 8)
        return false;
    ret_segment->begin_s = from[0] * 3600 + from[1] * 60 + from[2];
    ret_segment->end_s = to[0] * 3600 + to[1] * 60 + to[2];
    return ret_segment->end_s > ret_segment->begin_s;
}

/* A day only if it is in the list already or there is room for it. Dates sort as text. */
static bool note_date(source *s, const char *date)
{
    int32_t at = 0;
    while (at < s->n_dates && strcmp(s->dates[at], date) < 0)
        at++;
    if (at < s->n_dates && strcmp(s->dates[at], date) == 0)
        return true;
    if (s->n_dates == MOST_DAYS)
        return false;
    memmove(s->dates[at + 1], s->dates[at], (size_t)(s->n_dates - at) * sizeof s->dates[0]);
    strcpy(s->dates[at], date);
    s->n_dates++;
    return true;
}

static int32_t count_lines(FILE *file)
{
    int32_t n = 0;
    for (int c; (c = getc(file)) != EOF;)
        n += c == '\n';
    rewind(file);
    return n + 1;
}

static bool read_visits(source *s)
{
    FILE *file = open_source(s->folder, "visits.csv");
    if (!file)
        return false;
    s->visits = gen_room((size_t)count_lines(file), sizeof *s->visits);
    char line[256];
    bool sound = fgets(line, sizeof line, file) != NULL; /* the heading */
    while (sound && fgets(line, sizeof line, file)) {
        source_visit *visit = &s->visits[s->n_visits++];
        sound = (parse_visit(line, visit) && note_date(s, visit->date)) || complain("visits.csv", s->n_visits + 1);
    }
    fclose(file);
    return sound;
}

static bool read_segments(source *s)
{
    FILE *file = open_source(s->folder, "carers.csv");
    if (!file)
        return false;
    s->segments = gen_room((size_t)count_lines(file), sizeof *s->segments);
    char line[256];
    bool sound = fgets(line, sizeof line, file) != NULL;
    while (sound && fgets(line, sizeof line, file)) {
        sound = parse_segment(line, &s->segments[s->n_segments]) || complain("carers.csv", s->n_segments + 2);
        s->n_segments++;
    }
    fclose(file);
    return sound;
}

static bool write_visits(const source *s, const char *date, const char *dir)
{
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "visits.csv", "visit_id,client_id,window_start,window_end,duration,carers"))
        return false;
    for (const source_visit *v = s->visits; v < s->visits + s->n_visits; v++) {
        if (strcmp(v->date, date) != 0)
            continue;
        gen_sheet_text(&sheet, v->visit_id);
        gen_sheet_text(&sheet, v->user_id);
        gen_sheet_seconds(&sheet, v->start_s - WINDOW_S);
        gen_sheet_seconds(&sheet, v->start_s + WINDOW_S);
        gen_sheet_seconds(&sheet, v->duration_s);
        gen_sheet_number(&sheet, v->carers);
        gen_sheet_row_end(&sheet);
    }
    return gen_sheet_close(&sheet);
}

/* The segments keep their order: the place among the day's lines is the number of the vehicle in `bench`. */
static bool write_carers(const source *s, const char *date, const char *dir)
{
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "carers.csv", "carer_id,shift_id,shift_start,shift_end"))
        return false;
    int32_t n = 0;
    for (const source_segment *segment = s->segments; segment < s->segments + s->n_segments; segment++) {
        if (strcmp(segment->date, date) != 0)
            continue;
        char shift_id[32];
        snprintf(shift_id, sizeof shift_id, "%s-%d", segment->carer_id, n++);
        gen_sheet_text(&sheet, segment->carer_id);
        gen_sheet_text(&sheet, shift_id);
        gen_sheet_seconds(&sheet, segment->begin_s);
        gen_sheet_seconds(&sheet, segment->end_s);
        gen_sheet_row_end(&sheet);
    }
    return gen_sheet_close(&sheet);
}

static bool is_visited(const source *s, const char *date, long user)
{
    for (const source_visit *v = s->visits; v < s->visits + s->n_visits; v++)
        if (strtol(v->user_id, NULL, 10) == user && strcmp(v->date, date) == 0)
            return true;
    return false;
}

/* One row of distance.csv: "number,id,seconds,...", under the heading "UserId,4,38,...". Clients who are not visited
 * today are left out: their numbers may be those of carers. */
static bool write_matrix_row(gen_sheet *sheet, const char *heading, char *row, const bool *is_wanted)
{
    char *to = strchr(heading, ','), *seconds = row;
    strtol(row, &seconds, 10);
    long from = *seconds == ',' ? strtol(seconds + 1, &seconds, 10) : -1;
    for (int32_t column = 0; to && *to == ',' && *seconds == ','; column++) {
        long to_id = strtol(to + 1, &to, 10), leg_s = strtol(seconds + 1, &seconds, 10);
        if (!is_wanted[column])
            continue;
        gen_sheet_number(sheet, (int32_t)from);
        gen_sheet_number(sheet, (int32_t)to_id);
        gen_sheet_number(sheet, (int32_t)leg_s);
        gen_sheet_empty(sheet, 1); /* metres are not in the data, and nothing is paid for them */
        gen_sheet_row_end(sheet);
    }
    return from >= 0 && to && *to != ',' && *seconds != ',';
}

/* For each column of the heading: is that client visited on the date? */
static bool *wanted_columns(const source *s, const char *date, const char *heading)
{
    bool *is_wanted = gen_room(strlen(heading) + 1, sizeof *is_wanted);
    char *to = strchr(heading, ',');
    for (int32_t column = 0; to && *to == ','; column++)
        is_wanted[column] = is_visited(s, date, strtol(to + 1, &to, 10));
    return is_wanted;
}

static bool write_matrix(const source *s, const char *date, const char *dir)
{
    FILE *file = open_source(s->folder, "distance.csv");
    if (!file)
        return false;
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "matrix.csv", "from,to,seconds,metres")) {
        fclose(file);
        return false;
    }
    char *heading = NULL, *row = NULL;
    size_t heading_room = 0, row_room = 0;
    bool sound = getline(&heading, &heading_room, file) > 0;
    bool *is_wanted = wanted_columns(s, date, sound ? heading : "");
    for (int32_t r = 0; sound && getline(&row, &row_room, file) > 0; r++)
        if (is_wanted[r]) /* rows stand in the order of the columns */
            sound = write_matrix_row(&sheet, heading, row, is_wanted) || complain("distance.csv", r + 2);
    free(is_wanted);
    free(heading);
    free(row);
    fclose(file);
    return gen_sheet_close(&sheet) && sound;
}

static bool write_settings(const char *date, const char *dir)
{
    char text[1024];
    snprintf(
        text, sizeof text,
        "{\n"
        "  \"about\": \"Cost in pence = seconds of travel + 100,000 for each carer missing; nothing else counts\",\n"
        "  \"date\": \"%s\",\n"
        "  \"service_day\": \"00:00-24:00\",\n"
        "  \"prices\": {\n"
        "    \"pay_per_hour\": 0, \"minimum_pay_per_hour\": 0, \"travel_per_hour\": 3600, \"waiting_per_hour\": 0,\n"
        "    \"early_per_minute\": 0, \"late_per_minute\": 0, \"unfamiliar_per_visit\": 0,\n"
        "    \"stranger_short_per_visit\": 0, \"not_preferred_per_visit\": 0, \"shift_use\": 0\n"
        "  },\n"
        "  \"unallocated\": {\"priority_3\": 100000},\n"
        "  \"visits\": {\"door\": 0},\n"
        "  \"breaks\": {\"six_hour_rule\": false},\n"
        "  \"travel\": {\"modes\": {\"car\": {\"pence_per_mile\": 0}}}\n"
        "}\n",
        date);
    return gen_write_file(dir, "settings.json", text);
}

static bool write_day(const source *s, const char *date, const char *parent)
{
    char dir[PATH_MAX];
    if (snprintf(dir, sizeof dir, "%s/%s", parent, date) >= (int)sizeof dir)
        return false;
    if (!gen_make_folder(dir) || !write_visits(s, date, dir) || !write_carers(s, date, dir) ||
        !write_matrix(s, date, dir) || !write_settings(date, dir))
        return false;
    printf("%s\n", dir);
    return true;
}

bool gen_strathclyde(const char *folder, const char *dir)
{
    source s = {.folder = folder};
    bool sound = read_visits(&s) && read_segments(&s);
    for (int32_t d = 0; sound && d < s.n_dates; d++)
        sound = write_day(&s, s.dates[d], dir);
    free(s.visits);
    free(s.segments);
    return sound;
}
