/* OSM PBF: blobs, inflated by zlib, unpacked by protobuf-c, walked as objects.
 *
 * Nothing in a file is believed: sizes are bounded before memory is taken, every index into the table of strings is
 * looked at, sums of differences wrap instead of overflowing and are then checked.
 */
#include "osm.h"

#include "osm.pb-c.h"
#include "room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The format's own limits. */
#define HEADER_BYTES_MOST (64 << 10)
#define BLOB_BYTES_MOST   (32 << 20)

typedef struct pbf_reader {
    const osm_source *source;
    osm_sink *sink;
    char *message;
    size_t size;
    uint8_t *packed, *raw; /* a blob as it came, and inflated */
    size_t packed_room, raw_room;
    char *text; /* the block's strings, each with a NUL after it */
    size_t text_room;
    const char **strings;
    size_t n_strings, strings_room;
    osm_tag *tags;
    size_t tags_room;
    int64_t *refs;
    size_t refs_room;
    osm_member *members;
    size_t members_room;
    int64_t newest_s;
    int64_t n_blobs;
} pbf_reader;

static cr_status damaged(const pbf_reader *r, const char *what)
{
    snprintf(r->message, r->size, "%s: block %lld: %s", r->source->name, (long long)r->n_blobs, what);
    return CR_E_INPUT;
}

/* ---- strings and tags ---- */

static cr_status take_strings(pbf_reader *r, const Osm__StringTable *table)
{
    size_t n_bytes = 0;
    for (size_t i = 0; i < table->n_s; i++)
        n_bytes += table->s[i].len + 1;
    if (!room_for(&r->text, &r->text_room, n_bytes + 1, 1) ||
        !room_for(&r->strings, &r->strings_room, table->n_s + 1, sizeof *r->strings))
        return CR_E_NOMEM;
    char *to = r->text;
    for (size_t i = 0; i < table->n_s; i++) {
        r->strings[i] = to;
        if (table->s[i].len)
            memcpy(to, table->s[i].data, table->s[i].len);
        to[table->s[i].len] = '\0';
        to += table->s[i].len + 1;
    }
    r->n_strings = table->n_s;
    return CR_OK;
}

static cr_status take_tags(pbf_reader *r, const uint32_t *keys, size_t n_keys, const uint32_t *values, size_t n_values,
                           osm_tags *ret_tags)
{
    if (n_keys != n_values)
        return damaged(r, "an object has more keys than values, or fewer");
    if (!room_for(&r->tags, &r->tags_room, n_keys + 1, sizeof *r->tags))
        return CR_E_NOMEM;
    for (size_t i = 0; i < n_keys; i++) {
        if (keys[i] >= r->n_strings || values[i] >= r->n_strings)
            return damaged(r, "a tag's text is not in the table of strings");
        r->tags[i] = (osm_tag){r->strings[keys[i]], r->strings[values[i]]};
    }
    *ret_tags = (osm_tags){r->tags, (int32_t)n_keys};
    return CR_OK;
}

/* ---- objects ---- */

static void note_time(pbf_reader *r, int64_t timestamp, int32_t granularity_ms)
{
    if (timestamp > 0 && timestamp < INT64_MAX / 100000 && granularity_ms > 0 && granularity_ms <= 86400) {
        int64_t s = timestamp * granularity_ms / 1000;
        if (s > r->newest_s)
            r->newest_s = s;
    }
}

/* Hands a node on; one that lies nowhere on the globe is as good as missing. */
static cr_status give_node(pbf_reader *r, const Osm__PrimitiveBlock *block, int64_t id, int64_t lat, int64_t lon,
                           osm_tags tags)
{
    const int64_t right_nano = INT64_C(90000000000);
    int64_t lat_nano, lon_nano;
    if (__builtin_mul_overflow(block->granularity, lat, &lat_nano) ||
        __builtin_mul_overflow(block->granularity, lon, &lon_nano) ||
        __builtin_add_overflow(lat_nano, block->lat_offset, &lat_nano) ||
        __builtin_add_overflow(lon_nano, block->lon_offset, &lon_nano) || lat_nano < -right_nano ||
        lat_nano > right_nano || lon_nano < -2 * right_nano || lon_nano > 2 * right_nano)
        return CR_OK;
    return r->sink->node(r->sink->user, id, (int32_t)(lat_nano / 100), (int32_t)(lon_nano / 100), tags);
}

