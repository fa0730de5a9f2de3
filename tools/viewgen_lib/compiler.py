"""Turns template trees into C: one function a view, one static function a partial.

    nodes -> checked against the fields of the view and the place in the page -> C with #line
"""
import os
import re
from dataclasses import dataclass

from .context import Unsafe, Walker
from .problem import Problem, c_string
from .template import read_template

PAGE_TEXTS = ('csrf', 'path', 'path_and_query', 'idempotency_key', 'user_name', 'user_kind',
              'phone', 'title', 'flash', 'site_name', 'next_slide')
PAGE_BOOLS = ('is_elder', 'is_dark', 'is_kiosk', 'is_screen', 'is_demo')
# Keys that the program itself chooses: translated without a prefix.
PAGE_KEYS = ('page.flash', 'page.site_name')

PUT = {
    ('text', None): 'view_put_text({out}, {c})',
    ('text', 'url'): 'view_put_url({out}, {c})',
    ('text', 'path'): 'view_put_path({out}, {c})',
    ('int', None): 'view_put_int({out}, page, {c})',
    ('int', 'number'): 'view_put_number({out}, page, {c})',
    ('double', None): 'view_put_double({out}, page, {c})',
    ('double', 'percent'): 'view_put_percent({out}, page, {c})',
    ('id', None): 'buffer_add_int64({out}, {c})',
    ('instant', None): 'view_put_instant({out}, page, {c})',
    ('instant', 'date'): 'view_put_instant_date({out}, page, {c})',
    ('instant', 'time'): 'view_put_instant_time({out}, page, {c})',
    ('instant', 'ago'): 'view_put_ago({out}, page, {c})',
    ('instant', 'iso'): 'view_put_iso_instant({out}, page, {c})',
    ('date', None): 'view_put_date({out}, page, {c})',
    ('date', 'weekday'): 'view_put_weekday({out}, page, {c})',
    ('date', 'iso'): 'view_put_iso_date({out}, page, {c})',
    ('fen', None): 'view_put_fen({out}, page, {c})',
    ('masked', None): 'view_put_text({out}, ({c}).shown)',
    ('html', None): 'view_put_raw({out}, ({c}).html)',
}
IS_SET = {
    'text': '!text_is_empty({c})', 'bool': '{c}', 'int': 'view_has_int({c})',
    'fen': 'view_has_int({c})', 'double': '({c}) != 0', 'id': '({c}) != 0',
    'instant': '({c}) != INSTANT_NONE', 'date': '!date_is_none({c})',
    'masked': '!text_is_empty(({c}).shown)', 'html': '!text_is_empty(({c}).html)',
    'list': '({c}).count > 0',
}
# What viewgen refuses to print, and what to write instead.
UNPRINTABLE = {
    'bool': 'a bool is not printed: use {{#if}}',
    'struct': 'a struct is not printed: name one of its fields',
    'list': 'a list is not printed: use {{#each}} or .count',
}


@dataclass
class Value:
    kind: str            # as in structs.KINDS, or struct, list
    c: str
    struct: object = None
    item_kind: str = None
    is_key: bool = False

    def of_field(self, field):
        joint = '->' if self.c in ('v',) else '.'
        c = f'{self.c}{joint}{field.name}'
        if field.is_list:
            return Value('list', c, field.struct, field.kind)
        return Value(field.kind, c, field.struct)


@dataclass
class Loop:
    value: Value         # of one element
    index: str
    count: str


class Writer:
    """C text; literal HTML is held back so that neighbours become one call."""

    def __init__(self, path):
        self.path, self.lines, self.literal, self.depth, self.used_loops = path, [], '', 1, 0

    def put(self, line):
        self.flush()
        self.lines.append('    ' * self.depth + line)

    def mark(self, node):
        self.flush()
        self.lines.append(f'#line {node.line} {c_string(self.path)}')

    def put_literal(self, text):
        self.literal += text

    def flush(self):
        text, self.literal = self.literal, ''
        if text:
            size = len(text.encode('utf-8'))
            self.lines.append('    ' * self.depth + f'buffer_add_n(out, {c_string(text)}, {size});')


