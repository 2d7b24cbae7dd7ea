/* Writing a file whole or not at all. */
#include "careround/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static cr_status fault(char *message, size_t size, const char *path)
{
    snprintf(message, size, "%s: cannot be written: %s", path, strerror(errno));
    return CR_E_UPSTREAM;
}

/* Written, with errno of the first thing that failed, and closed either way. `is_new`: forced to the disk, too. */
static bool fill(int fd, bool is_new, bool (*write)(FILE *file, void *user), void *user)
{
    FILE *file = fdopen(fd, "wb");
    if (!file) {
        const int why = errno;
        close(fd);
        errno = why;
        return false;
    }
    errno = 0;
    bool ok = write(file, user) && fflush(file) == 0 && (!is_new || fsync(fd) == 0);
    const int why = errno;
    if (fclose(file) != 0)
        return false;
    errno = why;
    return ok;
}

static bool write_through(const char *path, bool (*write)(FILE *file, void *user), void *user)
{
    const int open_fd = open_already(path);
    if (open_fd >= 0)
        (void)fflush(stdout);
    const int fd = open_fd >= 0 ? fcntl(open_fd, F_DUPFD_CLOEXEC, 0) : open(path, O_WRONLY | O_CLOEXEC);
    return fd >= 0 && fill(fd, false, write, user);
}

/* A new file beside path, named in *ret_name (yours to free). open(), not mkstemp(): it gets the permissions that the
 * user's umask gives any file. -1: errno says why. */
static int make_beside(const char *path, bool is_private, char **ret_name)
{
    static atomic_uint n_made;
    if (asprintf(ret_name, "%s.%ld.%u.part", path, (long)getpid(), atomic_fetch_add(&n_made, 1)) < 0) {
        *ret_name = NULL;
        errno = ENOMEM;
        return -1;
    }
    return open(*ret_name, O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, is_private ? 0600 : 0666);
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

static cr_status write_beside(const char *path, bool is_private, bool (*write)(FILE *file, void *user), void *user,
                              char *message, size_t size)
{
    char *part;
    const int fd = make_beside(path, is_private, &part);
    if (!part)
        return CR_E_NOMEM;
    bool ok = fd >= 0 && fill(fd, true, write, user) && rename(part, path) == 0;
    cr_status st = ok ? CR_OK : fault(message, size, path);
    if (ok)
        sync_folder_of(path);
    else if (fd >= 0)
        (void)unlink(part);
    free(part);
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

cr_status cr_file_write(const char *path, bool (*write)(FILE *file, void *user), void *user, char *message, size_t size)
{
    return write_whole(path, false, write, user, message, size);
}

cr_status cr_file_write_private(const char *path, bool (*write)(FILE *file, void *user), void *user, char *message,
                                size_t size)
{
    return write_whole(path, true, write, user, message, size);
}

/* Not opened, for the other end of a pipe may not be there yet. */
static bool can_write_through(const char *path)
{
    const int fd = open_already(path);
    return fd >= 0 ? fcntl(fd, F_GETFD) >= 0 : access(path, W_OK) == 0;
}

static cr_status try_beside(const char *path, char *message, size_t size)
{
    char *part;
    const int fd = make_beside(path, false, &part);
    if (!part)
        return CR_E_NOMEM;
    cr_status st = fd >= 0 ? CR_OK : fault(message, size, path);
    if (fd >= 0) {
        close(fd);
        (void)unlink(part);
    }
    free(part);
    return st;
}

cr_status cr_file_try(const char *path, char *message, size_t size)
{
    struct stat info;
    if (is_no_plain_file(path))
        return can_write_through(path) ? CR_OK : fault(message, size, path);
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return fault(message, size, path);
    }
    char *goal = goal_of(path);
    if (!goal)
        return errno == ENOMEM ? CR_E_NOMEM : fault(message, size, path);
    cr_status st = try_beside(goal, message, size);
    free(goal);
    return st;
}
