/* Messages between the service and its desks, over pipes. */
#include "desk.h"

#include "cmd.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void desk_message_done(desk_message *m)
{
    free(m->words);
    free(m->text);
    *m = (desk_message){0};
}

const char *desk_word(const desk_message *m, const char *name, int32_t n)
{
    const char *end = m->words + m->head.n_words;
    for (const char *at = m->words; at && at < end;) {
        const char *value = at + strlen(at) + 1;
        if (value >= end)
            break;
        if (strcmp(at, name) == 0 && n-- == 0)
            return value;
        at = value + strlen(value) + 1;
    }
    return NULL;
}

/* False: that time has come. */
static bool wait_for(int fd, short what, double until_s)
{
    double left_s = until_s - cmd_clock_s(NULL);
    struct pollfd ready = {.fd = fd, .events = what};
    errno = ETIMEDOUT;
    if (until_s >= 0 && left_s <= 0)
        return false;
    int n = poll(&ready, 1, until_s < 0 ? -1 : (int)fmin(ceil(left_s * 1e3), 1e6));
    return n > 0 || (n < 0 && errno == EINTR) || (n == 0 && wait_for(fd, what, until_s));
}

static bool put_all(int fd, const void *bytes, size_t size, double until_s)
{
    for (const char *at = bytes; size > 0;) {
        ssize_t n = write(fd, at, size);
        if (n >= 0) {
            at += n;
            size -= (size_t)n;
        } else if (errno == EAGAIN ? !wait_for(fd, POLLOUT, until_s) : errno != EINTR) {
            return false;
        }
    }
    return true;
}

static bool get_all(int fd, void *bytes, size_t size, double until_s)
{
    for (char *at = bytes; size > 0;) {
        ssize_t n = read(fd, at, size);
        if (n == 0) {
            errno = EPIPE;
            return false;
        }
        if (n > 0) {
            at += n;
            size -= (size_t)n;
        } else if (errno == EAGAIN ? !wait_for(fd, POLLIN, until_s) : errno != EINTR) {
            return false;
        }
    }
    return true;
}

cr_status desk_send(int fd, const desk_message *m, double until_s)
{
    bool sent = put_all(fd, &m->head, sizeof m->head, until_s) && put_all(fd, m->words, m->head.n_words, until_s) &&
                put_all(fd, m->text, m->head.n_text, until_s);
    return sent ? CR_OK : CR_E_UPSTREAM;
}

/* Bytes with a zero behind them. */
static cr_status get_text(int fd, uint64_t size, double until_s, char **ret_text)
{
    *ret_text = malloc(size + 1);
    if (!*ret_text)
        return CR_E_NOMEM;
    (*ret_text)[size] = '\0';
    return get_all(fd, *ret_text, size, until_s) ? CR_OK : CR_E_UPSTREAM;
}

cr_status desk_receive(int fd, double until_s, desk_message *ret_message)
{
    desk_message m = {0};
    if (!get_all(fd, &m.head, sizeof m.head, until_s))
        return CR_E_UPSTREAM;
    if (m.head.n_words > DESK_WORDS_MOST || m.head.n_text > DESK_TEXT_MOST)
        return CR_E_UPSTREAM;
    cr_status st = get_text(fd, m.head.n_words, until_s, &m.words);
    if (!st)
        st = get_text(fd, m.head.n_text, until_s, &m.text);
    if (st)
        desk_message_done(&m);
    else
        *ret_message = m;
    return st;
}
