/* A folder for scratch, locked while a service runs.
 *
 * The lock is on a file in it, and the number in that file makes the service's name. Who holds the lock and finds a
 * number there knows that the service of that name was killed, so its plans can go back to the queue at once and need
 * not wait until their leases expire.
 */
#include "scratch.h"

#include "day_folder.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The number that is there, or a new one. */
static bool read_or_make_number(int fd, char number[STORE_ID_SIZE])
{
    memset(number, 0, STORE_ID_SIZE);
    ssize_t n = pread(fd, number, STORE_ID_SIZE - 1, 0);
    if (n != STORE_ID_SIZE - 1 || strspn(number, "0123456789abcdef") != STORE_ID_SIZE - 1) {
        store_new_id(number);
        n = pwrite(fd, number, STORE_ID_SIZE - 1, 0);
    }
    return n == STORE_ID_SIZE - 1;
}

cr_status scratch_open(const char *folder, scratch *ret_scratch)
{
    scratch s = {.folder = folder};
    char machine[65] = "", number[STORE_ID_SIZE], path[DAY_FOLDER_PATH];
    if (mkdir(folder, 0700) && errno != EEXIST)
        return complain(folder, strerror(errno));
    snprintf(path, sizeof path, "%s/worker", folder);
    s.lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s.lock < 0)
        return complain(folder, strerror(errno));
    cr_status st = lock_file(folder, s.lock);
    if (!st && !read_or_make_number(s.lock, number))
        st = complain(folder, strerror(errno));
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
