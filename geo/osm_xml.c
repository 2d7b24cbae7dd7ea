/* OSM XML: expat's elements as objects.
 *
 * A node, way or relation is kept until its end tag. Texts of one object live in one buffer as offsets, since the
 * buffer moves when it grows.
 */
#include "osm.h"
#include "room.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES (1 << 16)

typedef enum inside { NOTHING, IN_FILE, IN_NODE, IN_WAY, IN_RELATION } inside;

typedef struct text_pair {
    size_t key, value; /* offsets in text */
} text_pair;

typedef struct xml_reader {
    osm_sink *sink;
    XML_Parser parser;
    cr_status status;
    const char *fault; /* of status CR_E_INPUT */
    inside where;
    int64_t id;
    int32_t lat_e7, lon_e7;
    bool has_place;
    char *text;
    size_t n_text, text_room;
    text_pair *tags;
    osm_tag *tag_views;
    size_t n_tags, tags_room, views_room;
    int64_t *refs;
    size_t n_refs, refs_room;
    osm_member *members; /* role is set at the end */
    size_t *roles;
    size_t n_members, members_room, roles_room;
    int64_t newest_s;
} xml_reader;

static void stop(xml_reader *r, cr_status st, const char *fault)
{
    if (!r->status) {
        r->status = st;
        r->fault = fault;
        XML_StopParser(r->parser, XML_FALSE);
    }
}

static bool make_room(xml_reader *r, void *at, size_t *room, size_t n, size_t item)
{
    if (room_for(at, room, n, item))
        return true;
    stop(r, CR_E_NOMEM, NULL);
    return false;
}

static size_t keep(xml_reader *r, const char *text)
{
    size_t n = strlen(text) + 1, at = r->n_text;
    if (!make_room(r, &r->text, &r->text_room, at + n, 1))
        return 0;
    memcpy(r->text + at, text, n);
    r->n_text += n;
    return at;
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static bool parse_id(const char *text, int64_t *ret_id)
{
    char *end;
    if (!text || !*text)
        return false;
    *ret_id = strtoll(text, &end, 10);
    return *end == '\0';
}

/* Degrees as decimals to 10^-7 of a degree, without strtod(), which wants a comma in half of Europe. */
static bool parse_e7(const char *text, int64_t most, int32_t *ret_e7)
{
    if (!text)
        return false;
    bool is_negative = *text == '-', has_digits = false;
    int64_t value = 0, unit = 10000000;
    const char *c = text + (is_negative || *text == '+');
    for (; *c >= '0' && *c <= '9' && value <= 1000; c++, has_digits = true)
        value = value * 10 + (*c - '0');
    value *= unit;
    if (*c == '.')
        for (c++; *c >= '0' && *c <= '9'; c++, has_digits = true)
            value += (*c - '0') * (unit /= 10);
    if (*c || !has_digits || value > most * 10000000)
        return false;
    *ret_e7 = (int32_t)(is_negative ? -value : value);
    return true;
}

/* ---- elements ---- */

static void open_object(xml_reader *r, inside where, const XML_Char **attributes)
{
    r->where = where;
    r->n_text = r->n_tags = r->n_refs = r->n_members = 0;
    const char *time = attribute(attributes, "timestamp");
    int64_t s = time ? osm_timestamp_s(time) : 0;
    if (s > r->newest_s)
        r->newest_s = s;
    if (!parse_id(attribute(attributes, "id"), &r->id))
        stop(r, CR_E_INPUT, "an object has no number for its id");
    if (where == IN_NODE)
        r->has_place = parse_e7(attribute(attributes, "lat"), 90, &r->lat_e7) &&
                       parse_e7(attribute(attributes, "lon"), 180, &r->lon_e7);
}

static void add_tag(xml_reader *r, const XML_Char **attributes)
{
    const char *key = attribute(attributes, "k"), *value = attribute(attributes, "v");
    if (!key || !value || !make_room(r, &r->tags, &r->tags_room, r->n_tags + 1, sizeof *r->tags))
        return;
    text_pair pair = {keep(r, key), 0};
    pair.value = keep(r, value);
    r->tags[r->n_tags++] = pair;
}

static void add_ref(xml_reader *r, const XML_Char **attributes)
{
    int64_t ref;
    if (!parse_id(attribute(attributes, "ref"), &ref))
        stop(r, CR_E_INPUT, "a way's <nd> has no number for its ref");
    else if (make_room(r, &r->refs, &r->refs_room, r->n_refs + 1, sizeof *r->refs))
        r->refs[r->n_refs++] = ref;
}

static void add_member(xml_reader *r, const XML_Char **attributes)
{
    const char *type = attribute(attributes, "type"), *role = attribute(attributes, "role");
    osm_member member = {.role = NULL};
    if (!type || !parse_id(attribute(attributes, "ref"), &member.ref)) {
        stop(r, CR_E_INPUT, "a relation's <member> has no type, or no number for its ref");
        return;
    }
    member.kind = strcmp(type, "node") == 0 ? OSM_NODE : strcmp(type, "way") == 0 ? OSM_WAY : OSM_RELATION;
    if (!make_room(r, &r->members, &r->members_room, r->n_members + 1, sizeof *r->members) ||
        !make_room(r, &r->roles, &r->roles_room, r->n_members + 1, sizeof *r->roles))
        return;
    r->roles[r->n_members] = keep(r, role ? role : "");
    r->members[r->n_members++] = member;
}

static void on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    xml_reader *r = user;
    if (r->where == NOTHING) {
        if (strcmp(name, "osm") != 0)
            stop(r, CR_E_INPUT, "is XML, but not OpenStreetMap's: its root is not <osm>");
        r->where = IN_FILE;
    } else if (r->where == IN_FILE) {
        if (strcmp(name, "node") == 0)
            open_object(r, IN_NODE, attributes);
        else if (strcmp(name, "way") == 0)
            open_object(r, IN_WAY, attributes);
        else if (strcmp(name, "relation") == 0)
            open_object(r, IN_RELATION, attributes);
        else if (strcmp(name, "meta") == 0 && attribute(attributes, "osm_base"))
            r->sink->timestamp_s = osm_timestamp_s(attribute(attributes, "osm_base"));
    } else if (strcmp(name, "tag") == 0) {
        add_tag(r, attributes);
    } else if (r->where == IN_WAY && strcmp(name, "nd") == 0) {
        add_ref(r, attributes);
    } else if (r->where == IN_RELATION && strcmp(name, "member") == 0) {
        add_member(r, attributes);
    }
}

