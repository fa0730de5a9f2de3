#!/usr/bin/env python3
"""test_checks - each checker over small trees that keep or break its rules."""
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

sys.dont_write_bytecode = True
TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'tools')
sys.path.insert(0, TOOLS)
import c_source  # noqa: E402


class Tree(unittest.TestCase):
    """A folder with files; run() gives a checker's exit status and lines."""

    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8') as file:
            file.write(text)

    def run_check(self, name, environment=None):
        result = subprocess.run([sys.executable, os.path.join(TOOLS, name), self.root],
                                capture_output=True, text=True, check=False, env=environment)
        self.assertEqual(result.stderr, '')
        return result.returncode, result.stdout.splitlines()

    def assert_clean(self, name):
        status, lines = self.run_check(name)
        self.assertEqual((status, len(lines)), (0, 1), lines)
        return lines[0]

    def assert_broken(self, name, *beginnings):
        status, lines = self.run_check(name)
        self.assertEqual(status, 1)
        self.assertEqual(len(lines), len(beginnings), lines)
        for line, beginning in zip(lines, beginnings):
            self.assertTrue(line.startswith(beginning), f'{line} is not {beginning}')


class Source(unittest.TestCase):
    """The tokens and functions that the checkers stand on."""

    def functions(self, text):
        return c_source.functions_of(c_source.tokens_of(textwrap.dedent(text)))

    def depth(self, body):
        found = self.functions('void f(void)\n{\n' + body + '\n}\n')
        return max((depth for depth, _ in found[0].nesting), default=0)

    def test_finds_functions_only(self):
        found = self.functions('''\
            #define TABLE(x) { x, \\
                               x }
            struct S { int a; };
            enum { A, B };
            static const char *const names[] = {"a{", "b}"};
            typedef LIST(int) Ints;
            int declared(int a);
            /* size: table */
            static const char *two(int a,
                                   int b)
            {
                char brace = '{', quote = '"'; /* } */
                return "}"; // }
            }

            static void (*handler)(int) = NULL;
            void last(void)
            {
            }
            ''')
        self.assertEqual([(f.name, f.first, f.lines()) for f in found],
                         [('two', 9, 6), ('last', 17, 3)])
        self.assertEqual(found[0].comment, '/* size: table */')
        self.assertEqual(found[1].comment, '')

    def test_nesting(self):
        cases = [
            ('a = (B){1, {2}}; return;', 0),
            ('if (a) b();', 1),
            ('if (a) { b(); } else { if (c) d(); }', 2),
            ('if (a) b(); else if (c) d(); else if (e) f(); else g();', 1),
            ('for (;;) while (a) if (b) c();', 3),
            ('switch (a) { case A: if (b) c(); break; case (B): { d(); } default: e(); }', 2),
            ('list_each (T, one, &list) if (one) b();', 2),
            ('do { if (a) b(); } while (c); d();', 2),
            ('again: if (a) goto again;', 1),
            ('{ int a; if (a) b(); }', 2),
            ('a = b ? c : d; for (int i = 0; i < (int){3}; i++) ;', 1),
        ]
        for body, depth in cases:
            self.assertEqual(self.depth(body), depth, body)

    def test_unreadable(self):
        for text in ('void f(void)\n{\n', 'void f(void)\n{ (]; }\n', 'void f(void)\n{ a\n}\n'):
            with self.assertRaises(c_source.Unreadable):
                self.functions(text)

    def test_strings_and_includes(self):
        tokens = c_source.tokens_of('#include <a/b.h>\n# include "c.h"\n\nx = "one "\n  "two";\n'
                                    '/* "no" */ y = L"three" u8"four"; \'"\'; "five"')
        self.assertEqual(list(c_source.includes_of(tokens)), [('a/b.h', True, 1), ('c.h', False, 2)])
        self.assertEqual(list(c_source.strings_of(tokens)),
                         [('one two', 4), ('threefour', 6), ('five', 6)])


