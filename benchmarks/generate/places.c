/* Places: postcodes read from a Code-Point Open file, or positions invented around towns. */
#include "places.h"
#include "sheet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void gen_shares(const int32_t *weights, int32_t n_weights, int32_t n, int32_t *ret_shares)
{
    int64_t total = 0;
    int32_t given = 0;
    for (int32_t i = 0; i < n_weights; i++)
        total += weights[i];
    for (int32_t i = 0; i < n_weights; i++) {
        ret_shares[i] = (int32_t)(weights[i] * (int64_t)n / total);
        given += ret_shares[i];
    }
    for (; given < n; given++) {
        int32_t neediest = 0;
        int64_t most = -1;
        for (int32_t i = 0; i < n_weights; i++) {
            int64_t short_by = weights[i] * (int64_t)n - ret_shares[i] * total;
            if (short_by > most) {
                most = short_by;
                neediest = i;
            }
        }
        ret_shares[neediest]++;
    }
}

/* ---- Code-Point Open: "EH22 1AB",10,333210,667543,"S92000003","","S08000024","","S12000019","S13003021" ---- */

enum { COLUMN_POSTCODE, COLUMN_QUALITY, COLUMN_EAST, COLUMN_NORTH, COLUMN_DISTRICT = 8, N_COLUMNS = 10 };

typedef struct line_cells {
    char cell[N_COLUMNS][16];
} line_cells;

/* The product has no commas or quotes inside its cells. */
static bool split_line(const char *line, line_cells *ret_cells)
{
    for (int column = 0; column < N_COLUMNS; column++) {
        size_t length = strcspn(line, ",\r\n");
        size_t quoted = length >= 2 && line[0] == '"' ? 1 : 0;
        if (length - 2 * quoted >= sizeof ret_cells->cell[column])
            return false;
        memcpy(ret_cells->cell[column], line + quoted, length - 2 * quoted);
        ret_cells->cell[column][length - 2 * quoted] = '\0';
        line += length;
        if (column + 1 < N_COLUMNS && *line++ != ',')
            return false;
    }
    return true;
}

/* The town in whose sectors ("EH22 1": the postcode without its last two letters) this postcode lies; -1 none. */
static int32_t town_of(const char *postcode, const gen_town *towns, int32_t n_towns)
{
    size_t length = strlen(postcode);
    if (length < 7)
        return -1;
    for (int32_t t = 0; t < n_towns; t++) {
        for (const char *sector = towns[t].sectors; *sector; sector += strcspn(sector, ",")) {
            sector += *sector == ',';
            size_t sector_length = strcspn(sector, ",");
            if (sector_length == length - 2 && strncmp(sector, postcode, sector_length) == 0)
                return t;
        }
    }
    return -1;
}

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "careround-generate: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    size_t used = 0, room = 1 << 16;
    char *text = gen_room(room, 1);
    for (size_t n; (n = fread(text + used, 1, room - 1 - used, file)) > 0;) {
        used += n;
        if (used < room - 1)
            continue;
        char *larger = gen_room(room *= 2, 1);
        memcpy(larger, text, used);
        free(text);
        text = larger;
    }
    text[used] = '\0';
    fclose(file);
    return text;
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return *line ? line + 1 : line;
}

/* One line as a place; false for another district or sector, or a row without a position (quality 90, at 0,0). */
static bool place_of_line(const char *line, const gen_town *towns, int32_t n_towns, const char *district,
                          gen_place *ret_place)
{
    line_cells cells;
    if (!split_line(line, &cells) || strlen(cells.cell[COLUMN_POSTCODE]) >= sizeof ret_place->postcode)
        return false;
    if (district && strcmp(cells.cell[COLUMN_DISTRICT], district) != 0)
        return false;
    *ret_place = (gen_place){.town = town_of(cells.cell[COLUMN_POSTCODE], towns, n_towns),
                             .east_m = atoi(cells.cell[COLUMN_EAST]),
                             .north_m = atoi(cells.cell[COLUMN_NORTH])};
    strcpy(ret_place->postcode, cells.cell[COLUMN_POSTCODE]);
    return ret_place->town >= 0 && ret_place->east_m > 0 && ret_place->north_m > 0;
}

