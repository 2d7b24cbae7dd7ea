/* The page's template as the build embeds it (api/web/embed.py): text, then a section that C writes, and so on. */
#ifndef API_WEB_H
#define API_WEB_H

#include <stddef.h>
#include <stdint.h>

typedef struct web_part {
    const unsigned char *text;
    size_t size;
    const char *section; /* what follows the text; NULL at the end */
} web_part;

extern const web_part web_plan_page[];
extern const int32_t web_plan_page_n;

#endif
