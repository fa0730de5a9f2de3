"""Tests of tools/feel-manual: the committed page is what the tables say, and what is told of wrong tables."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = os.path.join(ROOT, 'tools', 'feel-manual')
PAGE = os.path.join(ROOT, 'docs', 'feel-builtins.md')


def run(*arguments):
    return subprocess.run([sys.executable, TOOL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class FeelManualTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = self.folder.name
        shutil.copytree(os.path.join(ROOT, 'src', 'feel'), os.path.join(self.root, 'src', 'feel'))
        os.mkdir(os.path.join(self.root, 'docs'))
        self.page = os.path.join(self.root, 'docs', 'feel-builtins.md')

    def change(self, name, old, new):
        path = os.path.join(self.root, 'src', 'feel', name)
        with open(path, encoding='utf-8') as file:
            text = file.read()
        self.assertIn(old, text)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text.replace(old, new, 1))

    def made(self):
        done = run(self.root)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.page, encoding='utf-8') as file:
            return file.read()

    def test_the_committed_page_is_up_to_date(self):
        done = run('--check', ROOT)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_is_the_same_every_time(self):
        self.assertEqual(self.made(), self.made())
        with open(PAGE, encoding='utf-8') as file:
            self.assertEqual(self.made(), file.read())

    def test_a_row_gives_signature_kinds_doc_and_examples(self):
        page = self.made()
        self.assertIn('### round half up\n\n`round half up(n, scale?)`  \n', page)
        self.assertIn('`n`: number; `scale`: number\n', page)
        self.assertIn('`append(list, item...)`  \nThe list with the items behind it.  \n'
                      '`list`: list; `item`: any value\n\n```feel\nappend([1], 2, 3) = [1, 2, 3]\n```\n', page)
        self.assertIn('`abs(n)`', page)
        self.assertIn('number or years and months duration or days and time duration', page)
        self.assertIn('`now()`  \nThe current date and time of the scope.\n', page)
        self.assertIn('[workdays.add](#workdaysadd)', page)
        self.assertIn('split("John Doe", "\\\\s") = ["John", "Doe"]', page)

    def test_overloads_stand_under_one_name(self):
        page = self.made()
        self.assertEqual(page.count('\n### date\n'), 1)
        self.assertEqual(page.count('`date(from)`'), 2)

    def test_a_changed_table_is_noticed(self):
        self.made()
        self.change('feel_builtins_numbers.c', 'Whether a number is even.', 'Whether it is even.')
        done = run('--check', self.root)
        self.assertEqual(done.returncode, 1)
        self.assertIn('docs/feel-builtins.md', done.stderr)
        self.assertIn('Whether it is even.', self.made())

    def test_what_cannot_be_read_is_told_with_its_place(self):
        self.change('feel_builtins_numbers.c', '{"number", TAKES_NUMBER}', '{"number", TAKES_NOTHING}')
        done = run(self.root)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r'feel_builtins_numbers\.c:\d+: cannot read TAKES_NOTHING')

    def test_an_unknown_kind_is_told(self):
        self.change('feel_builtins_numbers.c', 'FEEL_TAKES(FEEL_DAYS_TIME)', 'FEEL_TAKES(FEEL_WEEKS)')
        done = run(self.root)
        self.assertEqual(done.returncode, 1)
        self.assertIn('unknown kind FEEL_WEEKS', done.stderr)

    def test_a_missing_table_is_told(self):
        self.change('feel_builtins_ranges.c', 'ROWS[]', 'LINES[]')
        done = run(self.root)
        self.assertEqual(done.returncode, 1)
        self.assertIn('feel_builtins_ranges.c:1: there is no table ROWS', done.stderr)


if __name__ == '__main__':
    unittest.main()
