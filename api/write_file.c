/* Whole files or none: a plan half written looks like a plan with visits forgotten. */
#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static cr_status fault(char *message, size_t size, const char *path)
{
    snprintf(message, size, "%s: %s", path, strerror(errno));
    return CR_E_UPSTREAM;
}

/* A rename is only safe on disk once the folder that holds the name is. Best effort: not every file system can. */
static void sync_folder_of(const char *path)
{
    char *copy = strdup(path);
    int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(copy);
}

/* Either kind of writer. */
typedef struct job {
    const answer *a;
    answer_writer write;
    answer_part_writer write_part;
    int32_t who;
} job;

static cr_status run(const job *j, FILE *out)
{
    return j->write ? j->write(j->a, out) : j->write_part(j->a, j->who, out);
}

/* What a path like /dev/stdout names of what is open already; -1: nothing. That may be a file, which a shell has made:
 * no new one must take its place, and what else is printed there goes on behind what is written. */
static int open_already(const char *path)
{
    int fd = -1, n = 0;
    if (strcmp(path, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    bool is_one = sscanf(path, "/dev/fd/%9d%n", &fd, &n) == 1 || sscanf(path, "/proc/self/fd/%9d%n", &fd, &n) == 1;
    return is_one && path[n] == '\0' ? fd : -1;
}

/* open(), not mkstemp(): the file gets the permissions that the user's umask gives any file. */
static int open_to_write(const char *path, int flags)
{
    const int fd = open_already(path);
    if (fd < 0)
        return open(path, O_WRONLY | O_CLOEXEC | flags, 0666);
    (void)fflush(stdout);
    return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static cr_status write_to(const char *part, int flags, const job *j, char *message, size_t size)
{
    int fd = open_to_write(part, flags);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!out)
        return fault(message, size, part);
    cr_status st = run(j, out);
    if (st)
        snprintf(message, size, "%s: %s", part, st == CR_E_NOMEM ? "out of memory" : strerror(errno));
    else if (fflush(out) || ((flags & O_CREAT) && fsync(fd)))
        st = fault(message, size, part);
    if (fclose(out) && !st)
        st = fault(message, size, part);
    return st;
}

/* A device or a pipe is written to; a file renamed over it would be the end of it. */
static bool is_no_plain_file(const char *path)
{
    struct stat info;
    return open_already(path) >= 0 || (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode));
}

/* Where a link leads: that file is made anew, and the link stays. Yours to free; NULL: errno says why. */
static char *goal_of(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISLNK(info.st_mode) ? realpath(path, NULL) : strdup(path);
}

static cr_status write_beside(const char *path, const job *j, char *message, size_t size)
{
    char *part;
    if (asprintf(&part, "%s.%ld.part", path, (long)getpid()) < 0)
        return CR_E_NOMEM;
    cr_status st = write_to(part, O_CREAT | O_EXCL, j, message, size);
    if (!st && rename(part, path))
        st = fault(message, size, path);
    if (st)
        (void)unlink(part);
    else
        sync_folder_of(path);
    free(part);
    return st;
}

static cr_status write_job(const char *path, const job *j, char *message, size_t size)
{
    if (is_no_plain_file(path))
        return write_to(path, 0, j, message, size);
    char *goal = goal_of(path);
    if (!goal)
        return errno == ENOMEM ? CR_E_NOMEM : fault(message, size, path);
    cr_status st = write_beside(goal, j, message, size);
    free(goal);
    return st;
}

static cr_status fault_of(int why, char *message, size_t size, const char *path)
{
    errno = why;
    return fault(message, size, path);
}

/* Not opened, for the other end of a pipe may not be there yet. */
static cr_status try_through(const char *path, char *message, size_t size)
{
    const int fd = open_already(path);
    const bool can = fd >= 0 ? fcntl(fd, F_GETFD) >= 0 : access(path, W_OK) == 0;
    return can ? CR_OK : fault(message, size, path);
}

static cr_status try_beside(const char *path, char *message, size_t size)
{
    char *part;
    if (asprintf(&part, "%s.%ld.part", path, (long)getpid()) < 0)
        return CR_E_NOMEM;
    int fd = open(part, O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, 0666);
    cr_status st = fd >= 0 ? CR_OK : fault(message, size, path);
    if (fd >= 0) {
        close(fd);
        (void)unlink(part);
    }
    free(part);
    return st;
}

cr_status write_file_try(const char *path, char *message, size_t size)
{
    struct stat info;
    if (is_no_plain_file(path))
        return try_through(path, message, size);
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return fault_of(EISDIR, message, size, path);
    char *goal = goal_of(path);
    if (!goal)
        return errno == ENOMEM ? CR_E_NOMEM : fault(message, size, path);
    cr_status st = try_beside(goal, message, size);
    free(goal);
    return st;
}

cr_status write_folder_try(const char *folder, char *message, size_t size)
{
    struct stat info;
    if (stat(folder, &info) == 0)
        return !S_ISDIR(info.st_mode)             ? fault_of(ENOTDIR, message, size, folder)
               : access(folder, W_OK | X_OK) == 0 ? CR_OK
                                                  : fault(message, size, folder);
    char *copy = strdup(folder);
    if (!copy)
        return CR_E_NOMEM;
    cr_status st = access(dirname(copy), W_OK | X_OK) == 0 ? CR_OK : fault(message, size, folder);
    free(copy);
    return st;
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
