/* For tests: the OSTN15 shifts as a grid file that PROJ takes for the published one.
 *
 * Ordnance Survey defines OSTN15 by shifts in metres on a 1 km grid of ETRS89 eastings and northings; PROJ wants shifts
 * in seconds of arc on a grid of OSGB36 degrees. So each node's degrees are projected, the shift there is found (it
 * is defined on the far side, hence the iteration), and taken back to ETRS89 degrees. The layout is NTv2's: records of
 * 16 bytes, nodes from the south-east corner to the west and then north, longitudes positive west.
 */
#include "ostn15_file.h"

#include <math.h>
#include <proj.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_EAST = 701, N_NORTH = 1251 }; /* nodes of 1 km */

/* A node every 18 by 36 seconds: about 560 by 610 m, so that little is lost between the kilometres of the original. */
static const double lat_step_s = 18, lon_step_s = 36;
static const double south_s = 49.8 * 3600, north_s = 61.0 * 3600, west_s = 8.7 * 3600, east_s = -1.9 * 3600;

typedef struct shifts {
    uint16_t *east, *north;
} shifts;

static uint16_t *read_shifts(const char *path)
{
    size_t n = (size_t)N_EAST * N_NORTH;
    uint16_t *values = malloc(n * sizeof *values);
    FILE *file = fopen(path, "rb");
    bool ok = values && file && fread(values, sizeof *values, n, file) == n;
    if (file)
        fclose(file);
    if (!ok) {
        free(values);
        values = NULL;
    }
    return values;
}

static double bilinear(const uint16_t *values, double east_km, double north_km)
{
    double e = fmin(fmax(east_km, 0), N_EAST - 1.001), n = fmin(fmax(north_km, 0), N_NORTH - 1.001);
    size_t at = (size_t)e + (size_t)n * N_EAST;
    double fe = e - floor(e), fn = n - floor(n);
    return (1 - fn) * ((1 - fe) * values[at] + fe * values[at + 1]) +
           fn * ((1 - fe) * values[at + N_EAST] + fe * values[at + N_EAST + 1]);
}

/* OSGB36 metres to ETRS89 metres. */
static PJ_COORD unshift(const shifts *s, PJ_COORD osgb)
{
    PJ_COORD etrs = osgb;
    for (int i = 0; i < 5; i++) {
        double e_km = etrs.xy.x / 1000, n_km = etrs.xy.y / 1000;
        etrs.xy.x = osgb.xy.x - (82140 + bilinear(s->east, e_km, n_km)) / 1000;
        etrs.xy.y = osgb.xy.y - (-84180 + bilinear(s->north, e_km, n_km)) / 1000;
    }
    return etrs;
}

static void put_text(FILE *file, const char *key, const char *value)
{
    fprintf(file, "%-8s%-8s", key, value);
}

static void put_int(FILE *file, const char *key, int32_t value)
{
    int32_t padded[2] = {value, 0};
    fprintf(file, "%-8s", key);
    fwrite(padded, sizeof padded, 1, file);
}

static void put_double(FILE *file, const char *key, double value)
{
    fprintf(file, "%-8s", key);
    fwrite(&value, sizeof value, 1, file);
}

static void put_headers(FILE *file, int32_t n_nodes)
{
    put_int(file, "NUM_OREC", 11);
    put_int(file, "NUM_SREC", 11);
    put_int(file, "NUM_FILE", 1);
    put_text(file, "GS_TYPE", "SECONDS");
    put_text(file, "VERSION", "TEST");
    put_text(file, "SYSTEM_F", "OSGB36");
    put_text(file, "SYSTEM_T", "ETRS89");
    put_double(file, "MAJOR_F", 6377563.396);
    put_double(file, "MINOR_F", 6356256.909);
    put_double(file, "MAJOR_T", 6378137.0);
    put_double(file, "MINOR_T", 6356752.314);
    put_text(file, "SUB_NAME", "OSTN15");
    put_text(file, "PARENT", "NONE");
    put_text(file, "CREATED", "");
    put_text(file, "UPDATED", "");
    put_double(file, "S_LAT", south_s);
    put_double(file, "N_LAT", north_s);
    put_double(file, "E_LONG", east_s);
    put_double(file, "W_LONG", west_s);
    put_double(file, "LAT_INC", lat_step_s);
    put_double(file, "LONG_INC", lon_step_s);
    put_int(file, "GS_COUNT", n_nodes);
}

static void put_nodes(FILE *file, const shifts *s, PJ *airy, PJ *grs80)
{
    int n_rows = (int)lround((north_s - south_s) / lat_step_s) + 1;
    int n_columns = (int)lround((west_s - east_s) / lon_step_s) + 1;
    put_headers(file, n_rows * n_columns);
    for (int row = 0; row < n_rows; row++)
        for (int column = 0; column < n_columns; column++) {
            double lat_s = south_s + row * lat_step_s, lon_s = -(east_s + column * lon_step_s);
            PJ_COORD node = proj_coord(proj_torad(lon_s / 3600), proj_torad(lat_s / 3600), 0, 0);
            PJ_COORD etrs = proj_trans(grs80, PJ_INV, unshift(s, proj_trans(airy, PJ_FWD, node)));
            float record[4] = {(float)(proj_todeg(etrs.lp.phi) * 3600 - lat_s),
                               (float)-(proj_todeg(etrs.lp.lam) * 3600 - lon_s), 0, 0};
            fwrite(record, sizeof record, 1, file);
        }
    put_text(file, "END", "");
}

bool ostn15_file_write(const char *east_shift_path, const char *north_shift_path, const char *grid_path)
{
#define NATIONAL_GRID "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps="
    shifts s = {read_shifts(east_shift_path), read_shifts(north_shift_path)};
    PJ_CONTEXT *context = proj_context_create();
    PJ *airy = proj_create(context, NATIONAL_GRID "airy"), *grs80 = proj_create(context, NATIONAL_GRID "GRS80");
    FILE *file = fopen(grid_path, "wb");
    bool ok = s.east && s.north && airy && grs80 && file;
    if (ok)
        put_nodes(file, &s, airy, grs80);
    if (file) {
        ok = ok && !ferror(file);
        ok = fclose(file) == 0 && ok;
    }
    proj_destroy(grs80);
    proj_destroy(airy);
    proj_context_destroy(context);
    free(s.east);
    free(s.north);
    return ok;
}
