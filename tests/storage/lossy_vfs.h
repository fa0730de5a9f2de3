#ifndef STORAGE_LOSSY_VFS_H
#define STORAGE_LOSSY_VFS_H

/*
 * A SQLite VFS named "lossy" with a power switch. What is written but not yet synced lives in
 * memory only. When the power is cut, each such write reaches the file whole, torn at a sector, or
 * not at all, in any combination, as with a disk's own cache; then the process ends at once.
 */
#include <stdbool.h>

typedef struct LossySettings {
    unsigned seed;  /* of what is lost */
    int operations; /* writes, truncations and syncs until the cut; 0: never */
    bool lies;      /* a disk that calls a sync done and does nothing: to prove that tests see it */
} LossySettings;

/* Registers the VFS; call it once, before the database is opened. False when SQLite refuses. */
bool lossy_vfs_register(void);

/* Starts counting. */
void lossy_vfs_arm(LossySettings settings);

#endif
