/* careround backup and careround purge: looking after the store of the service, also while it runs. */
#include "cmd.h"
#include "serve_settings.h"
#include "store.h"
#include "value.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char backup_help[] =
    "usage: careround backup FILE [--store FILE]\n\n"
    "Copy the store of the service, which may go on meanwhile. The copy is a store itself; it appears whole or not at\n"
    "all. A store in PostgreSQL is copied by pg_dump.\n\n"
    "      --store FILE     of the service (default careround.db)\n"
    "      --config FILE    of the service, which may say the store; so may CAREROUND_STORE and CAREROUND_CONFIG\n";

static const char purge_help[] =
    "usage: careround purge --before DATE [--store FILE]\n\n"
    "Take all lists and plans of earlier dates out of the store, and their bytes off the "
    "disk. Dates with plans that wait\n"
    "or run stay. The audit trail stays. Backups are for you to remove.\n\n"
    "      --before DATE    the first date that stays, like 2026-01-31\n"
    "      --store STORE    of the service: a file (default careround.db), or postgresql://...\n"
    "      --config FILE    of the service, which may say the store; so may CAREROUND_STORE and CAREROUND_CONFIG\n";

typedef struct store_options {
    const char *store, *config, *before, *file;
} store_options;

static int parse_options(const char *name, const char *help, int argc, char **argv, store_options *o, bool *ret_go_on)
{
    static const struct option options[] = {{"store", required_argument, NULL, 's'},
                                            {"config", required_argument, NULL, 'c'},
                                            {"before", required_argument, NULL, 'b'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    bool is_backup = strcmp(name, "backup") == 0;
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (c == 's')
            o->store = optarg;
        else if (c == 'c')
            o->config = optarg;
        else if (c == 'b' && !is_backup)
            o->before = optarg;
        else
            return cmd_usage_error(name, "see above");
    }
    if (optind + is_backup != argc)
        return cmd_usage_error(name, is_backup ? "where to? Give one FILE" : "it takes options only");
    o->file = argv[optind];
    *ret_go_on = true;
    return EXIT_DONE;
}

/* Of a store that is there, if it is a file; the exit status otherwise. */
static bool is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

static int open_store(const char *name, store_options *o, cr_store **ret_store)
{
    char message[500];
    const char *path = o->store;
    cr_auto(arena) strings = NULL;
    if (arena_new(&strings))
        return cmd_exit_status(CR_E_NOMEM);
    int status = serve_settings_store(name, o->config, strings, &path);
    if (status)
        return status;
    if (store_is_file(path) && access(path, F_OK)) {
        fprintf(stderr, "careround %s: there is no store %s\n", name, path);
        return EXIT_INPUT;
    }
    o->store = path;
    if (o->file && is_same_file(path, o->file))
        return cmd_usage_error(name, "FILE is the store itself, which would be lost; give another name");
    cr_status st = store_open(path, ret_store, message, sizeof message);
    if (st)
        fprintf(stderr, "careround %s: %s\n", name, message);
    return cmd_exit_status(st);
}

/* ---- backup ---- */

static bool sync_and_rename(const char *part, const char *path)
{
    int fd = open(part, O_RDWR | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced && rename(part, path) == 0;
}

static int backup(cr_store *store, const char *path)
{
    char *part;
    if (asprintf(&part, "%s.%ld.part", path, (long)getpid()) < 0)
        return cmd_exit_status(CR_E_NOMEM);
    cr_status st = store_copy(store, part);
    if (st)
        fprintf(stderr, "careround backup: %s: %s\n", part, store_message(store));
    else if (!sync_and_rename(part, path)) {
        fprintf(stderr, "careround backup: %s: %s\n", path, strerror(errno));
        st = CR_E_UPSTREAM;
    }
    if (st)
        unlink(part);
    free(part);
    return cmd_exit_status(st);
}

int cmd_backup(int argc, char **argv)
{
    store_options o = {0};
    cr_auto(cr_store) store = NULL;
    bool go_on;
    int status = parse_options("backup", backup_help, argc, argv, &o, &go_on);
    if (go_on)
        status = open_store("backup", &o, &store);
    return store ? backup(store, o.file) : status;
}

/* ---- purge ---- */

static int purge(cr_store *store, const char *before)
{
    store_purged n;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    cr_status st = store_purge(store, before, (store_act){"careround purge", (int64_t)now.tv_sec * 1000}, &n);
    if (st)
        fprintf(stderr, "careround purge: %s\n", store_message(store));
    else
        printf("%" PRId64 " lists, %" PRId64 " plans and runs, %" PRId64 " scenarios of dates before %s are gone\n",
               n.uploads, n.plans, n.scenarios, before);
    return cmd_exit_status(st);
}

int cmd_purge(int argc, char **argv)
{
    store_options o = {0};
    cr_auto(cr_store) store = NULL;
    char ours[16];
    int32_t days;
    bool go_on;
    int status = parse_options("purge", purge_help, argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    if (!o.before || value_date(o.before, &days))
        return cmd_usage_error("purge", "--before which date? Write it like 2026-01-31");
    status = open_store("purge", &o, &store);
    return store ? purge(store, value_date_text(days, ours)) : status;
}
