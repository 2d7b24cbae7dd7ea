/* A folder for scratch, locked while a service runs.
 *
 * The lock is on a file in it, and the number in that file makes the service's name. Who holds the lock and finds a
 * number there knows that the service of that name was killed, so its plans can go back to the queue at once and need
 * not wait until their leases expire.
 */
#include "scratch.h"

#include "day_folder.h"
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_NAME "worker"
#define NOT_OURS  "there are other files in it; give --scratch a folder of its own"

static cr_status complain(const char *folder, const char *what)
{
    fprintf(stderr, "careround serve: %s: %s\n", folder, what);
    return CR_E_UPSTREAM;
}

/* The lock is the process's own (POSIX record lock), not the open file's (flock): a worker on its way from
 * posix_spawn() to its own program has a copy of every open file, and would hold it for a service that was killed.
 * Closing any descriptor of the file gives such a lock up, so nothing else in the service may open it. */
static cr_status lock_file(const char *folder, int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_SETLK, &whole) == 0)
        return CR_OK;
    return complain(folder, errno == EAGAIN || errno == EACCES
                                ? "another careround works here; give each a --scratch of its own"
                                : strerror(errno));
}

static bool is_number(const char number[STORE_ID_SIZE])
{
    return strspn(number, "0123456789abcdef") == STORE_ID_SIZE - 1;
}

/* Call for each entry but our own file; true: it says so of all. */
static bool each_entry(const char *folder, bool (*is_so)(const char *path))
{
    char path[DAY_FOLDER_PATH];
    DIR *dir = opendir(folder);
    bool all = dir;
    for (const struct dirent *entry; all && (entry = readdir(dir));) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, LOCK_NAME) == 0)
            continue;
        int n = snprintf(path, sizeof path, "%s/%s", folder, name);
        all = n < (int)sizeof path && is_so(path);
    }
    if (dir)
        closedir(dir);
    return all;
}

static bool is_no_entry(const char *path)
{
    (void)path;
    return false;
}

static bool remove_entry(const char *path)
{
    day_folder_remove(path);
    return true;
}

/* All that is in it will be removed, so it must be ours: new, empty, or with the number of a service. */
static cr_status claim(const char *folder, int fd, char number[STORE_ID_SIZE])
{
    memset(number, 0, STORE_ID_SIZE);
    ssize_t n = pread(fd, number, STORE_ID_SIZE - 1, 0);
    if (n == STORE_ID_SIZE - 1 && is_number(number)) {
        (void)each_entry(folder, remove_entry); /* of a service that was killed */
        return CR_OK;
    }
    if (n != 0 || !each_entry(folder, is_no_entry))
        return complain(folder, NOT_OURS);
    store_new_id(number);
    return pwrite(fd, number, STORE_ID_SIZE - 1, 0) == STORE_ID_SIZE - 1 ? CR_OK : complain(folder, strerror(errno));
}

/* Our file in it; nothing is made in a folder of somebody else's. */
static int open_lock(const char *folder, const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (!each_entry(folder, is_no_entry)) {
        errno = EEXIST;
        return -1;
    }
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

cr_status scratch_open(const char *folder, scratch *ret_scratch)
{
    scratch s = {.folder = folder};
    char machine[65] = "", number[STORE_ID_SIZE], path[DAY_FOLDER_PATH];
    if (mkdir(folder, 0700) && errno != EEXIST)
        return complain(folder, strerror(errno));
    snprintf(path, sizeof path, "%s/" LOCK_NAME, folder);
    s.lock = open_lock(folder, path);
    if (s.lock < 0)
        return complain(folder, errno == EEXIST ? NOT_OURS : strerror(errno));
    cr_status st = lock_file(folder, s.lock);
    if (!st)
        st = claim(folder, s.lock, number);
    if (st) {
        close(s.lock);
        return st;
    }
    (void)gethostname(machine, sizeof machine - 1);
    snprintf(s.worker, sizeof s.worker, "%s/%s", machine, number);
    *ret_scratch = s;
    return CR_OK;
}

void scratch_remove(scratch *s)
{
    day_folder_remove(s->folder);
    close(s->lock);
}
