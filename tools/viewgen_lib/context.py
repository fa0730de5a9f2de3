"""Where in a page a template stands: text, tag, attribute, script.

The walker follows the literal HTML, refuses what the content security policy or safety forbids,
and takes out white space that nobody sees. A value that is put in asks it for its place.
"""
import re
from dataclasses import dataclass, replace

BLOCKS = frozenset('''
    !doctype html head body title meta link base script header footer main nav article section aside
    div p ul ol li dl dt dd h1 h2 h3 h4 h5 h6 table caption colgroup col thead tbody tfoot tr th td
    form fieldset legend hr br figure figcaption details summary option optgroup address blockquote
    pre template'''.split())
PRESERVED = frozenset(('pre', 'textarea'))
URL_ATTRIBUTES = frozenset('''href src action formaction poster cite data srcset
    hx-get hx-post hx-push-url data-path'''.split())
SAFE_START = re.compile(r'(/[^/\\]|\?|#|tel:|mailto:|https://[a-z0-9.-]+/)', re.IGNORECASE)
WHITE = ' \t\r\n'


@dataclass
class Place:
    """The state of the walk; branches of an {{#if}} must end in the same one."""
    mode: str = 'text'   # text tag name attr after_attr equals value bare comment raw
    tag: str = ''
    is_closing: bool = False
    attr: str = ''
    quote: str = ''
    url: str = ''        # what a URL attribute holds so far, as far as it is literal
    keep: str = ''       # inside <pre> or <textarea>: its name
    had_white: bool = True
    had_block: bool = True

    def shape(self):
        mode = 'tag' if self.mode in ('name', 'attr', 'after_attr') else self.mode
        in_tag = mode not in ('text', 'comment')
        return (mode, self.tag if in_tag else '', self.attr if mode == 'value' else '',
                self.quote if mode == 'value' else '', self.keep)


class Unsafe(Exception):
    """A rule of this walk is broken; `offset` is within the text that was fed."""

    def __init__(self, text, offset=0):
        super().__init__(text)
        self.text, self.offset = text, offset


