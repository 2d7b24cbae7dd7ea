/* JSON files of the public sets: a value and where it stands, checked step by step. */
#ifndef API_BENCH_JSON_H
#define API_BENCH_JSON_H

#include "bench.h"

/* A value, and its place for messages: "patients[3].time_window". Borrowed from the root. */
typedef struct bench_json {
    const json_t *value;
    char where[96];
    bench_message *message;
} bench_json;

/* Parse a text that is one object. The root is yours to json_decref() through ret_json->value. */
cr_status bench_json_parse(const char *text, size_t size, bench_json *ret_json, bench_message *message);

/* Each gives CR_E_INPUT, with a message that names the place and what stands there, if it is not so. */
cr_status bench_json_member(const bench_json *object, const char *key, bench_json *ret_member);
cr_status bench_json_list(const bench_json *list, int32_t least, int32_t most, int32_t *ret_n);
cr_status bench_json_number(const bench_json *number, double least, double most, double *ret_number);
cr_status bench_json_integer(const bench_json *number, int32_t least, int32_t most, int32_t *ret_number);
cr_status bench_json_text(const bench_json *text, const char **ret_text);
cr_status bench_json_fault(const bench_json *at, const char *what);

/* A member straight to its value. */
cr_status bench_json_list_of(const bench_json *object, const char *key, int32_t least, int32_t most,
                             bench_json *ret_list, int32_t *ret_n);
cr_status bench_json_number_of(const bench_json *object, const char *key, double least, double most,
                               double *ret_number);
cr_status bench_json_integer_of(const bench_json *object, const char *key, int32_t least, int32_t most,
                                int32_t *ret_number);
cr_status bench_json_text_of(const bench_json *object, const char *key, const char **ret_text);

/* Is there such a member, other than null? */
bool bench_json_has(const bench_json *object, const char *key);

/* The item of a list; i is in range. */
bench_json bench_json_item(const bench_json *list, int32_t i);

#endif