/* Tags of dense nodes stand in one row: key, value, key, value, 0 for each node. */
static cr_status take_dense_tags(pbf_reader *r, const Osm__DenseNodes *dense, size_t *at, osm_tags *ret_tags)
{
    int32_t n = 0;
    while (*at < dense->n_keys_vals && dense->keys_vals[*at] != 0) {
        if (*at + 1 >= dense->n_keys_vals)
            return damaged(r, "a node's key has no value");
        uint32_t key = (uint32_t)dense->keys_vals[*at], value = (uint32_t)dense->keys_vals[*at + 1];
        if (key >= r->n_strings || value >= r->n_strings)
            return damaged(r, "a node's tag is not in the table of strings");
        if (!room_for(&r->tags, &r->tags_room, (size_t)n + 1, sizeof *r->tags))
            return CR_E_NOMEM;
        r->tags[n++] = (osm_tag){r->strings[key], r->strings[value]};
        *at += 2;
    }
    (*at)++;
    *ret_tags = (osm_tags){r->tags, n};
    return CR_OK;
}

static cr_status take_dense(pbf_reader *r, const Osm__PrimitiveBlock *block, const Osm__DenseNodes *dense)
{
    if (dense->n_lat != dense->n_id || dense->n_lon != dense->n_id)
        return damaged(r, "dense nodes have more places than ids, or fewer");
    uint64_t id = 0, lat = 0, lon = 0, time = 0; /* unsigned: a hostile file may not overflow them */
    size_t at = 0;
    bool has_times = dense->denseinfo && dense->denseinfo->n_timestamp == dense->n_id;
    for (size_t i = 0; i < dense->n_id; i++) {
        osm_tags tags = {0};
        id += (uint64_t)dense->id[i];
        lat += (uint64_t)dense->lat[i];
        lon += (uint64_t)dense->lon[i];
        if (has_times)
            note_time(r, (int64_t)(time += (uint64_t)dense->denseinfo->timestamp[i]), block->date_granularity);
        cr_status st = dense->n_keys_vals ? take_dense_tags(r, dense, &at, &tags) : CR_OK;
        if (!st && r->sink->node)
            st = give_node(r, block, (int64_t)id, (int64_t)lat, (int64_t)lon, tags);
        if (st)
            return st;
    }
    return CR_OK;
}

static cr_status take_node(pbf_reader *r, const Osm__PrimitiveBlock *block, const Osm__Node *node)
{
    osm_tags tags;
    if (node->info)
        note_time(r, node->info->timestamp, block->date_granularity);
    if (!r->sink->node)
        return CR_OK;
    cr_status st = take_tags(r, node->keys, node->n_keys, node->vals, node->n_vals, &tags);
    return st ? st : give_node(r, block, node->id, node->lat, node->lon, tags);
}

static cr_status take_way(pbf_reader *r, const Osm__PrimitiveBlock *block, const Osm__Way *way)
{
    osm_tags tags;
    if (way->info)
        note_time(r, way->info->timestamp, block->date_granularity);
    if (!r->sink->way)
        return CR_OK;
    cr_status st = take_tags(r, way->keys, way->n_keys, way->vals, way->n_vals, &tags);
    if (st)
        return st;
    if (!room_for(&r->refs, &r->refs_room, way->n_refs + 1, sizeof *r->refs))
        return CR_E_NOMEM;
    uint64_t ref = 0;
    for (size_t i = 0; i < way->n_refs; i++)
        r->refs[i] = (int64_t)(ref += (uint64_t)way->refs[i]);
    return r->sink->way(r->sink->user, way->id, r->refs, (int32_t)way->n_refs, tags);
}

