/*
 * style.c - writes the sample pages as static HTML: style OUT
 *
 *     sample values -> generated views -> OUT/<page>-<language>-<mode>.html
 *
 * tests/style/look.mjs shows them to a browser, takes pictures and asks axe.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "style_views_gen.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

typedef struct Mode {
    const char *name;
    bool is_elder, is_dark;
} Mode;

static const Mode modes[] = {
    {"plain", false, false}, {"elder", true, false}, {"dark", false, true}};

static void write_page(const char *folder, const char *page_name, const ViewType *type,
                       const void *view, const PageContext *base)
{
    for (size_t m = 0; m < LENGTH(modes); m++) {
        Arena *arena = arena_create(0);
        PageContext page = *base;
        page.arena = arena;
        page.is_elder = modes[m].is_elder;
        page.is_dark = modes[m].is_dark;
        Buffer out = buffer_init(arena, 0);
        type->html(view, &page, &out);
        const char *path = arena_printf(arena, "%s/%s-%s-%s.html", folder, page_name,
                                        language_tag(page.language), modes[m].name);
        FILE *file = fopen(path, "w");
        if (!file || fputs(buffer_text(&out), file) < 0 || fclose(file)) {
            perror(path);
            exit(1);
        }
        arena_destroy(arena);
    }
}

static bool is_english(const PageContext *page)
{
    return page->language == LANGUAGE_EN;
}

static void write_home(const char *folder, const PageContext *page)
{
    bool en = is_english(page);
    SampleItem events[] = {
        {.name = en ? "Birth" : "出生", .icon = "baby-carriage"},
        {.name = en ? "School" : "上学", .icon = "school"},
        {.name = en ? "Work" : "就业", .icon = "briefcase"},
        {.name = en ? "Open a shop" : "开店", .icon = "building-store"},
        {.name = en ? "Build a house" : "建房", .icon = "home"},
        {.name = en ? "Retire" : "退休", .icon = "armchair"},
    };
    SampleItem items[] = {{.code = "hotel",
                           .name = en ? "Hotel hygiene licence" : "公共场所卫生许可（旅馆）",
                           .text = en ? "Now at the Health Bureau, due 4 December 2026"
                                      : "卫生健康局正在审查，2026年12月4日前办好"},
                          {.code = "trader",
                           .name = en ? "Sole trader registration" : "个体工商户设立登记",
                           .text = en ? "Done on 20 November 2026" : "2026年11月20日已办结"}};
    SampleHome home = {{events, LENGTH(events)}, {items, LENGTH(items)}};
    PageContext here = *page;
    here.path = here.path_and_query = "/";
    write_page(folder, "home", &SampleHome_type, &home, &here);
}

static void write_guide(const char *folder, const PageContext *page)
{
    bool en = is_english(page);
    SampleItem materials[] = {
        {.name = en ? "Application form" : "公共场所卫生许可证申请表",
         .text = en ? "You fill it in here; nothing to print." : "在网上填写，不用打印。"},
        {.name = en ? "Floor plan of the premises" : "场所平面布局图"},
        {.name = en ? "Test report on air and water" : "卫生检测或者评价报告",
         .text = en ? "Not older than one year." : "一年以内出具的。"}};
    SampleGuide guide = {
        .name = en ? "Hotel hygiene licence" : "公共场所卫生许可（旅馆）",
        .fee = 0,
        .days = 10,
        .materials = {materials, LENGTH(materials)},
        .law = {en ? "<h2>Legal basis</h2><p>Regulations on Sanitation in Public Places.</p>"
                   : "<h2>法律依据</h2><p>《公共场所卫生管理条例》</p>"}};
    write_page(folder, "guide", &SampleGuide_type, &guide, page);
}

/* size: table */
static void write_form(const char *folder, const PageContext *page)
{
    bool en = is_english(page);
    FieldChoice kinds[] = {
        {.value = "rent",
         .label = en ? "I rent them" : "租用的",
         .hint = en ? "You will need the contract" : "需要租赁合同"},
        {.value = "own", .label = en ? "I own them" : "自己的", .is_chosen = true}};
    FieldChoice areas[] = {
        {.value = "1", .label = en ? "East district" : "城东街道"},
        {.value = "2", .label = en ? "West district" : "城西街道", .is_chosen = true}};
    FormField fields[] = {
        {.name = "group",
         .type = "group",
         .label = en ? "Your business" : "您的店铺",
         .hint = en ? "As it will stand on the licence" : "会印在许可证上"},
        {.name = "name",
         .type = "text",
         .label = en ? "Name of the hotel" : "旅馆名称",
         .value = en ? "Riverside <Inn>" : "江边<小筑>",
         .is_required = true,
         .autocomplete = "organization"},
        {.name = "rooms",
         .type = "int",
         .label = en ? "Number of rooms" : "客房数量",
         .value = "twelve",
         .is_required = true,
         .error = en ? "Number of rooms must be a whole number, like 12"
                     : "客房数量只能填整数，例如 12"},
        {.name = "opened",
         .type = "date",
         .label = en ? "Opening day" : "开业日期",
         .value = "2026-12-01",
         .is_required = true},
        {.name = "closed",
         .type = "date",
         .label = en ? "Last inspection" : "上次检查日期",
         .value = "soon",
         .hint = en ? "For example, 2026-11-22" : "例如 2026-11-22",
         .error = en ? "Last inspection must be a real date, like 2026-11-22"
                     : "上次检查日期要写成年-月-日，例如 2026-11-22"},
        {.name = "capital",
         .type = "money",
         .label = en ? "Capital" : "资金数额",
         .value = "12.50",
         .is_required = true},
        {.name = "phone",
         .type = "phone",
         .label = en ? "Mobile number" : "手机号码",
         .value = "13800138000",
         .is_required = true,
         .autocomplete = "tel"},
        {.name = "email", .type = "email", .label = en ? "Email address" : "电子邮箱"},
        {.name = "password",
         .type = "password",
         .label = en ? "Password" : "密码",
         .value = "never shown",
         .is_required = true,
         .autocomplete = "current-password"},
        {.name = "about",
         .type = "lines",
         .label = en ? "About the premises" : "场所情况",
         .value = "\n1\n2",
         .max_length = 500},
        {.name = "area",
         .type = "choice",
         .label = en ? "District" : "所在街道",
         .is_required = true,
         .choices = {areas, LENGTH(areas)}},
        {.name = "premises",
         .type = "radio",
         .label = en ? "Whose premises are they?" : "场所是谁的？",
         .is_required = true,
         .is_refresh = true,
         .error = en ? "Select whose premises they are" : "请选择场所是谁的",
         .choices = {kinds, LENGTH(kinds)}},
        {.name = "services",
         .type = "checks",
         .label = en ? "What else is there?" : "还有哪些？",
         .choices = {areas, LENGTH(areas)}},
        {.name = "sure",
         .type = "bool",
         .is_required = true,
         .value = "true",
         .label = en ? "What I have entered is true" : "我填写的内容属实"},
        {.name = "owner",
         .type = "static",
         .label = en ? "Applicant" : "申请人",
         .value = en ? "Wang Min" : "王敏"},
        {.name = "secret", .type = "hidden", .value = "\"quoted\""},
        {.name = "fixed",
         .type = "choice",
         .label = en ? "Kind" : "类别",
         .is_readonly = true,
         .choices = {areas, LENGTH(areas)}},
    };
    FieldError errors[] = {{"rooms", fields[2].error},
                           {"closed", fields[4].error},
                           {"premises", fields[11].error},
                           {NULL, en ? "The page was open for too long. Submit again"
                                     : "这一页打开得太久了，请再提交一次"}};
    SampleForm form = {{fields, LENGTH(fields)}, {errors, LENGTH(errors)}};
    write_page(folder, "form", &SampleForm_type, &form, page);
}

