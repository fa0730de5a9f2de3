/*
 * journal_entry.c - an entry as a row, as canonical bytes, and as a leaf of the tree.
 *
 *     journal row -> JournalEntry -> bytes -> SHA-256
 *
 * The bytes say each value with its length, so no two entries share them; they change with no
 * database, locale or program version. docs/journal.md lists them for whoever checks a receipt
 * without this program.
 */
#include "db/journal_internal.h"

#include <assert.h>
#include <string.h>

enum { ENCODING_VERSION = 1 };

JournalEntry journal_entry_of(const JournalEntryRow *row)
{
    return (JournalEntry){
        .id = row->id,
        .tenant = row->tenant,
        .dossier = row->dossier,
        .version = row->version,
        .at = row->at,
        .kind = row->kind,
        .actor_kind = row->actor_kind,
        .actor = row->actor,
        .unit = row->unit,
        .subject = row->subject,
        .data = row->data,
        .position = row->position == INT_NONE ? 0 : row->position,
    };
}

JournalEntries journal_entries_of(Arena *arena, const JournalEntryRows *rows)
{
    JournalEntries entries = {0};
    if (rows->count == 0)
        return entries;
    entries.items = arena_array(arena, JournalEntry, rows->count);
    entries.count = entries.capacity = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        entries.items[i] = journal_entry_of(&rows->items[i]);
    return entries;
}

static void store_be(uint8_t *out, uint64_t value, int size)
{
    for (int i = 0; i < size; i++)
        out[i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

static void add_number(Buffer *out, uint64_t value, int size)
{
    uint8_t bytes[8];
    store_be(bytes, value, size);
    buffer_add_n(out, (const char *)bytes, (size_t)size);
}

static void add_int(Buffer *out, int64_t value)
{
    add_number(out, (uint64_t)value, 8);
}

/* NULL is told from "" by a length that no text has. */
static void add_text(Buffer *out, const char *text)
{
    size_t length = text ? strlen(text) : UINT32_MAX;
    add_number(out, length, 4);
    if (text)
        buffer_add_n(out, text, length);
}

void journal_entry_encode(const JournalEntry *entry, Buffer *out)
{
    out->length = 0;
    buffer_add_n(out, "\0", 1);
    add_number(out, ENCODING_VERSION, 1);
    add_int(out, entry->tenant);
    add_int(out, entry->id);
    add_int(out, entry->dossier);
    add_int(out, entry->version);
    add_int(out, entry->at);
    add_text(out, entry->kind);
    add_text(out, entry->actor_kind);
    add_int(out, entry->actor);
    add_int(out, entry->unit);
    add_text(out, entry->subject);
    add_text(out, entry->data);
    add_int(out, entry->position);
}

MerkleHash journal_entry_leaf(const JournalEntry *entry, Buffer *room)
{
    journal_entry_encode(entry, room);
    return merkle_leaf((uint8_t *)room->data, room->length);
}

MerkleHash journal_leaf_at(DbBytes encoded, int64_t position)
{
    assert(encoded.size > JOURNAL_POSITION_SIZE);
    uint8_t *bytes = (uint8_t *)(uintptr_t)encoded.data;
    store_be(bytes + encoded.size - JOURNAL_POSITION_SIZE, (uint64_t)position,
             JOURNAL_POSITION_SIZE);
    return merkle_leaf(bytes, encoded.size);
}