static cr_status take_relation(pbf_reader *r, const Osm__PrimitiveBlock *block, const Osm__Relation *relation)
{
    osm_tags tags;
    if (relation->info)
        note_time(r, relation->info->timestamp, block->date_granularity);
    if (!r->sink->relation)
        return CR_OK;
    cr_status st = take_tags(r, relation->keys, relation->n_keys, relation->vals, relation->n_vals, &tags);
    if (st)
        return st;
    size_t n = relation->n_memids;
    if (relation->n_roles_sid != n || relation->n_types != n)
        return damaged(r, "a relation has more members than roles, or fewer");
    if (!room_for(&r->members, &r->members_room, n + 1, sizeof *r->members))
        return CR_E_NOMEM;
    uint64_t ref = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t role = (uint32_t)relation->roles_sid[i], kind = (uint32_t)relation->types[i];
        if (role >= r->n_strings || kind > OSM_RELATION)
            return damaged(r, "a relation's member has no known role or type");
        ref += (uint64_t)relation->memids[i];
        r->members[i] = (osm_member){(int64_t)ref, (osm_kind)kind, r->strings[role]};
    }
    return r->sink->relation(r->sink->user, relation->id, r->members, (int32_t)n, tags);
}

static cr_status take_group(pbf_reader *r, const Osm__PrimitiveBlock *block, const Osm__PrimitiveGroup *group)
{
    cr_status st = CR_OK;
    for (size_t i = 0; !st && i < group->n_nodes; i++)
        st = take_node(r, block, group->nodes[i]);
    if (!st && group->dense)
        st = take_dense(r, block, group->dense);
    for (size_t i = 0; !st && i < group->n_ways; i++)
        st = take_way(r, block, group->ways[i]);
    for (size_t i = 0; !st && i < group->n_relations; i++)
        st = take_relation(r, block, group->relations[i]);
    return st;
}

/* ---- blobs ---- */

static cr_status take_block(pbf_reader *r, const uint8_t *bytes, size_t n)
{
    Osm__PrimitiveBlock *block = osm__primitive_block__unpack(NULL, n, bytes);
    if (!block)
        return damaged(r, "is not a block of map data");
    cr_status st = take_strings(r, block->stringtable);
    for (size_t i = 0; !st && i < block->n_primitivegroup; i++)
        st = take_group(r, block, block->primitivegroup[i]);
    osm__primitive_block__free_unpacked(block, NULL);
    return st;
}

static cr_status take_header(pbf_reader *r, const uint8_t *bytes, size_t n)
{
    static const char *const known[] = {"OsmSchema-V0.6", "DenseNodes"};
    Osm__HeaderBlock *header = osm__header_block__unpack(NULL, n, bytes);
    if (!header)
        return damaged(r, "is not a file header");
    cr_status st = CR_OK;
    for (size_t i = 0; !st && i < header->n_required_features; i++) {
        bool is_known = false;
        for (size_t k = 0; k < 2; k++)
            is_known = is_known || strcmp(header->required_features[i], known[k]) == 0;
        if (!is_known) {
            snprintf(r->message, r->size, "%s: needs '%.60s', which this program does not know", r->source->name,
                     header->required_features[i]);
            st = CR_E_INPUT;
        }
    }
    if (header->has_osmosis_replication_timestamp && header->osmosis_replication_timestamp > 0)
        r->sink->timestamp_s = header->osmosis_replication_timestamp;
    osm__header_block__free_unpacked(header, NULL);
    return st;
}

