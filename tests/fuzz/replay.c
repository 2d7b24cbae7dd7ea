/* Replay: feeds every file of the folders given to a fuzz target, without libFuzzer.
 *
 * Linked with each fuzz_NAME.c in ordinary builds, so that inputs found by fuzzing are tests for good. Besides the file
 * itself its beginnings are tried: a parser that reads past the end of half a file is the commonest find.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_BEGINNINGS 16

static uint8_t *read_whole(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    uint8_t *data = NULL;
    long size = -1;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0)
        data = malloc((size_t)size + 1);
    if (data && fread(data, 1, (size_t)size, file) != (size_t)size) {
        free(data);
        data = NULL;
    }
    fclose(file);
    if (data)
        *ret_size = (size_t)size;
    return data;
}

/* In memory of exactly its size, so that valgrind and the address sanitizer see a step past the end. */
static void feed(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static bool replay_file(const char *path)
{
    size_t size = 0;
    uint8_t *data = read_whole(path, &size);
    if (!data) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    fprintf(stderr, "%s: %zu bytes\n", path, size);
    for (size_t k = 0; k <= N_BEGINNINGS; k++)
        feed(data, size * k / N_BEGINNINGS);
    free(data);
    return true;
}

/* How many files were replayed; -1 if the folder or a file cannot be read. */
static int replay_folder(const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);
    int n_replayed = n < 0 ? -1 : 0;
    for (int i = 0; i < n; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && n_replayed >= 0)
            n_replayed = replay_file(path) ? n_replayed + 1 : -1;
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return n_replayed;
}

int main(int argc, char **argv)
{
    int n_replayed = 0;
    for (int i = 1; i < argc; i++) {
        int n = replay_folder(argv[i]);
        if (n <= 0) {
            fprintf(stderr, "%s: nothing to replay\n", argv[i]);
            return EXIT_FAILURE;
        }
        n_replayed += n;
    }
    return n_replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
