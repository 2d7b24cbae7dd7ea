/* Seconds and metres by road between points: for 'careround matrix' and for the service. */
#ifndef API_POINTS_MATRIX_H
#define API_POINTS_MATRIX_H

#include "careround/roads.h"
#include "findings.h"

typedef struct point_list {
    cr_place *at; /* malloc'ed */
    int32_t n;
} point_list;

/* Points of CSV with columns lat and lon, or of JSON, [{"lat": 55.9, "lon": -3.1}] or {"points": [...]}. file: what
 * findings call it. What is wrong is found, and no fault of the status. */
cr_status points_read(const char *text, size_t size, const char *file, findings_book *findings, point_list *ret_points);
void points_done(point_list *points);

typedef struct points_request {
    int32_t mode, period; /* of the roads; CR_NONE: no particular time */
    int32_t n_threads, n_repeats;
    bool (*go_on)(void *user, int32_t n_done, int32_t n_all); /* NULL, or as of cr_road_table_options */
    void *user;
    int32_t vector_bits; /* as of cr_road_table_options */
} points_request;

typedef struct points_matrix {
    int32_t n;
    int32_t *time_s, *dist_m; /* n x n each, -1 where no road leads */
    double snap_s, table_s;   /* that it took; the table's the best of the repeats */
    int64_t n_unreachable;    /* pairs */
} points_matrix;

cr_status points_matrix_make(const points_request *request, const cr_roads *roads, const point_list *points,
                             points_matrix *ret_matrix);
void points_matrix_done(points_matrix *matrix);

#endif