class Layers(Tree):
    def include(self, path, *targets):
        self.write(path, ''.join(f'#include "{target}"\n' for target in targets))

    def test_what_is_allowed(self):
        self.include('src/base/text.c', 'base/text.h', 'base/arena.h')
        self.include('src/web/router.c', 'web/router.h', 'http/http.h', 'format/json.h')
        self.include('src/bpmn/run.c', 'dmn/dmn.h', 'feel/feel.h', 'bpmn/state_internal.h')
        self.include('src/service/files.c', 'db/db.h', 'web/web.h', 'service/service_sql.h')
        self.include('src/apps/dossier/dossier_store.c', 'apps/dossier/dossier_sql.h',
                     'dossier_sql.h', 'db/db.h')
        self.include('src/apps/dossier/dossier.c', 'apps/org/org.h',
                     'apps/dossier/dossier_internal.h', 'service/app.h')
        self.include('src/server/main.c', 'apps/org/org.h', 'apps/dossier/dossier.h', 'web/web.h')
        self.assertIn('7 files', self.assert_clean('check-layers'))

    def test_upwards_and_sideways(self):
        cases = [
            ('src/base/text.c', 'format/json.h'), ('src/format/json.c', 'db/db.h'),
            ('src/web/web.h', 'db/db.h'), ('src/http/http.c', 'web/web.h'),
            ('src/db/db.c', 'http/http.h'), ('src/feel/feel.c', 'dmn/dmn.h'),
            ('src/dmn/dmn.c', 'bpmn/bpmn.h'), ('src/bpmn/run.c', 'db/db.h'),
            ('src/form/form.c', 'web/web.h'), ('src/form/form.c', 'calendar/calendar.h'),
            ('src/calendar/calendar.c', 'bpmn/bpmn.h'), ('src/service/files.c', 'apps/org/org.h'),
            ('src/apps/org/org.c', 'server/settings.h'), ('src/web/web_test.c', 'service/app.h'),
        ]
        for path, target in cases:
            with self.subTest(path=path, target=target):
                self.include(path, 'base/arena.h', target)
                self.assert_broken('check-layers', f'{path}:2: ')
                os.remove(os.path.join(self.root, path))

    def test_neighbours(self):
        for target in ('org_store.h', 'org_sql.h', 'org_views.h', 'org_internal.h', 'org_more.h'):
            with self.subTest(target=target):
                self.include('src/apps/dossier/dossier_store.c', f'apps/org/{target}')
                self.assert_broken('check-layers', 'src/apps/dossier/dossier_store.c:1: ')
        self.include('src/apps/dossier/dossier_store.c', 'apps/org/org.h')
        self.include('src/server/main.c', 'apps/org/org_store.h')
        self.assert_broken('check-layers', 'src/server/main.c:1: apps/org/org_store.h is private')

    def test_statements_are_for_stores(self):
        self.include('src/apps/org/org.c', 'apps/org/org_sql.h')
        self.assert_broken('check-layers', 'src/apps/org/org.c:1: apps/org/org_sql.h: statements')
        self.include('src/apps/org/org.c', 'org_sql.h')
        self.assert_broken('check-layers', 'src/apps/org/org.c:1: org_sql.h: statements')

    def test_private_headers_and_libraries(self):
        self.include('src/service/files.c', 'db/db_internal.h')
        self.write('src/apps/org/org.c', '#include <sqlite3.h>\n#include <libxml/parser.h>\n')
        self.write('src/db/sqlite.c', '#include <sqlite3.h>\n')
        self.assert_broken('check-layers', 'src/apps/org/org.c:1: <sqlite3.h>',
                           'src/apps/org/org.c:2: <libxml/parser.h>',
                           'src/service/files.c:1: db/db_internal.h is private')

    def test_unknown_module(self):
        self.write('src/extra/extra.c', '')
        self.assert_broken('check-layers', 'src/extra/extra.c:1: ')

    def test_sql_in_strings(self):
        for sql in ('"SELECT 1"', '"INSERT INTO t"', '"UPDATE t "\n"SET a = 1"', '"DELETE FROM t"',
                    '"x; CREATE TABLE t"', '"INSERT OR IGNORE INTO t"'):
            with self.subTest(sql=sql):
                self.write('src/service/files.c', f'a = 1;\nb = {sql};\n')
                self.assert_broken('check-layers', 'src/service/files.c:2: SQL')
        self.write('src/service/files.c', '/* "SELECT 1" */ a = "Select one; UPDATE later";')
        self.write('src/service/files_test.c', 'a = "SELECT 1";')
        self.write('src/db/sqlite.c', 'a = "SELECT 1";')
        self.assert_clean('check-layers')

    def test_html_in_strings(self):
        for html in ('<p>', '</div>', 'x<br/>', '<a href=', '<input type', '<h2>'):
            with self.subTest(html=html):
                self.write('src/apps/org/org.c', f'a = "{html}";\n')
                self.assert_broken('check-layers', 'src/apps/org/org.c:1: HTML')
        self.write('src/apps/org/org.c', 'a = "a < b, --db <file>, <div";\n')
        self.write('src/web/view.c', 'a = "<p>";\n')
        self.assert_clean('check-layers')


