"""test_plans: no statement reads more of a table than it has to, as SQLite plans it.

Plans every statement of src/ over the migrated schema. A table that grows (dossiers, tasks, entries, ...) may
only be entered by an index that compares more than the tenant, and may not be sorted. Statements that are meant to
read much are listed below, each with its reason.
"""
import glob
import os
import re
import sqlite3
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

SMALL = {"tenant", "unit", "hall_window", "post", "officer", "officer_role", "item", "definition", "definition_draft", "definition_import", "lease",
         "journal_reader", "journal_rebuild", "calendar_applied", "certificate_series", "pragma_table_info", "sqlite_schema",
         "schema_version"}
ALLOWED = {
    "stats_delta_bound": "one portion, by the key",
    "stats_delta_tenant": "the first row alone",
    "stats_fold_portion": "one portion of 500 rows",
    "stats_sums": "a period's counters and the deltas not folded yet",
    "stats_months": "a period's counters and the deltas not folded yet",
    "journal_entry_to_seal": "walks the index of unsealed entries up to its limit",
    "journal_entry_last": "counts the unsealed entries, which are few",
    "journal_seal_newest": "the last row alone",
    "journal_entry_seal": "a batch of keys",
    "score_event_counts": "a period's events by the key, into a few groups for each officer",
    "material_list": "one dossier's few materials, found by its key, in their order",
}


def statements():
    """(file, name, text) of each statement that SQLite runs."""
    for path in sorted(glob.glob(os.path.join(ROOT, "src", "**", "*.sql"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            blocks = re.split(r"(?m)^-- name: ", file.read())[1:]
        for block in blocks:
            if re.search(r"(?m)^-- engine: postgres", block):
                continue
            text = "\n".join(line for line in block.split("\n")[1:] if not line.startswith("--"))
            yield os.path.relpath(path, ROOT), block.split()[0], text.strip().rstrip(";")


def for_sqlite(text):
    """A migration without what stands behind "-- engine: postgres" until another engine is named."""
    kept, engine = [], "both"
    for line in text.splitlines():
        match = re.match(r"-- engine: (\w+)", line)
        engine = match.group(1) if match else engine
        kept += [line] if engine != "postgres" else []
    return "\n".join(kept)


def schema():
    database = sqlite3.connect(":memory:")
    for path in sorted(glob.glob(os.path.join(ROOT, "db", "migrations", "*.sql"))):
        with open(path, encoding="utf-8") as file:
            database.executescript(for_sqlite(file.read()))
    return database


def tables_of(text):
    """alias or name -> table."""
    found = re.findall(r"(?i)\b(?:FROM|JOIN|UPDATE|INTO)\s+([a-z_]+)(?:\s+(?:AS\s+)?([a-z_]+))?", text)
    return {name: table for table, alias in found for name in (table, alias) if name}


def faults(plan, tables):
    for line in plan:
        found = re.match(r"(SCAN|SEARCH) (\w+)(.*)", line)
        if not found or tables.get(found.group(2), found.group(2)) in SMALL:
            continue
        if found.group(2) not in tables:
            continue
        if found.group(1) == "SCAN":
            yield line
        elif re.search(r"\(tenant=\?\)", found.group(3)) or "AUTOMATIC" in found.group(3):
            yield line
    if any("TEMP B-TREE" in line for line in plan) and not set(tables.values()) <= SMALL | {"item_term"}:
        yield "sorts"


class Plans(unittest.TestCase):
    def test_every_statement_walks_an_index(self):
        database, planned, found = schema(), 0, []
        for path, name, text in statements():
            params = {param: 1 for param in re.findall(r":([a-z][a-z0-9_]*)", text)}
            plan = [row[3] for row in database.execute("EXPLAIN QUERY PLAN " + text, params)]
            planned += 1
            if name not in ALLOWED:
                found += [f"{path}: {name}: {fault}" for fault in faults(plan, tables_of(text))]
        self.assertGreater(planned, 100)
        self.assertEqual(found, [])

    def test_a_scan_and_a_sort_are_found(self):
        """What the check is for: the desk as it was, all of a tenant's rows read and sorted."""
        database = schema()
        for text in ("SELECT id FROM task t WHERE t.tenant = 1 ORDER BY t.due_at",
                     "SELECT name FROM dossier_material WHERE code = 'x'"):
            plan = [row[3] for row in database.execute("EXPLAIN QUERY PLAN " + text)]
            self.assertNotEqual(list(faults(plan, tables_of(text))), [], text)


if __name__ == "__main__":
    unittest.main()
