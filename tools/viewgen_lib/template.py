"""Reads one template into a tree of nodes. What the nodes mean is the compiler's business.

    text -> literal text and {{tags}} -> words of a tag -> nodes, nested by if and each
"""
import re
from dataclasses import dataclass, field

from .problem import Problem, place

TAG = re.compile(r'\{\{(?:!.*?\}\}|(?:"[^"\n]*"|[^"}]|\}(?!\}))*\}\})', re.DOTALL)
WORD = re.compile(r'\s*(?:(?P<text>"[^"\n]*")|(?P<number>-?\d+(?![\w.]))|(?P<path>[A-Za-z_][\w.-]*)'
                  r'|(?P<sign>==|!=|[|=/#>()]))')
PATH = re.compile(r'[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z')


@dataclass
class Node:
    kind: str            # text value if each include translate asset icon content
    line: int
    column: int
    text: str = ''       # of literal text; path of a value, if, each or include; name of an asset or icon
    form: str = None     # the format behind "|"
    body: list = field(default_factory=list)
    other: list = field(default_factory=list)
    negate: bool = False           # if
    compare: str = None            # if: == or !=
    operand: object = None         # if: a str or an int
    variable: str = None           # each
    file: str = None               # include
    key: str = None                # translate: the literal key
    prefix: str = None             # translate: in front of the value
    params: list = field(default_factory=list)  # translate: (name, path, form)


@dataclass
class Template:
    path: str
    text: str
    nodes: list
    view: str            # name of the struct, or None
    is_list: bool        # {{view VIEW_LIST(X)}}
    view_at: tuple
    has_layout: bool
    title: Node


class Words:
    """The words of one tag, read from left to right."""

    def __init__(self, reader, text, offset):
        self.reader, self.end_offset, self.words = reader, offset + len(text.rstrip()), []
        at = 0
        while text[at:].strip():
            match = WORD.match(text, at)
            if not match:
                at = len(text) - len(text[at:].lstrip())
                reader.fail(offset + at, f'unexpected "{text[at]}" in a tag')
            self.words.append((match.lastgroup, match[0].strip(),
                               offset + match.start(match.lastgroup)))
            at = match.end()

    def here(self):
        return self.words[0][2] if self.words else self.end_offset

    def peek(self, value=None):
        if not self.words:
            return False
        return True if value is None else self.words[0][1] == value

    def take(self, kind, what):
        if not self.words or self.words[0][0] != kind:
            self.reader.fail(self.here(), f'expected {what}')
        return self.words.pop(0)[1]

    def take_sign(self, sign):
        if not self.peek(sign):
            self.reader.fail(self.here(), f'expected "{sign}"')
        self.words.pop(0)

    def path(self, what='a field'):
        at = self.here()
        path = self.take('path', what)
        if not PATH.match(path):
            self.reader.fail(at, f'"{path}" is not a field')
        return path

    def text(self, what):
        return self.take('text', what)[1:-1]

    def form(self):
        if not self.peek('|'):
            return None
        self.words.pop(0)
        return self.take('path', 'a format')

    def end(self):
        if self.words:
            self.reader.fail(self.here(), f'unexpected "{self.words[0][1]}"')


