/* A feed's files in a zip, by libzip. */
#include "gtfs.h"

#include <stdio.h>
#include <string.h>
#include <zip.h>

#define FILE_MOST_BYTES (INT64_C(8) << 30) /* unpacked; Great Britain's stop times are 3 GB */

static gtfs_found read_file(zip_file_t *file, gtfs_bytes take, void *user, char *reason, size_t size)
{
    char bytes[1 << 16];
    int64_t n_all = 0;
    for (;;) {
        zip_int64_t n = zip_fread(file, bytes, sizeof bytes);
        if (n == 0)
            return GTFS_FOUND;
        n_all += n;
        if (n < 0 || n_all > FILE_MOST_BYTES) {
            snprintf(reason, size, "%s", n < 0 ? zip_file_strerror(file) : "is larger than 8 GB");
            return GTFS_UNREADABLE;
        }
        if (!take(user, bytes, (size_t)n))
            return GTFS_FOUND;
    }
}

static gtfs_found read_from_zip(void *source, const char *name, gtfs_bytes take, void *user, char *reason, size_t size)
{
    zip_t *zip = source;
    zip_int64_t index = zip_name_locate(zip, name, 0);
    if (index < 0) /* some feeds have a folder around their files */
        index = zip_name_locate(zip, name, ZIP_FL_NODIR);
    if (index < 0)
        return GTFS_MISSING;
    zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    if (!file) {
        snprintf(reason, size, "%s", zip_strerror(zip));
        return GTFS_UNREADABLE;
    }
    gtfs_found found = read_file(file, take, user, reason, size);
    zip_fclose(file);
    return found;
}

cr_status cr_transit_open(const char *zip_path, const cr_transit_options *options, cr_feed_fault_note note, void *user,
                          cr_transit_days *ret_days)
{
    int code = 0;
    zip_t *zip = zip_open(zip_path, ZIP_RDONLY, &code);
    if (!zip) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        note(user, &(cr_feed_fault){zip_path, 0, "", "", zip_error_strerror(&error)});
        zip_error_fini(&error);
        return code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS ? CR_E_INPUT
               : code == ZIP_ER_MEMORY                       ? CR_E_NOMEM
                                                             : CR_E_UPSTREAM;
    }
    gtfs_source source = {read_from_zip, zip};
    cr_status st = transit_read(&source, options, note, user, ret_days);
    zip_discard(zip);
    return st;
}