static osm_tags view_tags(xml_reader *r)
{
    if (!make_room(r, &r->tag_views, &r->views_room, r->n_tags + 1, sizeof *r->tag_views))
        return (osm_tags){0};
    for (size_t i = 0; i < r->n_tags; i++)
        r->tag_views[i] = (osm_tag){r->text + r->tags[i].key, r->text + r->tags[i].value};
    return (osm_tags){r->tag_views, (int32_t)r->n_tags};
}

static void on_end(void *user, const XML_Char *name)
{
    xml_reader *r = user;
    const osm_sink *sink = r->sink;
    bool is_end = (r->where == IN_NODE && strcmp(name, "node") == 0) ||
                  (r->where == IN_WAY && strcmp(name, "way") == 0) ||
                  (r->where == IN_RELATION && strcmp(name, "relation") == 0);
    if (!is_end || r->status)
        return;
    osm_tags tags = view_tags(r);
    cr_status st = r->status;
    if (!st && r->where == IN_NODE && r->has_place && sink->node)
        st = sink->node(sink->user, r->id, r->lat_e7, r->lon_e7, tags);
    else if (!st && r->where == IN_WAY && sink->way)
        st = sink->way(sink->user, r->id, r->refs, (int32_t)r->n_refs, tags);
    else if (!st && r->where == IN_RELATION && sink->relation) {
        for (size_t i = 0; i < r->n_members; i++)
            r->members[i].role = r->text + r->roles[i];
        st = sink->relation(sink->user, r->id, r->members, (int32_t)r->n_members, tags);
    }
    if (st)
        stop(r, st, NULL);
    r->where = IN_FILE;
}

/* ---- the file ---- */

static cr_status parse(xml_reader *r, const osm_source *source, char *message, size_t size)
{
    for (int64_t n = 1; n > 0 && !r->status;) {
        void *chunk = XML_GetBuffer(r->parser, CHUNK_BYTES);
        if (!chunk)
            return CR_E_NOMEM;
        n = source->read(source->from, chunk, CHUNK_BYTES);
        if (n < 0) {
            snprintf(message, size, "%s: cannot be read to its end", source->name);
            return CR_E_UPSTREAM;
        }
        if (XML_ParseBuffer(r->parser, (int)n, n == 0) == XML_STATUS_OK || r->status)
            continue;
        enum XML_Error error = XML_GetErrorCode(r->parser);
        if (error == XML_ERROR_NO_MEMORY)
            return CR_E_NOMEM;
        snprintf(message, size, "%s: line %lu: %s", source->name, XML_GetCurrentLineNumber(r->parser),
                 XML_ErrorString(error));
        return CR_E_INPUT;
    }
    if (r->fault)
        snprintf(message, size, "%s: line %lu: %s", source->name, XML_GetCurrentLineNumber(r->parser), r->fault);
    return r->status;
}

cr_status osm_xml_read(const osm_source *source, osm_sink *sink, char *message, size_t size)
{
    xml_reader r = {.sink = sink, .parser = XML_ParserCreate(NULL)};
    if (!r.parser)
        return CR_E_NOMEM;
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    cr_status st = parse(&r, source, message, size);
    if (!sink->timestamp_s)
        sink->timestamp_s = r.newest_s;
    XML_ParserFree(r.parser);
    free(r.text);
    free(r.tags);
    free(r.tag_views);
    free(r.refs);
    free(r.members);
    free(r.roles);
    return st;
}