/* Lay the places out town by town, keeping their order within a town. */
static void sort_by_town(gen_places *places)
{
    gen_place *sorted = gen_room((size_t)places->n_places, sizeof *sorted);
    places->town_first = gen_room((size_t)places->n_towns + 1, sizeof *places->town_first);
    int32_t n = 0;
    for (int32_t t = 0; t < places->n_towns; t++) {
        places->town_first[t] = n;
        for (int32_t i = 0; i < places->n_places; i++)
            if (places->places[i].town == t)
                sorted[n++] = places->places[i];
    }
    places->town_first[places->n_towns] = n;
    free(places->places);
    places->places = sorted;
}

static bool read_district(const char *csv_path, const gen_town *towns, int32_t n_towns, const char *district,
                          gen_places *ret_places)
{
    *ret_places = (gen_places){.towns = towns, .n_towns = n_towns};
    gen_places *places = ret_places;
    places->csv = read_whole(csv_path);
    if (!places->csv)
        return false;
    int32_t n_lines = 0;
    for (const char *line = places->csv; *line; line = next_line(line))
        n_lines++;
    places->places = gen_room((size_t)n_lines, sizeof *places->places);
    for (const char *line = places->csv; *line; line = next_line(line))
        if (place_of_line(line, towns, n_towns, district, &places->places[places->n_places]))
            places->n_places++;
    sort_by_town(places);
    for (int32_t t = 0; t < n_towns; t++) {
        if (places->town_first[t + 1] > places->town_first[t])
            continue;
        fprintf(stderr, "careround-generate: %s has no postcode of %s (%s)\n", csv_path, towns[t].name,
                towns[t].sectors);
        gen_places_done(places);
        return false;
    }
    return true;
}

bool gen_places_read(const char *csv_path, const gen_town *towns, int32_t n_towns, gen_places *ret_places)
{
    return read_district(csv_path, towns, n_towns, NULL, ret_places);
}

/* Copy the lines of the chosen postcodes, in the file's order. */
static bool write_chosen(const gen_places *places, const bool *is_chosen, const char *district, const char *dir)
{
    size_t used = 0;
    char *text = gen_room(strlen(places->csv) + 1, 1);
    for (const char *line = places->csv; *line; line = next_line(line)) {
        gen_place place;
        if (!place_of_line(line, places->towns, places->n_towns, district, &place))
            continue;
        bool wanted = false;
        for (int32_t i = places->town_first[place.town]; i < places->town_first[place.town + 1]; i++)
            if (is_chosen[i] && strcmp(places->places[i].postcode, place.postcode) == 0)
                wanted = true;
        size_t length = (size_t)(next_line(line) - line);
        if (wanted) {
            memcpy(text + used, line, length);
            used += length;
        }
    }
    bool written = gen_write_file(dir, "postcodes.csv", text);
    free(text);
    return written;
}

bool gen_postcodes_thin(const char *csv_path, const gen_town *towns, int32_t n_towns, const char *district, int32_t n,
                        uint64_t seed, const char *dir)
{
    gen_places places;
    if (!read_district(csv_path, towns, n_towns, district, &places))
        return false;
    gen_rng rng = gen_rng_stream(seed, "postcodes");
    int32_t *weights = gen_room((size_t)n_towns, sizeof *weights);
    int32_t *shares = gen_room((size_t)n_towns, sizeof *shares);
    int32_t *order = gen_room((size_t)places.n_places, sizeof *order);
    bool *is_chosen = gen_room((size_t)places.n_places, sizeof *is_chosen);
    for (int32_t t = 0; t < n_towns; t++)
        weights[t] = towns[t].weight;
    gen_shares(weights, n_towns, n, shares);
    for (int32_t t = 0; t < n_towns; t++) {
        int32_t first = places.town_first[t], n_here = places.town_first[t + 1] - first;
        for (int32_t i = 0; i < n_here; i++)
            order[i] = first + i;
        gen_rng_shuffle(&rng, order, n_here);
        for (int32_t i = 0; i < n_here && i < shares[t]; i++)
            is_chosen[order[i]] = true;
    }
    bool written = write_chosen(&places, is_chosen, district, dir);
    free(weights);
    free(shares);
    free(order);
    free(is_chosen);
    gen_places_done(&places);
    return written;
}

