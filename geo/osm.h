/* OpenStreetMap files as a stream of nodes, ways and relations, whatever the format.
 *
 * osm.c finds out the format and reads the bytes (gzip or not); osm_pbf.c and osm_xml.c turn them into calls of a sink.
 * Objects come in the file's own order, which nothing here relies on. A file is read as often as it takes; nothing of
 * it is kept.
 */
#ifndef GEO_OSM_H
#define GEO_OSM_H

#include "careround/base.h"

typedef struct osm_tag {
    const char *key, *value;
} osm_tag;

typedef struct osm_tags {
    const osm_tag *at;
    int32_t n;
} osm_tags;

typedef enum osm_kind { OSM_NODE, OSM_WAY, OSM_RELATION } osm_kind;

typedef struct osm_member {
    int64_t ref;
    osm_kind kind;
    const char *role;
} osm_member;

/* What to do with each object; NULL: the kind is not wanted. All they are handed lives until they return. A status
 * other than CR_OK ends the reading and is returned. */
typedef struct osm_sink {
    cr_status (*node)(void *user, int64_t id, int32_t lat_e7, int32_t lon_e7, osm_tags tags);
    cr_status (*way)(void *user, int64_t id, const int64_t *refs, int32_t n_refs, osm_tags tags);
    cr_status (*relation)(void *user, int64_t id, const osm_member *members, int32_t n_members, osm_tags tags);
    void *user;
    int64_t timestamp_s; /* written: of the extract, or else of its newest object; 0 unknown. Seconds since 1970 */
} osm_sink;

/* Where bytes come from. read() gives up to n bytes, 0 at the end, < 0 where reading fails. */
typedef struct osm_source {
    const char *name; /* for messages */
    int64_t (*read)(void *from, void *bytes, size_t n);
    void *from;
} osm_source;

/* Read a file of either format. CR_E_INPUT: not an OSM file, or damaged; CR_E_UPSTREAM: it cannot be read to its end.
 * The message names the file. */
cr_status osm_read_file(const char *path, osm_sink *sink, char *message, size_t size);

/* The same for bytes in memory, which name stands for. */
cr_status osm_read_bytes(const char *name, const void *bytes, size_t n, osm_sink *sink, char *message, size_t size);

/* The formats. The source is at its beginning. */
cr_status osm_pbf_read(const osm_source *source, osm_sink *sink, char *message, size_t size);
cr_status osm_xml_read(const osm_source *source, osm_sink *sink, char *message, size_t size);

/* The value of a tag, or NULL. */
const char *osm_tag_value(osm_tags tags, const char *key);

/* "2023-06-12T20:15:01Z" or only its date; 0 if it is not one. */
int64_t osm_timestamp_s(const char *text);

#endif
