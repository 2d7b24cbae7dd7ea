/* Inside the gazetteer: the file's layout, the rows it is made from, and the steps between.
 *
 * published CSV -> gazetteer_read.c -> gaz_row -> gazetteer_build.c -> gaz_content -> gazetteer_write.c -> the file,
 * which gazetteer.c maps, checks and searches.
 */
#ifndef GEO_GAZETTEER_H
#define GEO_GAZETTEER_H

#include "careround/place.h"

/* ---- the file: header, postcodes, areas, all in the machine's own byte order ---- */

#define GAZ_MAGIC      "CRGAZ\r\n\x1a"
#define GAZ_VERSION    1
#define GAZ_BYTE_ORDER UINT32_C(0x01020304)

typedef struct gaz_header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t n_postcodes, n_areas;
    double accuracy_m; /* of the transformation from the National Grid, as PROJ stated it; < 0 unknown */
    uint64_t checksum; /* of all before and after it */
} gaz_header;

/* Sorted by key. The lowest byte of the key tells the rest: GAZ_QUALITY and the flags. */
typedef struct gaz_postcode {
    uint64_t key_and_kind;
    int32_t lat_e7, lon_e7; /* degrees times 10^7: about a centimetre */
} gaz_postcode;

/* A sector or district: the middle of the positions known in it. Sorted by key. */
typedef struct gaz_area {
    uint64_t key;
    int32_t lat_e7, lon_e7;
    uint32_t spread_m; /* root of the mean squared distance from the middle */
    uint32_t n;        /* positions */
} gaz_area;

static_assert(sizeof(gaz_header) == 48 && sizeof(gaz_postcode) == 16 && sizeof(gaz_area) == 24, "no padding");

/* How well a postcode's position is known: Code-Point Open's quality over ten, ONSPD's osgrdind as it is. 0: no
 * position (their 9). */
#define GAZ_QUALITY        0x0f
#define GAZ_QUALITY_BEST   1
#define GAZ_QUALITY_SECTOR 6    /* the mean of its sector */
#define GAZ_QUALITY_WORST  8    /* the last known position of a postcode long gone */
#define GAZ_TERMINATED     0x10 /* no longer in use */
#define GAZ_DEGREES        0x20 /* came as degrees, not through the National Grid */

/* FNV-1a by words of eight bytes: any single changed word changes it. */
uint64_t gaz_checksum(const gaz_header *header, const void *rest, size_t rest_bytes);

/* ---- making one ---- */

/* A row as read: east and north in metres until they are projected, then degrees like those marked GAZ_DEGREES. */
typedef struct gaz_row {
    uint64_t key;
    double lon_or_east, lat_or_north;
    uint32_t order; /* of reading: the later row of two is the newer */
    uint8_t kind;
} gaz_row;

typedef struct gaz_rows {
    gaz_row *at;
    size_t n, room;
    int64_t n_read, n_bad;
} gaz_rows;

typedef struct gaz_content {
    double accuracy_m;
    gaz_postcode *postcodes;
    gaz_area *areas;
    size_t n_postcodes, n_areas;
} gaz_content;

/* Add the rows of one file. CR_E_INPUT: it is none of the kinds known or has no usable row; CR_E_UPSTREAM: it cannot be
 * read. The message names the file. */
cr_status gaz_read_file(const char *path, gaz_rows *rows, char *message, size_t size);

/* The same for text in memory, which name stands for in the message. */
cr_status gaz_read_text(const char *name, const char *text, size_t n_bytes, gaz_rows *rows, char *message, size_t size);

/* Write it so that path is either the whole file or as before. */
cr_status gaz_write(const gaz_content *content, const char *path, char *message, size_t size);

/* ---- using one ---- */

struct cr_gazetteer {
    const gaz_header *header;
    const gaz_postcode *postcodes;
    const gaz_area *areas;
    void *mapping;
    size_t mapping_bytes;
};

/* Look at bytes (aligned to 8) as a gazetteer, if they are a sound one; otherwise CR_E_INPUT and the reason. */
cr_status gaz_view(const void *bytes, size_t n_bytes, struct cr_gazetteer *ret_view, const char **ret_reason);

#endif
