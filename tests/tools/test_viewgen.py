#!/usr/bin/env python3
"""test_viewgen.py - each construct of views, templates and messages; each error with its place."""
import contextlib
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
VIEWGEN = os.path.join(ROOT, 'tools', 'viewgen')
WEB = os.path.join(ROOT, 'src', 'web')


def load_program(path):
    """A script without ending as a module, so that a hundred runs need no process each."""
    name = os.path.basename(path).replace('-', '_')
    sys.path.insert(0, os.path.dirname(path))
    loader = importlib.machinery.SourceFileLoader(name, path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


viewgen = load_program(VIEWGEN)

HEADER = '''#ifndef SAMPLE_VIEWS_H
#define SAMPLE_VIEWS_H
/* Views of a test. */
#include "web/view.h"

typedef struct PaperView {
    const char *name;
    bool        is_original; /* bring the original */
    VIEW_LIST(Text) notes;
} PaperView;
typedef LIST(PaperView) Papers;

/* view: sample.html  One item as a guide. */
typedef struct SampleView {
    const char *code; // the printed code
    Date        effective_on;
    Instant     due_at;
    Fen         fee;
    bool        is_online;
    int64_t     days;
    int         small;
    double      share;
    Id          dossier;
    Masked      phone;
    SafeHtml    certificate; /* private */
    const char *state;
    PaperView   first;
    VIEW_LIST(PaperView) papers;
    VIEW_LIST(const char *) notes;
    VIEW_LIST(FieldError) errors;
} SampleView;

/* view: Only for programs. */
typedef struct BareView {
    const char *code;
} BareView;
#endif
'''


class Case(unittest.TestCase):
    """A folder with a header and templates, and viewgen run over it."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = self.temporary.name
        self.addCleanup(self.temporary.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding='utf-8') as file:
            return file.read()

    def run_viewgen(self, *arguments):
        before, argv, errors = os.getcwd(), sys.argv, io.StringIO()
        os.chdir(self.folder)
        sys.argv = ['viewgen', *arguments]
        try:
            with contextlib.redirect_stderr(errors):
                code = viewgen.main()
        finally:
            os.chdir(before)
            sys.argv = argv
        return subprocess.CompletedProcess(arguments, code, '', errors.getvalue())

    def generate(self, body, header=HEADER, **parts):
        """Runs viewgen over sample.html with this body (behind its first line)."""
        self.write('sample_views.h', header)
        self.write('sample.html', body if body.startswith('{{view') or not body
                   else '{{view SampleView}}{{layout none}}\n' + body)
        for name, text in parts.items():
            self.write(name + '.html', text)
        return self.run_viewgen('sample_views.h', '--templates', '.', '--include-dir', WEB,
                                'sample_gen.h', 'sample_gen.c', '--depfile', 'sample.d')

    def c_of(self, body, **parts):
        done = self.generate(body, **parts)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.read('sample_gen.c')

    def literal_of(self, body, **parts):
        """All literal HTML that a body writes, joined."""
        c = self.c_of(body, **parts)
        found = re.findall(r'buffer_add_n\(out, ((?:"(?:[^"\\]|\\.)*"\s*)+), (\d+)\);', c)
        made = ''
        for literal, size in found:
            text = ''.join(json.loads('"' + one.replace('\\?', '?') + '"')
                           for one in re.findall(r'"((?:[^"\\]|\\.)*)"', literal))
            self.assertEqual(len(text.encode()), int(size))
            made += text
        return made

    def assert_refused(self, done, path, line, column, words):
        self.assertEqual(done.returncode, 1, done.stdout)
        place = f'{path}:{line}:{column}: error: ' if column else f'{path}:{line}:'
        self.assertIn(place, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertEqual(done.stderr.count('\n'), 1, done.stderr)


class Headers(Case):
    def assert_header_refused(self, header, line, column, words):
        self.assert_refused(self.generate('', header=header), 'sample_views.h', line, column, words)

    def test_every_struct_has_a_view_type(self):
        self.c_of('x')
        header = self.read('sample_gen.h')
        for name in ('PaperView', 'SampleView', 'BareView'):
            self.assertIn(f'extern const ViewType {name}_type;', header)

    def test_unknown_type(self):
        self.assert_header_refused('/* view: */\ntypedef struct A {\n    float x;\n} A;\n', 3, 5,
                                   'float is not a type of views')

    def test_pointer_and_array_are_no_fields(self):
        for field in ('char *x;', 'int x[3];', 'int a, b;', 'struct B b;'):
            self.assert_header_refused(f'typedef struct A {{\n  {field}\n}} A;\n', 2, 3,
                                       'not a field of a view')

    def test_struct_must_stand_above(self):
        self.assert_header_refused('typedef struct A {\n B b;\n} A;\ntypedef struct B {\n int x;\n} B;\n',
                                   2, 2, 'no struct of that name stands above')

    def test_list_of_numbers(self):
        self.assert_header_refused('typedef struct A {\n VIEW_LIST(Fen) x;\n} A;\n', 2, 2,
                                   'a VIEW_LIST holds structs or Text')

    def test_repeated_names(self):
        self.assert_header_refused('typedef struct A {\n int x;\n int x;\n} A;\n', 3, 2, 'twice')
        self.assert_header_refused('typedef struct A {\n int x;\n} A;\ntypedef struct A {\n int x;\n} A;\n',
                                   4, 1, 'declared twice')

    def test_other_declarations(self):
        self.assert_header_refused('typedef struct A {\n int x;\n} A;\nint f(void);\n', 4, 1,
                                   'a view header holds only structs')

    def test_struct_that_ends_as_another(self):
        self.assert_header_refused('typedef struct A {\n int x;\n} B;\n', 3, 3, 'ends as B')

    def test_struct_without_fields(self):
        self.assert_header_refused('typedef struct A {\n} A;\n', 2, 1, 'has no fields')

    def test_header_without_views(self):
        self.assert_header_refused('#include "web/view.h"\n', 1, 1, 'no view')

    def test_missing_template(self):
        self.assert_header_refused('/* view: gone.html  X. */\ntypedef struct A {\n int x;\n} A;\n',
                                   2, 1, 'there is no template gone.html')

    def test_depfile_lists_what_was_read(self):
        self.c_of('{{> "part.html" with first}}', part='{{view PaperView}}{{name}}')
        names = self.read('sample.d')
        for name in ('sample_gen.h:', 'sample_views.h', './sample.html', './part.html', 'view.h',
                     'right.h', 'compiler.py'):
            self.assertIn(name, names)


class Schemas(Case):
    def schema_of(self, name):
        c = self.c_of('x')
        match = re.search(rf'\.name = "{name}",\n    \.schema = ((?:"(?:[^"\\]|\\.)*"\s*)+),', c)
        text = ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', match[1]))
        return json.loads(json.loads('"' + text.replace('\\?', '?') + '"'))

    def test_types(self):
        schema = self.schema_of('SampleView')
        properties = schema['properties']
        self.assertEqual(schema['description'], 'One item as a guide.')
        self.assertEqual(properties['code'], {'type': ['string', 'null'],
                                              'description': 'the printed code'})
        self.assertEqual(properties['due_at']['format'], 'date-time')
        self.assertEqual(properties['effective_on']['format'], 'date')
        self.assertEqual(properties['is_online'], {'type': 'boolean'})
        self.assertEqual(properties['first'], {'$ref': '#/components/schemas/PaperView'})
        self.assertEqual(properties['papers'], {'type': 'array', 'items':
                                                {'$ref': '#/components/schemas/PaperView'}})
        self.assertEqual(properties['notes']['items'], {'type': ['string', 'null']})
        self.assertRegex('12.00', properties['fee']['pattern'])
        self.assertEqual(schema['required'], list(properties))

    def test_private_fields_stay_inside(self):
        self.assertNotIn('certificate', self.schema_of('SampleView')['properties'])
        self.assertNotIn('"certificate"', self.read('sample_gen.c'))

    def test_nested_types_are_listed(self):
        c = self.c_of('x')
        self.assertIn('nested_of_SampleView[] = {&PaperView_type, &FieldError_type, NULL};', c)
        self.assertIn('nested_of_BareView[] = {NULL};', c)


class Values(Case):
    def test_printed_by_type(self):
        cases = {
            '{{code}}': 'view_put_text(out, v->code);',
            '{{code | url}}': 'view_put_url(out, v->code);',
            '{{effective_on}}': 'view_put_date(out, page, v->effective_on);',
            '{{effective_on | weekday}}': 'view_put_weekday(out, page, v->effective_on);',
            '{{effective_on | iso}}': 'view_put_iso_date(out, page, v->effective_on);',
            '{{due_at}}': 'view_put_instant(out, page, v->due_at);',
            '{{due_at | date}}': 'view_put_instant_date(out, page, v->due_at);',
            '{{due_at|time}}': 'view_put_instant_time(out, page, v->due_at);',
            '{{due_at | ago}}': 'view_put_ago(out, page, v->due_at);',
            '{{fee}}': 'view_put_fen(out, page, v->fee);',
            '{{days}}': 'view_put_int(out, page, v->days);',
            '{{small | number}}': 'view_put_number(out, page, v->small);',
            '{{share}}': 'view_put_double(out, page, v->share);',
            '{{share | percent}}': 'view_put_percent(out, page, v->share);',
            '{{dossier}}': 'buffer_add_int64(out, v->dossier);',
            '{{phone}}': 'view_put_text(out, (v->phone).shown);',
            '{{certificate}}': 'view_put_raw(out, (v->certificate).html);',
            '{{first.name}}': 'view_put_text(out, v->first.name);',
            '{{papers.count}}': 'view_put_int(out, page, (int64_t)(v->papers.count));',
            '{{page.csrf}}': 'view_put_text(out, page->csrf);',
            '{{page.language}}': 'view_put_text(out, language_tag(page->language));',
            '{{asset "app.css"}}': 'view_put_asset(out, "app.css");',
        }
        c = self.c_of('\n'.join(cases))
        for call in cases.values():
            self.assertIn(call, c)

    def test_lines_are_those_of_the_template(self):
        c = self.c_of('\n\n{{code}}\n<p>\n{{days}}</p>')
        self.assertIn('#line 4 "./sample.html"\n    view_put_text(out, v->code);', c)
        self.assertIn('#line 6 "./sample.html"\n    view_put_int(out, page, v->days);', c)
        lines = c.split('\n')
        for number, line in enumerate(lines, 1):
            if '"sample_gen.c"' in line:
                self.assertEqual(line, f'#line {number + 1} "sample_gen.c"')

    def test_errors(self):
        cases = [
            ('{{cod}}', 2, 1, 'SampleView has no field "cod"; it has code, effective_on'),
            ('<p>\n  {{first.nam}}', 3, 3, 'PaperView has no field "nam"'),
            ('{{code.x}}', 2, 1, '"x" cannot be asked of a text'),
            ('{{code | percent}}', 2, 1, 'a text has no format "percent"; it has url, path'),
            ('{{fee | number}}', 2, 1, 'a fen has no format "number"'),
            ('{{is_online}}', 2, 1, 'a bool is not printed'),
            ('{{first}}', 2, 1, 'a struct is not printed'),
            ('{{papers}}', 2, 1, 'a list is not printed'),
            ('{{page.secret}}', 2, 1, 'page has no "secret"'),
            ('{{#if page.may.fly}}{{/if}}', 2, 1, 'there is no right "fly"'),
            ('{{}}', 2, 1, 'an empty tag'),
            ('{{code', 2, 1, 'the tag has no end'),
            ('{{code fee}}', 2, 8, 'unexpected "fee"'),
            ('{{code ; }}', 2, 8, 'unexpected ";"'),
            ('{{code..x}}', 2, 3, '"code..x" is not a field'),
            ('{{content}}', 2, 1, '{{content}} belongs to the layout'),
        ]
        for body, line, column, words in cases:
            with self.subTest(body):
                self.assert_refused(self.generate(body), './sample.html', line, column, words)


class Blocks(Case):
    def test_conditions(self):
        cases = {
            'is_online': 'if (v->is_online) {', 'not is_online': 'if (!(v->is_online)) {',
            'code': 'if (!text_is_empty(v->code)) {', 'days': 'if (view_has_int(v->days)) {',
            'fee': 'if (view_has_int(v->fee)) {', 'dossier': 'if ((v->dossier) != 0) {',
            'due_at': 'if ((v->due_at) != INSTANT_NONE) {',
            'effective_on': 'if (!date_is_none(v->effective_on)) {',
            'papers': 'if ((v->papers).count > 0) {',
            'phone': 'if (!text_is_empty((v->phone).shown)) {',
            'state == "filed"': 'if (text_equal(v->state, "filed")) {',
            'state != "filed"': 'if (!text_equal(v->state, "filed")) {',
            'days == 3': 'if (v->days == 3) {', 'days != -1': 'if (v->days != -1) {',
            'page.may.desk_work': 'if (rights_have(page->rights, RIGHT_DESK_WORK)) {',
            'page.is_elder': 'if (page->is_elder) {',
        }
        c = self.c_of('\n'.join(f'{{{{#if {test}}}}}x{{{{/if}}}}' for test in cases))
        for test in cases.values():
            self.assertIn(test, c)

    def test_each_with_index_last_and_else(self):
        c = self.c_of('{{#each papers as m}}{{m.index}}{{m.name}}{{#if m.is_last}}.{{/if}}'
                      '{{#each m.notes as n}}{{n}}{{/each}}{{else}}none{{/each}}')
        self.assertIn('for (size_t i_0 = 0; i_0 < v->papers.count; i_0++) {', c)
        self.assertIn('view_put_int(out, page, (int64_t)(i_0 + 1));', c)
        self.assertIn('if (i_0 + 1 == v->papers.count) {', c)
        self.assertIn('view_put_text(out, v->papers.items[i_0].notes.items[i_1]);', c)
        self.assertIn('if (v->papers.count == 0) {', c)

    def test_errors(self):
        cases = [
            ('{{#if code}}x', 2, 1, '{{#if}} has no {{/if}}'),
            ('{{/if}}', 2, 1, '{{/if}} closes nothing'),
            ('{{#if code}}\n{{/each}}', 3, 1, '{{/each}} closes the if of line 2'),
            ('{{else}}', 2, 1, '{{else}} outside of a block'),
            ('{{#if code}}{{else}}{{else}}{{/if}}', 2, 21, 'a second {{else}}'),
            ('{{#while code}}{{/while}}', 2, 1, 'no block is called "while"'),
            ('{{#if}}{{/if}}', 2, 6, 'expected a field'),
            ('{{#if first}}{{/if}}', 2, 1, 'a struct is no condition'),
            ('{{#if code == 3}}{{/if}}', 2, 1, 'a text cannot be compared with a number'),
            ('{{#if days == "3"}}{{/if}}', 2, 1, 'a int cannot be compared with a text'),
            ('{{#if not code == "3"}}{{/if}}', 2, 1, 'write != instead'),
            ('{{#if days == }}{{/if}}', 2, 14, 'expected a text or a number'),
            ('{{#each code as c}}{{/each}}', 2, 1, 'code is no list'),
            ('{{#each papers}}{{/each}}', 2, 15, 'expected "as" and a name'),
            ('{{#each papers as page}}{{/each}}', 2, 1, 'no name for an element'),
            ('{{#each papers as code}}{{/each}}', 2, 1, 'is a field of SampleView'),
            ('{{#each papers as m}}{{#each m.notes as m}}{{/each}}{{/each}}', 2, 22, 'already used'),
            ('{{#each papers as m}}{{/each}}{{m.name}}', 2, 31, 'has no field "m"'),
        ]
        for body, line, column, words in cases:
            with self.subTest(body):
                self.assert_refused(self.generate(body), './sample.html', line, column, words)


class Includes(Case):
    def test_nested_view(self):
        c = self.c_of('{{> "part.html" with first}}{{#each papers as m}}{{> "part.html" with m}}{{/each}}',
                      part='{{view PaperView}}<i>{{name}}</i>')
        self.assertEqual(c.count('static void part_0_part(const PaperView *v, '), 1)
        self.assertIn('part_0_part(&v->first, page, out);', c)
        self.assertIn('part_0_part(&v->papers.items[i_0], page, out);', c)

    def test_list_view(self):
        c = self.c_of('{{> "part.html" with papers}}',
                      part='{{view VIEW_LIST(PaperView)}}{{this.count}}{{#each this as p}}{{p.name}}{{/each}}')
        self.assertIn('part_0_part(v->papers.items, v->papers.count, page, out);', c)

    def test_shared_pieces_and_whole_view(self):
        c = self.c_of('{{> "partials/errors.html" with errors}}{{> "partials/tokens.html"}}'
                      '{{> "part.html" with this}}', part='{{view SampleView}}{{code}}')
        self.assertIn('_errors(v->errors.items, v->errors.count, page, out);', c)
        self.assertIn('_tokens(page, out);', c)
        self.assertIn('_part(v, page, out);', c)

    def test_error_in_a_part_is_told_there(self):
        done = self.generate('{{> "part.html" with first}}', part='{{view PaperView}}\n\n {{oops}}')
        self.assert_refused(done, './part.html', 3, 2, 'PaperView has no field "oops"')

    def test_errors(self):
        parts = {'part': '{{view PaperView}}{{name}}', 'loop': '{{view PaperView}}{{> "loop.html" with this}}',
                 'page': '{{view none}}{{code}}', 'odd': '{{view Nobody}}', 'open': '{{view none}}<p',
                 'late': 'x{{view none}}', 'nothing': 'x', 'named': '{{view none}}{{title t "nav.home"}}'}
        cases = [
            ('{{> "gone.html"}}', './sample.html', 2, 1, 'there is no template gone.html'),
            ('{{> "part.html"}}', './sample.html', 2, 1, 'say "with" a field'),
            ('{{> "part.html" with code}}', './sample.html', 2, 1, 'shows PaperView, but code is text'),
            ('{{> "part.html" with papers}}', './sample.html', 2, 1, 'but papers is VIEW_LIST(PaperView)'),
            ('{{> "page.html" with first}}', './page.html', 1, 14, 'this template has no view'),
            ('{{> "loop.html" with first}}', './loop.html', 1, 19, 'loop.html includes itself'),
            ('{{> "odd.html" with first}}', './odd.html', 1, 1, 'there is no view Nobody'),
            ('{{> "open.html"}}', './open.html', 1, 1, 'the template ends inside <p>'),
            ('{{> "late.html"}}', './late.html', 1, 2, '{{view X}} must be the first line'),
            ('{{> "nothing.html"}}', './nothing.html', 1, 1, 'the first line must name the view'),
            ('{{> "named.html"}}', './named.html', 1, 1, 'a part has no title'),
            ('<p {{> "part.html" with first}}>', './sample.html', 2, 4, 'between tags only'),
        ]
        for body, path, line, column, words in cases:
            with self.subTest(body):
                self.assert_refused(self.generate(body, **parts), path, line, column, words)


class Safety(Case):
    def test_places_of_values(self):
        cases = [
            ('<a href="{{code}}">', 2, 10, 'href must start with a literal path'),
            ('<a href="/{{code}}">', 2, 11, 'href must start with a literal path'),
            ('<a href="javascript:{{code}}">', 2, 10, 'href may not run scripts'),
            ('<a href="http://x/{{code}}">', 2, 19, 'href must start'),
            ('<img src="{{code}}">', 2, 11, 'src must start'),
            ('<form action="{{state}}">', 2, 15, 'action must start'),
            ('<a href="/x/{{code | path}}">', 2, 13, '"| path" is for a whole path'),
            ('<p class={{code}}>', 2, 9, 'must stand in quotes'),
            ('<p {{code}}>', 2, 4, 'inside a quoted attribute'),
            ('<{{code}}>', 2, 1, '"<" must be written as &lt;'),
            ('<h{{days}}>', 2, 3, 'inside a quoted attribute'),
            ('<p title="{{certificate}}">', 2, 11, 'SafeHtml may not stand inside an attribute'),
            ('<textarea>{{certificate}}</textarea>', 2, 11, 'SafeHtml may not stand inside <textarea>'),
            ('<script>{{code}}</script>', 2, 9, 'no values inside <script>'),
            ('<script>alert(1)</script>', 2, 9, 'no inline scripts'),
            ('<style>p{}</style>', 2, 1, 'no <style>'),
            ('<p style="color: red">', 2, 4, 'no style attribute'),
            ('<p\n  onclick="x()">', 3, 3, 'no onclick attribute'),
            ('<!-- {{code}} -->', 2, 6, 'no values inside HTML comments'),
            ('1 < 2', 2, 3, '"<" must be written as &lt;'),
            ('{{#if code}}<p{{/if}}>', 2, 1, 'the branches end in different places'),
            ('{{#each notes as n}}<p {{/each}}', 2, 1, 'the branches end in different places'),
            ('<p><b', 2, 1, 'the template ends inside <b>'),
            ('<p>{{icon "Search"}}</p>', 2, 4, 'is no name of an icon'),
            ('<p title="{{icon "x"}}">', 2, 11, 'an icon stands between tags only'),
        ]
        for body, line, column, words in cases:
            with self.subTest(body):
                self.assert_refused(self.generate(body), './sample.html', line, column, words)

    def test_allowed_places(self):
        self.c_of('<a href="/items/{{code}}">a</a><a href="?q={{code}}">b</a><a href="#{{code}}">c</a>'
                  '<a href="{{code | url}}">d</a><a href="{{code | path}}">e</a>'
                  '<a href="{{dossier}}">f</a><a href="tel:{{phone}}">g</a>'
                  '<img src="{{asset "x.svg"}}#{{code}}" alt="{{code}}">'
                  '<a href="{{#if code}}/a/{{else}}/b/{{/if}}{{code}}">h</a>'
                  "<p title='{{code}}'>i</p><textarea>{{code}}</textarea>"
                  '<option{{#if code}} selected{{/if}} value="{{code}}">j</option>'
                  '<script src="{{asset "app.js"}}" defer></script>')

    def test_branches_may_not_hide_an_unsafe_start(self):
        done = self.generate('<a href="{{#if code}}/a/{{/if}}{{code}}">')
        self.assert_refused(done, './sample.html', 2, 32, 'href must start')


class White(Case):
    def test_indentation_is_not_written(self):
        self.assertEqual(self.literal_of('<ul>\n  <li>a</li>\n  <li>b\n c</li>\n</ul>\n'),
                         '<ul><li>a</li><li>b\nc</li></ul>')

    def test_blank_between_inline_tags_stays(self):
        self.assertEqual(self.literal_of('<p><a>x</a>\n   <b>y</b>  z</p>'), '<p><a>x</a>\n<b>y</b> z</p>')

    def test_blocks_of_the_template_leave_no_lines(self):
        self.assertEqual(self.literal_of('<p>a</p>\n{{#if code}}\n  <p>b</p>\n{{/if}}\n<p>c</p>\n'),
                         '<p>a</p><p>b</p><p>c</p>')

    def test_preserved_text(self):
        text = '<pre>\n  a\n    b\n</pre><textarea>\n {{code}}\n</textarea>'
        self.assertEqual(self.literal_of(text), text.replace('{{code}}', ''))

    def test_attributes_on_several_lines(self):
        self.assertEqual(self.literal_of('<p\n   class="a\n     b"\n   hidden  >x</p>'),
                         '<p class="a b" hidden>x</p>')

    def test_comments_go(self):
        self.assertEqual(self.literal_of('a<!-- secret\n -->b{{! also\n "secret" }}c'), 'abc')

    def test_quotes_backslashes_and_trigraphs(self):
        text = '<p title="a\\b">??= 100% 中文</p>'
        self.assertEqual(self.literal_of(text), text)


class CommandLine(Case):
    def run_program(self, *arguments):
        return subprocess.run([sys.executable, VIEWGEN, *arguments], cwd=self.folder,
                              capture_output=True, text=True)

    def test_exit_statuses(self):
        self.write('a.messages', 'a.b\n  zh-CN: 一\n  en: x\n')
        self.assertEqual(self.run_program('--messages', 'out.c', 'a.messages').returncode, 0)
        self.assertEqual(self.run_program('--messages', 'out.c', 'gone.messages').returncode, 1)
        self.assertEqual(self.run_program('--messages', 'out.c').returncode, 2)
        self.assertEqual(self.run_program('a.h', 'b.h', 'b.c').returncode, 2)
        self.write('a.messages', 'a.b\n')
        done = self.run_program('--messages', 'out.c', 'a.messages')
        self.assertEqual((done.returncode, done.stderr), (1, 'a.messages:1:1: error: a.b lacks zh-CN\n'))


class Messages(Case):
    def test_translate(self):
        c = self.c_of('{{t "nav.home"}} {{t "ago.days" n=days}} {{t "x.y" a=code b=due_at|date c=phone}}'
                      '{{t state prefix="dossier.state."}}{{t days prefix="weekday."}}{{t page.flash}}')
        self.assertIn('view_put_message(out, page, "nav.home", NULL, 0);', c)
        self.assertIn('view_put_int(&with_0, page, v->days);', c)
        self.assertIn('{{"a", v->code}, {"b", buffer_text(&with_1)}, {"c", v->phone.shown}}', c)
        self.assertIn('arena_printf(page->arena, "%s%s", "dossier.state.", v->state)', c)
        self.assertIn('"%s%lld", "weekday.", (long long)(v->days))', c)
        self.assertIn('view_put_message(out, page, page->flash, NULL, 0);', c)

    def test_title_and_layout(self):
        c = self.c_of('{{view SampleView}}\n{{title t "guide.title" name=code}}\n<p>x</p>')
        self.assertIn('page->title = message_text(page->arena, page->language, "guide.title", with, 1);', c)
        self.assertLess(c.index('page->title'), c.index('view_layout_begin(page, out);'))
        self.assertIn('view_layout_end(page, out);', c)
        self.assertIn('.has_layout = true,', c)
        self.assertIn('page->title = v->code;', self.c_of('{{view SampleView}}\n{{title code}}'))

    def test_errors(self):
        head = '{{view SampleView}}'
        cases = [
            ('{{t state}}', 2, 1, 'needs a fixed prefix'),
            ('{{t is_online prefix="x."}}', 2, 1, 'a key is built from a text or a number'),
            ('{{t "Bad Key"}}', 2, 1, 'is not a key'),
            ('{{t "a.b" n}}', 2, 12, 'expected "="'),
            ('{{t "a.b" n=days n=days}}', 2, 18, 'given twice'),
            ('{{t "a.b" n=certificate}}', 2, 1, 'a message takes plain values'),
            ('<p {{t "a.b"}}>', 2, 4, 'inside a quoted attribute'),
            (head + '\n<p>x</p>', 1, 1, 'a page needs a {{title ...}}'),
            (head + '\n{{title code}}{{title code}}', 2, 15, 'the title is given twice'),
            (head + '\n{{title days}}', 2, 1, 'a title is a text or a message'),
            (head + head + '\n', 1, 20, 'the view is named twice'),
            ('{{view BareView}}', 1, 1, 'this template shows SampleView'),
            (head + '{{layout wide}}', 1, 20, 'only {{layout none}}'),
        ]
        for body, line, column, words in cases:
            with self.subTest(body):
                self.assert_refused(self.generate(body), './sample.html', line, column, words)


class Layout(Case):
    def layout(self, text):
        self.write('layout.html', text)
        return self.run_viewgen('--layout', 'layout.html', '--include-dir', WEB, 'layout_gen.c')

    def test_two_functions(self):
        done = self.layout('{{view none}}<html><body>{{page.title}}<main>{{content}}</main></body></html>')
        self.assertEqual(done.returncode, 0, done.stderr)
        begin, end = self.read('layout_gen.c').split('void view_layout_end')
        self.assertIn('<main>', begin)
        self.assertIn('</main></body></html>', end)

    def test_errors(self):
        cases = [('{{view none}}<p></p>', 1, 1, 'the layout needs {{content}} once'),
                 ('{{view none}}{{content}}{{content}}', 1, 1, 'the layout needs {{content}} once'),
                 ('{{view none}}{{#if page.is_demo}}{{content}}{{/if}}', 1, 34, 'inside a block'),
                 ('{{view X}}{{content}}', 1, 1, 'the layout must say {{view none}}'),
                 ('{{view none}}<p {{content}}>', 1, 17, 'must stand between tags')]
        for text, line, column, words in cases:
            with self.subTest(text):
                self.assert_refused(self.layout(text), 'layout.html', line, column, words)


class MessageFiles(Case):
    def messages(self, text, other=None):
        self.write('a.messages', text)
        files = ['a.messages']
        if other is not None:
            self.write('deep/b.messages', other)
            files.append('deep')
        return self.run_viewgen('--messages', 'out.c', *files)

    def test_table(self):
        done = self.messages('# words\n\nb.two\n  zh-CN: 二\n  en: two\na.one\n  en: {n} {n|day|days}\n  zh-CN: {n}天\n',
                             'c.three\n  zh-CN: 三\n  en: 张三 Ltd  # name\n')
        self.assertEqual(done.returncode, 0, done.stderr)
        c = self.read('out.c')
        self.assertLess(c.index('"a.one"'), c.index('"b.two"'))
        self.assertIn('{"{n}天", "{n} {n|day|days}"}', c)
        self.assertIn('{"三", "张三 Ltd"}', c)
        self.assertIn('message_entry_count = 3;', c)

    def test_errors(self):
        cases = [
            ('a.b\n  zh-CN: 一\n', 1, 1, 'a.b lacks en'),
            ('a.b\n  zh-CN: 一\n  en: x\na.b\n  zh-CN: 一\n  en: x\n', 4, 1, 'already defined at a.messages:1'),
            ('a.b\n  zh-CN: {n}天\n  en: day\n', 1, 1, 'different parameters in its languages: n'),
            ('a.b\n  zh-CN: 一\n  en: one 一\n', 3, 11, 'Chinese characters in English'),
            ('a.b\n  zh-CN: 一\n  zh-CN: 一\n  en: x\n', 3, 3, 'zh-CN stands twice'),
            ('a.b\n  fr: un\n', 2, 3, 'expected one of zh-CN, en'),
            ('  en: x\n', 1, 3, 'a text without a key'),
            ('Bad Key\n', 1, 1, 'is not a key'),
            ('a.b\n  zh-CN:\n  en: x\n', 2, 9, 'an empty text'),
            ('a.b\n  zh-CN: {n|一}\n  en: {n|a}\n', 2, 10, 'a choice has two forms'),
            ('a.b\n  zh-CN: {开\n  en: x\n', 2, 10, 'a brace that is no'),
        ]
        for text, line, column, words in cases:
            with self.subTest(text):
                self.assert_refused(self.messages(text), 'a.messages', line, column, words)

    def test_same_key_in_two_files(self):
        done = self.messages('a.b\n  zh-CN: 一\n  en: x\n', 'a.b\n  zh-CN: 一\n  en: x\n')
        self.assert_refused(done, 'deep/b.messages', 1, 1, 'already defined at a.messages:1')


class WholePages(Case):
    """The generated C compiled and run, and the bytes of a page compared."""
    PROGRAM = r'''
#include <stdio.h>
#include "sample_gen.h"

int main(void)
{
    Arena *arena = arena_create(0);
    Text notes[] = {"<n1>", "n2"};
    PaperView papers[] = {{.name = "form", .is_original = true, .notes = {notes, 2}}, {.name = "plan"}};
    SampleView view = {.code = "a&b", .effective_on = date_of(2026, 11, 22), .due_at = INSTANT_NONE,
        .fee = 123400, .is_online = true, .days = 3, .share = 0.5, .dossier = 7,
        .phone = {"138****8000"}, .certificate = {"<b>ok</b>"}, .state = "filed",
        .first = {.name = "first"}, .papers = {papers, 2}};
    PageContext page = {.arena = arena, .language = LANGUAGE_EN, .zone_minutes = 480, .csrf = "c"};
    Buffer out = buffer_init(arena, 0);
    SampleView_type.html(&view, &page, &out);
    buffer_add_char(&out, '\n');
    JsonWriter json = json_writer(&out);
    SampleView_type.json(&view, &page, &json, NULL);
    puts(buffer_text(&out));
    arena_destroy(arena);
    return 0;
}
'''
    SOURCES = ['base/arena.c', 'base/error.c', 'base/list.c', 'base/text.c', 'base/time.c', 'format/json.c',
               'format/json_write.c', 'format/place.c', 'http/protocol.c', 'web/message.c', 'web/static.c',
               'web/view.c']
    FLAGS = ['-std=c17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow',
             '-Wstrict-prototypes', '-Wmissing-prototypes', '-Wno-missing-field-initializers', '-Werror']

    def run_page(self, body, **parts):
        self.c_of(body, **parts)
        os.makedirs(os.path.join(self.folder, 'web'), exist_ok=True)
        for arguments in ([os.path.join(WEB, 'view.h'), '--include-dir', WEB, 'web/view_types_gen.h',
                           'web/types.c'],
                          ['--layout', os.path.join(WEB, 'layout.html'), '--include-dir', WEB, 'layout.c'],
                          ['--messages', 'messages.c', WEB]):
            done = self.run_viewgen(*arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.write('static.c', '#include "web/static.h"\nconst StaticFile static_files[] = {{.name = ""}};\n'
                               'const size_t static_file_count = 0;\n')
        self.write('main.c', self.PROGRAM)
        gen = self.read('sample_gen.h')
        self.write('sample_gen.h', re.sub(r'#include ".*sample_views.h"', '#include "sample_views.h"', gen))
        sources = [os.path.join(ROOT, 'src', name) for name in self.SOURCES]
        done = subprocess.run(['cc', *self.FLAGS, '-I' + os.path.join(ROOT, 'src'), '-I.', '-o', 'page', 'main.c',
                               'sample_gen.c', 'web/types.c', 'layout.c', 'messages.c', 'static.c', *sources, '-lm',
                               '-lpthread'], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = subprocess.run(['./page'], cwd=self.folder, capture_output=True, text=True, check=True)
        html, data = done.stdout.rstrip('\n').rsplit('\n', 1)
        return html, json.loads(data)

    def test_page_and_json(self):
        html, data = self.run_page(
            '<h1 title="{{code}}">{{code}}</h1>\n'
            '{{#if is_online}}on{{else}}off{{/if}}{{#if due_at}}due{{/if}}{{#if state == "filed"}}!{{/if}}\n'
            '<ul>{{#each papers as m}}\n<li>{{m.index}} {{m.name}}{{#each m.notes as n}} {{n}}{{/each}}'
            '{{#if m.is_last}}.{{/if}}</li>\n{{/each}}</ul>'
            '{{effective_on}} {{fee}} {{share | percent}} {{phone}} {{certificate}} {{t "ago.days" n=days}}'
            '{{> "part.html" with first}}{{#each errors as e}}{{e.text}}{{else}} none{{/each}}',
            part='{{view PaperView}}\n<p>{{name}}{{#if not is_original}} copy{{/if}}</p>\n')
        self.assertEqual(html,
                         '<h1 title="a&amp;b">a&amp;b</h1>on!'
                         '<ul><li>1 form &lt;n1&gt; n2</li><li>2 plan.</li></ul>'
                         '22 November 2026 (Sunday) ¥1,234.00 50.0% 138****8000 <b>ok</b> 3 days ago'
                         '<p>first copy</p> none')
        self.assertEqual(data['code'], 'a&b')
        self.assertEqual(data['effective_on'], '2026-11-22')
        self.assertIsNone(data['due_at'])
        self.assertEqual(data['fee'], '1234.00')
        self.assertEqual(data['dossier'], '7')
        self.assertEqual(data['phone'], '138****8000')
        self.assertNotIn('certificate', data)
        self.assertEqual(data['papers'][0], {'name': 'form', 'is_original': True, 'notes': ['<n1>', 'n2']})
        self.assertEqual(data['errors'], [])

    def test_every_shared_piece_compiles(self):
        """The sample pages use each piece of web/partials; here it is their C that must be clean."""
        style = os.path.join(ROOT, 'tests', 'style')
        done = self.run_viewgen(os.path.join(style, 'style_views.h'), '--templates', style, '--include-dir', WEB,
                                'style_gen.h', 'style_gen.c')
        self.assertEqual(done.returncode, 0, done.stderr)
        c = self.read('style_gen.c')
        for name in os.listdir(os.path.join(WEB, 'partials')):
            if name not in ('nav.html',):
                self.assertIn(f'/partials/{name}"', c)


class MessageCheck(Case):
    def check(self, **files):
        for name, text in files.items():
            self.write('src/' + name.replace('__', '.'), text)
        return subprocess.run([sys.executable, os.path.join(ROOT, 'tools', 'check-messages'), self.folder],
                              capture_output=True, text=True)

    MESSAGES = 'a.b\n  zh-CN: 一\n  en: x\nstate.one\n  zh-CN: 一\n  en: x\n'

    def test_everything_named(self):
        done = self.check(w__messages=self.MESSAGES, c__c='f(request_text(req, "a.b"));\n',
                          t__html='{{view none}}{{t page.flash prefix="state."}}')
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn('2 keys, 0 missing, 0 unused', done.stdout)

    def test_missing_keys_are_told_with_their_line(self):
        done = self.check(w__messages=self.MESSAGES,
                          c__c='\nreturn error_set(err, ERROR_CONFLICT, .code = "x.y",\n'
                               '    .with = {{"n", "1"}});\n'
                               'error_set(err, ERROR_INVALID, .code = "z.z", .message = text);\n'
                               '/* request_text(req, "in.comment") */ request_text(req, "k.k", "n", "3");\n'
                               '{"born", INPUT_DATE}, {"kind", INPUT_CHOICE, .choices = kinds},\n'
                               'static const char *const kinds[] = {"one", NULL};\n'
                               '{"code", INPUT_TEXT, .label = "a.b"},\n',
                          c_test__c='error_set(err, ERROR_INVALID, .code = "only.test");\n',
                          t__html='{{view none}}\n{{t "t.t"}}{{t page.flash prefix="none."}}')
        self.assertEqual(done.returncode, 1)
        for place, key in (('c.c:2', '"x.y"'), ('c.c:5', '"k.k"'), ('c.c:6', '"field.born"'),
                           ('c.c:6', '"choice.kind.one"'), ('t.html:2', '"t.t"'), ('t.html:2', '"none."')):
            self.assertRegex(done.stdout, re.escape(place) + r': error: .*' + re.escape(key))
        for absent in ('z.z', 'in.comment', 'only.test', 'field.code'):
            self.assertNotIn(f'"{absent}"', done.stdout)
        self.assertIn('warning: nothing names state.one', done.stdout)


if __name__ == '__main__':
    unittest.main()
