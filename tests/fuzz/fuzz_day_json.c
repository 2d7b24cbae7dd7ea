/* Fuzz: any bytes at all as a JSON day. The first byte's lowest bit says whether bad rows are skipped. */
#include "fuzz_folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 65536)
        return 0;
    fuzz_folder_make();
    fuzz_write("day.json", data + 1, size - 1);
    fuzz_read_day(fuzz_path("day.json"), data[0] & 1);
    return 0;
}
