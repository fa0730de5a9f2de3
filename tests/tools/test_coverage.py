#!/usr/bin/env python3
"""docs/coverage.md against the tree: every test that it names exists, no ID stands twice, and each is one of the
catalogue, where that lies beside the project."""
import os
import re
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
CATALOGUE = os.path.join(ROOT, "..", "shared", "systems.md")


def rows():
    """(id, what works, tests) of each line of the table."""
    with open(os.path.join(ROOT, "docs", "coverage.md"), encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) == 4 and re.fullmatch(r"[A-Z]\d+", cells[0]):
                yield cells[0], cells[1], re.findall(r"`([^`]+)`", cells[2])


def test_files():
    found = set()
    for folder in ("src", "tests"):
        for _, _, names in os.walk(os.path.join(ROOT, folder)):
            found.update(name for name in names if re.search(r"_test\.c$|\.mjs$", name))
    return found


class Coverage(unittest.TestCase):
    def test_every_test_exists(self):
        known = test_files()
        missing = [f"{one}: {name}" for one, _, names in rows() for name in names if name not in known]
        self.assertEqual(missing, [])

    def test_every_line_says_what_works_and_names_a_test(self):
        self.assertGreater(len(list(rows())), 20)
        self.assertEqual([one for one, works, names in rows() if not works or not names], [])

    def test_no_id_stands_twice(self):
        ids = [one for one, _, _ in rows()]
        self.assertEqual(sorted(ids), sorted(set(ids)))

    def test_each_is_of_the_catalogue(self):
        if not os.path.exists(CATALOGUE):
            self.skipTest("the catalogue does not lie beside the project")
        with open(CATALOGUE, encoding="utf-8") as file:
            known = set(re.findall(r"(?m)^\| ([A-Z]\d+) \|", file.read()))
        self.assertEqual([one for one, _, _ in rows() if one not in known], [])


if __name__ == "__main__":
    unittest.main()
