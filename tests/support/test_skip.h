#ifndef SUPPORT_TEST_SKIP_H
#define SUPPORT_TEST_SKIP_H

/* Leaves a test that cannot run here, and says why: tests/run counts a skip without a reason as a
 * failure. After cmocka.h. */
#define skip_because(reason)                                                                       \
    do {                                                                                           \
        print_message("# skipped: %s\n", (reason));                                                \
        skip();                                                                                    \
    } while (0)

#endif