static void write_track(const char *folder, const PageContext *page)
{
    bool en = is_english(page);
    const char *bureau = en ? "the Health Bureau" : "卫生健康局";
    Step steps[] = {
        {.state = "done",
         .title = en ? "You applied" : "您提交了申请",
         .since = page->now - 9 * DAY_MS},
        {.state = "done",
         .title = en ? "We accepted it" : "我们受理了",
         .who = bureau,
         .since = page->now - 8 * DAY_MS},
        {.state = "waiting",
         .title = en ? "We check your papers" : "审查材料",
         .who = bureau,
         .since = page->now - 2 * DAY_MS,
         .until = page->now + 6 * DAY_MS,
         .need = en ? "Send a floor plan that shows the fire exits, by 30 November."
                    : "请在 11月30日前补交标明安全出口的平面图。",
         .need_path = "/dossiers/1/add",
         .need_label = en ? "Send the plan" : "补交平面图"},
        {.state = "next", .title = en ? "We visit the hotel" : "现场核查"},
        {.state = "next",
         .title = en ? "You get the licence" : "发放许可证",
         .note = en ? "By post" : "邮寄给您"},
    };
    for (size_t i = 0; i < LENGTH(steps); i++) {
        steps[i].since = steps[i].since ? steps[i].since : INSTANT_NONE;
        steps[i].until = steps[i].until ? steps[i].until : INSTANT_NONE;
    }
    SampleTrack track = {
        .number = "330100-2026-000123",
        .phone = {"138****8000"},
        .filed_at = page->now - 2 * HOUR_MS,
        .due_on = date_of(2026, 12, 4),
        .steps = {steps, LENGTH(steps)},
        .empty = {en ? "No other applications" : "没有其他办件",
                  en ? "Applications that you file will stand here." : "您提交的申请会显示在这里。",
                  "/items", en ? "Find a service" : "查找事项"}};
    write_page(folder, "track", &SampleTrack_type, &track, page);
}

