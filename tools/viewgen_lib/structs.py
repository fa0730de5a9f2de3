"""Reads view headers: the restricted grammar of plain structs that docs/generators.md states.

    text of a header -> comments and declarations in order -> Struct with its Fields
"""
import os
import re
from dataclasses import dataclass, field

from .problem import Problem, place

KINDS = {
    'Text': 'text', 'int64_t': 'int', 'int': 'int', 'bool': 'bool', 'double': 'double', 'Id': 'id',
    'Instant': 'instant', 'Date': 'date', 'Fen': 'fen', 'Masked': 'masked', 'SafeHtml': 'html',
}
# Structs of web/view.h that are no views themselves.
NO_VIEWS = {'Masked', 'SafeHtml', 'PageContext', 'ViewType'}

TOKEN = re.compile(r'''
    (?P<space>\s+)
  | (?P<line_comment>//[^\n]*)
  | (?P<comment>/\*.*?\*/)
  | (?P<directive>\#(?:[^\n\\]|\\.|\\\n)*)
  | (?P<struct>typedef\s+struct\s+(?P<name>\w+)\s*\{)
  | (?P<list_type>typedef\s+LIST\(\s*\w+\s*\)\s*\w+\s*;)
''', re.VERBOSE | re.DOTALL)
FIELD_TOKEN = re.compile(r'''
    (?P<space>\s+)
  | (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<list>VIEW_LIST\(\s*(?P<item>const\s+char\s*\*|\w+)\s*\)\s*(?P<list_name>\w+)\s*;)
  | (?P<plain>(?P<type>const\s+char\s*\*|\w+)\s*(?P<plain_name>\w+)\s*;)
  | (?P<end>\}\s*(?P<end_name>\w+)\s*;)
''', re.VERBOSE | re.DOTALL)
VIEW_COMMENT = re.compile(r'/\*\s*view:\s*(?P<template>[\w./-]+\.html)?\s*(?P<note>.*?)\s*\*/\Z',
                          re.DOTALL)


@dataclass
class Field:
    name: str
    kind: str            # a value of KINDS, or 'struct'
    struct: object = None
    is_list: bool = False
    is_private: bool = False
    note: str = ''


@dataclass
class Struct:
    name: str
    path: str
    line: int
    is_view: bool = False
    template: str = None
    note: str = ''
    fields: list = field(default_factory=list)

    def find(self, name):
        return next((f for f in self.fields if f.name == name), None)


def plain_comment(comment):
    """The words of a comment, on one line."""
    body = re.sub(r'\A(/\*+|//)|\*/\Z', '', comment)
    return ' '.join(re.sub(r'\n\s*\*', '\n', body).split())


class HeaderReader:
    def __init__(self, path, known, is_lenient):
        with open(path, encoding='utf-8') as file:
            self.text = file.read()
        self.path, self.known, self.is_lenient = path, dict(known), is_lenient
        self.own = []

    def fail(self, offset, text):
        raise Problem(self.path, *place(self.text, offset), text)

    def read(self):
        at, comment = 0, None
        while at < len(self.text):
            match = TOKEN.match(self.text, at)
            if match is None:
                at = self.skip_other(at)
                comment = None
                continue
            if match['comment']:
                comment = match['comment']
            elif match['struct']:
                at, comment = self.read_struct(match, comment), None
                continue
            elif not match['space']:
                comment = None
            at = match.end()
        return self.own

    def skip_other(self, at):
        """web/view.h holds more than views; a *_views.h may not."""
        if self.is_lenient:
            end = self.text.find('\n', at)
            return len(self.text) if end < 0 else end + 1
        word = self.text[at:].split('\n', 1)[0][:40]
        self.fail(at, f'a view header holds only structs, comments and #include: "{word}"')

    def read_struct(self, match, comment):
        name, start = match['name'], match.start()
        struct = Struct(name, self.path, place(self.text, start)[0])
        if comment and (view := VIEW_COMMENT.match(comment)):
            struct.is_view, struct.template = True, view['template']
            struct.note = plain_comment('/*' + view['note'] + '*/')
        elif comment:
            struct.note = plain_comment(comment)
        if name in self.known:
            self.fail(start, f'the struct {name} is declared twice')
        try:
            end = self.read_fields(struct, match.end())
        except Problem:
            if not self.is_lenient:
                raise
            return self.text.index('}', match.end()) + 1
        if name not in NO_VIEWS:
            self.known[name] = struct
            self.own.append(struct)
        return end

    def read_fields(self, struct, at):
        last, last_end = None, 0
        while True:
            match = FIELD_TOKEN.match(self.text, at)
            if match is None:
                line = self.text[at:].split('\n', 1)[0].strip()
                self.fail(at, f'not a field of a view: "{line}"')
            at = match.end()
            if match['end']:
                return self.end_struct(struct, match)
            if match['comment']:
                if last and '\n' not in self.text[last_end:match.start()]:
                    self.note_field(last, match['comment'])
            elif not match['space']:
                last, last_end = self.read_field(struct, match), match.end()

    def end_struct(self, struct, match):
        if match['end_name'] != struct.name:
            self.fail(match.start('end_name'),
                      f'the struct {struct.name} ends as {match["end_name"]}')
        if not struct.fields:
            self.fail(match.start(), f'the struct {struct.name} has no fields')
        return match.end()

    @staticmethod
    def note_field(field_, comment):
        words = plain_comment(comment)
        if words == 'private' or words.startswith('private:'):
            field_.is_private = True
            words = words[8:].strip()
        field_.note = words

    def read_field(self, struct, match):
        is_list = bool(match['list'])
        type_name = ' '.join((match['item'] if is_list else match['type']).split())
        name = match['list_name'] if is_list else match['plain_name']
        start = match.start()
        if type_name.startswith('const char'):
            type_name = 'Text'
        if struct.find(name):
            self.fail(start, f'the field {name} stands twice in {struct.name}')
        if type_name in KINDS:
            made = Field(name, KINDS[type_name], None, is_list)
        elif type_name in self.known:
            made = Field(name, 'struct', self.known[type_name], is_list)
        else:
            self.fail(start, f'{type_name} is not a type of views, and no struct of that name '
                             f'stands above')
        if is_list and made.kind not in ('text', 'struct'):
            self.fail(start, 'a VIEW_LIST holds structs or Text')
        struct.fields.append(made)
        return made


def read_header(path, known=None, is_lenient=False):
    """The structs of a header in order. `known` maps names to structs from elsewhere."""
    return HeaderReader(path, known or {}, is_lenient).read()


def read_rights(include_dir):
    """Lower-case names of the rights: what {{page.may.x}} may ask."""
    path = os.path.join(include_dir, 'right.h')
    with open(path, encoding='utf-8') as file:
        return {name.lower() for name in re.findall(r'\bRIGHT\((\w+),\s*"', file.read())}
