/* JSON files of the public sets (Jansson does the parsing).
 *
 * The files come from outside: every value is checked for kind and range where it is read, and every fault names the
 * place in the file and what stands there.
 */
#include "bench_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_SHOWN 40

cr_status bench_json_parse(const char *text, size_t size, bench_json *ret_json, bench_message *message)
{
    json_error_t error;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return json_error_code(&error) == json_error_out_of_memory
                   ? CR_E_NOMEM
                   : bench_fault(message, "line %d: %s", error.line, error.text);
    if (!json_is_object(root)) {
        json_decref(root);
        return bench_fault(message, "the file is no JSON object");
    }
    *ret_json = (bench_json){.value = root, .message = message};
    return CR_OK;
}

cr_status bench_json_fault(const bench_json *at, const char *what)
{
    char *text = json_dumps(at->value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
    int shown = text && strlen(text) > VALUE_SHOWN ? VALUE_SHOWN : -1;
    cr_status st = bench_fault(at->message, "%s: %.*s%s %s", at->where, shown, text ? text : "?",
                               shown == VALUE_SHOWN ? "..." : "", what);
    free(text);
    return st;
}

bool bench_json_has(const bench_json *object, const char *key)
{
    const json_t *member = json_object_get(object->value, key);
    return member && !json_is_null(member);
}

cr_status bench_json_member(const bench_json *object, const char *key, bench_json *ret_member)
{
    bench_json member = {.value = json_object_get(object->value, key), .message = object->message};
    if (!json_is_object(object->value))
        return bench_json_fault(object, "is no object");
    int length = snprintf(member.where, sizeof member.where, "%s%s%s", object->where, *object->where ? "." : "", key);
    if (!member.value)
        return bench_fault(object->message, "%s is missing", length > 0 ? member.where : key);
    *ret_member = member;
    return CR_OK;
}

bench_json bench_json_item(const bench_json *list, int32_t i)
{
    bench_json item = {.value = json_array_get(list->value, (size_t)i), .message = list->message};
    snprintf(item.where, sizeof item.where, "%.80s[%d]", list->where, i);
    return item;
}

cr_status bench_json_list(const bench_json *list, int32_t least, int32_t most, int32_t *ret_n)
{
    if (!json_is_array(list->value))
        return bench_json_fault(list, "is no list");
    size_t n = json_array_size(list->value);
    if (n < (size_t)least || n > (size_t)most)
        return bench_fault(list->message, "%s has %zu items, not %d to %d", list->where, n, least, most);
    *ret_n = (int32_t)n;
    return CR_OK;
}

cr_status bench_json_number(const bench_json *number, double least, double most, double *ret_number)
{
    if (!json_is_number(number->value))
        return bench_json_fault(number, "is no number");
    double value = json_number_value(number->value);
    if (!(value >= least && value <= most)) {
        char range[64];
        snprintf(range, sizeof range, "is outside %.10g to %.10g", least, most);
        return bench_json_fault(number, range);
    }
    *ret_number = value;
    return CR_OK;
}

cr_status bench_json_integer(const bench_json *number, int32_t least, int32_t most, int32_t *ret_number)
{
    double value;
    cr_status st = bench_json_number(number, least, most, &value);
    if (st)
        return st;
    if (value != floor(value))
        return bench_json_fault(number, "is not a whole number");
    *ret_number = (int32_t)value;
    return CR_OK;
}

/* Text is never empty here: it names something. */
cr_status bench_json_text(const bench_json *text, const char **ret_text)
{
    if (!json_is_string(text->value) || !*json_string_value(text->value))
        return bench_json_fault(text, "is no text");
    *ret_text = json_string_value(text->value);
    return CR_OK;
}

cr_status bench_json_list_of(const bench_json *object, const char *key, int32_t least, int32_t most,
                             bench_json *ret_list, int32_t *ret_n)
{
    cr_status st = bench_json_member(object, key, ret_list);
    return st ? st : bench_json_list(ret_list, least, most, ret_n);
}

cr_status bench_json_number_of(const bench_json *object, const char *key, double least, double most, double *ret_number)
{
    bench_json member;
    cr_status st = bench_json_member(object, key, &member);
    return st ? st : bench_json_number(&member, least, most, ret_number);
}

cr_status bench_json_integer_of(const bench_json *object, const char *key, int32_t least, int32_t most,
                                int32_t *ret_number)
{
    bench_json member;
    cr_status st = bench_json_member(object, key, &member);
    return st ? st : bench_json_integer(&member, least, most, ret_number);
}

cr_status bench_json_text_of(const bench_json *object, const char *key, const char **ret_text)
{
    bench_json member;
    cr_status st = bench_json_member(object, key, &member);
    return st ? st : bench_json_text(&member, ret_text);
}
