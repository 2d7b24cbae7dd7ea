/* OpenStreetMap files: which format, and where the bytes come from.
 *
 * zlib reads plain and gzipped files alike, so .osm.gz comes for nothing.
 */
#include "osm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define HEAD_BYTES 64

/* A source whose first bytes were looked at and are handed out again. */
typedef struct peeked {
    osm_source below;
    char head[HEAD_BYTES];
    size_t n_head, at;
} peeked;

static int64_t read_peeked(void *from, void *bytes, size_t n)
{
    peeked *p = from;
    size_t left = p->n_head - p->at;
    if (!left)
        return p->below.read(p->below.from, bytes, n);
    if (n > left)
        n = left;
    memcpy(bytes, p->head + p->at, n);
    p->at += n;
    return (int64_t)n;
}

static bool is_pbf(const peeked *p)
{
    return p->n_head > 15 && memcmp(p->head + 4, "\n\x09OSMHeader", 11) == 0;
}

static bool is_xml(const peeked *p)
{
    size_t at = p->n_head >= 3 && memcmp(p->head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < p->n_head && strchr(" \t\r\n", p->head[at]) && p->head[at])
        at++;
    return at < p->n_head && p->head[at] == '<';
}

static cr_status read_source(const osm_source *below, osm_sink *sink, char *message, size_t size)
{
    peeked p = {.below = *below};
    for (int64_t n = 1; n > 0 && p.n_head<sizeof p.head; p.n_head += n> 0 ? (size_t)n : 0) {
        n = below->read(below->from, p.head + p.n_head, sizeof p.head - p.n_head);
        if (n < 0) {
            snprintf(message, size, "%s: cannot be read", below->name);
            return CR_E_UPSTREAM;
        }
    }
    osm_source source = {below->name, read_peeked, &p};
    sink->timestamp_s = 0;
    if (is_pbf(&p))
        return osm_pbf_read(&source, sink, message, size);
    if (is_xml(&p))
        return osm_xml_read(&source, sink, message, size);
    snprintf(message, size, "%s: is not an OpenStreetMap file; it must be .osm.pbf, .osm or .osm.gz", below->name);
    return CR_E_INPUT;
}

static int64_t read_gz(void *from, void *bytes, size_t n)
{
    return gzread(from, bytes, (unsigned)(n < 1 << 30 ? n : 1 << 30));
}

cr_status osm_read_file(const char *path, osm_sink *sink, char *message, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        snprintf(message, size, "%s: %s", path, strerror(errno));
        return CR_E_INPUT;
    }
    gzFile file = gzdopen(fd, "rb");
    if (!file) {
        close(fd);
        return CR_E_NOMEM;
    }
    gzbuffer(file, 1 << 18);
    osm_source source = {path, read_gz, file};
    cr_status st = read_source(&source, sink, message, size);
    gzclose(file);
    return st;
}

typedef struct memory {
    const char *bytes;
    size_t n, at;
} memory;

static int64_t read_memory(void *from, void *bytes, size_t n)
{
    memory *m = from;
    if (n > m->n - m->at)
        n = m->n - m->at;
    if (n)
        memcpy(bytes, m->bytes + m->at, n);
    m->at += n;
    return (int64_t)n;
}

cr_status osm_read_bytes(const char *name, const void *bytes, size_t n, osm_sink *sink, char *message, size_t size)
{
    memory m = {bytes, n, 0};
    osm_source source = {name, read_memory, &m};
    return read_source(&source, sink, message, size);
}

const char *osm_tag_value(osm_tags tags, const char *key)
{
    for (int32_t i = 0; i < tags.n; i++)
        if (strcmp(tags.at[i].key, key) == 0)
            return tags.at[i].value;
    return NULL;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar: years begin in March, so the leap day comes last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    if (month <= 2)
        year--;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719468;
}

int64_t osm_timestamp_s(const char *text)
{
    int year, month, day, hour = 0, minute = 0, second = 0;
    int n = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second);
    if ((n != 3 && n != 6) || year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 24 ||
        minute < 0 || minute > 59 || second < 0 || second > 60)
        return 0;
    return days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}
