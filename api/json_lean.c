/* Leaving members out of a JSON text, in one pass (json_lean.h).
 *
 * This is no parser: it follows strings and brackets, and everything but what it leaves out goes on to Jansson, which
 * finds what is wrong. So a member is left out only where that hides no fault. It stands behind the '{' of an object or
 * a ',' in one, all of it is well formed, and a ',' and the next key follow: without it the same grammar goes on from
 * the same place. A name that stands twice in an object, or any key with an escape (which may spell such a name), ends
 * the attempt. Which bracket is open is right if the rest is sound, and if it is not, Jansson says so of the copy too.
 */
#include "json_lean.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MOST  32
#define DIGITS_MOST 15 /* of a number that certainly fits */
#define N_SLOTS     128

typedef struct lean_object {
    bool is_object; /* or a list */
    uint32_t seen;  /* of the names, a bit for each */
} lean_object;

typedef struct lean {
    const char *at, *end;
    char *to;
    char before; /* the last token: its byte, '"' of a text; 0: none yet */
    lean_object open[DEPTH_MOST];
    int32_t depth;
    const char *const *names;
    int8_t slot[N_SLOTS]; /* name by hash, open addressing; -1: none */
} lean;

/* ---- names ---- */

static uint32_t slot_of(const char *name, size_t n)
{
    return ((uint32_t)n * 7 + (unsigned char)name[0] * 31u + (unsigned char)name[n - 1] * 3u) % N_SLOTS;
}

static void index_names(lean *l, const char *const *names, int32_t n_names)
{
    l->names = names;
    memset(l->slot, -1, sizeof l->slot);
    for (int32_t i = 0; i < n_names; i++) {
        uint32_t at = slot_of(names[i], strlen(names[i]));
        while (l->slot[at] >= 0)
            at = (at + 1) % N_SLOTS;
        l->slot[at] = (int8_t)i;
    }
}

/* -1: it is none of them. */
static int find_name(const lean *l, const char *key, size_t n)
{
    if (n == 0)
        return -1;
    for (uint32_t at = slot_of(key, n); l->slot[at] >= 0; at = (at + 1) % N_SLOTS) {
        const char *name = l->names[l->slot[at]];
        if (strncmp(name, key, n) == 0 && name[n] == '\0')
            return l->slot[at];
    }
    return -1;
}

/* ---- looking ahead: behind what was looked for, or NULL ---- */

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

static const char *skip_byte(const char *at, const char *end, char byte)
{
    at = skip_space(at, end);
    return at < end && *at == byte ? at + 1 : NULL;
}

/* at: behind the quotation mark. */
static const char *skip_plain_text(const char *at, const char *end)
{
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ' && (unsigned char)*at < 0x80)
        at++;
    return at < end && *at == '"' ? at + 1 : NULL;
}

static const char *skip_whole_number(const char *at, const char *end)
{
    at += *at == '-';
    const char *first = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    bool is_sound = at > first && at - first <= DIGITS_MOST && (*first != '0' || at == first + 1);
    return is_sound ? at : NULL;
}

static const char *skip_word(const char *at, const char *end, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(end - at) >= n && memcmp(at, word, n) == 0 ? at + n : NULL;
}

static const char *skip_plain_value(const char *at, const char *end)
{
    at = skip_space(at, end);
    switch (at < end ? *at : '\0') {
    case '"':
        return skip_plain_text(at + 1, end);
    case 'n':
        return skip_word(at, end, "null");
    case 't':
        return skip_word(at, end, "true");
    case 'f':
        return skip_word(at, end, "false");
    case '[':
        return skip_word(at, end, "[]");
    case '\0':
        return NULL;
    default:
        return skip_whole_number(at, end);
    }
}

/* From behind a key to the next key of the object, if all that is between them can be left out. */
static const char *skip_value(const char *at, const char *end)
{
    at = skip_byte(at, end, ':');
    if (at)
        at = skip_plain_value(at, end);
    if (at)
        at = skip_byte(at, end, ',');
    if (at)
        at = skip_space(at, end);
    return at && at < end && *at == '"' ? at : NULL;
}

/* ---- the pass: false ends the attempt ---- */

static void copy_until(lean *l, const char *end)
{
    size_t n = (size_t)(end - l->at);
    memcpy(l->to, l->at, n);
    l->to += n;
    l->at = end;
}

static bool take_key(lean *l)
{
    const char *key = l->at + 1, *behind = skip_plain_text(key, l->end), *next = NULL;
    if (!behind)
        return false;
    int name = find_name(l, key, (size_t)(behind - 1 - key));
    if (name >= 0) {
        uint32_t bit = UINT32_C(1) << name;
        lean_object *object = &l->open[l->depth - 1];
        if (object->seen & bit)
            return false;
        object->seen |= bit;
        next = skip_value(behind, l->end);
    }
    if (next) {
        l->at = next;
        return true;
    }
    copy_until(l, behind);
    l->before = '"';
    return true;
}

static bool take_text(lean *l)
{
    const char *at = l->at + 1;
    while (at < l->end && *at != '"')
        at += *at == '\\' ? 2 : 1;
    if (at >= l->end)
        return false;
    copy_until(l, at + 1);
    l->before = '"';
    return true;
}

static bool open_bracket(lean *l, bool is_object)
{
    if (l->depth == DEPTH_MOST)
        return false;
    l->open[l->depth++] = (lean_object){.is_object = is_object};
    return true;
}

static bool close_bracket(lean *l, bool is_object)
{
    return l->depth > 0 && l->open[--l->depth].is_object == is_object;
}

/* Space parts tokens, or is none. */
static void take_space(lean *l)
{
    const char *behind = skip_space(l->at, l->end);
    if (l->before && !strchr("{[,:", l->before))
        *l->to++ = ' ';
    l->at = behind;
}

static bool take_token(lean *l)
{
    char c = *l->at;
    bool is_key = c == '"' && l->depth > 0 && l->open[l->depth - 1].is_object && (l->before == '{' || l->before == ',');
    if (c == '"')
        return is_key ? take_key(l) : take_text(l);
    if (((c == '{' || c == '[') && !open_bracket(l, c == '{')) ||
        ((c == '}' || c == ']') && !close_bracket(l, c == '}')))
        return false;
    *l->to++ = l->before = c;
    l->at++;
    return c != '\0';
}

cr_status json_lean(const char *text, size_t size, const char *const *names, int32_t n_names, char **ret_copy,
                    size_t *ret_size)
{
    char *copy = malloc(size + 1);
    *ret_copy = NULL;
    if (!copy)
        return CR_E_NOMEM;
    lean l = {.at = text, .end = text + size, .to = copy};
    bool goes_on = n_names <= JSON_LEAN_NAMES_MOST;
    index_names(&l, names, n_names);
    while (goes_on && l.at < l.end) {
        if (*l.at == ' ' || *l.at == '\n' || *l.at == '\r' || *l.at == '\t')
            take_space(&l);
        else
            goes_on = take_token(&l);
    }
    if (!goes_on) {
        free(copy);
        return CR_OK;
    }
    *ret_size = (size_t)(l.to - copy);
    *ret_copy = copy;
    return CR_OK;
}
