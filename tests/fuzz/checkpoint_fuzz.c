/*
 * checkpoint_fuzz.c - any bytes as a checkpoint: what is read says the same when it is written
 * again under its own words, and nobody's signature fits by accident.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "db/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t public_key[CHECKPOINT_KEY_SIZE] = {7};
    Arena *arena = arena_create(0);
    const char *text = arena_text_n(arena, (const char *)data, size);
    Checkpoint read, again;
    Error err = ERROR_NONE;
    if (!checkpoint_parse(text, &read, &err)) {
        if (strcmp(err.code, "journal.checkpoint_syntax") != 0 || err.line < 1)
            abort();
        arena_destroy(arena);
        return 0;
    }
    if (!text_starts_with(text, read.origin) || checkpoint_is_by(&read, public_key))
        abort();
    const char *written = checkpoint_text(arena, public_key, read.size, &read.root, read.signature);
    if (!checkpoint_parse(written, &again, &err) || again.size != read.size ||
        !merkle_equal(&again.root, &read.root) ||
        memcmp(again.signature, read.signature, sizeof read.signature) != 0)
        abort();
    arena_destroy(arena);
    return 0;
}
