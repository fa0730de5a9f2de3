/*
 * print_test.c - what a paper may contain and what is refused, how it becomes a page and a PDF, and
 * that the PDF is set as Chinese is set. Reading PDFs needs poppler-utils; without it those are
 * skipped.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/print.h"

static const PrintAbout about = {.title = "受理通知书", .language = "zh-CN", .date = {20779}};

static PrintPaper *paper_of(Arena *arena, const char *text)
{
    Error err = ERROR_NONE;
    PrintPaper *paper = print_parse(arena, text, strlen(text), &err);
    if (!paper)
        fail_msg("%s: %s at %d:%d (%s)", text, err.code, err.line, err.column, err.with[0].value);
    return paper;
}

static const char *html_of(Arena *arena, const char *text)
{
    Buffer out = buffer_init(arena, 0);
    print_html(paper_of(arena, text), &out);
    return buffer_text(&out);
}

static DbBytes pdf_of(Arena *arena, const char *text)
{
    Error err = ERROR_NONE;
    DbBytes pdf = {0};
    if (!print_pdf(paper_of(arena, text), arena, &about, &pdf, &err))
        fail_msg("print_pdf: %s", err.code);
    return pdf;
}

/* ---- what is refused ------------------------------------------------------------------------- */

typedef struct Refusal {
    const char *text;
    const char *code;
    const char *what;
    int line, column;
} Refusal;

static const Refusal refusals[] = {
    {"<script>x</script>", "print.element", "script", 1, 1},
    {"<p>a</p>\n  <blink>b</blink>", "print.element", "blink", 2, 3},
    {"<h1>a</h1>", "print.element", "h1", 1, 1},
    {"<p>中文<td>b</td></p>", "print.misplaced", "td", 1, 6},
    {"<p><p>a</p></p>", "print.misplaced", "p", 1, 4},
    {"<table><tr><td>a</td></tr></table>", "print.misplaced", "tr", 1, 8},
    {"loose", "print.misplaced", "loose", 1, 6},
    {"<dl>loose</dl>", "print.misplaced", "loose", 1, 10},
    {"<p>a", "print.syntax", "p", 1, 5},
    {"<p>a</h2>", "print.syntax", "h2", 1, 5},
    {"</p>", "print.syntax", "p", 1, 1},
    {"<p>a</p", "print.syntax", "p", 1, 5},
    {"<p", "print.syntax", "p", 1, 1},
    {"<p>a & b</p>", "print.syntax", "&", 1, 6},
    {"<p>&copy;</p>", "print.syntax", "&", 1, 4},
    {"<!-- a -->", "print.element", "", 1, 1},
    {"<p class=small>a</p>", "print.syntax", "=", 1, 9},
    {"<p class=\"huge\">a</p>", "print.value", "class", 1, 4},
    {"<p class=\"small", "print.syntax", "\"", 1, 9},
    {"<p style=\"color:red\">a</p>", "print.attribute", "style", 1, 4},
    {"<p onclick=\"a\">a</p>", "print.attribute", "onclick", 1, 4},
    {"<li>a</li>", "print.misplaced", "li", 1, 1},
    {"<figure class=\"qr\"></figure>", "print.attribute", "figure", 1, 1},
    {"<figure data-value=\"a\"></figure>", "print.attribute", "figure", 1, 1},
    {"<figure class=\"qr\" data-value=\"a\" data-size=\"big\"></figure>", "print.value",
     "data-size", 1, 35},
    {"<section><p>a</p></section>", "print.attribute", "section", 1, 1},
    {"<div><p>a</p></div>", "print.attribute", "div", 1, 1},
    {"<table data-widths=\"1 x\"></table>", "print.value", "data-widths", 1, 8},
    {"<table data-widths=\"0\"></table>", "print.value", "data-widths", 1, 8},
    {"<table><tbody><tr><td colspan=\"0\">a</td></tr></tbody></table>", "print.value", "colspan", 1,
     23},
    {"<img alt=\"a\"/>", "print.attribute", "img", 1, 1},
    {"<img src=\"https://example.org/a.png\"/>", "print.value", "src", 1, 6},
    {"<img src=\"data:image/png;base64,AAAA\"/>", "print.value", "src", 1, 6},
    {"<img src=\"data:image/png;base64,!!\"/>", "print.value", "src", 1, 6},
    {"<p>\xFF</p>", "print.syntax", "UTF-8", 1, 1},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const Refusal *expected = &refusals[i];
        Arena *arena = arena_create(0);
        Error err = ERROR_NONE;
        if (print_parse(arena, expected->text, strlen(expected->text), &err))
            fail_msg("taken: %s", expected->text);
        if (!text_equal(err.code, expected->code) || err.line != expected->line ||
            err.column != expected->column || !text_equal(err.with[0].value, expected->what))
            fail_msg("%s: %s %s at %d:%d", expected->text, err.code, err.with[0].value, err.line,
                     err.column);
        arena_destroy(arena);
    }
}

