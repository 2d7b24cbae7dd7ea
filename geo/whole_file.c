/* Writing a file whole or not at all. */
#include "whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t whole_file_hash(uint64_t hash, const void *bytes, size_t n_bytes)
{
    const char *at = bytes;
    for (size_t i = 0; i + 8 <= n_bytes; i += 8) {
        uint64_t word;
        memcpy(&word, at + i, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x100000001b3);
    }
    uint64_t rest = 0;
    if (n_bytes % 8 == 0)
        return hash;
    memcpy(&rest, at + n_bytes / 8 * 8, n_bytes % 8);
    return (hash ^ rest) * UINT64_C(0x100000001b3);
}

/* Readable for all whom the umask allows, as a file made in the ordinary way; mkstemp() is stricter. */
static bool share_as_usual(int fd)
{
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(fd, 0666 & ~mask) == 0;
}

static bool fill(int fd, bool is_private, bool (*write)(FILE *file, void *user), void *user)
{
    FILE *file = fdopen(fd, "wb");
    if (!file) {
        close(fd);
        return false;
    }
    bool ok = write(file, user) && fflush(file) == 0 && (is_private || share_as_usual(fd)) && fsync(fd) == 0;
    int error = errno;
    bool closed = fclose(file) == 0;
    if (!ok)
        errno = error;
    return ok && closed;
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

static FILE *open_through(const char *path)
{
    const int fd = open_already(path);
    if (fd < 0)
        return fopen(path, "wbe");
    (void)fflush(stdout);
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    FILE *out = copy >= 0 ? fdopen(copy, "wb") : NULL;
    if (copy >= 0 && !out)
        close(copy);
    return out;
}

static bool write_through(const char *path, bool (*write)(FILE *file, void *user), void *user)
{
    FILE *file = open_through(path);
    bool ok = file && write(file, user) && fflush(file) == 0;
    return file && fclose(file) == 0 && ok;
}

static cr_status fault(char *message, size_t size, const char *path)
{
    snprintf(message, size, "%s: cannot be written: %s", path, strerror(errno));
    return CR_E_UPSTREAM;
}

static cr_status write_beside(const char *path, bool is_private, bool (*write)(FILE *file, void *user), void *user,
                              char *message, size_t size)
{
    size_t n = strlen(path) + sizeof ".XXXXXX";
    char *new_path = malloc(n);
    if (!new_path)
        return CR_E_NOMEM;
    snprintf(new_path, n, "%s.XXXXXX", path);
    int fd = mkostemp(new_path, O_CLOEXEC);
    bool ok = fd >= 0 && fill(fd, is_private, write, user) && rename(new_path, path) == 0;
    cr_status st = ok ? CR_OK : fault(message, size, path);
    if (!ok && fd >= 0)
        unlink(new_path);
    free(new_path);
    return st;
}

static cr_status write_whole(const char *path, bool is_private, bool (*write)(FILE *file, void *user), void *user,
                             char *message, size_t size)
{
    if (is_no_plain_file(path))
        return write_through(path, write, user) ? CR_OK : fault(message, size, path);
    char *goal = goal_of(path);
    if (!goal)
        return errno == ENOMEM ? CR_E_NOMEM : fault(message, size, path);
    cr_status st = write_beside(goal, is_private, write, user, message, size);
    free(goal);
    return st;
}

cr_status whole_file_write(const char *path, bool (*write)(FILE *file, void *user), void *user, char *message,
                           size_t size)
{
    return write_whole(path, false, write, user, message, size);
}

cr_status whole_file_write_private(const char *path, bool (*write)(FILE *file, void *user), void *user, char *message,
                                   size_t size)
{
    return write_whole(path, true, write, user, message, size);
}