class Sizes(Tree):
    @staticmethod
    def function(name, lines):
        return f'void {name}(void)\n{{\n' + '    a();\n' * (lines - 3) + '}\n\n'

    def test_summary(self):
        self.write('src/base/a.c', self.function('short', 5) + self.function('other', 9))
        self.write('src/base/a_test.c', self.function('long_test', 60))
        summary = self.assert_clean('check-sizes')
        self.assertIn('2 functions, median 7, 90th percentile 9', summary)
        self.assertIn('61 test to 16 code lines (3.81)', summary)

    def test_function_limits(self):
        small = ''.join(self.function(f's{i}', 5) for i in range(20))
        self.write('src/base/a.c', small + self.function('limit', 60))
        self.assert_clean('check-sizes')
        self.write('src/base/a.c', small + self.function('warns', 61))
        status, lines = self.run_check('check-sizes')
        self.assertEqual((status, len(lines)), (0, 2))
        self.assertEqual(lines[0], 'src/base/a.c:121: warning: warns has 61 lines')
        self.write('src/base/a.c', small + '/* size: table */\n' + self.function('tagged', 300))
        self.assert_clean('check-sizes')
        self.write('src/base/a.c', small + self.function('fails', 101))
        self.assert_broken('check-sizes', 'src/base/a.c:121: fails has 101 lines')

    def test_median_and_percentile(self):
        self.write('src/base/a.c', self.function('a', 13) + self.function('b', 46))
        self.assert_broken('check-sizes', 'src:1: the median', 'src:1: the 90th')

    def test_file_limits(self):
        self.write('src/base/a.c', '\n' * 600)
        self.assert_clean('check-sizes')
        self.write('src/base/a.c', '\n' * 1001)
        self.write('src/base/b_test.c', '\n' * 1500)
        self.write('tests/fuzz/c.c', '\n' * 1501)
        self.assert_broken('check-sizes', 'src/base/b_test.c:1: warning', 'src/base/a.c:1: ',
                           'tests/fuzz/c.c:1: ')

    def test_columns_are_code_points(self):
        self.write('src/base/a.c', '// ' + '\u4e2d' * 97 + '\n')
        self.assert_clean('check-sizes')
        self.write('src/base/a.c', '\n// ' + '\u4e2d' * 98 + '\n')
        self.assert_broken('check-sizes', 'src/base/a.c:2: 101 columns')

    def test_nesting(self):
        def nested(depth):
            return 'void f(void)\n{\n' + 'if (a)\n' * depth + 'b();\n}\n'
        self.write('src/base/a.c', nested(3))
        self.assert_clean('check-sizes')
        self.write('src/base/a.c', nested(4))
        status, lines = self.run_check('check-sizes')
        self.assertEqual((status, lines[0]), (0, 'src/base/a.c:6: warning: f nests 4 deep'))
        self.write('src/base/a.c', nested(5))
        self.assert_broken('check-sizes', 'src/base/a.c:7: f nests 5 deep')

    def test_unreadable_file(self):
        self.write('src/base/a.c', 'void f(void)\n{\n    a();\n')
        self.assert_broken('check-sizes', 'src/base/a.c:2: cannot be read')


