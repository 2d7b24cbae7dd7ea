/* careround plan --format vroom FILE: VROOM's JSON in, VROOM's JSON out. */
#include "cmd.h"
#include "text_file.h"
#include "vroom.h"

#include <stdlib.h>
#include <string.h>

static bool write_json(FILE *out, void *user)
{
    return json_dumpf(user, out, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15)) == 0 &&
           fputc('\n', out) != EOF;
}

static cr_status write_answer(const char *path, json_t *reply)
{
    if (path)
        return cmd_write_file(path, write_json, reply);
    return write_json(stdout, reply) && fflush(stdout) == 0 ? CR_OK : CR_E_UPSTREAM;
}

/* As much as comes, up to what a file may have. */
static cr_status read_input(text_file *ret_file, char *message, size_t size)
{
    char *bytes = NULL;
    size_t n = 0, room = 0;
    for (size_t got = 1; got > 0 && n <= TEXT_FILE_MOST_BYTES; n += got) {
        if (n == room) {
            room = room ? 2 * room : 1 << 16;
            char *more = realloc(bytes, room);
            if (!more) {
                free(bytes);
                return CR_E_NOMEM;
            }
            bytes = more;
        }
        got = fread(bytes + n, 1, room - n, stdin);
    }
    cr_status st = ferror(stdin) ? CR_E_UPSTREAM : text_file_decode(bytes, n, ret_file, message, size);
    free(bytes);
    return st;
}

int cmd_plan_vroom(const cmd_vroom_options *o)
{
    char message[300] = "";
    text_file file = {NULL, 0, TEXT_UTF8};
    json_t *reply = NULL;
    day_read_options read = {.defaults_path = o->defaults_path};
    vroom_request request = {
        .travel = {o->roads_path, day_defaults_path(&read)},
        .time_s = o->time_s,
        .iterations = o->iterations,
        .seed = o->seed,
        .n_threads = o->n_threads,
        .clock_s = cmd_clock_s,
        .should_stop = cmd_should_stop,
    };
    cmd_watch_signals();
    cr_status st = strcmp(o->path, "-") == 0 ? read_input(&file, message, sizeof message)
                                             : text_file_read(o->path, &file, message, sizeof message);
    if (st) {
        fprintf(stderr, "careround plan: %s: %s\n", o->path, message);
        return cmd_exit_status(st);
    }
    st = cmd_try_answer("plan", &(answer_files){.out = o->out_path});
    if (st) {
        text_file_done(&file);
        return cmd_exit_status(st);
    }
    st = vroom_solve(&request, file.text, file.size, &reply);
    text_file_done(&file);
    cr_status written = reply ? write_answer(o->out_path, reply) : CR_E_NOMEM;
    json_decref(reply);
    return cmd_exit_status(st ? st : written);
}