static cr_status inflate_blob(pbf_reader *r, const Osm__Blob *blob, const uint8_t **ret_bytes, size_t *ret_n)
{
    if (blob->has_raw) {
        *ret_bytes = blob->raw.data;
        *ret_n = blob->raw.len;
        return CR_OK;
    }
    if (!blob->has_zlib_data)
        return damaged(r, "is compressed in a way other than zlib; 'osmium cat' writes it anew");
    if (blob->raw_size < 0 || blob->raw_size > BLOB_BYTES_MOST)
        return damaged(r, "states a size out of range");
    if (!room_for(&r->raw, &r->raw_room, (size_t)blob->raw_size + 1, 1))
        return CR_E_NOMEM;
    uLongf n = (uLongf)blob->raw_size;
    int z = uncompress(r->raw, &n, blob->zlib_data.data, (uLong)blob->zlib_data.len);
    if (z == Z_MEM_ERROR)
        return CR_E_NOMEM;
    if (z != Z_OK || n != (uLongf)blob->raw_size)
        return damaged(r, "does not unpack to the size that it states");
    *ret_bytes = r->raw;
    *ret_n = n;
    return CR_OK;
}

static cr_status take_blob(pbf_reader *r, const char *type, size_t n_packed)
{
    Osm__Blob *blob = osm__blob__unpack(NULL, n_packed, r->packed);
    if (!blob)
        return damaged(r, "is not a blob");
    const uint8_t *bytes = NULL;
    size_t n = 0;
    cr_status st = CR_OK;
    bool is_header = strcmp(type, "OSMHeader") == 0, is_data = strcmp(type, "OSMData") == 0;
    if (is_header || is_data) /* others are to be passed over, says the format */
        st = inflate_blob(r, blob, &bytes, &n);
    if (!st && is_header)
        st = take_header(r, bytes, n);
    else if (!st && is_data)
        st = take_block(r, bytes, n);
    osm__blob__free_unpacked(blob, NULL);
    return st;
}

/* Exactly n bytes into packed. *ret_at_end: there were none at all, which is for the caller to judge. */
static cr_status fetch(pbf_reader *r, size_t n, bool *ret_at_end)
{
    *ret_at_end = false;
    if (!room_for(&r->packed, &r->packed_room, n + 1, 1))
        return CR_E_NOMEM;
    for (size_t have = 0; have < n;) {
        int64_t got = r->source->read(r->source->from, r->packed + have, n - have);
        if (got < 0) {
            snprintf(r->message, r->size, "%s: cannot be read to its end", r->source->name);
            return CR_E_UPSTREAM;
        }
        if (got == 0) {
            *ret_at_end = have == 0;
            return *ret_at_end ? CR_E_INPUT : damaged(r, "is cut short");
        }
        have += (size_t)got;
    }
    return CR_OK;
}

static cr_status next_blob(pbf_reader *r, bool *ret_at_end)
{
    cr_status st = fetch(r, 4, ret_at_end);
    if (st)
        return *ret_at_end ? CR_OK : st;
    bool end;
    size_t n = (size_t)r->packed[0] << 24 | (size_t)r->packed[1] << 16 | (size_t)r->packed[2] << 8 | r->packed[3];
    if (n > HEADER_BYTES_MOST)
        return damaged(r, "states a header size out of range");
    st = fetch(r, n, &end);
    if (st)
        return end ? damaged(r, "is cut short") : st;
    Osm__BlobHeader *header = osm__blob_header__unpack(NULL, n, r->packed);
    if (!header)
        return damaged(r, "has no blob header");
    if (header->datasize < 0 || header->datasize > BLOB_BYTES_MOST)
        st = damaged(r, "states a size out of range");
    else if ((st = fetch(r, (size_t)header->datasize, &end)) && end)
        st = damaged(r, "is cut short");
    if (!st)
        st = take_blob(r, header->type, (size_t)header->datasize);
    osm__blob_header__free_unpacked(header, NULL);
    return st;
}

cr_status osm_pbf_read(const osm_source *source, osm_sink *sink, char *message, size_t size)
{
    pbf_reader r = {.source = source, .sink = sink, .message = message, .size = size};
    cr_status st = CR_OK;
    for (bool at_end = false; !st && !at_end;) {
        r.n_blobs++;
        st = next_blob(&r, &at_end);
    }
    if (!sink->timestamp_s)
        sink->timestamp_s = r.newest_s;
    free(r.packed);
    free(r.raw);
    free(r.text);
    free(r.strings);
    free(r.tags);
    free(r.refs);
    free(r.members);
    return st;
}