class Compiler:
    """Compiles the templates of one generated file."""

    def __init__(self, structs, template_dir, include_dir, rights):
        self.structs, self.rights = structs, rights
        self.template_dir, self.include_dir = template_dir, include_dir
        self.parts = {}          # path -> (function name, Template, Place at its end)
        self.open_parts = []
        self.functions = []      # C texts of the parts, in order of need
        self.files = set()

    # ---- files -------------------------------------------------------------------------------

    def load(self, path):
        self.files.add(path)
        return read_template(path)

    def find_file(self, name, fail):
        for folder in (self.template_dir, self.include_dir):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                return path
        return fail(f'there is no template {name}')

    def compile_view(self, struct, header_path):
        """The static HTML function of one view."""
        path = os.path.join(self.template_dir, struct.template)
        if not os.path.isfile(path):
            raise Problem(header_path, struct.line, 1, f'there is no template {struct.template}')
        template = self.load(path)
        if template.view != struct.name or template.is_list:
            raise Problem(path, *template.view_at,
                          f'{header_path} says that this template shows {struct.name}')
        body = Body(self, template, struct)
        if template.has_layout and not template.title:
            raise Problem(path, 1, 1, 'a page needs a {{title ...}}, or {{layout none}}')
        return body.page_function(), template.has_layout

    def compile_layout(self, path):
        """The two functions around a page."""
        template = self.load(path)
        if template.view is not None:
            raise Problem(path, *template.view_at, 'the layout must say {{view none}}')
        return Body(self, template, None).layout_functions()

    def part(self, name, fail):
        """Function, template and last place of an included file, compiled at its first use."""
        path = self.find_file(name, fail)
        if path in self.open_parts:
            fail(f'{name} includes itself')
        if path not in self.parts:
            self.open_parts.append(path)
            template = self.load(path)
            struct = None
            if template.view:
                struct = self.structs.get(template.view)
                if struct is None:
                    raise Problem(path, *template.view_at, f'there is no view {template.view}')
            stem = re.sub(r'\W', '_', os.path.splitext(os.path.basename(name))[0])
            function = f'part_{len(self.parts) + len(self.open_parts) - 1}_{stem}'
            body = Body(self, template, struct)
            self.functions.append(body.part_function(function))
            self.parts[path] = (function, template, body.walker.place)
            self.open_parts.pop()
        return self.parts[path]


