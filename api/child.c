/* Processes of the service: posix_spawn(), never a bare fork(), for the service has threads. */
#include "child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* ---- the service's side ---- */

static int set_up_signals(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int e = posix_spawnattr_setsigmask(attributes, &none);
    if (!e)
        e = posix_spawnattr_setsigdefault(attributes, &all);
    if (!e)
        e = posix_spawnattr_setpgroup(attributes, 0);
    if (!e)
        e = posix_spawnattr_setflags(attributes,
                                     POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    return e;
}

static int set_up_files(posix_spawn_file_actions_t *actions, int in, int out)
{
    int e = in < 0 ? posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                   : posix_spawn_file_actions_adddup2(actions, in, STDIN_FILENO);
    if (!e)
        e = posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);
    if (!e)
        e = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    return e;
}

/* /proc/self/exe: the program that runs, also after its file has been replaced. */
int child_start(char *const *arguments, int in, int out, pid_t *ret_pid)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int e = posix_spawnattr_init(&attributes);
    if (e)
        return e;
    e = posix_spawn_file_actions_init(&actions);
    if (!e) {
        e = set_up_signals(&attributes);
        if (!e)
            e = set_up_files(&actions, in, out);
        if (!e)
            e = posix_spawn(ret_pid, "/proc/self/exe", &actions, &attributes, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return e;
}

/* ---- the process's own side ---- */

/* Memory is counted differently under a sanitizer, which reserves terabytes. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LIMITS_MEMORY false
#else
#define LIMITS_MEMORY true
#endif

static void limit(int what, rlim_t most)
{
    struct rlimit now;
    if (getrlimit(what, &now) == 0 && (now.rlim_max == RLIM_INFINITY || most <= now.rlim_max))
        (void)setrlimit(what, &(struct rlimit){most, most});
}

bool child_set_up(const child_limits *limits)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (limits->parent > 0 && getppid() != limits->parent)
        return false;
    (void)setpriority(PRIO_PROCESS, 0, limits->nicer);
    limit(RLIMIT_CORE, 0); /* a core would hold names and addresses */
    if (limits->cpu_s >= 0)
        limit(RLIMIT_CPU, (rlim_t)limits->cpu_s);
    if (limits->memory_mb > 0 && LIMITS_MEMORY)
        limit(RLIMIT_AS, (rlim_t)limits->memory_mb << 20);
    return true;
}