class Reader:
    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            self.text = file.read()
        self.path = path
        self.made = Template(path, self.text, [], None, False, None, True, None)
        self.stack = []          # open blocks: (name, node, list to add to)
        self.into = self.made.nodes

    def fail(self, offset, text):
        raise Problem(self.path, *place(self.text, offset), text)

    def read(self):
        at = 0
        while at < len(self.text):
            start = self.text.find('{{', at)
            if start < 0:
                start = len(self.text)
            if start > at:
                self.add('text', at, text=self.text[at:start])
            if start == len(self.text):
                break
            match = TAG.match(self.text, start)
            if not match:
                self.fail(start, 'the tag has no end "}}"')
            self.read_tag(start, match[0][2:-2])
            at = match.end()
        if self.stack:
            node = self.stack[-1][1]
            raise Problem(self.path, node.line, node.column,
                          f'{{{{#{self.stack[-1][0]}}}}} has no {{{{/{self.stack[-1][0]}}}}}')
        if self.made.view_at is None:
            raise Problem(self.path, 1, 1, 'the first line must name the view: {{view X}}')
        return self.made

    def node(self, kind, offset, **values):
        line, column = place(self.text, offset)
        return Node(kind, line, column, **values)

    def add(self, kind, offset, **values):
        node = self.node(kind, offset, **values)
        self.into.append(node)
        return node

    def read_tag(self, start, inner):
        if inner.startswith('!'):
            return
        words = Words(self, inner, start + 2)
        if not words.peek():
            self.fail(start, 'an empty tag')
        special = {'#': self.read_block, '/': self.read_close, '>': self.read_include}
        named = {'view': self.read_view, 'layout': self.read_layout, 'title': self.read_title,
                 't': self.read_translate, 'asset': self.read_asset, 'icon': self.read_icon,
                 'else': self.read_else, 'content': self.read_content}
        kind, first, _ = words.words[0]
        is_alone = len(words.words) == 1
        if first in special:
            words.words.pop(0)
            special[first](start, words)
        elif first in named and (not is_alone or first in ('else', 'content')) and \
                not (len(words.words) > 1 and words.words[1][1] == '|'):
            words.words.pop(0)
            named[first](start, words)
        else:
            self.add('value', start, text=words.path(), form=words.form())
        words.end()

    def read_view(self, start, words):
        if self.made.view_at is not None:
            self.fail(start, 'the view is named twice')
        if any(node.kind != 'text' or node.text.strip() for node in self.made.nodes):
            self.fail(start, '{{view X}} must be the first line')
        self.made.view_at = place(self.text, start)
        name = words.take('path', 'the name of a view')
        if name == 'VIEW_LIST':
            words.take_sign('(')
            name = words.take('path', 'the name of a view')
            words.take_sign(')')
            self.made.is_list = True
        self.made.view = None if name == 'none' else name

    def read_layout(self, start, words):
        if words.take('path', '"none"') != 'none':
            self.fail(start, 'only {{layout none}}: the layout is the rule')
        self.made.has_layout = False

    def read_title(self, start, words):
        if self.made.title:
            self.fail(start, 'the title is given twice')
        if words.peek('t'):
            words.words.pop(0)
            node = self.node('translate', start)
            self.fill_translate(node, words)
        else:
            node = self.node('value', start, text=words.path(), form=words.form())
        self.made.title = node

    def read_translate(self, start, words):
        self.fill_translate(self.add('translate', start), words)

    def fill_translate(self, node, words):
        if words.words and words.words[0][0] == 'text':
            node.key = words.text('a key')
            if not re.fullmatch(r'[a-z0-9_]+(\.[a-z0-9_-]+)*', node.key):
                raise Problem(self.path, node.line, node.column, f'"{node.key}" is not a key')
        else:
            node.text = words.path('a key or a field')
        seen = set()
        while words.peek():
            at = words.here()
            name = words.take('path', 'a parameter such as n=days')
            words.take_sign('=')
            if name == 'prefix' and node.key is None:
                node.prefix = words.text('a text')
                continue
            if name in seen:
                self.fail(at, f'the parameter {name} is given twice')
            seen.add(name)
            node.params.append((name, words.path(), words.form()))

    def read_asset(self, start, words):
        self.add('asset', start, text=words.text('the name of a file'))

    def read_icon(self, start, words):
        self.add('icon', start, text=words.text('the name of an icon'))

    def read_content(self, start, words):
        if self.stack:
            self.fail(start, '{{content}} may not stand inside a block')
        self.add('content', start)

    def read_include(self, start, words):
        node = self.add('include', start, file=words.text('the name of a template'))
        if words.peek('with'):
            words.words.pop(0)
            node.text = words.path()

    def read_block(self, start, words):
        name = words.take('path', '"if" or "each"')
        if name == 'if':
            node = self.add('if', start)
            self.read_condition(node, words)
        elif name == 'each':
            node = self.add('each', start, text=words.path())
            if not words.peek('as'):
                self.fail(words.here(), 'expected "as" and a name')
            words.words.pop(0)
            node.variable = words.take('path', 'a name')
            if not re.fullmatch(r'[a-z]\w*', node.variable) or node.variable in ('page', 'this'):
                self.fail(start, f'"{node.variable}" is no name for an element')
        else:
            self.fail(start, f'no block is called "{name}": if, each')
        self.stack.append((name, node, self.into))
        self.into = node.body

    @staticmethod
    def read_condition(node, words):
        if words.peek('not') and len(words.words) > 1:
            words.words.pop(0)
            node.negate = True
        node.text = words.path()
        if words.peek('==') or words.peek('!='):
            node.compare = words.words.pop(0)[1]
            if words.words and words.words[0][0] == 'number':
                node.operand = int(words.take('number', 'a number'))
            else:
                node.operand = words.text('a text or a number')

    def read_else(self, start, words):
        if not self.stack:
            self.fail(start, '{{else}} outside of a block')
        node = self.stack[-1][1]
        if self.into is node.other:
            self.fail(start, 'a second {{else}}')
        self.into = node.other

    def read_close(self, start, words):
        name = words.take('path', 'the name of a block')
        if not self.stack:
            self.fail(start, f'{{{{/{name}}}}} closes nothing')
        if self.stack[-1][0] != name:
            node = self.stack[-1][1]
            self.fail(start, f'{{{{/{name}}}}} closes the {self.stack[-1][0]} of line {node.line}')
        self.into = self.stack.pop()[2]


def read_template(path):
    return Reader(path).read()
