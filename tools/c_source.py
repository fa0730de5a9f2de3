"""c_source - as much of C as the checkers need: tokens with lines, functions, nesting.

    text -> tokens (comments and preprocessor lines apart) -> functions -> nesting of each

Not a parser of C: it relies on the code being formatted and compiling, and raises Unreadable where
brackets do not match.
"""
import os
import re

TOKEN = re.compile(r'''
    (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<directive>^[ \t]*\#(?:[^\n\\]|\\.|\\\n)*)
  | (?P<string>(?:u8|[LuU])?"(?:[^"\\\n]|\\.)*")
  | (?P<char>'(?:[^'\\\n]|\\.)+')
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>\.?[0-9](?:[eEpP][+-]|[\w.])*)
  | (?P<space>\s+)
  | (?P<sign>.)
''', re.VERBOSE | re.DOTALL | re.MULTILINE)

CONTROLS = {'if', 'for', 'while', 'switch'}
CLOSING = {'(': ')', '[': ']', '{': '}'}


class Unreadable(Exception):
    """Brackets that do not match; args: message, line."""


class Token:
    __slots__ = ('kind', 'text', 'line')

    def __init__(self, kind, text, line):
        self.kind, self.text, self.line = kind, text, line

    def last_line(self):
        return self.line + self.text.count('\n')


class Function:
    """name, first and last line, comment: the one directly above, nesting: [(depth, line)]."""

    def __init__(self, name, first, last, comment, nesting):
        self.name, self.first, self.last = name, first, last
        self.comment, self.nesting = comment, nesting

    def lines(self):
        return self.last - self.first + 1


def tokens_of(text):
    """All tokens but white space."""
    found, line = [], 1
    for match in TOKEN.finditer(text):
        kind, part = match.lastgroup, match[0]
        if kind == 'directive':  # its own white space in front belongs to the line before it
            line += part[:len(part) - len(part.lstrip())].count('\n')
            part = part.lstrip()
        if kind != 'space':
            found.append(Token(kind, part, line))
        line += part.count('\n')
    return found


def code_of(tokens):
    """Without comments and preprocessor lines."""
    return [t for t in tokens if t.kind not in ('comment', 'directive')]


def includes_of(tokens):
    """(path, is_system, line) of each #include."""
    for token in tokens:
        match = token.kind == 'directive' and re.match(r'#\s*include\s*(["<])([^">]+)', token.text)
        if match:
            yield match[2], match[1] == '<', token.line


def strings_of(tokens):
    """(text, line) of string literals; neighbours are one, as the compiler sees them."""
    joined, line = None, 0
    for token in code_of(tokens):
        if token.kind == 'string':
            line = line if joined is not None else token.line
            joined = (joined or '') + token.text[token.text.index('"') + 1:-1]
        elif joined is not None:
            yield joined, line
            joined = None
    if joined is not None:
        yield joined, line


def close_of(code, at):
    """The index of the bracket that closes the one at `at`."""
    opened = []
    for i in range(at, len(code)):
        text = code[i].text
        if code[i].kind != 'sign':
            continue
        if text in CLOSING:
            opened.append(CLOSING[text])
        elif text in ')]}':
            if opened.pop() != text:
                raise Unreadable('brackets do not match', code[i].line)
            if not opened:
                return i
    raise Unreadable('a bracket is not closed', code[at].line)


# ---- nesting: a small walk over statements ------------------------------------------------------

class Walk:
    """Notes the depth of every control statement of one body; a chain of else-ifs is one level."""

    def __init__(self, code):
        self.code, self.found = code, []

    def text(self, at):
        return self.code[at].text if at < len(self.code) else ''

    def block(self, at, depth):
        """From behind "{" to behind its "}"."""
        while self.text(at) != '}':
            at = self.statement(at, depth)
        return at + 1

    def note(self, at, depth):
        self.found.append((depth, self.code[at].line))

    def control(self, at, depth):
        self.note(at, depth)
        close = close_of(self.code, at + 1)
        return self.body(close + 1, depth)

    def body(self, at, depth):
        return self.block(at + 1, depth) if self.text(at) == '{' else self.statement(at, depth)

    def chain(self, at, depth):
        """if, else if, else."""
        at = self.control(at, depth + 1)
        while self.text(at) == 'else':
            if self.text(at + 1) == 'if':
                at = self.control(at + 1, depth + 1)
            else:
                return self.body(at + 1, depth + 1)
        return at

    def statement(self, at, depth):
        if at >= len(self.code):
            raise Unreadable('a statement does not end', self.code[-1].line)
        text, following = self.text(at), self.text(at + 1)
        if text == '{':
            self.note(at, depth + 1)
            return self.block(at + 1, depth + 1)
        if text == 'if':
            return self.chain(at, depth)
        if text == 'do':
            self.note(at, depth + 1)
            return self.plain(self.body(at + 1, depth + 1))
        if text in CONTROLS or (text.endswith('_each') and following == '('):
            return self.control(at, depth + 1)
        if text in ('case', 'default') or (self.code[at].kind == 'word' and following == ':'):
            return self.label(at)
        return self.plain(at)

    def label(self, at):
        while self.text(at) != ':':
            at = close_of(self.code, at) + 1 if self.text(at) in CLOSING else at + 1
        return at + 1

    def plain(self, at):
        """Up to and with ";", over the braces of initialisers."""
        while self.text(at) != ';':
            if at >= len(self.code):
                raise Unreadable('a statement does not end', self.code[-1].line)
            at = close_of(self.code, at) + 1 if self.text(at) in CLOSING else at + 1
        return at + 1


def nesting_of(code, opening, closing):
    walk = Walk(code[opening + 1:closing + 1])
    walk.block(0, 0)
    return walk.found


# ---- functions ----------------------------------------------------------------------------------

def comment_above(comments, line):
    """The text of a comment that ends on the line above, or ''."""
    return comments.get(line - 1, '')


def name_of(code, start, opening):
    """The word before the parameters of what stands between start and "{"; None for no function."""
    if code[opening - 1].text != ')' or any(t.text == '=' for t in code[start:opening]):
        return None
    for i in range(start, opening):
        if code[i].text == '(':
            return code[i - 1].text if i > start and code[i - 1].kind == 'word' else None
    return None


def functions_of(tokens):
    """The functions that a file defines, in order."""
    comments = {t.last_line(): t.text for t in tokens if t.kind == 'comment'}
    code, found, start, at = code_of(tokens), [], 0, 0
    while at < len(code):
        text = code[at].text
        if text == '{':
            closing, name = close_of(code, at), name_of(code, start, at)
            if name:
                found.append(Function(name, code[start].line, code[closing].line,
                                      comment_above(comments, code[start].line),
                                      nesting_of(code, at, closing)))
                start = closing + 1
            at = closing
        elif text in '([':
            at = close_of(code, at)
        elif text == ';':
            start = at + 1
        at += 1
    return found


# ---- files --------------------------------------------------------------------------------------

def files_below(root, folders, endings):
    """Paths from root, sorted, of files in its folders."""
    for folder in folders:
        for where, below, names in os.walk(os.path.join(root, folder)):
            below[:] = sorted(name for name in below if name not in ('node_modules', '__pycache__'))
            for name in sorted(names):
                if name.endswith(endings):
                    yield os.path.relpath(os.path.join(where, name), root).replace(os.sep, '/')


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as file:
        return file.read()


def is_test(path):
    return path.startswith('tests/') or path.endswith(('_test.c', '_test.h'))