static void test_bounds(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    Buffer many = buffer_init(arena, 0), deep = buffer_init(arena, 0);
    for (int i = 0; i <= PRINT_NODES_MAX; i++)
        buffer_add(&many, "<hr>");
    assert_null(print_parse(arena, many.data, many.length, &err));
    assert_string_equal(err.code, "print.size");
    err = ERROR_NONE;
    buffer_add(&deep, "<p>");
    for (int i = 0; i < PRINT_DEPTH_MAX; i++)
        buffer_add(&deep, "<u>");
    assert_null(print_parse(arena, deep.data, deep.length, &err));
    assert_string_equal(err.code, "print.misplaced");
    err = ERROR_NONE;
    char *large = arena_alloc(arena, PRINT_BYTES_MAX + 2);
    memset(large, ' ', PRINT_BYTES_MAX + 1);
    assert_null(print_parse(arena, large, PRINT_BYTES_MAX + 1, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    arena_destroy(arena);
}

/* ---- the page -------------------------------------------------------------------------------- */

static const char *const pages[][2] = {
    {"<h2>受理</h2><p class=\"to\">林小满：</p>", "<h2>受理</h2><p class=\"to\">林小满：</p>"},
    {"<p class=\"plain\">a &amp; &lt;b&gt; &quot;c&quot; &#39;d&#39;</p>",
     "<p class=\"plain\">a &amp; &lt;b&gt; &quot;c&quot; &#39;d&#39;</p>"},
    {"<p class=\"plain\">甲<strong>乙<u>丙</u></strong>丁</p>",
     "<p class=\"plain\">甲<strong>乙</strong><strong><u>丙</u></strong>丁</p>"},
    {"<p class=\"plain\">\n  上一行\n  下一行\n</p>", "<p class=\"plain\">上一行下一行</p>"},
    {"<p class=\"plain\">one\n two,  three</p>", "<p class=\"plain\">one two, three</p>"},
    {"<p class=\"plain\">甲<br>乙<br/>丙</p>", "<p class=\"plain\">甲<br>乙<br>丙</p>"},
    {"<p class=\"lines\">一行\n\n 二行 </p>", "<p class=\"lines\">一行<br>二行</p>"},
    {"<ol><li>甲</li><li>乙</li></ol><ul><li>丙</li></ul>",
     "<ol><li>甲</li><li>乙</li></ol><ul><li>丙</li></ul>"},
    {"<dl class=\"facts\"><div><dt>名称</dt><dd>青溪</dd></div></dl>",
     "<dl class=\"facts\"><div><dt>名称</dt><dd>青溪</dd></div></dl>"},
    {"<table><thead><tr><th>甲</th></tr></thead><tbody><tr><td class=\"right\">1</td></tr></tbody>"
     "</table>",
     "<table><thead><tr><th scope=\"col\">甲</th></tr></thead><tbody><tr><td class=\"right\">1</td>"
     "</tr></tbody></table>"},
    {"<hr><hr class=\"page\"/>", "<hr><hr class=\"page\">"},
    {"<div class=\"place\" data-x=\"20\" data-y=\"30.5\"><p>甲</p></div>",
     "<div class=\"place\"><p>甲</p></div>"},
    /* The older rule: first the number, last who signs. */
    {"<h2>证</h2><p>编号 1</p><p>甲</p><p>局<br>日</p>",
     "<h2>证</h2><p class=\"number\">编号 1</p><p>甲</p><section class=\"sign\"><p>局<br>日</p>"
     "</section>"},
};

static void test_pages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        Arena *arena = arena_create(0);
        assert_string_equal(html_of(arena, pages[i][0]), pages[i][1]);
        arena_destroy(arena);
    }
}

