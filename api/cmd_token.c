/* careround token: who may do what with the service. The secret of a token is told once and kept nowhere. */
#include "cmd.h"
#include "day_folder.h"
#include "http.h"
#include "serve_settings.h"
#include "store.h"
#include "value.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAME_MOST 80
#define DAY_MS    INT64_C(86400000)

static const char help[] =
    "usage: careround token add NAME --scope SCOPE [options]\n"
    "       careround token list [options]\n"
    "       careround token revoke ID [options]\n\n"
    "Tokens of the service. From the first one on, every request needs one. 'add' prints the secret, which is sent as\n"
    "'Authorization: Bearer SECRET' and cannot be shown again.\n\n"
    "      --scope SCOPE    coordinator: all but tokens and the audit trail; provider:NAME: only the lists of this\n"
    "                       provider; viewer: looking; admin: everything\n"
    "      --days N         expires after so many days (default 365; 0: never)\n"
    "      --store STORE    of the service: a file (default careround.db), or postgresql://...\n"
    "      --config FILE    of the service, which may say the store; so may CAREROUND_STORE and CAREROUND_CONFIG\n";

typedef struct token_options {
    const char *verb, *what, *scope, *store, *config;
    double days;
} token_options;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* On the machine of the store, whoever may write it is who she is there. */
static store_act act_here(void)
{
    return (store_act){"careround token", now_ms()};
}

static int store_failed(const cr_store *store, cr_status st)
{
    fprintf(stderr, "careround token: %s\n", store_message(store));
    return cmd_exit_status(st);
}

/* ---- verbs ---- */

/* "provider:north" into its two parts; false, and said, if it is no scope. */
static bool take_scope(const char *text, store_token *t, char *scope, size_t size)
{
    const char *colon = strchr(text, ':');
    snprintf(scope, size, "%.*s", (int)(colon ? colon - text : (long)strlen(text)), text);
    t->scope = scope;
    t->provider = colon ? colon + 1 : "";
    bool is_provider = http_scope_of(scope) == SCOPE_PROVIDER;
    if (http_scope_of(scope) && is_provider == (colon != NULL) && (!colon || day_folder_is_name(t->provider)))
        return true;
    cmd_usage_error("token",
                    "--scope '%s' must be coordinator, provider:NAME, viewer or admin (NAME of letters, "
                    "digits, '_', '-' and '.')",
                    text);
    return false;
}

/* One that a line of 'careround token list' can hold, and the JSON of the audit trail. */
static bool is_name(const char *text)
{
    size_t n = strlen(text);
    json_t *in_json = json_string(text); /* NULL: not UTF-8 */
    bool fits = in_json && n > 0 && n <= NAME_MOST;
    json_decref(in_json);
    for (const char *p = text; *p; p++)
        fits = fits && (unsigned char)*p >= ' ' && *p != 127;
    return fits;
}

static int add_token(const token_options *o, cr_store *store)
{
    char scope[32], id[STORE_ID_SIZE], secret[STORE_SECRET_SIZE];
    store_token t = {.name = o->what, .expires_ms = o->days > 0 ? now_ms() + (int64_t)(o->days * (double)DAY_MS) : 0};
    if (!is_name(o->what))
        return cmd_usage_error("token", "NAME must be 1 to %d bytes of UTF-8 without control characters", NAME_MOST);
    if (!o->scope)
        return cmd_usage_error("token", "what may it do? Give --scope");
    if (!take_scope(o->scope, &t, scope, sizeof scope))
        return EXIT_USAGE;
    cr_status st = store_add_token(store, &t, act_here(), id, secret);
    if (st)
        return store_failed(store, st);
    puts(secret);
    fprintf(stderr, "token %s; the secret above cannot be shown again\n", id);
    return EXIT_DONE;
}

static const char *day_of(int64_t ms, const char *never, char text[16])
{
    return ms ? value_date_text((int32_t)(ms / DAY_MS), text) : never;
}

static int list_tokens(cr_store *store)
{
    cr_auto(store_tokens) tokens = NULL;
    cr_status st = store_list_tokens(store, &tokens);
    if (st)
        return store_failed(store, st);
    for (int32_t i = 0; i < tokens->n; i++) {
        const store_token *t = &tokens->items[i];
        char made[16], expires[16], revoked[16];
        printf("%s  %-11s %s%s%s  made %s  expires %s%s%s\n", t->token_id, t->scope, t->provider,
               *t->provider ? "  " : "", t->name, day_of(t->at_ms, "", made), day_of(t->expires_ms, "never", expires),
               t->revoked_ms ? "  revoked " : "", day_of(t->revoked_ms, "", revoked));
    }
    return EXIT_DONE;
}

static int revoke_token(const token_options *o, cr_store *store)
{
    bool taken;
    cr_status st = store_revoke_token(store, o->what, act_here(), &taken);
    if (st)
        return store_failed(store, st);
    if (taken)
        return EXIT_DONE;
    fprintf(stderr, "careround token: no token '%s' that holds; 'careround token list' shows them\n", o->what);
    return EXIT_INPUT;
}

/* ---- the command ---- */

static int parse_options(int argc, char **argv, token_options *o, bool *ret_go_on)
{
    static const struct option options[] = {
        {"scope", required_argument, NULL, 's'}, {"days", required_argument, NULL, 'd'},
        {"store", required_argument, NULL, 'f'}, {"config", required_argument, NULL, 'c'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}};
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (c == 's')
            o->scope = optarg;
        else if (c == 'f')
            o->store = optarg;
        else if (c == 'c')
            o->config = optarg;
        else if (c != 'd')
            return cmd_usage_error("token", "see above");
        else if (!cmd_option_number("token", "days", optarg, 0, 36500, &o->days))
            return EXIT_USAGE;
    }
    o->verb = optind < argc ? argv[optind++] : "";
    bool is_list = strcmp(o->verb, "list") == 0;
    if (!is_list && strcmp(o->verb, "add") != 0 && strcmp(o->verb, "revoke") != 0)
        return cmd_usage_error("token", "add, list or revoke?");
    if (optind + !is_list != argc)
        return cmd_usage_error("token", is_list ? "list takes no more" : "%s what? Give one", o->verb);
    o->what = is_list ? "" : argv[optind];
    *ret_go_on = true;
    return EXIT_DONE;
}

int cmd_token(int argc, char **argv)
{
    token_options o = {.days = 365};
    char message[500];
    cr_auto(arena) strings = NULL;
    cr_auto(cr_store) store = NULL;
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    if (arena_new(&strings))
        return cmd_exit_status(CR_E_NOMEM);
    status = serve_settings_store("token", o.config, strings, &o.store);
    if (status)
        return status;
    if (strcmp(o.verb, "add") != 0 && store_is_file(o.store) && access(o.store, F_OK)) { /* looking makes no store */
        fprintf(stderr, "careround token: there is no store %s\n", o.store);
        return EXIT_INPUT;
    }
    cr_status st = store_open(o.store, &store, message, sizeof message);
    if (st) {
        fprintf(stderr, "careround token: %s\n", message);
        return cmd_exit_status(st);
    }
    return strcmp(o.verb, "add") == 0    ? add_token(&o, store)
           : strcmp(o.verb, "list") == 0 ? list_tokens(store)
                                         : revoke_token(&o, store);
}
