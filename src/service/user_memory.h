#ifndef SERVICE_USER_MEMORY_H
#define SERVICE_USER_MEMORY_H

/*
 * UserMemory: who was behind a session token when it was last looked up, for a minute. A hint and
 * no more: whoever uses it lets the writer ask again, in the transaction of the command
 * (identity_confirm), so that a POST waits for no statement of its own. Pages never use it. One a
 * process; several threads may use it at once; a fixed number of places, in which later users
 * replace earlier ones.
 */
#include "web/web.h"

typedef struct UserMemory UserMemory;

UserMemory *user_memory_create(void);
void user_memory_destroy(UserMemory *memory);

/* Keeps a copy. memory may be NULL: nothing is kept. */
void user_memory_keep(UserMemory *memory, const char *token, const User *user, Instant now);

/* False when it knows nobody, or not since long enough; texts are copied into arena. */
bool user_memory_find(UserMemory *memory, Arena *arena, const char *token, Instant now, User *out);

#endif