class Body:
    """Compiles one template."""

    def __init__(self, compiler, template, struct):
        self.compiler, self.template, self.struct = compiler, template, struct
        self.walker, self.writer = Walker(), Writer(template.path)
        self.loops = {}

    def fail(self, node, text):
        raise Problem(self.template.path, node.line, node.column, text)

    def function(self, head, root, middle):
        """Wraps what was written into a function; `root` is the declaration of v."""
        self.writer.flush()
        lines = self.writer.lines
        return '\n'.join([head, '{', *(['    ' + root] if root else []),
                          *middle, *lines, '}', ''])

    def page_function(self):
        name = self.struct.name
        writer, template = self.writer, self.template
        if template.title:
            self.put_title(template.title)
        if template.has_layout:
            writer.put('view_layout_begin(page, out);')
        self.put_nodes(template.nodes)
        self.check_end()
        if template.has_layout:
            writer.put('view_layout_end(page, out);')
        return self.function(
            f'static void html_of_{name}(const void *view, PageContext *page, Buffer *out)',
            f'const {name} *v = view;', ['    (void)v;', '    (void)page;', '    (void)out;'])

    def part_function(self, function):
        if self.template.title or not self.template.has_layout:
            raise Problem(self.template.path, 1, 1, 'a part has no title and no layout')
        self.put_nodes(self.template.nodes)
        self.check_end()
        first, unused = '', []
        if self.template.is_list:
            item = self.struct.name
            first = f'const {item} *items, size_t count, '
            root = (f'const struct {{\n        const {item} *items;\n        size_t count;\n'
                    f'    }} list = {{items, count}};')
            unused = ['    (void)list;']
        elif self.struct:
            first, root, unused = f'const {self.struct.name} *v, ', '', ['    (void)v;']
        else:
            root = ''
        return self.function(f'static void {function}({first}PageContext *page, Buffer *out)',
                             root, unused + ['    (void)page;', '    (void)out;'])

    def layout_functions(self):
        nodes = self.template.nodes
        at = [i for i, node in enumerate(nodes) if node.kind == 'content']
        if len(at) != 1:
            raise Problem(self.template.path, 1, 1, 'the layout needs {{content}} once')
        unused = ['    (void)page;', '    (void)out;']
        self.put_nodes(nodes[:at[0]])
        if self.walker.place.mode != 'text':
            self.fail(nodes[at[0]], '{{content}} must stand between tags')
        begin = self.function('void view_layout_begin(PageContext *page, Buffer *out)', '', unused)
        self.writer = Writer(self.template.path)
        self.walker.put_value()
        self.put_nodes(nodes[at[0] + 1:])
        self.check_end()
        return begin + '\n' + self.function(
            'void view_layout_end(PageContext *page, Buffer *out)', '', unused)

    def check_end(self):
        place = self.walker.place
        if place.mode != 'text' or place.keep:
            lines = self.template.text.rstrip('\n').count('\n') + 1
            raise Problem(self.template.path, lines, 1,
                          f'the template ends inside <{place.keep or place.tag}>')

    # ---- names to values ---------------------------------------------------------------------

    def resolve(self, path, node):
        parts = path.split('.')
        if parts[0] == 'page':
            return self.resolve_page(parts[1:], node)
        if parts[0] in self.loops:
            value = self.resolve_loop(self.loops[parts[0]], parts[1:])
            if value:
                return value
            value, parts = self.loops[parts[0]].value, parts[1:]
        elif parts[0] == 'this':
            value, parts = self.root(node), parts[1:]
        else:
            value = self.root(node)
        for name in parts:
            value = self.step(value, name, node)
        return value

    def root(self, node):
        if self.struct is None:
            self.fail(node, 'this template has no view: only page.* is known')
        if self.template.is_list:
            return Value('list', 'list', self.struct, 'struct')
        return Value('struct', 'v', self.struct)

    def step(self, value, name, node):
        if value.kind == 'list' and name == 'count':
            return Value('int', f'(int64_t)({value.c}.count)')
        if value.kind != 'struct':
            self.fail(node, f'"{name}" cannot be asked of a {value.kind}')
        field = value.struct.find(name)
        if field is None:
            names = ', '.join(f.name for f in value.struct.fields)
            self.fail(node, f'{value.struct.name} has no field "{name}"; it has {names}')
        return value.of_field(field)

    @staticmethod
    def resolve_loop(loop, parts):
        """index and is_last of an element, unless its struct has a field of that name."""
        if len(parts) != 1 or (loop.value.struct and loop.value.struct.find(parts[0])):
            return None
        if parts[0] == 'index':
            return Value('int', f'(int64_t)({loop.index} + 1)')
        if parts[0] == 'is_last':
            return Value('bool', f'{loop.index} + 1 == {loop.count}')
        return None

    def resolve_page(self, parts, node):
        name = '.'.join(parts)
        if name in PAGE_TEXTS:
            return Value('text', f'page->{name}')
        if name in PAGE_BOOLS:
            return Value('bool', f'page->{name}')
        if name == 'language':
            return Value('text', 'language_tag(page->language)')
        if name == 'now':
            return Value('instant', 'page->now')
        if len(parts) == 2 and parts[0] == 'may':
            if parts[1] not in self.compiler.rights:
                self.fail(node, f'there is no right "{parts[1]}"')
            return Value('bool', f'rights_have(page->rights, RIGHT_{parts[1].upper()})')
        return self.fail(node, f'page has no "{name}"')

    # ---- nodes -------------------------------------------------------------------------------

    def put_nodes(self, nodes):
        for node in nodes:
            getattr(self, 'put_' + node.kind)(node)

    def put_text(self, node):
        try:
            text = self.walker.feed(node.text)
        except Unsafe as unsafe:
            before = node.text[:unsafe.offset]
            line = node.line + before.count('\n')
            column = (node.column if line == node.line else 0) + \
                len(before) - (before.rfind('\n') + 1) + (0 if line == node.line else 1)
            raise Problem(self.template.path, line, column, unsafe.text) from None
        self.writer.put_literal(text)

    def check_place(self, node, kind, form):
        try:
            self.walker.check_value(kind, form)
        except Unsafe as unsafe:
            self.fail(node, unsafe.text)

    def put_call(self, value, form, node, out='out'):
        """The C call that prints a value."""
        call = PUT.get((value.kind, form))
        if call:
            return call.format(out=out, c=value.c)
        if value.kind in UNPRINTABLE:
            self.fail(node, UNPRINTABLE[value.kind])
        forms = ', '.join(f for kind, f in PUT if kind == value.kind and f)
        return self.fail(node, f'a {value.kind} has no format "{form}"'
                               + (f'; it has {forms}' if forms else ''))

    def put_value(self, node):
        value = self.resolve(node.text, node)
        call = self.put_call(value, node.form, node)
        self.check_place(node, value.kind, node.form)
        self.writer.mark(node)
        self.writer.put(call + ';')
        self.walker.put_value()

    def put_asset(self, node):
        self.check_place(node, 'asset', None)
        self.writer.mark(node)
        self.writer.put(f'view_put_asset(out, {c_string(node.text)});')
        self.walker.put_address()

    def put_icon(self, node):
        """An icon of the sprite; it is decoration, the word beside it speaks."""
        if self.walker.place.mode != 'text' or self.walker.place.keep:
            self.fail(node, 'an icon stands between tags only')
        if not re.fullmatch(r'[a-z0-9-]+', node.text):
            self.fail(node, f'"{node.text}" is no name of an icon')
        self.writer.put_literal('<svg class="icon" aria-hidden="true"><use href="')
        self.writer.mark(node)
        self.writer.put('view_put_asset(out, "icons.svg");')
        self.writer.put_literal(f'#{node.text}"></use></svg>')
        self.walker.put_value()

    def put_content(self, node):
        if self.struct and self.struct.find('content'):
            node.text = 'content'
            return self.put_value(node)
        return self.fail(node, '{{content}} belongs to the layout')

    def condition(self, node):
        value = self.resolve(node.text, node)
        if node.compare:
            return self.comparison(node, value)
        if value.kind not in IS_SET:
            self.fail(node, f'a {value.kind} is no condition')
        test = IS_SET[value.kind].format(c=value.c)
        return f'!({test})' if node.negate else test

    def comparison(self, node, value):
        if node.negate:
            self.fail(node, 'write != instead of not ... ==')
        if value.kind == 'text' and isinstance(node.operand, str):
            sign = '' if node.compare == '==' else '!'
            return f'{sign}text_equal({value.c}, {c_string(node.operand)})'
        if value.kind == 'int' and isinstance(node.operand, int):
            return f'{value.c} {node.compare} {node.operand}'
        return self.fail(node, f'a {value.kind} cannot be compared with '
                               + ('a text' if isinstance(node.operand, str) else 'a number'))

    def put_if(self, node):
        writer, walker = self.writer, self.walker
        if walker.place.mode in ('raw', 'comment'):
            self.fail(node, f'no blocks inside <{walker.place.tag}> or comments')
        test = self.condition(node)
        writer.mark(node)
        writer.put(f'if ({test}) {{')
        writer.depth += 1
        before = walker.fork()
        self.put_nodes(node.body)
        after, walker.place = walker.place, before
        writer.flush()
        if node.other:
            writer.depth -= 1
            writer.put('} else {')
            writer.depth += 1
            walker.place = walker.fork()
            self.put_nodes(node.other)
            writer.flush()
        self.join(node, after)
        writer.depth -= 1
        writer.put('}')

    def join(self, node, other):
        try:
            self.walker.join(other)
        except Unsafe as unsafe:
            self.fail(node, unsafe.text)

    def put_each(self, node):
        writer, walker = self.writer, self.walker
        value = self.resolve(node.text, node)
        if value.kind != 'list':
            self.fail(node, f'{node.text} is no list')
        if node.variable in self.loops:
            self.fail(node, f'the name "{node.variable}" is already used by a block around this')
        if self.struct and self.struct.find(node.variable) and not self.template.is_list:
            self.fail(node, f'"{node.variable}" is a field of {self.struct.name}: take another name')
        index = f'i_{writer.used_loops}'
        writer.used_loops += 1
        writer.mark(node)
        writer.put(f'for (size_t {index} = 0; {index} < {value.c}.count; {index}++) {{')
        writer.depth += 1
        element = Value(value.item_kind, f'{value.c}.items[{index}]', value.struct)
        self.loops[node.variable] = Loop(element, index, f'{value.c}.count')
        before = walker.fork()
        walker.place.had_white = walker.place.had_block = False
        self.put_nodes(node.body)
        self.join(node, before)
        del self.loops[node.variable]
        writer.flush()
        writer.depth -= 1
        writer.put('}')
        if node.other:
            self.put_each_else(node, value)

    def put_each_else(self, node, value):
        writer, walker = self.writer, self.walker
        writer.put(f'if ({value.c}.count == 0) {{')
        writer.depth += 1
        after = walker.fork()
        self.put_nodes(node.other)
        self.join(node, after)
        writer.flush()
        writer.depth -= 1
        writer.put('}')

    def put_include(self, node):
        if self.walker.place.mode != 'text':
            self.fail(node, 'a template is included between tags only')
        function, template, end = self.compiler.part(node.file, lambda text: self.fail(node, text))
        args = self.include_arguments(node, template)
        self.writer.mark(node)
        self.writer.put(f'{function}({args}page, out);')
        self.walker.put_part(end)

    def include_arguments(self, node, template):
        if template.view is None:
            if node.text:
                self.fail(node, f'{node.file} has no view: leave out "with"')
            return ''
        if not node.text:
            self.fail(node, f'{node.file} shows {template.view}: say "with" a field')
        value = self.resolve(node.text, node)
        wanted = 'list' if template.is_list else 'struct'
        found = value.struct.name if value.struct else value.kind
        if value.kind != wanted or found != template.view:
            shown = f'VIEW_LIST({found})' if value.kind == 'list' else found
            what = f'VIEW_LIST({template.view})' if template.is_list else template.view
            self.fail(node, f'{node.file} shows {what}, but {node.text} is {shown}')
        if template.is_list:
            return f'{value.c}.items, {value.c}.count, '
        return 'v, ' if value.c == 'v' else f'&{value.c}, '

    # ---- messages ----------------------------------------------------------------------------

    def put_title(self, node):
        self.writer.mark(node)
        if node.kind == 'value':
            value = self.resolve(node.text, node)
            if value.kind != 'text' or node.form:
                self.fail(node, 'a title is a text or a message')
            self.writer.put(f'page->title = {value.c};')
            return
        self.put_message(node, 'page->title = message_text(page->arena, page->language, '
                               '{key}, {params});')

    def put_translate(self, node):
        self.check_place(node, 'message', None)
        self.writer.mark(node)
        self.put_message(node, 'view_put_message(out, page, {key}, {params});')
        self.walker.put_value()

    def put_message(self, node, call):
        writer = self.writer
        writer.put('{')
        writer.depth += 1
        key, guard = self.message_key(node)
        entries = [self.message_param(node, at, *param) for at, param in enumerate(node.params)]
        params = 'NULL, 0'
        if entries:
            writer.put(f'const MessageParam with[] = {{{", ".join(entries)}}};')
            params = f'with, {len(entries)}'
        if guard:
            writer.put(f'if ({guard})')
        writer.put(('    ' if guard else '') + call.format(key=key, params=params))
        writer.depth -= 1
        writer.put('}')

    def message_key(self, node):
        """C of the key, and the condition under which there is one."""
        if node.key is not None:
            return c_string(node.key), None
        value = self.resolve(node.text, node)
        if node.prefix is None:
            if node.text not in PAGE_KEYS:
                self.fail(node, 'a key from a value needs a fixed prefix="..."')
            return value.c, f'!text_is_empty({value.c})'
        prefix = c_string(node.prefix)
        if value.kind == 'text':
            return (f'arena_printf(page->arena, "%s%s", {prefix}, {value.c})',
                    f'!text_is_empty({value.c})')
        if value.kind == 'int':
            return (f'arena_printf(page->arena, "%s%lld", {prefix}, (long long)({value.c}))', None)
        return self.fail(node, f'a key is built from a text or a number, not a {value.kind}')

    def message_param(self, node, at, name, path, form):
        value = self.resolve(path, node)
        if form is None and value.kind in ('text', 'masked'):
            return f'{{"{name}", {value.c}{".shown" if value.kind == "masked" else ""}}}'
        if form in ('url', 'path') or value.kind == 'html':
            self.fail(node, 'a message takes plain values')
        buffer = f'with_{at}'
        call = self.put_call(value, form, node, out='&' + buffer)
        self.writer.put(f'Buffer {buffer} = buffer_init(page->arena, 0);')
        self.writer.put(call + ';')
        return f'{{"{name}", buffer_text(&{buffer})}}'
