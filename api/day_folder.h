/* A day of the store as the folder that cr_day_read() reads: visits/PROVIDER.csv and so on, made and removed. */
#ifndef API_DAY_FOLDER_H
#define API_DAY_FOLDER_H

#include "store.h"

#define DAY_FOLDER_PATH 4096

/* The tables that can be uploaded, in the order of reading, "settings" last. NULL ends them. */
extern const char *const day_folder_tables[];

/* The names in such a folder come from outside: letters, digits, "_", "-" and ".", of which it starts with none, at
 * most 64. */
bool day_folder_is_name(const char *text);

/* Put one list into a folder that is there. CR_E_UPSTREAM with errno. */
cr_status day_folder_put(const char *folder, const store_upload *upload, const void *content, size_t size);

/* Put a file there that is not there yet. CR_E_UPSTREAM with errno. */
cr_status day_folder_put_file(const char *path, const void *content, size_t size);

/* Make the folder and put all parts of a day there. CR_E_UPSTREAM: errno, or the store's message. */
cr_status day_folder_write(cr_store *store, const store_day *day, const char *folder);

/* Remove a folder with all in it; what cannot be removed stays, and errno as it was: this is done after a failure, too.
 */
void day_folder_remove(const char *folder);

#endif
