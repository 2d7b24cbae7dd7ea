/* Whole files or none: a plan half written looks like a plan with visits forgotten. */
#include "write.h"

#include "careround/file.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Either kind of writer, and what it said. */
typedef struct job {
    const answer *a;
    answer_writer write;
    answer_part_writer write_part;
    int32_t who;
    cr_status said;
} job;

static bool run(FILE *out, void *user)
{
    job *j = user;
    j->said = j->write ? j->write(j->a, out) : j->write_part(j->a, j->who, out);
    return j->said == CR_OK;
}

static cr_status write_job(const char *path, job *j, char *message, size_t size)
{
    cr_status st = cr_file_write(path, run, j, message, size);
    if (st && j->said == CR_E_NOMEM)
        snprintf(message, size, "%s: out of memory", path);
    return st && j->said ? j->said : st;
}

cr_status write_file_whole(const char *path, answer_writer write, const answer *a, char *message, size_t size)
{
    return write_job(path, &(job){.a = a, .write = write}, message, size);
}

cr_status write_part_whole(const char *path, answer_part_writer write, const answer *a, int32_t who, char *message,
                           size_t size)
{
    return write_job(path, &(job){.a = a, .write_part = write, .who = who}, message, size);
}

static cr_status fault_of(int why, char *message, size_t size, const char *path)
{
    snprintf(message, size, "%s: cannot be written: %s", path, strerror(why));
    return CR_E_UPSTREAM;
}

cr_status write_folder_try(const char *folder, char *message, size_t size)
{
    struct stat info;
    if (stat(folder, &info) == 0)
        return !S_ISDIR(info.st_mode)             ? fault_of(ENOTDIR, message, size, folder)
               : access(folder, W_OK | X_OK) == 0 ? CR_OK
                                                  : fault_of(errno, message, size, folder);
    char *copy = strdup(folder);
    if (!copy)
        return CR_E_NOMEM;
    cr_status st = access(dirname(copy), W_OK | X_OK) == 0 ? CR_OK : fault_of(errno, message, size, folder);
    free(copy);
    return st;
}