/* The corner of a QR code is seven dark modules. */
static void test_page_qr(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    const char *html =
        html_of(arena, "<figure class=\"qr\" data-value=\"https://a.example/verify/x\">"
                       "<figcaption>扫码查验</figcaption></figure>");
    assert_non_null(strstr(html, "<svg viewBox=\"-2 -2 29 29\" role=\"img\" aria-label="));
    assert_non_null(strstr(html, " d=\"M0 0h7v1h-7z"));
    assert_non_null(strstr(html, "<figcaption>扫码查验</figcaption>"));
    arena_destroy(arena);
}

/* ---- the PDF --------------------------------------------------------------------------------- */

static const char long_paragraph[] =
    "<h2>受理通知书</h2><p class=\"number\">青溪受〔2026〕第000123号</p><p "
    "class=\"to\">青溪宾馆：</p>"
    "<p>"
    "你单位提出的“公共场所卫生许可（宾馆、旅店）”申请，经审查，申请材料齐全、符合法定形式，本机关决"
    "定予以"
    "受理；承诺办结日期为二〇二六年十一月二十七日（星期五）。如有疑问，请拨打电话：一二三四五。请您"
    "妥善"
    "保管本通知书，凭“办件编号”“手机号码”可以随时查询、跟踪、评价；也可以到窗口办理（工作日上午九时"
    "至十二时、"
    "下午二时至五时）。</p>"
    "<figure class=\"qr\" data-value=\"https://a.example/verify/ABCDEFGHJKMNPQRSTVWX\">"
    "<figcaption>扫码查验</figcaption></figure>"
    "<section class=\"sign\"><p>青溪县卫生健康局</p><p>2026年11月22日</p></section>";

static void test_same_bytes(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    DbBytes one = pdf_of(arena, long_paragraph), two = pdf_of(arena, long_paragraph);
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.data, two.data, one.size);
    assert_memory_equal(one.data, "%PDF-1.5", 8);
    assert_non_null(memmem(one.data, one.size, "/Lang (zh-CN)", 13));
    assert_non_null(memmem(one.data, one.size, "(20261122000000+08'00)", 22));
    arena_destroy(arena);
}

/* Runs in the child: the program reads the file and writes to the pipe. */
static void become(int out, const char *const *command)
{
    setenv("TZ", "Asia/Shanghai", 1);
    dup2(out, STDOUT_FILENO);
    int quiet = open("/dev/null", O_WRONLY);
    if (quiet >= 0)
        dup2(quiet, STDERR_FILENO);
    execvp(command[0], (char *const *)command);
    _exit(127);
}

/* What a reading program says of a PDF, or NULL when it is not installed. "%" is the file. */
static const char *read_with(Arena *arena, const char *program, DbBytes pdf)
{
    char name[] = "/tmp/print_test_XXXXXX", part[4096];
    const char **command;
    int pipes[2], ended = -1, fd = mkstemp(name);
    assert_true(fd >= 0 && write(fd, pdf.data, pdf.size) == (ssize_t)pdf.size);
    close(fd);
    size_t count = text_split(arena, program, ' ', &command);
    const char **arguments = arena_array(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        arguments[i] = text_equal(command[i], "%") ? name : command[i];
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0)
        become(pipes[1], arguments);
    close(pipes[1]);
    Buffer out = buffer_init(arena, 0);
    for (ssize_t got; (got = read(pipes[0], part, sizeof part)) > 0;)
        buffer_add_n(&out, part, (size_t)got);
    close(pipes[0]);
    waitpid(child, &ended, 0);
    unlink(name);
    return ended == 0 ? buffer_text(&out) : NULL;
}

static const char *without_blanks(Arena *arena, const char *text)
{
    Buffer out = buffer_init(arena, 0);
    for (; *text; text++)
        if (*text != ' ')
            buffer_add_char(&out, *text);
    return buffer_text(&out);
}

