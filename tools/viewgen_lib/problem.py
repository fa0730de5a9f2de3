"""What every part of viewgen shares: an error with its place."""


class Problem(Exception):
    """An error in a source file, told as path:line:column."""

    def __init__(self, path, line, column, text):
        super().__init__(f'{path}:{line}:{column}: error: {text}')
        self.path, self.line, self.column, self.text = path, line, column, text


def place(text, offset):
    """Line and column, both from 1, of an offset in a text."""
    line = text.count('\n', 0, offset) + 1
    return line, offset - (text.rfind('\n', 0, offset) + 1) + 1


def c_string(text):
    """A C literal of a text, in lines of moderate length."""
    escapes = {'\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t', '\r': '\\r', '?': '\\?'}
    parts, line = [], ''
    for char in text:
        line += escapes.get(char, char)
        if char == '\n' or len(line) > 84:
            parts.append(line)
            line = ''
    if line or not parts:
        parts.append(line)
    return '\n    '.join(f'"{part}"' for part in parts)
