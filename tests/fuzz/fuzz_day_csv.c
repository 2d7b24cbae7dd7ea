/* Fuzz: any bytes at all as the files of a folder.
 *
 * The byte 1E (record separator) stands between the files; the first byte's lowest bit says whether bad rows are
 * skipped.
 */
#include "fuzz_folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const files[] = {"visits.csv", "carers.csv",   "settings.json", "history.csv",  "providers.csv",
                                        "matrix.csv", "columns.json", "packages.csv",  "accepted.csv", "held_back.csv"};
    if (size == 0 || size > 65536)
        return 0;
    fuzz_folder_make();
    bool skip_bad_rows = data[0] & 1;
    const uint8_t *at = data + 1, *end = data + size;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        unlink(fuzz_path(files[i]));
        if (at > end)
            continue;
        const uint8_t *stop = memchr(at, 0x1E, (size_t)(end - at));
        stop = stop ? stop : end;
        fuzz_write(files[i], at, (size_t)(stop - at));
        at = stop + 1;
    }
    fuzz_read_day(fuzz_folder, skip_bad_rows);
    return 0;
}
