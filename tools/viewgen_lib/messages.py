"""Reads *.messages files and writes the table that message.c looks keys up in."""
import os
import re
from dataclasses import dataclass, field

from .problem import Problem, c_string

LANGUAGES = ('zh-CN', 'en')
KEY = re.compile(r'[a-z0-9_]+(\.[a-z0-9_-]+)*\Z')
HAN = re.compile('[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]')
NAME_MARK = re.compile(r'\s{2,}# name\s*\Z')
BRACE = re.compile(r'\{([a-z][a-z0-9_]*)((?:\|[^|{}]*)*)\}')


@dataclass
class Message:
    key: str
    path: str
    line: int
    texts: dict = field(default_factory=dict)   # language -> text
    params: dict = field(default_factory=dict)  # language -> set of names


def parameters(text, fail):
    """Names in braces; {n|one|other} chooses by number."""
    rest = BRACE.sub('', text)
    if '{' in rest or '}' in rest:
        fail(text.find('{') + 1, 'a brace that is no {name} and no {n|one|other}')
    for match in BRACE.finditer(text):
        if match[2] and match[2].count('|') != 2:
            fail(match.start() + 1, 'a choice has two forms: {n|one|other}')
    return {match[1] for match in BRACE.finditer(text)}


class MessageReader:
    def __init__(self):
        self.messages = {}

    def read(self, path):
        current = None
        with open(path, encoding='utf-8') as file:
            for number, line in enumerate(file, 1):
                line = line.rstrip('\n')
                if not line.strip() or line.startswith('#'):
                    continue
                if line[0] not in ' \t':
                    self.end(current)
                    current = self.begin(path, number, line)
                else:
                    self.read_text(current, path, number, line)
        self.end(current)

    def begin(self, path, number, line):
        key = line.strip()
        if not KEY.match(key):
            raise Problem(path, number, 1, f'"{key}" is not a key: lower case, parts with dots')
        if key in self.messages:
            old = self.messages[key]
            raise Problem(path, number, 1,
                          f'{key} is already defined at {old.path}:{old.line}')
        self.messages[key] = Message(key, path, number)
        return self.messages[key]

    @staticmethod
    def read_text(message, path, number, line):
        column = len(line) - len(line.lstrip()) + 1
        language, colon, text = line.strip().partition(':')
        if message is None:
            raise Problem(path, number, column, 'a text without a key above it')
        if not colon or language not in LANGUAGES:
            raise Problem(path, number, column, f'expected one of {", ".join(LANGUAGES)} and ":"')
        if language in message.texts:
            raise Problem(path, number, column, f'{language} stands twice')
        is_name = bool(NAME_MARK.search(text))
        text = NAME_MARK.sub('', text).strip()
        start = line.find(text) if text else len(line)
        def fail(offset, what):
            raise Problem(path, number, start + offset, what)
        if not text:
            fail(1, 'an empty text')
        if language == 'en' and HAN.search(text) and not is_name:
            fail(HAN.search(text).start() + 1,
                 'Chinese characters in English; a name ends its line with "  # name"')
        message.texts[language] = text
        message.params[language] = parameters(text, fail)

    @staticmethod
    def end(message):
        if message is None:
            return
        for language in LANGUAGES:
            if language not in message.texts:
                raise Problem(message.path, message.line, 1, f'{message.key} lacks {language}')
        first, second = (message.params[language] for language in LANGUAGES)
        if first != second:
            odd = ', '.join(sorted(first ^ second))
            raise Problem(message.path, message.line, 1,
                          f'{message.key} has different parameters in its languages: {odd}')


def hash_of(key):
    """FNV-1a, as message.c computes it."""
    value = 2166136261
    for byte in key.encode('utf-8'):
        value = (value ^ byte) * 16777619 & 0xffffffff
    return value


def find_files(paths):
    """The *.messages files of files and folders; and all that was looked at, folders too, so
    that a new file is noticed."""
    found, seen = [], set(paths)
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        for folder, _, names in os.walk(path):
            found += [os.path.join(folder, name) for name in names if name.endswith('.messages')]
            seen.add(folder)
    return sorted(found), seen.union(found)


def read_messages(paths):
    """All messages of the files, by key."""
    reader = MessageReader()
    for path in paths:
        reader.read(path)
    return dict(sorted(reader.messages.items()))


def generate_messages(paths, out_c):
    """Writes the table; returns what was read."""
    files, seen = find_files(paths)
    messages = list(read_messages(files).values())
    size = 16
    while size < 2 * len(messages) + 1:
        size *= 2
    slots = [0] * size
    for number, message in enumerate(messages, 1):
        at = hash_of(message.key) & (size - 1)
        while slots[at]:
            at = (at + 1) & (size - 1)
        slots[at] = number
    rows = ''.join(f'    {{{c_string(m.key)},\n     {{'
                   + ', '.join(c_string(m.texts[language]) for language in LANGUAGES) + '}},\n'
                   for m in messages)
    lines = [', '.join(map(str, slots[at:at + 16])) for at in range(0, size, 16)]
    with open(out_c, 'w', encoding='utf-8') as file:
        file.write('/* Generated by tools/viewgen from the *.messages files; do not edit. */\n'
                   '#pragma GCC diagnostic ignored "-Woverlength-strings"\n'
                   '#include "web/message_table.h"\n\n'
                   f'const MessageEntry message_entries[] = {{\n{rows}    {{NULL, {{NULL}}}},\n}};\n'
                   f'const size_t message_entry_count = {len(messages)};\n'
                   'const uint16_t message_slots[] = {\n    ' + ',\n    '.join(lines) + ',\n};\n'
                   f'const uint32_t message_slot_count = {size};\n')
    return seen
