/* What the metamorphic tests share. */
#ifndef TESTS_METAMORPHIC_H
#define TESTS_METAMORPHIC_H

/* Random problems tried by brute force. */
#define N_BRUTE 80

#define EXPECT(holds, seed)                                                                                            \
    do {                                                                                                               \
        if (!(holds))                                                                                                  \
            fail_msg("seed %llu: not so: %s", (unsigned long long)(seed), #holds);                                     \
    } while (0)

#endif
