/* Metrics that wait until the file is written.
 *
 * A country's metrics are as large as all else together, and nobody looks at one before the last is made. So each is
 * put into a file without a name beside the one that is to be written, and seen through a mapping: its pages are the
 * system's to take back. Where that does not work, it stays in memory.
 */
#include "road_order.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define WORTH_IT (1 << 20) /* bytes; less is not in anybody's way */

typedef struct part {
    void **at;
    size_t bytes;
} part;

/* Items of eight bytes first, so that all lie well. Returns the sum of their bytes. */
static size_t list_parts(road_hierarchy *h, uint32_t n_states, part parts[6])
{
    size_t firsts = ((size_t)n_states + 1) * sizeof *h->up_first, sum = 0;
    part all[6] = {{(void **)&h->up_cost, h->n_up * sizeof *h->up_cost},
                   {(void **)&h->down_cost, h->n_down * sizeof *h->down_cost},
                   {(void **)&h->up_head, h->n_up * sizeof *h->up_head},
                   {(void **)&h->down_tail, h->n_down * sizeof *h->down_tail},
                   {(void **)&h->up_first, firsts},
                   {(void **)&h->down_first, firsts}};
    memcpy(parts, all, sizeof all);
    for (int i = 0; i < 6; i++)
        sum += all[i].bytes;
    return sum;
}

static bool write_all(int fd, const void *bytes, size_t n)
{
    for (const char *at = bytes; n > 0;) {
        ssize_t done = write(fd, at, n);
        if (done <= 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

/* A file beside path that is gone from its folder already; < 0: none. */
static int open_nameless(const char *path)
{
    char name[4096];
    int n = snprintf(name, sizeof name, "%s.XXXXXX", path);
    int fd = n < (int)sizeof name ? mkostemp(name, O_CLOEXEC) : -1;
    if (fd >= 0)
        unlink(name);
    return fd;
}

void road_hierarchy_park(road_hierarchy *h, uint32_t n_states, const char *beside)
{
    part parts[6];
    size_t sum = list_parts(h, n_states, parts), at = 0;
    int fd = sum < WORTH_IT ? -1 : open_nameless(beside);
    bool ok = fd >= 0;
    for (int i = 0; ok && i < 6; i++)
        ok = write_all(fd, *parts[i].at, parts[i].bytes);
    char *mapping = ok ? mmap(NULL, sum, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (mapping == MAP_FAILED)
        return;
    for (int i = 0; i < 6; i++) {
        free(*parts[i].at);
        *parts[i].at = mapping + at;
        at += parts[i].bytes;
    }
    h->parked = mapping;
    h->parked_bytes = sum;
}

void road_hierarchy_done(road_hierarchy *h)
{
    if (h->parked) {
        munmap(h->parked, h->parked_bytes);
    } else {
        void *arrays[] = {h->up_first, h->down_first, h->up_head, h->down_tail, h->up_cost, h->down_cost};
        for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
            free(arrays[i]);
    }
    memset(h, 0, sizeof *h);
}
