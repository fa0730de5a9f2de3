/*
 * json_fuzz.c - any bytes into the JSON parser.
 *
 * What is accepted must be written and read again without change, and a jump about the tree must
 * find only well-formed texts.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *write_tree(Arena *arena, const Json *tree)
{
    Buffer buffer = buffer_init(arena, 0);
    JsonWriter writer = json_writer(&buffer);
    json_put_tree(&writer, NULL, tree);
    return buffer_text(&buffer);
}

static void check_node(const Json *node)
{
    if ((node->text && !text_is_utf8(node->text, strlen(node->text))) || node->line < 1)
        abort();
    json_each (item, node) {
        check_node(item);
        if (item->name && json_get(node, item->name) != item)
            abort();
        if (item->name)
            (void)json_int(node, item->name, 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(32 * 1024 * 1024);
    Error err = ERROR_NONE;
    Json *tree = json_parse(arena, (const char *)data, size, &JSON_LIMITS, &err);
    if (!tree != error_is_set(&err))
        abort();
    if (tree) {
        check_node(tree);
        const char *once = write_tree(arena, tree);
        Json *again = json_parse(arena, once, strlen(once), &JSON_LIMITS, &err);
        if (!again || strcmp(write_tree(arena, again), once) != 0)
            abort();
    }
    arena_destroy(arena);
    return 0;
}
