/*
 * print_table.c - tables and lists of facts: columns, rows that are not torn unless they are taller
 * than a page, and the head again on each page.
 */
#include "service/print_layout.h"

enum { COLUMNS_MOST = 12 };

static const double pad = 3, hair = 0.6;

typedef struct Cell {
    const PrintNode *node;
    PangoLayout *layout;
    PrintType type;
    int lines;
    double x, width;
} Cell;

typedef struct Row {
    Cell cells[COLUMNS_MOST];
    int count;
    int lines; /* of the tallest cell */
    bool is_header;
} Row;

typedef struct Grid {
    double x[COLUMNS_MOST + 1]; /* where columns begin; the last ends the table */
    int columns;
    LIST(Row) heads;
} Grid;

static int columns_of(const PrintNode *table)
{
    int most = 1;
    list_each (PrintNode *, part, &table->children)
        list_each (PrintNode *, row, &(*part)->children) {
            int columns = 0;
            list_each (PrintNode *, cell, &(*row)->children)
                columns += (*cell)->span;
            most = columns > most ? columns : most;
        }
    return most > COLUMNS_MOST ? COLUMNS_MOST : most;
}

/* Columns by the shares that the text gives; those it does not name are as wide as the first. */
static void set_columns(const PrintNode *table, Grid *grid)
{
    double total = 0, shares[COLUMNS_MOST];
    grid->columns = columns_of(table);
    for (int i = 0; i < grid->columns; i++) {
        shares[i] = (size_t)i < table->share_count ? table->shares[i]
                    : table->share_count           ? table->shares[0]
                                                   : 1;
        total += shares[i];
    }
    grid->x[0] = TEXT_LEFT;
    for (int i = 0; i < grid->columns; i++)
        grid->x[i + 1] = grid->x[i] + TEXT_WIDTH * shares[i] / total;
}

static PrintType cell_type(const PrintNode *cell)
{
    PrintType type = cell->is_header ? PRINT_TYPE_HEAD : PRINT_TYPE_TABLE;
    if (print_has_style(cell, "centre"))
        type.alignment = PANGO_ALIGN_CENTER;
    if (print_has_style(cell, "right"))
        type.alignment = PANGO_ALIGN_RIGHT;
    return type;
}

static Row set_row(Setter *setter, const Grid *grid, const PrintNode *node, bool is_header)
{
    Row row = {.is_header = is_header, .lines = 1};
    int column = 0;
    list_each (PrintNode *, child, &node->children) {
        int end = column + (*child)->span;
        if (column >= grid->columns)
            break;
        end = end > grid->columns ? grid->columns : end;
        Cell *cell = &row.cells[row.count++];
        *cell = (Cell){.node = *child,
                       .type = cell_type(*child),
                       .x = grid->x[column],
                       .width = grid->x[end] - grid->x[column]};
        cell->layout = setter_text(setter, *child, &cell->type, cell->width - 2 * pad, NULL);
        cell->lines = pango_layout_get_line_count(cell->layout);
        row.lines = cell->lines > row.lines ? cell->lines : row.lines;
        column = end;
    }
    return row;
}

static double height_of(int lines)
{
    return lines * PRINT_TYPE_TABLE.leading + 2 * pad;
}

static void put_frame(Setter *setter, const Cell *cell, double height)
{
    setter_put_rule(setter, cell->x, setter->y, cell->width, hair);
    setter_put_rule(setter, cell->x, setter->y + height, cell->width + hair, hair);
    setter_put_rule(setter, cell->x, setter->y, hair, height);
    setter_put_rule(setter, cell->x + cell->width, setter->y, hair, height);
}

/* Lines [first, first + count) of every cell; short cells stand in the middle of a whole row. */
static void put_lines(Setter *setter, const Row *row, int first, int count)
{
    double height = height_of(count);
    for (int i = 0; i < row->count; i++) {
        const Cell *cell = &row->cells[i];
        int left = cell->lines - first, here = left < count ? left : count;
        double down = first == 0 && count == row->lines ? (count - here) / 2.0 : 0;
        put_frame(setter, cell, height);
        if (here > 0)
            setter_put_lines(setter, cell->node, &cell->type, cell->layout, first, here,
                             cell->x + pad, setter->y + pad + down * cell->type.leading);
    }
    setter->y += height;
}

static void begin_page(Setter *setter, const Grid *grid)
{
    setter_new_page(setter);
    list_each (Row, head, &grid->heads)
        put_lines(setter, head, 0, head->lines);
}

