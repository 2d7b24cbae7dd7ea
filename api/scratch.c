/* A folder for scratch, locked while a service runs.
 *
 * A number in the folder makes the service's name. Who holds the lock and finds a number there knows that the service
 * of that name was killed, so its plans can go back to the queue at once and need not wait until their leases expire.
 */
#include "scratch.h"

#include "day_folder.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static cr_status complain(const char *folder, const char *what)
{
    fprintf(stderr, "careround serve: %s: %s\n", folder, what);
    return CR_E_UPSTREAM;
}

static cr_status lock_folder(const char *folder, int *ret_lock)
{
    if (mkdir(folder, 0700) && errno != EEXIST)
        return complain(folder, strerror(errno));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return complain(folder, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        cr_status st =
            complain(folder, errno == EWOULDBLOCK ? "another careround works here; give each a --scratch of its own"
                                                  : strerror(errno));
        close(fd);
        return st;
    }
    *ret_lock = fd;
    return CR_OK;
}

/* The number that is there, or a new one. */
static cr_status read_or_make_number(int folder, char number[STORE_ID_SIZE])
{
    int fd = openat(folder, "worker", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return CR_E_UPSTREAM;
    memset(number, 0, STORE_ID_SIZE);
    ssize_t n = read(fd, number, STORE_ID_SIZE - 1);
    if (n != STORE_ID_SIZE - 1 || strspn(number, "0123456789abcdef") != STORE_ID_SIZE - 1) {
        store_new_id(number);
        n = pwrite(fd, number, STORE_ID_SIZE - 1, 0);
    }
    close(fd);
    return n == STORE_ID_SIZE - 1 ? CR_OK : CR_E_UPSTREAM;
}

cr_status scratch_open(const char *folder, scratch *ret_scratch)
{
    scratch s = {.folder = folder};
    char machine[65] = "", number[STORE_ID_SIZE];
    cr_status st = lock_folder(folder, &s.lock);
    if (st)
        return st;
    st = read_or_make_number(s.lock, number);
    if (st) {
        st = complain(folder, strerror(errno));
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
