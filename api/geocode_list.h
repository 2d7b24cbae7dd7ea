/* Places of a list: addresses, postcodes, grid references and coordinates as a day has them, looked up as they are
 * there.
 */
#ifndef API_GEOCODE_LIST_H
#define API_GEOCODE_LIST_H

#include "day.h"

#include <jansson.h>

/* CSV, or JSON ([{"postcode": "EH22 1BS"}] or {"places": [...]}), with the columns latitude, longitude, easting,
 * northing, grid_ref, postcode and address; of read, the gazetteer and the geocoder count. name: of the list, in the
 * findings. *ret_places: for each row {"row", "latitude", "longitude", "quality", "accuracy_m", "postcode"}, a new
 * reference. CR_E_INPUT: errors in the findings, which are always the caller's unless CR_E_NOMEM; the places are then
 * those of the rows without errors. */
cr_status geocode_list(const char *name, const char *text, size_t size, int32_t most_rows, const day_read_options *read,
                       json_t **ret_places, day_findings **ret_findings);

#endif
