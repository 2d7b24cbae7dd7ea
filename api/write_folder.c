/* A folder of answers: one file for each carer and client, and the rota as a whole.
 *
 *   rota-by-carer.csv  rota-by-client.csv  unallocated.csv  rota.geojson
 *   carers/ID.csv  carers/ID.ics  clients/ID.csv
 *
 * Every carer and client of the day gets a file, the idle ones too: a run sheet left over from an earlier plan would
 * send somebody out on it. Those of people who are not in the day stay, for they may be somebody's own, and are named
 * in a warning.
 */
#include "index.h"
#include "words.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define OTHERS_TOLD 10 /* files of an earlier plan, by name */

static cr_status make_folder(const char *path, char *message, size_t size)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return CR_OK;
    snprintf(message, size, "%s: %s", path, strerror(errno));
    return CR_E_UPSTREAM;
}

/* Letters, digits, - and _ may stand in any file name; what else an id has becomes _, and then a ~ and the number keep
 * two such ids apart, since no plain name has a ~. */
char *answer_file_name(const char *id, int32_t number)
{
    const size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    if (n > 0 && n <= 60 && id[n] == '\0')
        return strdup(id);
    char *name;
    const int length = (int)strnlen(id, 60);
    if (asprintf(&name, "%.*s~%d", length, id, number + 1) < 0)
        return NULL;
    for (int i = 0; i < length; i++)
        if (!isascii((unsigned char)name[i]) || (!isalnum((unsigned char)name[i]) && name[i] != '-'))
            name[i] = '_';
    return name;
}

static cr_status write_whole(const answer *a, const char *folder, const char *name, answer_writer write, char *message,
                             size_t size)
{
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return CR_E_NOMEM;
    cr_status st = write_file_whole(path, write, a, message, size);
    free(path);
    return st;
}

/* Of a carer or client, one file of that form. */
typedef struct form {
    const char *ending;
    answer_part_writer write;
} form;

/* The file's name joins those written. */
static cr_status write_part(const answer *a, int32_t who, const char *folder, const char *id, form as,
                            name_index *written, char *message, size_t size)
{
    char *name = answer_file_name(id, who), *path;
    if (!name || asprintf(&path, "%s/%s%s", folder, name, as.ending) < 0) {
        free(name);
        return CR_E_NOMEM;
    }
    cr_status st = write_part_whole(path, as.write, a, who, message, size);
    if (!st && !name_index_set(written, path + strlen(folder) + 1, who))
        st = CR_E_NOMEM;
    free(name);
    free(path);
    return st;
}

static bool is_other(const struct dirent *entry, const char *ending, const name_index *written)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ending) == 0 && name_index_get(written, entry->d_name) == CR_NONE;
}

/* In the order of their names. A folder that cannot be listed has been written to all the same. */
static void warn_of_others(const char *folder, const char *ending, const name_index *written)
{
    struct dirent **entries;
    const int n = scandir(folder, &entries, NULL, alphasort);
    int n_others = 0;
    for (int i = 0; i < n; i++) {
        if (is_other(entries[i], ending, written) && n_others++ < OTHERS_TOLD) {
            if (n_others == 1)
                fprintf(stderr, "warning: %s has files of nobody in this plan, perhaps of an earlier one:", folder);
            fprintf(stderr, "%s %s", n_others > 1 ? "," : "", entries[i]->d_name);
        }
        free(entries[i]);
    }
    if (n_others > OTHERS_TOLD)
        fprintf(stderr, " and %d more", n_others - OTHERS_TOLD);
    if (n_others > 0)
        fputc('\n', stderr);
    if (n >= 0)
        free(entries);
}

/* In every form, of all carers or else of all clients. */
static cr_status write_parts(const answer *a, bool of_carers, const char *folder, const form *forms, int n_forms,
                             char *message, size_t size)
{
    const int32_t n = of_carers ? a->day->problem->n_carers : a->day->n_clients;
    cr_auto(name_index) written = NULL;
    cr_status st = make_folder(folder, message, size);
    if (!st)
        st = name_index_new(&written);
    for (int32_t who = 0; who < n && !st; who++) {
        const char *id = of_carers ? a->day->carers[who].carer_id : a->day->clients[who].client_id;
        for (int f = 0; f < n_forms && !st; f++)
            st = write_part(a, who, folder, id, forms[f], written, message, size);
    }
    for (int f = 0; f < n_forms && !st; f++)
        warn_of_others(folder, forms[f].ending, written);
    return st;
}

static const form carer_forms[] = {{".ics", write_carer_ical}, {".csv", write_carer_csv}};
static const form client_forms[] = {{".csv", write_client_csv}};

static cr_status write_all_carers_csv(const answer *a, FILE *out)
{
    return write_carer_csv(a, CR_NONE, out);
}

static cr_status write_all_clients_csv(const answer *a, FILE *out)
{
    return write_client_csv(a, CR_NONE, out);
}

static const struct {
    const char *name;
    answer_writer write;
} wholes[] = {
    {"rota-by-carer.csv", write_all_carers_csv},
    {"rota-by-client.csv", write_all_clients_csv},
    {"unallocated.csv", write_unallocated_csv},
    {"rota.geojson", write_geojson},
};

cr_status write_folder(const answer *a, const char *folder, char *message, size_t size)
{
    char *carers, *clients;
    if (asprintf(&carers, "%s/carers", folder) < 0)
        return CR_E_NOMEM;
    if (asprintf(&clients, "%s/clients", folder) < 0) {
        free(carers);
        return CR_E_NOMEM;
    }
    cr_status st = make_folder(folder, message, size);
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes && !st; i++)
        st = write_whole(a, folder, wholes[i].name, wholes[i].write, message, size);
    if (!st)
        st = write_parts(a, true, carers, carer_forms, 2, message, size);
    if (!st)
        st = write_parts(a, false, clients, client_forms, 1, message, size);
    free(carers);
    free(clients);
    return st;
}

cr_status write_calendars(const answer *a, const char *folder, char *message, size_t size)
{
    return write_parts(a, true, folder, carer_forms, 1, message, size);
}
