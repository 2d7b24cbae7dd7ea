/* The scratch of a service is one service's at a time, and of nobody once that service was killed. */
#include "scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "day_folder.h"

typedef struct holder {
    pid_t service, worker;
    char name[100];
} holder;

/* A process that holds the scratch, with a child that has a copy of every file it has open, as a worker has on its way
 * to its own program. Both end by themselves if the test fails. */
static void hold(const char *folder, int out)
{
    scratch held;
    holder us = {.service = getpid()};
    (void)alarm(60);
    if (scratch_open(folder, &held))
        _exit(1);
    us.worker = fork();
    if (us.worker == 0) {
        (void)alarm(60);
        for (;;)
            pause();
    }
    memcpy(us.name, held.worker, sizeof us.name);
    if (us.worker < 0 || write(out, &us, sizeof us) != sizeof us)
        _exit(1);
    for (;;)
        pause();
}

static holder start_holder(const char *folder)
{
    int ends[2];
    holder h;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        hold(folder, ends[1]);
    close(ends[1]);
    assert_int_equal(read(ends[0], &h, sizeof h), sizeof h);
    close(ends[0]);
    return h;
}

static void test_it_is_of_one_until_that_one_is_gone(void **state)
{
    char base[] = "scratch-XXXXXX", folder[sizeof base + 10];
    scratch ours;
    assert_non_null(mkdtemp(base));
    snprintf(folder, sizeof folder, "%s/work", base);
    holder h = start_holder(folder);
    assert_int_equal(scratch_open(folder, &ours), CR_E_UPSTREAM);
    kill(h.service, SIGKILL);
    waitpid(h.service, NULL, 0);
    assert_int_equal(kill(h.worker, 0), 0); /* its child is still there */
    assert_int_equal(scratch_open(folder, &ours), CR_OK);
    assert_string_equal(ours.worker, h.name); /* so its plans can be taken up at once */
    kill(h.worker, SIGKILL);
    scratch_remove(&ours);
    assert_int_equal(access(folder, F_OK), -1);
    day_folder_remove(base);
    (void)state;
}

static void write_into(const char *folder, const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static bool is_there(const char *folder, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* All of it is removed in the end, so it is not taken at all. */
static void test_a_folder_with_other_files_is_left_alone(void **state)
{
    char folder[] = "scratch-XXXXXX";
    scratch ours;
    assert_non_null(mkdtemp(folder));
    write_into(folder, "careround.db", "plans of years");
    assert_int_equal(scratch_open(folder, &ours), CR_E_UPSTREAM);
    assert_false(is_there(folder, "worker"));
    write_into(folder, "worker", "a list of the people who work here");
    assert_int_equal(scratch_open(folder, &ours), CR_E_UPSTREAM);
    write_into(folder, "worker", "");
    assert_int_equal(scratch_open(folder, &ours), CR_E_UPSTREAM);
    assert_true(is_there(folder, "careround.db"));
    day_folder_remove(folder);
    (void)state;
}

static void test_what_a_killed_service_left_is_removed(void **state)
{
    char folder[] = "scratch-XXXXXX", name[100];
    scratch ours;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(scratch_open(folder, &ours), CR_OK); /* it is empty */
    memcpy(name, ours.worker, sizeof name);
    close(ours.lock);
    write_into(folder, "visits.csv", "names and addresses");
    assert_int_equal(scratch_open(folder, &ours), CR_OK);
    assert_string_equal(ours.worker, name);
    assert_false(is_there(folder, "visits.csv"));
    scratch_remove(&ours);
    assert_false(access(folder, F_OK) == 0);
    (void)state;
}

static void test_what_is_wrong_is_an_error(void **state)
{
    scratch ours;
    assert_int_equal(scratch_open("no-such-folder/work", &ours), CR_E_UPSTREAM);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_of_one_until_that_one_is_gone),
        cmocka_unit_test(test_a_folder_with_other_files_is_left_alone),
        cmocka_unit_test(test_what_a_killed_service_left_is_removed),
        cmocka_unit_test(test_what_is_wrong_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
