/* A day of the store as a folder.
 *
 * These folders are scratch: nothing in them is worth more than the process that reads them, so nothing is synced.
 */
#include "day_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MOST 64

const char *const day_folder_tables[] = {"providers", "carers",    "visits", "packages", "history",
                                         "accepted",  "held_back", "matrix", "settings", NULL};

bool day_folder_is_name(const char *text)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t n = strlen(text);
    return n > 0 && n <= NAME_MOST && strchr(first, *text) &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == n;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

cr_status day_folder_put_file(const char *path, const void *content, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return CR_E_UPSTREAM;
    bool written = write_all(fd, content, size);
    return close(fd) == 0 && written ? CR_OK : CR_E_UPSTREAM;
}

cr_status day_folder_put(const char *folder, const store_upload *upload, const void *content, size_t size)
{
    char path[DAY_FOLDER_PATH];
    assert(day_folder_is_name(upload->provider) && day_folder_is_name(upload->table));
    if (strcmp(upload->table, "settings") == 0) {
        snprintf(path, sizeof path, "%s/settings.json", folder);
        return day_folder_put_file(path, content, size);
    }
    snprintf(path, sizeof path, "%s/%s", folder, upload->table);
    if (mkdir(path, 0700) && errno != EEXIST)
        return CR_E_UPSTREAM;
    snprintf(path, sizeof path, "%s/%s/%s.columns.json", folder, upload->table, upload->provider);
    cr_status st = *upload->mapping ? day_folder_put_file(path, upload->mapping, strlen(upload->mapping)) : CR_OK;
    snprintf(path, sizeof path, "%s/%s/%s.%s", folder, upload->table, upload->provider, upload->format);
    return st ? st : day_folder_put_file(path, content, size);
}

cr_status day_folder_write(cr_store *store, const store_day *day, const char *folder)
{
    cr_status st = mkdir(folder, 0700) ? CR_E_UPSTREAM : CR_OK;
    for (int32_t i = 0; !st && i < day->n_parts; i++) {
        cr_auto(store_bytes) content = NULL;
        st = store_get_content(store, day->parts[i].upload_id, &content);
        if (!st) /* a list of no bytes has no content */
            st = day_folder_put(folder, &day->parts[i], content ? content->bytes : "", content ? content->size : 0);
    }
    return st;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about;
    (void)kind;
    (void)at;
    (void)remove(path);
    return 0;
}

void day_folder_remove(const char *folder)
{
    int before = errno;
    (void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    errno = before;
}
