"""test_sqlgen: what tools/sqlgen accepts, what it writes, and how it names what is wrong."""
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMA = """-- People and what they filed.
CREATE TABLE party (
    tenant INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, born TEXT, photo BLOB,
    weight REAL, PRIMARY KEY (tenant, id)) STRICT;
-- scoped: id
CREATE TABLE dossier (
    tenant INTEGER NOT NULL, id INTEGER NOT NULL, account INTEGER, state TEXT NOT NULL,
    PRIMARY KEY (tenant, id)) STRICT;
CREATE TABLE dossier_access (tenant INTEGER NOT NULL, unit INTEGER NOT NULL,
    dossier INTEGER NOT NULL) STRICT;
"""


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.schema = os.path.join(self.folder.name, "schema")
        os.mkdir(self.schema)
        self.migration("0001_first.sql", SCHEMA)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def migration(self, name, text):
        self.put(os.path.join("schema", name), text)

    def put(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def get(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def run_tool(self, *arguments):
        return subprocess.run([sys.executable, os.path.join(ROOT, "tools", "sqlgen"), *arguments],
                              capture_output=True, text=True, cwd=self.folder.name)

    def generate(self, text):
        """Returns (header, source) of a statement file that must be right."""
        self.put("x.sql", text)
        done = self.run_tool("--schema", "schema", "x.sql", "x_sql.h", "x_sql.c")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return self.get("x_sql.h"), self.get("x_sql.c")

    def refuse(self, text, line, message):
        """A statement file that must be refused at that line; message is a part of what is said."""
        self.put("x.sql", text)
        if os.path.exists(self.path("x_sql.c")):
            os.unlink(self.path("x_sql.c"))
        done = self.run_tool("--schema", "schema", "x.sql", "x_sql.h", "x_sql.c")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertTrue(done.stderr.startswith(f"x.sql:{line}: "), done.stderr)
        self.assertIn(message, done.stderr)
        self.assertFalse(os.path.exists(self.path("x_sql.c")))

    def refuse_migrations(self, place, message):
        done = self.run_tool("--migrations", "schema", "--out", "m.c")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertTrue(done.stderr.startswith(f"schema/{place}: "), done.stderr)
        self.assertIn(message, done.stderr)

    def migrations(self):
        done = self.run_tool("--migrations", "schema", "--out", "m.c")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return self.get("m.c")


class Statements(Case):
    def test_optional(self):
        header, source = self.generate("""-- A file.

-- name: party_find :optional
-- One party by its id.
-- params: tenant Id, id Id
-- returns: name text, born Date?, photo bytes?, weight real?
SELECT name, born, photo, weight FROM party WHERE tenant = :tenant AND id = :id;
""")
        self.assertIn("/* One party by its id. */\nMUST_CHECK bool party_find(DbConn *conn, Arena *arena, "
                      "Id tenant, Id id, PartyFindRow *out, bool *out_found, Error *err);", header)
        self.assertIn("    const char *name;\n    Date born;\n    DbBytes photo;\n    double weight;\n"
                      "} PartyFindRow;", header)
        self.assertIn('.sqlite = "SELECT name, born, photo, weight FROM party WHERE tenant = ?1 AND id = ?2"',
                      source)
        self.assertIn("WHERE tenant = $1 AND id = $2", source)
        self.assertIn(".is_write = false", source)
        self.assertIn(".not_null = UINT64_C(0x1)", source)
        self.assertIn("const Statement *const x_statements[] = {\n    &party_find_statement,\n    NULL,", source)

    def test_one_raises_when_there_is_no_row(self):
        header, source = self.generate("-- name: party_count :one\n-- returns: count int\n"
                                       "SELECT count(*) FROM party;")
        self.assertIn("party_count(DbConn *conn, Arena *arena, PartyCountRow *out, Error *err)", header)
        self.assertIn("party_count: no row", source)

    def test_many(self):
        header, _ = self.generate("-- name: party_names :many\n-- returns: name text\n"
                                  "SELECT name FROM party ORDER BY id;")
        self.assertIn("typedef LIST(PartyNamesRow) PartyNamesRows;", header)
        self.assertIn("party_names(DbConn *conn, Arena *arena, PartyNamesRows *out, Error *err)", header)

    def test_exec_is_a_write(self):
        header, source = self.generate("-- name: party_drop :exec\n-- params: id Id\n"
                                       "DELETE FROM party WHERE id = :id;")
        self.assertIn("party_drop(DbConn *conn, Id id, int64_t *out_changed, Error *err)", header)
        self.assertIn(".is_write = true", source)

    def test_returning_is_a_write_and_locking_is_not(self):
        _, source = self.generate("""-- name: a :one
-- params: id Id
-- returns: id Id
UPDATE party SET name = 'x' WHERE id = :id RETURNING id;

-- name: b :one
-- engine: sqlite
-- params: id Id
-- returns: name text
SELECT name FROM party WHERE id = :id;

-- name: b :one
-- engine: postgres
-- params: id Id
-- returns: name text
SELECT name FROM party WHERE id = :id FOR UPDATE;
""")
        first, second = source.split('.name = "b"')
        self.assertIn(".is_write = true", first)
        self.assertIn(".is_write = false", second)
        self.assertIn("FOR UPDATE", second)

    def test_more_than_six_parameters_are_a_struct(self):
        header, source = self.generate("""-- name: party_add :exec
-- params: tenant Id, id Id, name text,
--   born Date?, photo bytes?, weight real?,
--   other text
INSERT INTO party (tenant, id, name, born, photo, weight)
SELECT :tenant, :id, :name || :other, :born, :photo, :weight;
""")
        self.assertIn("party_add(DbConn *conn, const PartyAddParams *params, int64_t *out_changed, Error *err)",
                      header)
        self.assertIn("    Date born;\n", header)
        self.assertIn("char date_4[16];", source)
        self.assertIn("db_date(params->born, date_4)", source)

    def test_null_is_a_value_only_where_it_is_allowed(self):
        _, source = self.generate("""-- name: t :one
-- params: a Id, b Id?, c int, d int?, e Instant, f Instant?
-- returns: a Id, b Id?, c int, d int?, e Instant, f Instant?
SELECT :a, :b, :c, :d, :e, :f;
""")
        for text in ("db_int(a)", "db_id(b)", "db_int(c)", "db_int_or_none(d)", "db_int(e)", "db_instant(f)",
                     ".c = db_get_int(&columns[2], 0)", ".d = db_get_int(&columns[3], INT_NONE)",
                     ".f = db_get_int(&columns[5], INSTANT_NONE)"):
            self.assertIn(text, source)

    def test_colons_that_are_no_parameters(self):
        _, source = self.generate("""-- name: t :one
-- params: a text
-- returns: x text
SELECT ':no' || 'it''s :no' || :a -- :no
       || /* :no */ ':no;';
""")
        self.assertIn("':no' || 'it''s :no' || ?1", source)
        self.assertNotIn("--", source.split(".sqlite")[1].split(".postgres")[0])
        _, source = self.generate("""-- name: t :one
-- engine: sqlite
-- params: a text
-- returns: x text
SELECT :a;
-- name: t :one
-- engine: postgres
-- params: a text
-- returns: x text
SELECT :a::text || 'x'::text;
""")
        self.assertIn("SELECT $1::text || 'x'::text", source)

    def test_a_parameter_twice_is_one(self):
        _, source = self.generate("-- name: t :one\n-- params: a int, b int\n-- returns: x int\n"
                                  "SELECT :b + :a + :a;")
        self.assertIn("SELECT ?2 + ?1 + ?1", source)
        self.assertIn(".param_count = 2", source)

    def test_casts_are_64_bits_on_both(self):
        _, source = self.generate("-- name: t :one\n-- params: a int\n-- returns: x int, y real\n"
                                  "SELECT CAST(:a AS INTEGER), CAST(:a AS REAL);")
        self.assertIn("CAST(?1 AS INTEGER), CAST(?1 AS REAL)", source)
        self.assertIn("CAST($1 AS BIGINT), CAST($1 AS DOUBLE PRECISION)", source)

    def test_rows_are_shared_by_name(self):
        header, source = self.generate("""-- name: a :one
-- row: PartyRow
-- returns: name text
SELECT name FROM party;
-- name: b :many
-- row: PartyRow
-- returns: name text
SELECT name FROM party;
""")
        self.assertEqual(header.count("} PartyRow;"), 1)
        self.assertIn("PartyRows *out", header)
        self.assertEqual(source.count("static PartyRow party_row_of("), 1)

    def test_long_statements(self):
        columns = " || ".join(["'0123456789\"\\'"] * 400)
        _, source = self.generate(f"-- name: t :one\n-- returns: x text\nSELECT {columns};")
        self.assertIn("static const char long_text_1[] = {", source)

    def test_generated_c_compiles_without_warnings(self):
        header, _ = self.generate("""-- name: t :optional
-- a comment with */ inside
-- params: a Id, b int?, c Fen, d bool, e Date?, f bytes?
-- returns: a Id?, b int, c Fen?, d bool, e Date, f bytes, g real?, h text, i Instant?
SELECT :a, :b, :c, :d, :e, :f, 0.5, 'x', 1;
-- name: u :exec
DELETE FROM party;
-- name: v :many
-- returns: a int
SELECT 1;
-- name: w :one
-- params: a text, b text, c text, d text, e text, f text, g Date
-- returns: a text
SELECT :a || :b || :c || :d || :e || :f || :g;
""")
        self.assertIn("* /", header)
        flags = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wstrict-prototypes",
                 "-Wmissing-prototypes", "-Werror", "-fsyntax-only", "-I" + os.path.join(ROOT, "src")]
        done = subprocess.run([os.environ.get("CC", "cc"), *flags, "x_sql.c"], capture_output=True, text=True,
                              cwd=self.folder.name)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_depfile_names_the_folder(self):
        self.put("x.sql", "-- name: t :exec\nDELETE FROM party;")
        self.run_tool("--depfile", "x.d", "--schema", "schema", "x.sql", "x_sql.h", "x_sql.c")
        self.assertEqual(self.get("x.d"), "x_sql.h: schema schema/0001_first.sql\n")


class Refusals(Case):
    def test_heads(self):
        for line, head, message in (
                (1, "-- name: Bad :one", "expected"),
                (1, "-- name: t :some", "expected"),
                (1, "-- name: t", "expected"),
                (2, "-- name: t :one\n-- params: a", '"a" is not "name Type"'),
                (2, "-- name: t :one\n-- params: a thing", 'no type "thing"'),
                (2, "-- name: t :one\n-- params: a bool?", "a bool cannot be NULL"),
                (2, "-- name: t :one\n-- params: a int, a int", '"a" stands twice'),
                (2, "-- name: t :one\n-- params: err int", '"err" is taken'),
                (2, "-- name: t :one\n-- returns: default int", '"default" is taken'),
                (3, "-- name: t :one\n-- params: a int\n-- params: b int", '"params:" stands twice'),
                (2, "-- name: t :one\n-- scope: mine", "scope is one of"),
                (2, "-- name: t :one\n-- engine: oracle", "engine is one of"),
                (2, "-- name: t :one\n-- row: bad", "a row is named like")):
            with self.subTest(head):
                self.refuse(head + "\nSELECT 1;", line, message)

    def test_shapes(self):
        for line, text, message in (
                (1, "SELECT 1;", 'before the first "-- name:"'),
                (1, "-- name: t :one\nSELECT 1;", '":one" needs "-- returns:"'),
                (1, "-- name: t :exec\n-- returns: a int\nSELECT 1;", '":exec" returns nothing'),
                (1, "-- name: t :exec\nDELETE FROM party; DELETE FROM dossier;", "one statement is expected, 2"),
                (1, "-- name: t :exec\n", "one statement is expected, 0"),
                (2, "-- name: t :exec\nDELETE FROM party", 'does not end with ";"'),
                (1, "-- name: t :exec\nDELETE FROM party WHERE name = 'x;", "a quote is not closed"),
                (3, "-- name: t :exec\nDELETE FROM party;\n-- name: t :exec\nDELETE FROM party;", "stands twice"),
                (1, "-- name: t :exec\n-- engine: sqlite\nDELETE FROM party;", "lacks its block"),
                (4, "-- name: t :exec\n-- engine: sqlite\nDELETE FROM party;\n"
                    "-- name: t :one\n-- engine: postgres\n-- returns: a int\nSELECT 1;", "differs between engines")):
            with self.subTest(text):
                if message == "a quote is not closed":
                    self.put("x.sql", text)
                    done = self.run_tool("--schema", "schema", "x.sql", "x_sql.h", "x_sql.c")
                    self.assertEqual(done.returncode, 1)
                    self.assertIn(message, done.stderr)
                else:
                    self.refuse(text, line, message)

    def test_sql(self):
        for line, text, message in (
                (4, "-- name: t :one\n-- returns: a int\nSELECT 1\nFORM party;", "syntax error"),
                (3, "-- name: t :one\n-- returns: a int\nSELECT nmae FROM party;", "no such column: nmae"),
                (4, "-- name: t :one\n-- returns: a int\nSELECT 1\nFROM partie;", "no such table: partie"),
                (2, "-- name: t :one\n-- returns: a int\nSELECT 1, 2;", "gives 2 columns"),
                (2, "-- name: t :one\n-- returns: a int, b int\nSELECT 1;", "gives 1 columns"),
                (3, "-- name: t :one\n-- returns: a int\nSELECT :b;", 'parameter ":b" is not declared'),
                (2, "-- name: t :one\n-- params: b int\n-- returns: a int\nSELECT 1;", '"b" is not used')):
            with self.subTest(text):
                self.refuse(text, line, message)

    def test_rows_of_one_name_differ(self):
        self.refuse("-- name: a :one\n-- row: ARow\n-- returns: x int\nSELECT 1;\n"
                    "-- name: b :one\n-- row: ARow\n-- returns: y int\nSELECT 1;", 6, 'other columns in "a"')

    def test_missing_file_and_bad_bytes(self):
        done = self.run_tool("--schema", "schema", "none.sql", "a", "b")
        self.assertEqual((done.returncode, done.stderr), (1, "none.sql:1: No such file or directory\n"))
        with open(self.path("x.sql"), "wb") as file:
            file.write(b"-- name: \xff")
        done = self.run_tool("--schema", "schema", "x.sql", "a", "b")
        self.assertEqual((done.returncode, done.stderr), (1, "x.sql:1: is not UTF-8\n"))

    def test_usage(self):
        for arguments in ([], ["--schema", "schema", "x.sql"], ["--migrations", "schema"],
                          ["--migrations", "schema", "--schema", "schema"]):
            self.assertEqual(self.run_tool(*arguments).returncode, 2)


class Scopes(Case):
    HEAD = "-- name: t :many\n-- params: tenant Id, who Id\n-- returns: state text\n"

    def test_a_scoped_table_needs_its_scope(self):
        self.refuse(self.HEAD + "SELECT d.state FROM dossier AS d\nWHERE d.tenant = :tenant AND d.id = :who;", 4,
                    '"dossier" is scoped')

    def test_unit(self):
        right = ("SELECT d.state FROM dossier_access AS a JOIN dossier AS d ON d.id = a.dossier\n"
                 "WHERE a.tenant = :tenant AND a.unit = :who;")
        self.generate(self.HEAD + "-- scope: unit\n" + right)
        self.generate(self.HEAD + "-- scope: unit\n" + right.replace("a.unit = :who", "a.unit IN (:who, 5)"))
        self.generate(self.HEAD + "-- scope: unit\n" + right.replace("a.unit = :who", ":who = a.unit"))
        self.refuse(self.HEAD + "-- scope: unit\nSELECT state FROM dossier WHERE tenant = :tenant AND id = :who;", 5,
                    "does not join dossier_access")
        self.refuse(self.HEAD + "-- scope: unit\n" + right.replace("a.unit = :who", "d.id = :who"), 5,
                    "is not compared with a parameter")

    def test_own_and_key_and_system(self):
        text = "SELECT state FROM dossier WHERE tenant = :tenant AND {} = :who;"
        self.generate(self.HEAD + "-- scope: own\n" + text.format("account"))
        self.generate(self.HEAD + "-- scope: key\n" + text.format("id"))
        self.generate(self.HEAD + "-- scope: system\n" + text.format("id"))
        self.refuse(self.HEAD + "-- scope: own\n" + text.format("id"), 5, "no account or party")
        self.refuse("-- name: t :many\n-- params: tenant Id\n-- returns: state text\n-- scope: key\n"
                    "SELECT state FROM dossier WHERE tenant = :tenant;", 5, "no key is compared")

    def test_sub_selects_count_and_writes_do_not(self):
        self.refuse("-- name: t :exec\n-- params: id Id\nDELETE FROM party\n"
                    "WHERE id IN (SELECT account FROM dossier WHERE id = :id);", 4, '"dossier" is scoped')
        self.generate("-- name: t :exec\n-- params: id Id\nDELETE FROM dossier WHERE id = :id;")
        self.generate("-- name: t :exec\n-- params: id Id\nUPDATE dossier SET state = 'x' WHERE id = :id;")


class Migrations(Case):
    def test_dialects(self):
        text = self.migrations()
        sqlite, postgres = text.split("postgres_0001[] = {")
        self.assertIn("name TEXT NOT NULL", sqlite)
        self.assertIn("STRICT", sqlite)
        for part in ("id BIGINT NOT NULL", 'name TEXT COLLATE \\"C\\" NOT NULL', "photo BYTEA",
                     "weight DOUBLE PRECISION"):
            self.assertIn(part, postgres)
        self.assertNotIn("STRICT", postgres)
        self.assertNotIn("--", sqlite.split("sqlite_0001[]")[1])

    def test_words_in_quotes_and_other_statements_stay(self):
        self.migration("0002_more.sql", "CREATE TABLE a (x TEXT DEFAULT 'INTEGER TEXT BLOB STRICT') WITHOUT ROWID"
                       .replace("(x TEXT", "(x TEXT PRIMARY KEY") + ", STRICT;\n"
                       "CREATE INDEX a_x ON a (CAST(x AS TEXT));\nINSERT INTO a VALUES ('STRICT; TEXT');\n")
        postgres = self.migrations().split("postgres_0002[] = {")[1]
        self.assertIn("DEFAULT 'INTEGER TEXT BLOB STRICT')\",", postgres)
        self.assertIn("(CAST(x AS TEXT))", postgres)
        self.assertIn("('STRICT; TEXT')", postgres)

    def test_blocks_of_one_engine(self):
        self.migration("0002_more.sql", """CREATE TABLE a (x INTEGER) STRICT;
-- engine: sqlite
CREATE TRIGGER a_t AFTER INSERT ON a BEGIN
    DELETE FROM a; DELETE FROM a;
END;
-- engine: postgres
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
-- engine: both
CREATE TABLE b (x INTEGER) STRICT;
""")
        text = self.migrations()
        sqlite = text.split("sqlite_0002[] = {")[1].split("};")[0]
        postgres = text.split("postgres_0002[] = {")[1].split("};")[0]
        self.assertIn("DELETE FROM a; DELETE FROM a;", sqlite)
        self.assertNotIn("TRIGGER", postgres)
        self.assertNotIn("FUNCTION", sqlite)
        self.assertIn("$$ SELECT 1; $$", postgres)
        for part in (sqlite, postgres):
            self.assertIn("CREATE TABLE b", part)

    def test_the_hash_is_of_what_it_says(self):
        def hashes():
            return [line for line in self.migrations().splitlines() if ".hash" in line]
        before = hashes()
        self.migration("0001_first.sql", "-- Another comment.\n\n" + SCHEMA.replace(", ", ",    "))
        self.assertEqual(hashes(), before)
        self.migration("0001_first.sql", SCHEMA.replace("weight REAL", "weight INTEGER"))
        self.assertNotEqual(hashes(), before)

    def test_order_and_end(self):
        self.migration("0010_later.sql", "CREATE TABLE z (x INTEGER) STRICT;")
        text = self.migrations()
        self.assertLess(text.index(".number = 1,"), text.index(".number = 10,"))
        self.assertIn("    {.number = 0},\n};", text)

    def test_refusals(self):
        for name, text, place, message in (
                ("0002_bad.sql", "CREATE TABLE a (x INTEGER,);", "0002_bad.sql:1", "syntax error"),
                ("0002_bad.sql", "\nCREATE TABLE party (x INTEGER);", "0002_bad.sql:2", "already exists"),
                ("0002_bad.sql", "CREATE TABLE a (x INTEGER)", "0002_bad.sql:1", 'does not end with ";"'),
                ("0002_bad.sql", "-- engine: mysql\n", "0002_bad.sql:1", 'no engine "mysql"'),
                ("0002_bad.sql", "-- scoped:\n", "0002_bad.sql:1", "names a column"),
                ("0001_second.sql", "", "0001_second.sql:1", "number 1 is zero or taken"),
                ("0000_zero.sql", "", "0000_zero.sql:1", "number 0 is zero or taken"),
                ("two.sql", "", "two.sql:1", "NNNN_name.sql")):
            with self.subTest(name + text):
                self.migration(name, text)
                self.refuse_migrations(place, message)
                os.unlink(os.path.join(self.schema, name))

    def test_scoped_names_the_table_behind_it(self):
        self.migration("0002_more.sql", "-- scoped: dossier\n\nCREATE TABLE task (dossier INTEGER);\n"
                       "CREATE TABLE free (x INTEGER);")
        self.refuse("-- name: t :many\n-- returns: d int\nSELECT dossier FROM task;", 3, '"task" is scoped')
        self.generate("-- name: t :many\n-- returns: x int\nSELECT x FROM free;")

    def test_list(self):
        done = self.run_tool("--list", "a", "b", "--out", "l.c")
        self.assertEqual(done.returncode, 0)
        self.assertIn('{"a", a_statements},\n    {"b", b_statements},\n    {NULL, NULL},', self.get("l.c"))


if __name__ == "__main__":
    unittest.main()