class Format(Tree):
    def setUp(self):
        super().setUp()
        self.write('.clang-format', 'BasedOnStyle: LLVM\nIndentWidth: 4\n')

    @unittest.skipUnless(shutil.which('clang-format'), 'clang-format is not installed')
    def test_formatted_or_not(self):
        self.write('src/base/a.c', 'int a(void) { return 1; }\n')
        self.assertIn('1 files', self.assert_clean('check-format'))
        self.write('tests/b.c', 'int a;\nint  b;\nint  c;\n')
        self.assert_broken('check-format', 'tests/b.c:2: not formatted')

    def program(self, said):
        path = os.path.join(self.root, 'bin', 'clang-format')
        self.write('bin/clang-format', f'#!/bin/sh\necho "{said}"\n')
        os.chmod(path, 0o755)
        return {'PATH': os.path.dirname(path)}

    def test_other_version_and_none(self):
        status, lines = self.run_check('check-format', self.program('clang-format version 19.1.0'))
        self.assertEqual((status, len(lines)), (1, 1))
        self.assertIn('14 is wanted, 19 is installed', lines[0])
        status, lines = self.run_check('check-format', {'PATH': self.root})
        self.assertEqual(status, 0)
        self.assertEqual(lines, ['check-format: skipped, clang-format is not installed'])


class Banned(Tree):
    def test_calls(self):
        for call in ('strcpy(a, b)', 'sprintf(a, "x")', 'strtok_r(a, b, &c)', 'atoi(a)', 'rand()',
                     'sscanf(a, "%d", &b)', 'localtime(&t)', 'system("x")', 'alloca(3)',
                     'time(NULL)', 'gettimeofday(&t, 0)', 'clock_gettime(CLOCK_REALTIME, &t)'):
            with self.subTest(call=call):
                self.write('src/web/a.c', f'int a;\nvoid f(void)\n{{\n    {call};\n}}\n')
                self.assert_broken('check-banned', f'src/web/a.c:4: {call.split("(")[0]}: ')

    def test_what_only_looks_like_one(self):
        self.write('src/web/a.c', '/* strcpy(a) */ x = "time(a)"; queue->free(a); app.system(b);\n'
                                  'clock_gettime(CLOCK_MONOTONIC, &t); my_time(a); int time; free(a);\n')
        self.write('src/base/time.c', 'clock_gettime(CLOCK_REALTIME, &t);\n')
        self.write('tests/bench/a.c', 'time(NULL);\n')
        self.assertIn('3 files', self.assert_clean('check-banned'))

    def test_what_node_18_does_not_have_is_found(self):
        self.write('tests/http/a.mjs', 'const a = [2, 1];\nconst b = a.toSorted();\n')
        self.assert_broken('check-banned', 'tests/http/a.mjs:2: .toSorted(: Node 18')

    def test_free_in_a_capability(self):
        self.write('src/apps/org/org.c', 'free(a);\n')
        self.assert_broken('check-banned', 'src/apps/org/org.c:1: free')

    def test_words(self):
        # Put together here, so that this file is clean itself.
        for text in ('// TO' 'DO later', '/* FIX' 'ME */', 'XX' 'X', 'see /ro' 'ot/x', '"/ho' 'me/me"',
                     'as Cla' 'ude wrote', 'an L' 'LM', 'the ag' 'ent did', 'iss' 'ue 7',
                     'the helper ag' 'ents', '/wo' 'rk/main/src'):
            with self.subTest(text=text):
                self.write('docs/a.md', f'fine\n{text}\n')
                self.assert_broken('check-banned', 'docs/a.md:2: "')

    def test_ordinary_words(self):
        self.write('docs/a.md', 'User-Agent, user agent; an agent acts by letter for the party\n'
                                'XXXXXX, /home, https://x.example/home/a, a session key, /works/\n')
        self.assert_clean('check-banned')

    def test_what_is_not_looked_at(self):
        self.write('build/a.md', 'TO' 'DO\n')
        self.write('web/node_modules/a.md', 'TO' 'DO\n')
        self.write('tests/fuzz/corpus/a/b', 'TO' 'DO\n')
        self.write('packs/a.bin', 'TO' 'DO\0\n')
        self.assertIn('0 files', self.assert_clean('check-banned'))


if __name__ == '__main__':
    unittest.main()