static double heads_height(const Grid *grid)
{
    double height = 0;
    list_each (Row, head, &grid->heads)
        height += height_of(head->lines);
    return height;
}

/* A row that no page can hold is torn between lines; every other stays whole. */
static void put_row(Setter *setter, const Grid *grid, const Row *row)
{
    double most = TEXT_BOTTOM - TEXT_TOP - heads_height(grid);
    bool is_torn = height_of(row->lines) > most;
    int first = 0;
    if (setter->y + height_of(is_torn ? 2 : row->lines) > TEXT_BOTTOM && setter->y > TEXT_TOP)
        begin_page(setter, grid);
    while (first < row->lines && setter->page < PRINT_PAGES_MAX) {
        int room = (int)((TEXT_BOTTOM - setter->y - 2 * pad) / PRINT_TYPE_TABLE.leading);
        int left = row->lines - first, here = left < room ? left : room;
        here = here < 1 ? 1 : here;
        put_lines(setter, row, first, here);
        first += here;
        if (first < row->lines)
            begin_page(setter, grid);
    }
}

static void keep_head(Setter *setter, Grid *grid, const Row *row)
{
    bool fits = heads_height(grid) + height_of(row->lines) < (TEXT_BOTTOM - TEXT_TOP) / 3;
    if (row->is_header && fits)
        list_add(setter->arena, &grid->heads, *row);
}

void setter_put_table(Setter *setter, const PrintNode *table)
{
    Grid grid = {0};
    set_columns(table, &grid);
    setter->y += 6;
    setter_need(setter, height_of(1) * 2);
    list_each (PrintNode *, part, &table->children)
        list_each (PrintNode *, child, &(*part)->children) {
            Row row = set_row(setter, &grid, *child, (*part)->is_header);
            put_row(setter, &grid, &row);
            keep_head(setter, &grid, &row);
        }
    setter->y += 8;
}

/* ---- facts ----------------------------------------------------------------------------------- */

static double natural_width(Setter *setter, const PrintNode *node, const PrintType *type)
{
    PangoRectangle place;
    PangoLayout *layout = setter_text(setter, node, type, TEXT_WIDTH, NULL);
    pango_layout_get_extents(layout, NULL, &place);
    return (double)place.width / PANGO_SCALE;
}

static PrintType fact_type(void)
{
    PrintType type = PRINT_TYPE_BODY;
    type.indent = 0;
    type.is_justified = false;
    return type;
}

static double term_width(Setter *setter, const PrintNode *facts, const PrintType *type)
{
    double widest = 0;
    list_each (PrintNode *, fact, &facts->children)
        list_each (PrintNode *, child, &(*fact)->children)
            if ((*child)->kind == PRINT_TERM) {
                double width = natural_width(setter, *child, type);
                widest = width > widest ? width : widest;
            }
    return widest > TEXT_WIDTH * 0.4 ? TEXT_WIDTH * 0.4 : widest;
}

/* One side of a fact; gives its height. */
static double put_side(Setter *setter, const PrintNode *node, const PrintType *type, double x,
                       double width)
{
    PangoLayout *layout = setter_text(setter, node, type, width, NULL);
    int count = pango_layout_get_line_count(layout);
    setter_put_lines(setter, node, type, layout, 0, count, x, setter->y);
    return count * type->leading;
}

static double side_height(Setter *setter, const PrintNode *node, const PrintType *type,
                          double width)
{
    PangoLayout *layout = setter_text(setter, node, type, width, NULL);
    return pango_layout_get_line_count(layout) * type->leading;
}

void setter_put_facts(Setter *setter, const PrintNode *facts)
{
    PrintType type = fact_type();
    double gap = 18, term = term_width(setter, facts, &type);
    double detail = TEXT_WIDTH - term - gap;
    setter->y += 4;
    list_each (PrintNode *, fact, &facts->children) {
        double height = type.leading;
        list_each (PrintNode *, child, &(*fact)->children) {
            double width = (*child)->kind == PRINT_TERM ? term : detail;
            double needed = side_height(setter, *child, &type, width);
            height = needed > height ? needed : height;
        }
        setter_need(setter, height);
        list_each (PrintNode *, child, &(*fact)->children) {
            bool is_term = (*child)->kind == PRINT_TERM;
            put_side(setter, *child, &type, is_term ? TEXT_LEFT : TEXT_LEFT + term + gap,
                     is_term ? term : detail);
        }
        setter->y += height;
    }
    setter->y += 4;
}
