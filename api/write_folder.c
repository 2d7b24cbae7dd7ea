/* A folder of answers: one file for each carer and client, and the rota as a whole.
 *
 *   rota-by-carer.csv  rota-by-client.csv  unallocated.csv  rota.geojson
 *   carers/ID.csv  carers/ID.ics  clients/ID.csv
 *
 * Every carer and client of the day gets a file, the idle ones too: a run sheet left over from an earlier plan would
 * send somebody out on it.
 */
#include "words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static cr_status write_part(const answer *a, int32_t who, const char *folder, const char *id, const char *ending,
                            answer_part_writer write, char *message, size_t size)
{
    char *name = answer_file_name(id, who), *path;
    if (!name || asprintf(&path, "%s/%s.%s", folder, name, ending) < 0) {
        free(name);
        return CR_E_NOMEM;
    }
    cr_status st = write_part_whole(path, write, a, who, message, size);
    free(name);
    free(path);
    return st;
}

static cr_status write_carers(const answer *a, const char *folder, char *message, size_t size)
{
    cr_status st = make_folder(folder, message, size);
    for (int32_t c = 0; c < a->day->problem->n_carers && !st; c++) {
        const char *id = a->day->carers[c].carer_id;
        st = write_part(a, c, folder, id, "csv", write_carer_csv, message, size);
        if (!st)
            st = write_part(a, c, folder, id, "ics", write_carer_ical, message, size);
    }
    return st;
}

static cr_status write_clients(const answer *a, const char *folder, char *message, size_t size)
{
    cr_status st = make_folder(folder, message, size);
    for (int32_t c = 0; c < a->day->n_clients && !st; c++)
        st = write_part(a, c, folder, a->day->clients[c].client_id, "csv", write_client_csv, message, size);
    return st;
}

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
        st = write_carers(a, carers, message, size);
    if (!st)
        st = write_clients(a, clients, message, size);
    free(carers);
    free(clients);
    return st;
}

cr_status write_calendars(const answer *a, const char *folder, char *message, size_t size)
{
    cr_status st = make_folder(folder, message, size);
    for (int32_t c = 0; c < a->day->problem->n_carers && !st; c++)
        st = write_part(a, c, folder, a->day->carers[c].carer_id, "ics", write_carer_ical, message, size);
    return st;
}
