"""Tests of tools/embed: hashed addresses, variants, the C that it writes, what it refuses."""
import gzip
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EMBED = os.path.join(ROOT, 'tools', 'embed')

PROGRAM = '''
#include <stdio.h>
#include "web/static.h"
int main(void)
{
    for (size_t i = 0; i < static_file_count; i++) {
        const StaticFile *f = &static_files[i];
        printf("%s %s %s %s %zu %zu %zu %d\\n", f->name, f->address, f->content_type, f->etag,
               f->identity.size, f->gzip.size, f->brotli.size, f->identity.data[0]);
        if (f->gzip.data)
            fwrite(f->gzip.data, 1, f->gzip.size, stderr);
    }
}
'''


class EmbedTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.source = os.path.join(self.folder.name, 'web')
        self.out = os.path.join(self.folder.name, 'assets.c')

    def write(self, name, data):
        path = os.path.join(self.source, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(data)

    def embed(self):
        return subprocess.run([sys.executable, EMBED, self.source, self.out, '--depfile',
                               self.out + '.d'], capture_output=True, text=True)

    def table(self):
        """What a program sees that has the table inside: one list of words for each file."""
        done = self.embed()
        self.assertEqual(done.returncode, 0, done.stderr)
        program = os.path.join(self.folder.name, 'show')
        with open(program + '.c', 'w', encoding='utf-8') as file:
            file.write(PROGRAM)
        subprocess.run(['cc', '-Wall', '-Wextra', '-Werror', '-Wno-missing-field-initializers',
                        '-I', os.path.join(ROOT, 'src'), program + '.c', self.out, '-o', program],
                       check=True)
        shown = subprocess.run([program], capture_output=True, check=True)
        self.gzipped = shown.stderr
        return [line.split(' ') for line in shown.stdout.decode().splitlines()]

    def test_no_folder_gives_an_empty_table(self):
        self.assertEqual(self.table(), [])
        with open(self.out + '.d', encoding='utf-8') as file:
            self.assertIn(self.folder.name, file.read())

    def test_files_are_sorted_and_left_out(self):
        for name in ('b.js', 'a.css', 'icons/x.svg', '.hidden.css', 'b.js.map', 'icons/.git/y.css'):
            self.write(name, b'x' * 10)
        self.assertEqual([line[0] for line in self.table()], ['a.css', 'b.js', 'icons/x.svg'])

    def test_addresses_follow_the_content(self):
        self.write('a.css', b'one')
        first = self.table()[0]
        self.write('a.css', b'two')
        second = self.table()[0]
        self.assertRegex(first[1], r'^/static/a\.[0-9a-f]{10}\.css$')
        self.assertNotEqual(first[1], second[1])
        self.assertNotEqual(first[4], second[4])
        self.assertEqual(first[2:4], ['text/css;', 'charset=utf-8'])

    def test_text_is_compressed_where_it_helps(self):
        text = b'body { color: red }\n' * 200
        self.write('a.css', text)
        line = self.table()[0]
        self.assertEqual(int(line[5]), len(text))
        self.assertLess(int(line[6]), 200)
        self.assertEqual(gzip.decompress(self.gzipped), text)

    def test_what_is_packed_or_small_stays_plain(self):
        self.write('a.png', b'\0' * 5000)
        self.write('b.css', b'a{}')
        self.write('c.js', os.urandom(3000))
        for line in self.table():
            self.assertEqual(line[-3:-1], ['0', '0'], line)

    def test_an_empty_file(self):
        self.write('a.txt', b'')
        self.write('b.txt', b'B')
        self.assertEqual([line[-4] for line in self.table()], ['0', '1'])

    def test_the_same_files_give_the_same_bytes(self):
        self.write('a.css', b'x' * 1000)
        self.embed()
        with open(self.out, 'rb') as file:
            first = file.read()
        self.embed()
        with open(self.out, 'rb') as file:
            self.assertEqual(file.read(), first)

    def test_refusals_name_the_file(self):
        self.write('a.exe', b'x')
        done = self.embed()
        self.assertEqual(done.returncode, 1)
        self.assertIn('a.exe', done.stderr)
        os.unlink(os.path.join(self.source, 'a.exe'))
        self.write('a b.css', b'x')
        self.assertIn('a b.css', self.embed().stderr)


if __name__ == '__main__':
    unittest.main()
