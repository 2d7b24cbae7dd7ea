/* Speeds of the modes, from data/speeds/ and files laid over them. */
#ifndef API_READ_SPEEDS_H
#define API_READ_SPEEDS_H

#include "careround/roads.h"
#include "findings.h"

/* Lay a file over what is in options: the mode it names, and what it has. Everything wrong is a finding. Other statuses
 * as text_file_read(). */
cr_status speeds_read_file(const char *path, cr_roads_options *options, findings_book *findings);

/* The three files that came with careround. */
cr_status speeds_read_defaults(cr_roads_options *options, findings_book *findings);

/* The same for an object that name stands for. */
void speeds_read_json(const char *name, const json_t *root, cr_roads_options *options, findings_book *findings);

#endif
