/* Speeds of the modes, from data/speeds/ and files laid over them. */
#ifndef API_READ_SPEEDS_H
#define API_READ_SPEEDS_H

#include "careround/roads.h"
#include "findings.h"

/* What a file may have: a .roads file that is built already can only be given other periods. */
typedef enum speeds_extent { SPEEDS_ALL, SPEEDS_PERIODS } speeds_extent;

/* Lay a file over what is in options: the mode it names, and what it has. Everything wrong is a finding. Other statuses
 * as text_file_read(). */
cr_status speeds_read_file(const char *path, speeds_extent extent, cr_roads_options *options, findings_book *findings);

/* The three files that came with careround. */
cr_status speeds_read_defaults(cr_roads_options *options, findings_book *findings);

/* {"value": 30, "source": "..."} or 30: the value itself. */
const json_t *speeds_bare(const json_t *figure);

/* A number in that range into *ret_number; otherwise false and a finding. */
bool speeds_read_number(const char *file, const char *name, const json_t *figure, double least, double most,
                        findings_book *findings, double *ret_number);

/* The same for an object that name stands for. */
void speeds_read_json(const char *name, const json_t *root, speeds_extent extent, cr_roads_options *options,
                      findings_book *findings);

#endif