class Walker:
    def __init__(self):
        self.place = Place()

    def fork(self):
        return replace(self.place)

    def join(self, other):
        """Merges the place at the end of another branch into this one."""
        mine = self.place
        if mine.shape() != other.shape():
            raise Unsafe('the branches end in different places of the page')
        if mine.mode != other.mode:
            mine.mode = 'tag'
        if mine.url != other.url:
            both = SAFE_START.match(mine.url) and SAFE_START.match(other.url)
            mine.url = '/-' if both else ''
        mine.had_white = mine.had_white and other.had_white
        mine.had_block = mine.had_block and other.had_block

    # ---- values ------------------------------------------------------------------------------

    def check_value(self, kind, form):
        """Raises Unsafe when a value of this kind may not stand here. form: url, path or other."""
        at = self.place
        if at.mode == 'raw':
            raise Unsafe(f'no values inside <{at.tag}>')
        if at.mode == 'comment':
            raise Unsafe('no values inside HTML comments; use {{! ... }}')
        if at.mode == 'text':
            if kind == 'html' and at.keep == 'textarea':
                raise Unsafe('SafeHtml may not stand inside <textarea>')
            return
        if at.mode != 'value':
            raise Unsafe('a value inside a tag must stand inside a quoted attribute')
        if kind == 'html':
            raise Unsafe('SafeHtml may not stand inside an attribute')
        if at.attr in URL_ATTRIBUTES and kind in ('text', 'message') and form not in ('url', 'path'):
            if not SAFE_START.match(at.url):
                raise Unsafe(f'{at.attr} must start with a literal path such as "/items/", or the '
                             f'value needs "| url" (one part) or "| path" (a whole path)')
        if form == 'path' and at.url:
            raise Unsafe('"| path" is for a whole path, at the start of the attribute')

    def put_value(self):
        self.place.had_white = self.place.had_block = False
        if self.place.mode == 'value':
            self.place.url += 'x'

    def put_part(self, end):
        """Another template was put in, which ended at a place of its own."""
        self.place.had_white, self.place.had_block = end.had_white, end.had_block

    def put_address(self):
        """An address of this site was put in: what follows belongs to it."""
        self.put_value()
        if self.place.mode == 'value' and self.place.url == 'x':
            self.place.url = '/x'

    # ---- literal text ------------------------------------------------------------------------

    def feed(self, text):
        """Walks over literal HTML and returns what is written of it."""
        out, at = [], 0
        while at < len(text):
            step = getattr(self, 'in_' + self.place.mode)
            at = step(text, at, out)
        return ''.join(out)

    def in_text(self, text, at, out):
        place = self.place
        end = text.find('<', at)
        end = len(text) if end < 0 else end
        if end > at:
            self.put_text(text, at, end, out)
        if end == len(text):
            return end
        if text.startswith('<!--', end):
            place.mode = 'comment'
            return end + 4
        match = re.compile(r'<(/?)(!?[a-zA-Z][\w-]*)').match(text, end)
        if not match:
            raise Unsafe('"<" must be written as &lt;', end)
        place.mode, place.tag = 'tag', match[2].lower()
        place.is_closing = bool(match[1])
        out.append(match[0])
        if place.tag == 'style':
            raise Unsafe('no <style>: the content security policy refuses it', end)
        return match.end()

    def put_text(self, text, start, end, out):
        place, run = self.place, text[start:end]
        if place.keep:
            out.append(run)
            place.had_white = place.had_block = False
            return
        next_block = end < len(text) and is_block(text, end)
        for match in re.finditer(r'\s+|\S+', run):
            word = match[0]
            if not word.isspace():
                out.append(word)
                place.had_white = place.had_block = False
                continue
            is_last = match.end() == len(run)
            if place.had_block or place.had_white or (is_last and next_block):
                continue
            out.append('\n' if '\n' in word else ' ')
            place.had_white = True

    def in_comment(self, text, at, out):
        end = text.find('-->', at)
        if end < 0:
            return len(text)
        self.place.mode = 'text'
        return end + 3

    def in_tag(self, text, at, out):
        """Between the parts of a tag: each attribute brings its own blank."""
        place, char = self.place, text[at]
        if char in WHITE:
            return at + 1
        if char == '>':
            out.append('>')
            self.end_tag()
            return at + 1
        if char == '/':
            out.append('/')
            return at + 1
        match = re.compile(r'[^\s=>/"\'<]+').match(text, at)
        if not match:
            raise Unsafe(f'unexpected {char!r} inside <{place.tag}>', at)
        place.attr, place.mode = match[0].lower(), 'after_attr'
        if re.fullmatch(r'on[a-z]+', place.attr) or place.attr == 'style':
            raise Unsafe(f'no {place.attr} attribute: the content security policy refuses it', at)
        out.append(' ' + match[0])
        return match.end()

    def in_after_attr(self, text, at, out):
        place = self.place
        if text[at] != '=':
            place.mode = 'tag'
            return at
        out.append('=')
        if at + 1 < len(text) and text[at + 1] in '"\'':
            place.mode, place.quote, place.url = 'value', text[at + 1], ''
            out.append(text[at + 1])
            return at + 2
        match = re.compile(r'[^\s>"\'=<`]+').match(text, at + 1)
        if not match:
            raise Unsafe(f'the value of {place.attr} must stand in quotes', at)
        place.mode = 'tag'
        out.append(match[0])
        if match.end() == len(text):
            place.mode = 'bare'
        return match.end()

    def in_bare(self, text, at, out):
        raise Unsafe(f'the value of {self.place.attr} must stand in quotes', at)

    def in_value(self, text, at, out):
        place = self.place
        end = text.find(place.quote, at)
        stop = len(text) if end < 0 else end
        part = re.sub(r'\s*\n\s*', ' ', text[at:stop])
        place.url += part
        if place.attr in URL_ATTRIBUTES and re.match(r'\s*(javascript|data|vbscript):', place.url,
                                                     re.IGNORECASE):
            raise Unsafe(f'{place.attr} may not run scripts', at)
        out.append(part)
        if end < 0:
            return stop
        out.append(place.quote)
        place.mode = 'tag'
        return end + 1

    def in_raw(self, text, at, out):
        match = re.compile(r'</script\s*>', re.IGNORECASE).search(text, at)
        if text[at:match.start() if match else None].strip():
            raise Unsafe('no inline scripts: the content security policy refuses them', at)
        if not match:
            return len(text)
        out.append('</script>')
        self.place.mode = 'text'
        return match.end()

    def end_tag(self):
        place = self.place
        tag = place.tag
        place.mode = 'text'
        place.had_white, place.had_block = False, tag in BLOCKS
        if place.is_closing:
            if tag == place.keep:
                place.keep = ''
        elif tag in PRESERVED and not place.keep:
            place.keep = tag
        elif tag == 'script':
            place.mode = 'raw'


def is_block(text, at):
    match = re.compile(r'</?(!?[a-zA-Z][\w-]*)').match(text, at)
    return bool(match) and match[1].lower() in BLOCKS