/* ---- invented positions ---- */

/* The mean of three dice: a hill with its top in the middle and nothing outside. */
static int32_t around(gen_rng *rng, int32_t middle, int32_t radius)
{
    int32_t sum = 0;
    for (int i = 0; i < 3; i++)
        sum += gen_rng_between(rng, -radius, radius);
    return middle + sum / 3;
}

void gen_places_invent(gen_rng *rng, const gen_town *towns, int32_t n_towns, int32_t n, gen_places *ret_places)
{
    *ret_places = (gen_places){.towns = towns, .n_towns = n_towns, .n_places = n};
    int32_t *weights = gen_room((size_t)n_towns, sizeof *weights);
    int32_t *shares = gen_room((size_t)n_towns, sizeof *shares);
    for (int32_t t = 0; t < n_towns; t++)
        weights[t] = towns[t].weight;
    gen_shares(weights, n_towns, n, shares);
    ret_places->places = gen_room((size_t)n, sizeof *ret_places->places);
    gen_place *place = ret_places->places;
    for (int32_t t = 0; t < n_towns; t++)
        for (int32_t i = 0; i < shares[t]; i++)
            *place++ = (gen_place){.town = t,
                                   .east_m = around(rng, towns[t].east_m, towns[t].radius_m),
                                   .north_m = around(rng, towns[t].north_m, towns[t].radius_m)};
    free(weights);
    free(shares);
    sort_by_town(ret_places);
}

void gen_places_done(gen_places *places)
{
    free(places->places);
    free(places->town_first);
    free(places->csv);
    *places = (gen_places){0};
}

const gen_place *gen_places_pick(const gen_places *places, gen_rng *rng, int32_t town)
{
    int32_t first = places->town_first[town];
    return &places->places[first + gen_rng_below(rng, places->town_first[town + 1] - first)];
}

/* ---- geometry in whole numbers ---- */

int32_t gen_distance_m(const gen_place *a, const gen_place *b)
{
    int64_t east = a->east_m - b->east_m, north = a->north_m - b->north_m;
    int64_t square = east * east + north * north, root = 0;
    for (int64_t bit = INT64_C(1) << 30; bit > 0; bit >>= 1)
        if ((root + bit) * (root + bit) <= square)
            root += bit;
    return (int32_t)root;
}

/* Nanodegrees to five decimals, about a metre. */
static void print_degrees(int64_t nano, char *text, size_t size)
{
    int64_t scaled = (nano + (nano < 0 ? -5000 : 5000)) / 10000;
    int64_t whole = scaled < 0 ? -scaled : scaled;
    snprintf(text, size, "%s%d.%05d", scaled < 0 ? "-" : "", (int)(whole / 100000), (int)(whole % 100000));
}

void gen_degrees(const gen_place *place, char *ret_lat, char *ret_lon, size_t size)
{
    /* At E 333000 N 664000, and the slope there, from PROJ (EPSG:27700 to EPSG:4326); nanodegrees per metre. */
    int64_t east = place->east_m - 333000, north = place->north_m - 664000;
    print_degrees(INT64_C(55864501250) + 138 * east + 8983 * north, ret_lat, size);
    print_degrees(INT64_C(-3072093410) + 15975 * east - 248 * north, ret_lon, size);
}
