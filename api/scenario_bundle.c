/* The bundle: all that a table of scenarios depends on, in one folder with its hashes. */
#include "scenario.h"

#include "cmd.h"
#include "reading.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUNDLE_FORMAT  "careround scenario bundle"
#define BUNDLE_VERSION 1
#define SCENARIOS_PATH "inputs/scenarios.json"
#define DUMP_FLAGS     (JSON_INDENT(2) | JSON_REAL_PRECISION(15))

const char *scenario_bundle_path(const scenario_bundle *bundle, const char *name)
{
    return arena_print(bundle->strings, "%s/%s", bundle->folder, name);
}

static cr_status tell(const char *path)
{
    fprintf(stderr, "careround scenario: %s: %s\n", path, strerror(errno));
    return CR_E_UPSTREAM;
}

/* ---- bytes of a file ---- */

typedef struct bytes {
    void *at;
    size_t n;
} bytes;

static bool map_file(const char *path, bytes *ret_bytes)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_there = fd >= 0 && fstat(fd, &about) == 0;
    *ret_bytes = (bytes){NULL, 0};
    if (is_there && about.st_size > 0) {
        ret_bytes->n = (size_t)about.st_size;
        ret_bytes->at = mmap(NULL, ret_bytes->n, PROT_READ, MAP_PRIVATE, fd, 0);
        is_there = ret_bytes->at != MAP_FAILED;
    }
    if (fd >= 0)
        close(fd);
    return is_there;
}

static void unmap_file(bytes *b)
{
    if (b->n)
        munmap(b->at, b->n);
}

static bool write_bytes(FILE *out, void *user)
{
    const bytes *b = user;
    return b->n == 0 || fwrite(b->at, 1, b->n, out) == b->n;
}

/* ---- folders ---- */

/* Every folder above the file. */
static cr_status make_folders(const char *path)
{
    char *copy = strdup(path);
    cr_status st = copy ? CR_OK : CR_E_NOMEM;
    for (char *c = copy ? strchr(copy + 1, '/') : NULL; !st && c; c = strchr(c + 1, '/')) {
        *c = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST)
            st = tell(copy);
        *c = '/';
    }
    free(copy);
    return st;
}

/* What a run that was killed in the middle of writing has left. */
static void remove_parts(const char *folder)
{
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        size_t n = strlen(entry->d_name);
        if (n > 5 && strcmp(entry->d_name + n - 5, ".part") == 0)
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    if (dir)
        closedir(dir);
}

