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

/* A device or a pipe is written to; a file renamed over it would be the end of it. */
static bool is_no_plain_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

static bool write_through(const char *path, bool (*write)(FILE *file, void *user), void *user)
{
    FILE *file = fopen(path, "wbe");
    bool ok = file && write(file, user) && fflush(file) == 0;
    return file && fclose(file) == 0 && ok;
}

static cr_status write_whole(const char *path, bool is_private, bool (*write)(FILE *file, void *user), void *user,
                             char *message, size_t size)
{
    if (is_no_plain_file(path)) {
        if (write_through(path, write, user))
            return CR_OK;
        snprintf(message, size, "%s: cannot be written: %s", path, strerror(errno));
        return CR_E_UPSTREAM;
    }
    size_t n = strlen(path) + sizeof ".XXXXXX";
    char *new_path = malloc(n);
    if (!new_path)
        return CR_E_NOMEM;
    snprintf(new_path, n, "%s.XXXXXX", path);
    int fd = mkostemp(new_path, O_CLOEXEC);
    bool ok = fd >= 0 && fill(fd, is_private, write, user) && rename(new_path, path) == 0;
    if (!ok) {
        snprintf(message, size, "%s: cannot be written: %s", path, strerror(errno));
        if (fd >= 0)
            unlink(new_path);
    }
    free(new_path);
    return ok ? CR_OK : CR_E_UPSTREAM;
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