static void write_desk(const char *folder, const PageContext *page)
{
    bool en = is_english(page);
    static const char *const states[] = {"red", "yellow", "green", "green", "grey", "green"};
    const char *left[] = {en ? "overdue by 3 hours" : "超期3小时",
                          en ? "2 working days 3 hours" : "剩余2个工作日3小时",
                          en ? "8 working days" : "剩余8个工作日",
                          en ? "9 working days" : "剩余9个工作日",
                          NULL,
                          en ? "10 working days" : "剩余10个工作日"};
    SampleRow rows[LENGTH(states)];
    for (size_t i = 0; i < LENGTH(states); i++)
        rows[i] =
            (SampleRow){.number = i % 2 ? "330100-2026-000124" : "330100-2026-000123",
                        .item = en ? "Hygiene licence for public places (hotel), first issue"
                                   : "公共场所卫生许可（旅馆）新办",
                        .applicant = i % 2 ? (en ? "Riverside Inn Ltd" : "江边小筑旅馆有限公司")
                                           : (en ? "Wang Min" : "王敏"),
                        .step = en ? "Review" : "审查",
                        .filed_at = page->now - (Instant)(i + 1) * 9 * HOUR_MS,
                        .lamp = {states[i], left[i]}};
    SampleDesk desk = {{rows, LENGTH(rows)}, {NULL, "after=6&lamp=all", 6}};
    PageContext here = *page;
    here.path = here.path_and_query = "/desk";
    here.user_name = en ? "Li Qiang" : "李强";
    here.user_kind = "officer";
    here.flash = NULL;
    here.rights = ~(Rights)0;
    write_page(folder, "desk", &SampleDesk_type, &desk, &here);
}

static void write_board(const char *folder, const PageContext *page)
{
    bool en = is_english(page);
    SampleFigure figures[] = {
        {en ? "Filed today" : "今日收件", en ? "cases" : "件", 1234, 0, page->now},
        {en ? "Decided on time" : "按时办结率", "", 0, .983, page->now},
        {en ? "Overdue now" : "当前超期", en ? "cases" : "件", 7, 0, page->now},
        {en ? "Content with us" : "群众满意率", "", 0, .991, page->now}};
    SampleFigure ranking[] = {{en ? "Health Bureau" : "卫生健康局", "", 0, .991, page->now},
                              {en ? "Market Regulation" : "市场监督管理局", "", 0, .974, page->now},
                              {en ? "Natural Resources" : "自然资源局", "", 0, .88, page->now}};
    SampleBoard board = {{figures, LENGTH(figures)}, {ranking, LENGTH(ranking)}};
    PageContext here = *page;
    here.path = here.path_and_query = "/board";
    here.user_name = en ? "Zhao Lan" : "赵岚";
    here.user_kind = "officer";
    here.flash = NULL;
    here.rights = ~(Rights)0;
    write_page(folder, "board", &SampleBoard_type, &board, &here);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: style OUT\n", stderr);
        return 2;
    }
    PageContext page = {
        .path = "/style",
        .path_and_query = "/style?a=1&b=<2>",
        .csrf = "csrf-token",
        .idempotency_key = "fresh-key",
        .now = instant_of((Civil){2026, 11, 22, 14, 5, 0, 0}, 480),
        .zone_minutes = 480,
        .phone = "0571-8888 0000",
        .site_name = "site.name",
        .is_demo = true,
    };
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        page.language = (Language)language;
        page.user_name = NULL;
        page.flash = NULL;
        write_home(argv[1], &page);
        write_guide(argv[1], &page);
        page.user_name = language == LANGUAGE_EN ? "Wang Min" : "王敏";
        page.user_kind = "applicant";
        write_form(argv[1], &page);
        page.flash = "style.filed";
        write_track(argv[1], &page);
        SampleFiled filed = {"330100-2026-000123", date_of(2026, 12, 4)};
        write_page(argv[1], "filed", &SampleFiled_type, &filed, &page);
        page.user_kind = NULL;
        write_desk(argv[1], &page);
        write_board(argv[1], &page);
    }
    return 0;
}