/* Somebody else's folder is not written into. */
static cr_status claim_folder(scenario_bundle *b)
{
    const char *mark = scenario_bundle_path(b, "bundle.lock");
    DIR *dir = opendir(b->folder);
    bool is_empty = true;
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        is_empty = is_empty && entry->d_name[0] == '.';
    if (dir)
        closedir(dir);
    if (!is_empty && access(mark, F_OK)) {
        fprintf(stderr, "careround scenario: %s has files and is no bundle; give another folder with --out\n",
                b->folder);
        return CR_E_UPSTREAM;
    }
    cr_status st = make_folders(mark);
    if (st)
        return st;
    b->lock = open(mark, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (b->lock < 0)
        return tell(mark);
    if (flock(b->lock, LOCK_EX | LOCK_NB)) {
        fprintf(stderr, "careround scenario: another run is at work in %s\n", b->folder);
        return CR_E_UPSTREAM;
    }
    const char *runs = scenario_bundle_path(b, "runs/");
    st = make_folders(runs);
    remove_parts(runs);
    return st;
}

/* ---- inputs ---- */

static cr_status note_file(scenario_bundle *b, const char *path, const bytes *content)
{
    char hash[STORE_HASH_SIZE];
    store_hash(content->n ? content->at : "", content->n, hash);
    return json_object_set_new(b->files, path, json_string(hash)) ? CR_E_NOMEM : CR_OK;
}

/* Into the folder, if there is one, unless they lie there already. */
static cr_status put_bytes(const scenario_bundle *b, const char *from, const char *path, bytes *content)
{
    struct stat here, there;
    if (!b->folder)
        return CR_OK;
    const char *to = scenario_bundle_path(b, path);
    if (from && stat(from, &here) == 0 && stat(to, &there) == 0 && here.st_dev == there.st_dev &&
        here.st_ino == there.st_ino)
        return CR_OK;
    cr_status st = make_folders(to);
    return st ? st : cmd_write_file(to, write_bytes, content);
}

/* The bytes that are hashed are those that are written. */
static cr_status take_file(scenario_bundle *b, const char *from, const char *path)
{
    bytes content;
    if (!map_file(from, &content))
        return tell(from);
    cr_status st = put_bytes(b, from, path, &content);
    if (!st)
        st = note_file(b, path, &content);
    unmap_file(&content);
    return st;
}

static const char *last_name(arena *strings, const char *path)
{
    char *whole = realpath(path, NULL), *slash = whole ? strrchr(whole, '/') : NULL;
    const char *name = arena_copy(strings, slash && slash[1] ? slash + 1 : "day");
    free(whole);
    return name;
}

/* A file of the day's folder, if it is there; one from an earlier time that is not is removed from the copy. */
static cr_status take_day_file(scenario_bundle *b, const char *folder, const char *to, const char *name)
{
    const char *from = arena_print(b->strings, "%s/%s", folder, name);
    const char *path = arena_print(b->strings, "%s/%s", to, name);
    if (access(from, F_OK) == 0)
        return take_file(b, from, path);
    if (b->folder && unlink(scenario_bundle_path(b, path)) && errno != ENOENT && errno != ENOTDIR)
        return tell(path);
    return CR_OK;
}

static int is_listed(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return entry->d_name[0] != '.' && ((n > 4 && strcmp(entry->d_name + n - 4, ".csv") == 0) ||
                                       (n > 5 && strcmp(entry->d_name + n - 5, ".json") == 0));
}

/* The names of the lists in a folder of the day, or none. */
static cr_status take_names(scenario_bundle *b, const char *day_path, const char *to, const char *names_of,
                            const char *name)
{
    struct dirent **entries = NULL;
    cr_status st = CR_OK;
    int n = scandir(arena_print(b->strings, "%s/%s", names_of, name), &entries, is_listed, alphasort);
    for (int i = 0; i < n; i++) {
        if (!st)
            st = take_day_file(b, day_path, to, arena_print(b->strings, "%s/%s", name, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    return st;
}

/* A table of several lists (visits/NAME.csv), with those that are in the copy and no longer in the day. */
static cr_status take_lists(scenario_bundle *b, const char *day_path, const char *to, const char *name)
{
    cr_status st = b->folder ? take_names(b, day_path, to, scenario_bundle_path(b, to), name) : CR_OK;
    return st ? st : take_names(b, day_path, to, day_path, name);
}

static cr_status take_day(scenario_bundle *b, const char *day_path, const char *to)
{
    struct stat about;
    if (stat(day_path, &about))
        return tell(day_path);
    if (!S_ISDIR(about.st_mode))
        return take_file(b, day_path, to);
    cr_status st = take_day_file(b, day_path, to, "settings.json");
    if (!st)
        st = take_day_file(b, day_path, to, "columns.json");
    for (int32_t k = 0; !st && k < N_TABLES; k++) {
        st = take_day_file(b, day_path, to, table_kinds[k].file);
        if (!st)
            st = take_lists(b, day_path, to, table_kinds[k].name);
    }
    return st;
}

/* A file beside the day: given, or lying in its folder. *ret_path: in the bundle; NULL: there is none. */
static cr_status take_beside(scenario_bundle *b, const char *from, const char *day_path, const char *usual,
                             const char *to, const char **ret_path)
{
    const char *in_day = *usual ? arena_print(b->strings, "%s/%s", day_path, usual) : "";
    if (!from && *usual && access(in_day, F_OK) == 0)
        from = in_day;
    *ret_path = from ? arena_print(b->strings, "inputs/%s/%s", to, last_name(b->strings, from)) : NULL;
    return from ? take_file(b, from, *ret_path) : CR_OK;
}

/* The inputs in the bundle; NULL: there is none. */
typedef struct input_paths {
    const char *day, *gazetteer, *roads, *gtfs, *defaults;
} input_paths;

static int set_path(json_t *root, const char *name, const char *path)
{
    return path ? json_object_set_new(root, name, json_string(path + strlen("inputs/"))) : 0;
}

/* The scenario file with the paths of the bundle. The same file gives the same bytes, also from a bundle. */
static cr_status take_scenarios(scenario_bundle *b, const scenario_file *f, const input_paths *in)
{
    json_t *root = json_deep_copy(f->root);
    bool is_set = root && !set_path(root, "day", in->day) && !set_path(root, "gazetteer", in->gazetteer) &&
                  !set_path(root, "roads", in->roads) && !set_path(root, "gtfs", in->gtfs) &&
                  !set_path(root, "defaults", in->defaults);
    char *text = is_set ? json_dumps(root, DUMP_FLAGS) : NULL;
    bytes content = {text, text ? strlen(text) : 0};
    cr_status st = text ? put_bytes(b, NULL, SCENARIOS_PATH, &content) : CR_E_NOMEM;
    if (!st)
        st = note_file(b, SCENARIOS_PATH, &content);
    free(text);
    json_decref(root);
    return st;
}

/* Of the list as sha256sum would print it, sorted by path. */
static cr_status hash_list(const json_t *files, bool with_scenarios, char ret_hash[STORE_HASH_SIZE])
{
    json_t *some = json_copy((json_t *)files);
    if (some && !with_scenarios)
        json_object_del(some, SCENARIOS_PATH);
    char *text = some ? json_dumps(some, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    if (text)
        store_hash(text, strlen(text), ret_hash);
    json_decref(some);
    free(text);
    return text ? CR_OK : CR_E_NOMEM;
}

static cr_status take_all(scenario_bundle *b, const scenario_file *f, const day_read_options *read)
{
    input_paths in = {.day = arena_print(b->strings, "inputs/day/%s", last_name(b->strings, read->path))};
    cr_status st = take_day(b, read->path, in.day);
    if (!st)
        st = take_beside(b, read->gazetteer_path, read->path, "postcodes.gaz", "gazetteer", &in.gazetteer);
    if (!st)
        st = take_beside(b, read->roads_path, read->path, "area.roads", "roads", &in.roads);
    if (!st)
        st = take_beside(b, read->gtfs_path, read->path, "", "gtfs", &in.gtfs);
    if (!st)
        st = take_beside(b, day_defaults_path(read), read->path, "", "defaults", &in.defaults);
    if (!st)
        st = take_scenarios(b, f, &in);
    if (!st)
        st = hash_list(b->files, true, b->inputs_hash);
    return st ? st : hash_list(b->files, false, b->origin.data_hash);
}

scenario_origin scenario_origin_here(void)
{
    bytes program;
    scenario_origin here = {.version = CAREROUND_VERSION}; /* where /proc is not there, the version must do */
    if (map_file("/proc/self/exe", &program)) {
        store_hash(program.at, program.n, here.program_hash);
        unmap_file(&program);
    }
    return here;
}

cr_status scenario_bundle_open(const scenario_file *file, const day_read_options *read, const char *folder,
                               scenario_bundle **ret_bundle)
{
    cr_auto(scenario_bundle) b = calloc(1, sizeof *b);
    if (!b)
        return CR_E_NOMEM;
    b->lock = -1;
    b->files = json_object();
    if (!b->files || arena_new(&b->strings))
        return CR_E_NOMEM;
    b->folder = folder ? arena_copy(b->strings, folder) : NULL;
    b->origin = scenario_origin_here();
    cr_status st = folder ? claim_folder(b) : CR_OK;
    if (!st)
        st = take_all(b, file, read);
    if (st)
        return st;
    if (arena_failed(b->strings))
        return CR_E_NOMEM;
    *ret_bundle = scenario_bundle_take(&b);
    return CR_OK;
}

scenario_bundle *scenario_bundle_free(scenario_bundle *bundle)
{
    if (bundle) {
        if (bundle->lock >= 0)
            close(bundle->lock);
        json_decref(bundle->files);
        arena_free(bundle->strings);
        free(bundle);
    }
    return NULL;
}

/* ---- runs ---- */

cr_status scenario_key(const scenario_origin *origin, const scenario_file *f, int32_t at, int32_t seed,
                       int32_t n_threads, char ret_key[STORE_HASH_SIZE])
{
    const json_t *list = f->scenarios[at].changes.list;
    char *changes = list ? json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(15)) : strdup("[]");
    char *text = NULL;
    if (changes &&
        asprintf(&text,
                 "%s %s\ndata %s\nchanges %s\nseed %" PRId64 "\niterations %" PRId64 "\ntime_us %" PRId64
                 " threads %d\n",
                 origin->version, origin->program_hash, origin->data_hash, changes, f->seeds[seed], f->iterations,
                 f->time_s < 0 ? -1 : (int64_t)(f->time_s * 1e6), f->time_s < 0 ? 0 : n_threads) < 0)
        text = NULL;
    if (text)
        store_hash(text, strlen(text), ret_key);
    free(text);
    free(changes);
    return text ? CR_OK : CR_E_NOMEM;
}

json_t *scenario_bundle_record(const char *folder, const char *key)
{
    char *path = NULL;
    json_t *record = asprintf(&path, "%s/runs/%s.json", folder, key) < 0 ? NULL : json_load_file(path, 0, NULL);
    free(path);
    if (record && !scenario_record_is_whole(record, key)) {
        json_decref(record);
        record = NULL;
    }
    return record;
}

static bool write_json(FILE *out, void *user)
{
    return json_dumpf(user, out, DUMP_FLAGS) == 0 && fputc('\n', out) != EOF;
}

cr_status scenario_bundle_keep(const scenario_bundle *bundle, const char *key, const json_t *record)
{
    return cmd_write_file(arena_print(bundle->strings, "%s/runs/%s.json", bundle->folder, key), write_json,
                          (void *)record);
}

/* ---- bundle.json ---- */

static json_t *runs_json(const scenario_bundle *b, const scenario_file *f, int32_t n_threads)
{
    json_t *runs = json_array();
    for (int32_t s = 0; runs && s < f->n_scenarios; s++)
        for (int32_t k = 0; k < f->n_seeds; k++) {
            char key[STORE_HASH_SIZE];
            if (scenario_key(&b->origin, f, s, k, n_threads, key) == CR_OK)
                json_array_append_new(runs, json_pack("{s:s, s:I, s:s}", "scenario", f->scenarios[s].name, "seed",
                                                      (json_int_t)f->seeds[k], "key", key));
        }
    if (json_array_size(runs) == (size_t)f->n_scenarios * (size_t)f->n_seeds)
        return runs;
    json_decref(runs);
    return NULL;
}

cr_status scenario_bundle_write(const scenario_bundle *b, const scenario_file *f, int32_t n_threads)
{
    json_t *seeds = json_array();
    for (int32_t k = 0; k < f->n_seeds; k++)
        json_array_append_new(seeds, json_integer(f->seeds[k]));
    json_t *limit = f->iterations >= 0 ? json_pack("{s:I}", "iterations", (json_int_t)f->iterations)
                                       : json_pack("{s:f}", "time_s", f->time_s);
    json_t *root = json_pack("{s:s, s:i, s:s, s:s, s:o, s:o, s:s, s:O, s:o}", "format", BUNDLE_FORMAT, "format_version",
                             BUNDLE_VERSION, "careround", b->origin.version, "program_sha256", b->origin.program_hash,
                             "limit", limit, "seeds", seeds, "inputs_sha256", b->inputs_hash, "files", b->files, "runs",
                             runs_json(b, f, n_threads));
    cr_status st = root ? cmd_write_file(scenario_bundle_path(b, "bundle.json"), write_json, root) : CR_E_NOMEM;
    json_decref(root);
    return st;
}

/* A path that leads out of the folder is nobody's input. */
static bool is_inside(const char *path)
{
    return strncmp(path, "inputs/", 7) == 0 && !strstr(path, "..");
}

static bool is_as_listed(const char *folder, const char *path, const json_t *hash)
{
    char *whole = NULL, now[STORE_HASH_SIZE] = "";
    bytes content;
    const char *then = json_string_value(hash);
    if (!is_inside(path) || !then) {
        fprintf(stderr, "error: bundle.json, files '%s': must be a path in inputs/ with its SHA-256\n", path);
        return false;
    }
    if (asprintf(&whole, "%s/%s", folder, path) < 0)
        return false;
    bool is_there = map_file(whole, &content);
    if (is_there) {
        store_hash(content.n ? content.at : "", content.n, now);
        unmap_file(&content);
    }
    free(whole);
    if (strcmp(now, then) == 0)
        return true;
    fprintf(stderr, "error: %s/%s: %s; the bundle was made with SHA-256 %s\n", folder, path,
            is_there ? now : "cannot be read", then);
    return false;
}

cr_status scenario_bundle_verify(const char *folder, json_t **ret_json)
{
    char *path = NULL;
    json_error_t error;
    if (asprintf(&path, "%s/bundle.json", folder) < 0)
        return CR_E_NOMEM;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    const json_t *files = json_object_get(root, "files"), *runs = json_object_get(root, "runs");
    const char *format = json_string_value(json_object_get(root, "format")), *name;
    json_t *hash;
    bool is_sound = format && strcmp(format, BUNDLE_FORMAT) == 0 && json_is_object(files) && json_is_array(runs);
    if (!root)
        fprintf(stderr, "error: %s: %s\n", path, error.text);
    else if (!is_sound)
        fprintf(stderr, "error: %s: must be written by 'careround scenario run' (format, files, runs)\n", path);
    free(path);
    json_object_foreach((json_t *)(is_sound ? files : NULL), name, hash) if (!is_as_listed(folder, name, hash))
        is_sound = false;
    if (!is_sound) {
        json_decref(root);
        return CR_E_INPUT;
    }
    *ret_json = root;
    return CR_OK;
}
