/* careround-postcodes: how many postcodes a second are found, as spelt by people.
 *
 *   careround-postcodes
 *
 * Makes a gazetteer of 1.7 million made-up postcodes, as many as the United Kingdom has, and looks up five million of
 * them drawn by chance, each as text ("EH10 4AA") to a place. Prints one JSON line: postcodes, lookups, found, seconds
 * (the best of five runs over all), and look-ups a second on one core.
 */
#include "careround/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define AREAS     60
#define DISTRICTS 8
#define SECTORS   9
#define UNITS     20 /* letters of each of the last two places */
#define N         (AREAS * DISTRICTS * SECTORS * UNITS * UNITS)
#define ASKED     5000000
#define RUNS      5

static const char firsts[AREAS / 4 + 1] = "ABDEFGHJLNPRSTU";   /* of areas; none begins with Q, V or X */
static const char letters[UNITS + 1] = "ABDEFGHJLNPQRSTUWXYZ"; /* those that units have */

static void die(const char *what)
{
    fprintf(stderr, "careround-postcodes: %s\n", what);
    exit(1);
}

static void spell(uint32_t i, char ret_text[CR_POSTCODE_SIZE])
{
    uint32_t unit = i % (UNITS * UNITS), sector = i / (UNITS * UNITS) % SECTORS;
    uint32_t district = i / (UNITS * UNITS * SECTORS) % DISTRICTS, area = i / (UNITS * UNITS * SECTORS * DISTRICTS);
    snprintf(ret_text, CR_POSTCODE_SIZE, "%c%c%u %u%c%c", firsts[area / 4], letters[area % 4], 1 + district, sector,
             letters[unit / UNITS], letters[unit % UNITS]);
}

static void write_rows(const char *path)
{
    FILE *out = fopen(path, "w");
    if (!out)
        die("cannot write the rows");
    fputs("postcode,easting,northing\n", out);
    for (uint32_t i = 0; i < N; i++) {
        char text[CR_POSTCODE_SIZE];
        spell(i, text);
        fprintf(out, "%s,%u,%u\n", text, 300000 + i % 1000 * 100, 600000 + i / 1000 * 10);
    }
    if (fclose(out))
        die("cannot write the rows");
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void measure(const cr_gazetteer *gazetteer)
{
    char(*asked)[CR_POSTCODE_SIZE] = malloc(sizeof *asked * ASKED);
    uint64_t random = 1;
    double best_s = 0;
    int64_t n_found = 0;
    if (!asked)
        die("no memory");
    for (int32_t i = 0; i < ASKED; i++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
        spell((uint32_t)((random >> 33) % N), asked[i]);
    }
    for (int run = 0; run < RUNS; run++) {
        double begun_s = now_s();
        n_found = 0;
        for (int32_t i = 0; i < ASKED; i++) {
            cr_place place;
            n_found += cr_gazetteer_find(gazetteer, asked[i], &place) == CR_OK && place.quality == CR_PLACE_POSTCODE;
        }
        double took_s = now_s() - begun_s;
        best_s = run == 0 || took_s < best_s ? took_s : best_s;
    }
    printf("{\"postcodes\": %lld, \"lookups\": %d, \"found\": %lld, \"seconds\": %.3f, \"a_second\": %.0f}\n",
           (long long)cr_gazetteer_n_postcodes(gazetteer), ASKED, (long long)n_found, best_s, ASKED / best_s);
    free(asked);
}

int main(void)
{
    char folder[] = "/tmp/careround-postcodes-XXXXXX", rows[64], gaz[64], message[300];
    const char *paths[] = {rows};
    cr_gazetteer_counts counts;
    cr_auto(cr_gazetteer) gazetteer = NULL;
    if (!mkdtemp(folder))
        die("no folder to work in");
    snprintf(rows, sizeof rows, "%s/rows.csv", folder);
    snprintf(gaz, sizeof gaz, "%s/uk.gaz", folder);
    write_rows(rows);
    cr_status st = cr_gazetteer_build(paths, 1, gaz, &counts, message, sizeof message);
    if (!st)
        st = cr_gazetteer_open(gaz, &gazetteer, message, sizeof message);
    (void)unlink(rows);
    (void)unlink(gaz);
    (void)rmdir(folder);
    if (st)
        die(message);
    measure(gazetteer);
    return 0;
}