static const char *text_of(Arena *arena, const char *paper)
{
    const char *text = read_with(arena, "pdftotext -layout % -", pdf_of(arena, paper));
    if (!text) {
        print_message("# skipped: pdftotext is not installed\n");
        arena_destroy(arena);
        skip();
    }
    return text;
}

static void test_about(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    const char *text = read_with(arena, "pdfinfo %", pdf_of(arena, long_paragraph));
    if (!text) {
        arena_destroy(arena);
        skip();
    }
    static const char *const expected[] = {"受理通知书", "Tagged:          yes", "(A4)",
                                           "Pages:           1", "Encrypted:       no"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_non_null(strstr(text, expected[i]));
    const char *fonts = read_with(arena, "pdffonts %", pdf_of(arena, long_paragraph));
    assert_non_null(fonts ? strstr(fonts, "+NotoSerifCJKsc-Regular") : "");
    assert_null(fonts ? strstr(fonts, " no  ") : NULL); /* embedded and subset, each */
    arena_destroy(arena);
}

static void test_text(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    const char *text = without_blanks(arena, text_of(arena, long_paragraph));
    static const char *const expected[] = {
        "青溪受〔2026〕第000123号",
        "青溪县卫生健康局",
        "扫码查验",
        "第1页共1页",
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_non_null(strstr(text, expected[i]));
    arena_destroy(arena);
}

/* No line begins with a closing mark, none ends with an opening one, in lines of every width. */
static void test_line_breaks(void **state)
{
    (void)state;
    static const char *const closing[] = {"，", "。", "；", "：", "、", "）", "”", "》", "？"};
    static const char *const opening[] = {"（", "“", "《", "〔"};
    Arena *arena = arena_create(0);
    Buffer paper = buffer_init(arena, 0);
    for (int i = 0; i < 31; i++) {
        buffer_add(&paper, "<p class=\"plain\">");
        for (int j = 0; j < i; j++)
            buffer_add(&paper, "字");
        buffer_add(
            &paper,
            "（甲，乙）、“丙”；《丁》：戊。（己）“庚”，〔辛〕？（甲，乙）、“丙”；《丁》</p>");
    }
    const char **lines;
    size_t count = text_split(arena, text_of(arena, buffer_text(&paper)), '\n', &lines), seen = 0;
    for (size_t i = 0; i < count; i++) {
        const char *line = text_trim(arena, lines[i]);
        seen += *line != 0;
        for (size_t k = 0; k < sizeof closing / sizeof *closing; k++)
            if (text_starts_with(line, closing[k]))
                fail_msg("begins with a closing mark: %s", line);
        for (size_t k = 0; k < sizeof opening / sizeof *opening; k++)
            if (text_ends_with(line, opening[k]))
                fail_msg("ends with an opening mark: %s", line);
    }
    assert_true(seen > 60);
    arena_destroy(arena);
}

/* The head of a table stands on each of its pages; every row is there once. */
static void test_long_table(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Buffer paper = buffer_init(arena, 0);
    buffer_add(&paper, "<table data-widths=\"1 3\"><thead><tr><th>序号</th><th>材料名称</th></tr>"
                       "</thead><tbody>");
    for (int i = 1; i <= 70; i++)
        buffer_printf(&paper, "<tr><td>row%d.</td><td>营业执照</td></tr>", i);
    buffer_add(&paper, "</tbody></table>");
    const char *text = without_blanks(arena, text_of(arena, buffer_text(&paper)));
    int heads = 0;
    for (const char *at = text; (at = strstr(at, "材料名称")); at++)
        heads++;
    assert_int_equal(heads, 3);
    assert_non_null(strstr(text, "第3页共3页"));
    for (int i = 1; i <= 70; i++) {
        const char *name = arena_printf(arena, "row%d.", i);
        const char *found = strstr(text, name);
        assert_non_null(found);
        assert_null(strstr(found + 1, name));
    }
    arena_destroy(arena);
}

/* A row that no page can hold is torn, and nothing of it is lost. */
static void test_giant_row(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Buffer paper = buffer_init(arena, 0);
    buffer_add(&paper, "<table><tbody><tr><td>意见</td><td class=\"lines\">");
    for (int i = 1; i <= 120; i++)
        buffer_printf(&paper, "line%d.\n", i);
    buffer_add(&paper, "</td></tr></tbody></table>");
    const char *text = text_of(arena, buffer_text(&paper));
    for (int i = 1; i <= 120; i++)
        assert_non_null(strstr(text, arena_printf(arena, "line%d.", i)));
    arena_destroy(arena);
}

/* Long texts flow over pages without a line standing alone; the signature is never torn. */
static void test_pages_of_text(void **state)
{
    (void)state;
    for (int lines = 20; lines < 34; lines++) {
        Arena *arena = arena_create(0);
        Buffer paper = buffer_init(arena, 0);
        for (int i = 0; i < lines; i++)
            buffer_add(&paper, "<p>短段</p>");
        buffer_add(&paper,
                   "<p>长段长段长段长段长段长段长段长段长段长段长段长段长段长段长段长段"
                   "长段长段长段长段长段长段长段长段长段长段长段长段长段尾句。</p>"
                   "<section class=\"sign\"><p>青溪县局</p><p>2026年11月22日</p></section>");
        const char **sheets;
        size_t count = text_split(arena, text_of(arena, buffer_text(&paper)), '\f', &sheets);
        bool is_signed = false;
        for (size_t i = 0; i < count; i++)
            is_signed |= strstr(sheets[i], "青溪县局") && strstr(sheets[i], "2026年11月22日") &&
                         strstr(sheets[i], "句");
        assert_true(is_signed);
        arena_destroy(arena);
    }
}

/* What stands at a place is on the sheet's millimetre, whatever comes before; no page number. */
static void test_places(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    const char *text = read_with(
        arena, "pdftotext -bbox % -",
        pdf_of(arena, "<div class=\"place\" data-x=\"50\" data-y=\"100\" data-width=\"60\">"
                      "<p>PLACED</p></div>"));
    if (!text) {
        arena_destroy(arena);
        skip();
    }
    const char *word = strstr(text, "<word xMin=\"");
    assert_non_null(word);
    double x = strtod(word + 12, NULL), y = strtod(strstr(word, "yMin=\"") + 6, NULL);
    assert_true(x > 141 && x < 143); /* 50 mm are 141.7 points */
    assert_true(y > 275 && y < 295); /* 100 mm are 283.5 */
    assert_null(strstr(text, "页"));
    arena_destroy(arena);
}

static const char dot[] = /* one black pixel */
    "<img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg==\" alt=\"点\" data-width=\"30\"/>";

static void test_image(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    assert_non_null(strstr(html_of(arena, dot), "alt=\"点\""));
    DbBytes pdf = pdf_of(arena, dot);
    assert_non_null(memmem(pdf.data, pdf.size, "/Subtype /Image", 15));
    arena_destroy(arena);
}

static void test_too_many_pages(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Buffer paper = buffer_init(arena, 0);
    Error err = ERROR_NONE;
    DbBytes pdf;
    for (int i = 0; i < PRINT_PAGES_MAX + 2; i++)
        buffer_add(&paper, "<p>甲</p><hr class=\"page\">");
    assert_false(print_pdf(paper_of(arena, buffer_text(&paper)), arena, &about, &pdf, &err));
    assert_string_equal(err.code, "print.size");
    arena_destroy(arena);
}

/* cairo 1.16 leaks 768 bytes for each CFF type that it subsets; fontconfig keeps its caches. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libcairo\nleak:libfontconfig\nleak:libpango\n";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_pages),         cmocka_unit_test(test_page_qr),
        cmocka_unit_test(test_same_bytes),    cmocka_unit_test(test_about),
        cmocka_unit_test(test_text),          cmocka_unit_test(test_line_breaks),
        cmocka_unit_test(test_long_table),    cmocka_unit_test(test_giant_row),
        cmocka_unit_test(test_pages_of_text), cmocka_unit_test(test_places),
        cmocka_unit_test(test_image),         cmocka_unit_test(test_too_many_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
