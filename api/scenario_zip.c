/* A bundle as one file, to be sent. Nothing is compressed: roads hardly shrink, and lists are small beside them. */
#include "scenario.h"

#include "cmd.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#define THEN 1262304000 /* every file is of 1 January 2010: the same bundle is the same bytes */

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool add_file(zip_t *zip, const char *path, const char *name)
{
    zip_source_t *source = zip_source_file(zip, path, 0, -1);
    zip_int64_t at = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0 &&
           zip_file_set_mtime(zip, (zip_uint64_t)at, THEN, 0) == 0;
}

static bool add_folder(zip_t *zip, const char *path, const char *name);

static bool add_entry(zip_t *zip, const char *folder, const char *folder_name, const char *entry)
{
    struct stat about;
    char *path = NULL, *name = NULL;
    bool is_added = asprintf(&path, "%s/%s", folder, entry) >= 0 && asprintf(&name, "%s/%s", folder_name, entry) >= 0 &&
                    stat(path, &about) == 0 &&
                    (S_ISDIR(about.st_mode) ? add_folder(zip, path, name) : add_file(zip, path, name));
    free(path);
    free(name);
    return is_added;
}

/* In the order of names. */
static bool add_folder(zip_t *zip, const char *path, const char *name)
{
    struct dirent **entries = NULL;
    int n = scandir(path, &entries, is_visible, alphasort);
    bool is_added = n >= 0;
    for (int i = 0; i < n; i++) {
        is_added = is_added && add_entry(zip, path, name, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return is_added;
}

cr_status scenario_bundle_zip(const scenario_bundle *bundle, const char *name, const char *path)
{
    int error = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &error);
    bool is_whole = zip && add_folder(zip, bundle->folder, name);
    if (is_whole && zip_close(zip) == 0)
        return CR_OK;
    fprintf(stderr, "careround scenario: %s: %s\n", path, zip ? zip_strerror(zip) : "cannot be made");
    if (zip)
        zip_discard(zip);
    return CR_E_UPSTREAM;
}
