/* Places: where a client lives or a carer starts, and how well we know it.
 *
 * A place is WGS 84 (ETRS89) degrees. It comes from coordinates, British National Grid, an OS grid reference or a
 * postcode; each way has a quality, and an accuracy in metres where it is known.
 */
#ifndef CAREROUND_PLACE_H
#define CAREROUND_PLACE_H

#include "careround/base.h"

typedef enum cr_place_quality {
    CR_PLACE_NONE,     /* no position: not on the map, cannot be travelled to */
    CR_PLACE_SECTOR,   /* the middle of a postcode sector or district, or of a grid square of 1 km or more */
    CR_PLACE_POSTCODE, /* the centroid of a postcode */
    CR_PLACE_ROOFTOP,  /* coordinates as given by the caller */
} cr_place_quality;

typedef struct cr_place {
    double lat_deg, lon_deg;
    double accuracy_m; /* of the transformation, as PROJ states it, plus the spread of a centroid; < 0 unknown */
    cr_place_quality quality;
} cr_place;

/* "rooftop", "postcode centroid", "sector only", "no position". */
const char *cr_place_quality_name(cr_place_quality quality);

/* Geodesic distance on the ellipsoid (Karney 2013, by PROJ). Metres. */
double cr_place_distance_m(const cr_place *a, const cr_place *b);

/* Projections, one object per thread (PROJ contexts are not shared). */
typedef struct cr_grid cr_grid;

/* CR_E_UPSTREAM when PROJ cannot make the transformation at all. */
cr_status cr_grid_new(cr_grid **ret_grid);
cr_grid *cr_grid_free(cr_grid *grid);
CR_AUTO_DEFINE(cr_grid)

/* True where PROJ found the OSTN15 grid file: centimetres rather than metres. */
bool cr_grid_has_ostn15(const cr_grid *grid);

/* British National Grid metres (EPSG:27700) to a place and back. CR_E_INPUT outside the grid's area. */
cr_status cr_grid_to_place(cr_grid *grid, double east_m, double north_m, cr_place *ret_place);
cr_status cr_grid_from_place(cr_grid *grid, const cr_place *place, double *ret_east_m, double *ret_north_m);

/* "NT 3348 6700", "NT33486700", "nt334670": letters and 2 to 10 digits. The middle of the square it names, whose half
 * side is ret_half_m. CR_E_INPUT if it is not a grid reference. */
cr_status cr_grid_ref_parse(const char *text, double *ret_east_m, double *ret_north_m, double *ret_half_m);

/* ---- postcodes: an offline gazetteer, one memory-mapped file ---- */

typedef struct cr_gazetteer cr_gazetteer;

/* Postcode in the form "EH10 4AA" (upper case, one space before the last three), whatever spaces or case came in.
 * CR_E_INPUT if it cannot be a UK postcode; ret_text is then untouched. */
#define CR_POSTCODE_SIZE 9
cr_status cr_postcode_parse(const char *text, char ret_text[CR_POSTCODE_SIZE]);

/* n_rows = n_postcodes + n_duplicates + n_bad_rows; of the postcodes, n_no_position and n_terminated. */
typedef struct cr_gazetteer_counts {
    int64_t n_rows;        /* read, headers left out */
    int64_t n_postcodes;   /* in the gazetteer */
    int64_t n_no_position; /* whose row has none: their sector stands in */
    int64_t n_terminated;  /* no longer in use, found all the same */
    int64_t n_duplicates;  /* rows for a postcode that another row speaks for */
    int64_t n_bad_rows;    /* without a UK postcode */
} cr_gazetteer_counts;

/* Read OS Code-Point Open, ONS Postcode Directory and Scottish Postcode Directory files as published, or any CSV whose
 * header names postcode and easting, northing or latitude, longitude, and write a gazetteer; the file appears whole or
 * not at all. Of several rows for a postcode one in use comes first, then one with a position, then the one read last:
 * give the newest file last. Rows without a position keep their postcode with CR_PLACE_NONE. message (size bytes) says
 * what went wrong, naming file and row. CR_E_INPUT: a file cannot be opened, is of no known kind or has no usable row;
 * CR_E_UPSTREAM: reading or writing failed. */
cr_status cr_gazetteer_build(const char *const *csv_paths, int32_t n_paths, const char *gaz_path,
                             cr_gazetteer_counts *ret_counts, char *message, size_t size);

/* Map a gazetteer. The file is checked (length, version, order, checksum): CR_E_INPUT with a message (without
 * the path, which the caller has) if it is not sound. */
cr_status cr_gazetteer_open(const char *gaz_path, cr_gazetteer **ret_gazetteer, char *message, size_t size);
cr_gazetteer *cr_gazetteer_free(cr_gazetteer *gazetteer);
CR_AUTO_DEFINE(cr_gazetteer)
int64_t cr_gazetteer_n_postcodes(const cr_gazetteer *gazetteer);

/* Has the postcode (any spelling) a row of its own, be it one without a position? */
bool cr_gazetteer_has(const cr_gazetteer *gazetteer, const char *postcode);

/* A postcode (any spelling) to a place. Falls back to the middle of its sector, then its district, with
 * CR_PLACE_SECTOR; CR_PLACE_NONE if nothing is known. CR_E_INPUT if it is not a postcode. */
cr_status cr_gazetteer_find(const cr_gazetteer *gazetteer, const char *postcode, cr_place *ret_place);

/* ---- travel without roads ---- */

/* Straight line times a detour factor at a speed; town or country by how many of the places lie near. */
typedef struct cr_straight_line {
    double detour;                /* road length over straight line, >= 1 */
    double town_kmh, country_kmh; /* speed on the road length */
    double town_radius_m;         /* a place with at least town_places others within this radius is in a town; */
    int32_t town_places;          /* a leg's speed is the mean of its two ends */
} cr_straight_line;

struct cr_matrix;

/* Places made ready for it; the places need not outlive it. CR_E_INPUT: a figure is out of range. */
typedef struct cr_straight_lines cr_straight_lines;
cr_status cr_straight_lines_new(const cr_straight_line *how, const cr_place *places, int32_t n_places,
                                cr_straight_lines **ret_lines);
cr_straight_lines *cr_straight_lines_free(cr_straight_lines *lines);
CR_AUTO_DEFINE(cr_straight_lines)

/* The cells of a block, row by row; as in cr_straight_line_matrix(). */
void cr_straight_lines_block(const cr_straight_lines *lines, const int32_t *from, int32_t n_from, const int32_t *to,
                             int32_t n_to, int32_t *ret_time_s, int32_t *ret_dist_m);

/* CR_PLACE_NONE rows and columns stay CR_NO_WAY. Seconds round up, metres to nearest. */
cr_status cr_straight_line_matrix(const cr_straight_line *how, const cr_place *places, int32_t n_places,
                                  struct cr_matrix **ret_matrix);

#endif
