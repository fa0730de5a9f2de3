/*
 * identity_party_test.c - parties: the same number is the same party, what was typed opens nothing
 * until an officer saw the original, letters of firms' agents, and every unmasking written down;
 * each write path with every statement failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/identity/identity.h"
#include "test_hall.h"

#define NUMBER "11010519491231002X"
#define FIRM   "91350100M000100Y43"

typedef struct Act {
    Hall *hall;
    PartySpec spec;
    Id party; /* to verify, or whose number was typed */
    Id account;
    Mandate letter;
    const char *reason;
    Unmasking unmasking;
    Id made;
} Act;

static bool record(Tx *tx, void *data, Error *err)
{
    Act *act = data;
    return identity_party_record(tx, &act->hall->app, &act->spec, &act->made, err);
}

static bool verify(Tx *tx, void *data, Error *err)
{
    Act *act = data;
    return identity_party_verify(tx, &act->hall->app, act->party, &act->spec, &act->made, err);
}

static bool type(Tx *tx, void *data, Error *err)
{
    const Act *act = data;
    return identity_party_type(tx, &act->hall->app, act->party, act->account, act->spec.kind,
                               act->spec.number, err);
}

static bool add_letter(Tx *tx, void *data, Error *err)
{
    Act *act = data;
    return identity_letter_add(tx, &act->hall->app, &act->letter, &act->made, err);
}

static bool take_back(Tx *tx, void *data, Error *err)
{
    const Act *act = data;
    return identity_letter_revoke(tx, &act->hall->app, act->letter.firm, act->letter.id, 7,
                                  act->reason, err);
}

static bool unmask(Tx *tx, void *data, Error *err)
{
    const Act *act = data;
    return identity_note_unmasking(tx, &act->hall->app, &act->unmasking, err);
}

#define ATTEMPT(name, run)                                                                         \
    static bool name(Hall *hall, void *data, Error *err)                                           \
    {                                                                                              \
        return db_write(hall->test->db, hall->arena, run, data, err);                              \
    }
ATTEMPT(attempt_record, record)
ATTEMPT(attempt_verify, verify)
ATTEMPT(attempt_letter, add_letter)
ATTEMPT(attempt_unmask, unmask)

static PartySpec person(const char *number, const char *name)
{
    return (PartySpec){.kind = "resident_id",
                       .number = number,
                       .name = name,
                       .is_original_seen = true,
                       .officer = 7,
                       .name_field = "name"};
}

static PartySpec firm(const char *name)
{
    PartySpec spec = person(FIRM, name);
    spec.kind = "credit_code";
    return spec;
}

static Id record_party(Hall *hall, PartySpec spec)
{
    Act act = {.hall = hall, .spec = spec};
    hall_write(hall, record, &act, spec.name);
    return act.made;
}

static Party party_of(Hall *hall, Id id)
{
    Error err = ERROR_NONE;
    Party party;
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(identity_party(&hall->app, conn, hall->arena, id, &party, &err));
    db_release(conn);
    return party;
}

static Id by_number(Hall *hall, const char *kind, const char *number)
{
    Error err = ERROR_NONE;
    Party party;
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(
        identity_party_by_number(&hall->app, conn, hall->arena, kind, number, &party, &err));
    db_release(conn);
    return party.id;
}

static void assert_refused(Hall *hall, Command run, Act *act, const char *code)
{
    Error err = ERROR_NONE;
    const char *prints = raw_prints(&hall->raw);
    assert_false(db_write(hall->test->db, hall->arena, run, act, &err));
    assert_string_equal(err.code, code);
    assert_null(raw_difference(hall->arena, prints, raw_prints(&hall->raw)));
}

/* ---- recording ------------------------------------------------------------------------------- */

static void test_recording(TestDb *test)
{
    Hall hall;
    hall_begin_empty(&hall, test);
    Act act = {.hall = &hall, .spec = person(NUMBER, "赵满仓")};
    act.spec.phone = "13912345678";
    hall_fail_each(&hall, "identity_party_record", attempt_record, &act, false);
    Party party = party_of(&hall, act.made);
    assert_string_equal(party.name, "赵满仓");
    assert_string_equal(party.number, "1101**********002X");
    assert_string_equal(party.phone, "139****5678");
    assert_true(party.is_verified && party.is_recorded && !party.account && !party.is_firm);
    assert_int_equal(party.verified_by, 7);
    assert_int_equal(by_number(&hall, "resident_id", NUMBER), act.made);
    assert_int_equal(by_number(&hall, "passport", NUMBER), 0);
    assert_int_equal(record_party(&hall, person(NUMBER, "赵满仓")), act.made);
    const char *dump = raw_dump(&hall.raw);
    const char *secrets[] = {NUMBER, "13912345678"};
    for (size_t i = 0; i < 2; i++) {
        assert_null(strstr(dump, secrets[i]));
        assert_null(strstr(dump, text_hex(hall.arena, secrets[i], strlen(secrets[i]))));
    }
    hall_end(&hall);
}

/* Who was written down without the original is not verified; seeing it later does that. */
static void test_seeing_later(TestDb *test)
{
    Hall hall;
    hall_begin_empty(&hall, test);
    PartySpec spec = person(NUMBER, "赵满仓");
    spec.is_original_seen = false;
    Id id = record_party(&hall, spec);
    assert_true(!party_of(&hall, id).is_verified && party_of(&hall, id).is_recorded);
    assert_int_equal(record_party(&hall, spec), id);
    assert_false(party_of(&hall, id).is_verified);
    spec.is_original_seen = true;
    spec.officer = 8;
    assert_int_equal(record_party(&hall, spec), id);
    assert_true(party_of(&hall, id).is_verified);
    assert_int_equal(party_of(&hall, id).verified_by, 8);
    hall_end(&hall);
}

static void test_names(TestDb *test)
{
    Hall hall;
    hall_begin_empty(&hall, test);
    Id id = record_party(&hall, person(NUMBER, "赵满仓"));
    Act other = {.hall = &hall, .spec = person(NUMBER, "赵满苍")};
    Error err = ERROR_NONE;
    assert_refused(&hall, record, &other, "identity.name_differs");
    DbConn *conn = db_reader(test->db, &err);
    assert_false(identity_party_check(&hall.app, conn, hall.arena, &other.spec, &err));
    assert_string_equal(err.field, "name");
    assert_string_equal(err.with[0].value, "赵满仓");
    assert_string_equal(err.with[1].value, "1101**********002X");
    db_release(conn);
    other.spec.is_name_confirmed = true;
    other.spec.is_original_seen = false;
    assert_int_equal(record_party(&hall, other.spec), id);
    assert_string_equal(party_of(&hall, id).name, "赵满仓");
    other.spec.is_original_seen = true;
    assert_int_equal(record_party(&hall, other.spec), id);
    assert_string_equal(party_of(&hall, id).name, "赵满苍");
    hall_end(&hall);
}

/* ---- accounts -------------------------------------------------------------------------------- */

typedef struct Registration {
    Hall *hall;
    const char *phone;
    Id account;
} Registration;

static bool run_registration(Tx *tx, void *data, Error *err)
{
    Registration *it = data;
    return identity_register(tx, &it->hall->app, "林小满", it->phone, "x", &it->account, err);
}

static Party registered(Hall *hall, const char *phone, Id *out_account)
{
    Error err = ERROR_NONE;
    Party party;
    Registration it = {.hall = hall, .phone = phone};
    hall_write(hall, run_registration, &it, phone);
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(identity_party_by_phone(&hall->app, conn, hall->arena, phone, &party, &err));
    db_release(conn);
    *out_account = it.account;
    return party;
}

/* A typed number finds nobody, and nobody by it; the window's look at the original does. */
static void test_typed_numbers(TestDb *test)
{
    Hall hall;
    Act act = {.hall = &hall, .spec = person(NUMBER, "林小满")};
    hall_begin_empty(&hall, test);
    Party mine = registered(&hall, "13912345678", &act.account);
    act.party = mine.id;
    assert_true(mine.account && !mine.is_recorded && !mine.number);
    hall_write(&hall, type, &act, "type");
    assert_string_equal(party_of(&hall, mine.id).number, "1101**********002X");
    assert_int_equal(by_number(&hall, "resident_id", NUMBER), 0);
    Id recorded = record_party(&hall, person(NUMBER, "赵满仓"));
    assert_int_not_equal(recorded, mine.id);
    assert_false(party_of(&hall, mine.id).is_verified);
    hall_write(&hall, type, &act, "type again");
    assert_refused(&hall, verify, &act, "identity.name_differs");
    act.spec.is_name_confirmed = true;
    hall_fail_each(&hall, "identity_party_verify", attempt_verify, &act, false);
    assert_int_equal(act.made, recorded);
    assert_true(party_of(&hall, recorded).account);
    assert_false(party_of(&hall, mine.id).account);
    act.party = recorded;
    assert_refused(&hall, type, &act, "identity.verified_already");
    hall_end(&hall);
}

static void test_verifying_an_account(TestDb *test)
{
    Hall hall;
    Act act = {.hall = &hall, .spec = person(NUMBER, "林小满")};
    hall_begin_empty(&hall, test);
    act.party = registered(&hall, "13912345678", &act.account).id;
    hall_write(&hall, verify, &act, "verify");
    assert_int_equal(act.made, act.party);
    assert_true(party_of(&hall, act.party).is_verified);
    assert_int_equal(by_number(&hall, "resident_id", NUMBER), act.party);
    act.spec.number = "440524188001010014";
    assert_refused(&hall, verify, &act, "identity.number_differs");
    act.spec = firm("青溪县滨河宾馆");
    assert_refused(&hall, verify, &act, "identity.number_differs");
    act.party = 99;
    assert_refused(&hall, verify, &act, "identity.unknown_party");
    hall_end(&hall);
}

static void test_phones(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Id account;
    bool is_his;
    hall_begin_empty(&hall, test);
    PartySpec spec = person(NUMBER, "赵满仓");
    spec.phone = "13912345678";
    Id id = record_party(&hall, spec), silent = record_party(&hall, firm("青溪县滨河宾馆"));
    Id other = registered(&hall, "13912345679", &account).id;
    const struct {
        Id party;
        const char *phone;
        bool is_his;
    } cases[] = {{id, "13912345678", true},      {id, "13912345679", false},
                 {other, "13912345679", true},   {other, "13912345678", false},
                 {silent, "13912345678", false}, {silent, "", false}};
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(identity_party_phone_is(&hall.app, conn, hall.arena, cases[i].party,
                                            cases[i].phone, &is_his, &err));
        assert_int_equal(is_his, cases[i].is_his);
    }
    db_release(conn);
    spec.phone = "13912345670";
    record_party(&hall, spec);
    assert_string_equal(party_of(&hall, id).phone, "139****5670");
    hall_end(&hall);
}

/* ---- letters --------------------------------------------------------------------------------- */

static const char *letter_answer(Hall *hall, Id holder, Id of, const char *item, Date today)
{
    Error err = ERROR_NONE;
    Mandate letter;
    DbConn *conn = db_reader(hall->test->db, &err);
    bool is_fine =
        identity_letter_for(conn, hall->arena, HALL_TENANT, holder, of, item, today, &letter, &err);
    db_release(conn);
    return is_fine ? letter.letter_no : err.code;
}

static void test_letters(TestDb *test)
{
    Hall hall;
    hall_begin_empty(&hall, test);
    Id of = record_party(&hall, firm("青溪县滨河宾馆"));
    Id holder = record_party(&hall, person(NUMBER, "赵满仓"));
    Date today = HALL_FRIDAY, last = date_plus(HALL_FRIDAY, 5);
    Act act = {.hall = &hall,
               .letter = {.firm = of,
                          .person = holder,
                          .letter_no = "委2026-1",
                          .items = "hotel-hygiene,food",
                          .valid_until = last,
                          .verified_by = 7},
               .reason = "换了代办人"};
    assert_string_equal(letter_answer(&hall, holder, of, "food", today), "identity.letter_none");
    hall_fail_each(&hall, "identity_letter_add", attempt_letter, &act, false);
    assert_string_equal(letter_answer(&hall, holder, of, "food", today), "委2026-1");
    assert_string_equal(letter_answer(&hall, holder, of, "food", last), "委2026-1");
    assert_string_equal(letter_answer(&hall, holder, of, "hotel-hygiene", today), "委2026-1");
    assert_string_equal(letter_answer(&hall, holder, of, "foo", today), "identity.letter_scope");
    assert_string_equal(letter_answer(&hall, holder, of, "hotel", today), "identity.letter_scope");
    assert_string_equal(letter_answer(&hall, holder, of, "food", date_plus(last, 1)),
                        "identity.letter_expired");
    assert_string_equal(letter_answer(&hall, of, of, "food", today), "identity.letter_none");
    act.letter.id = act.made;
    hall_write(&hall, take_back, &act, "revoke");
    assert_string_equal(letter_answer(&hall, holder, of, "food", today),
                        "identity.letter_was_revoked");
    assert_refused(&hall, take_back, &act, "identity.letter_revoked");
    act.letter.firm = holder;
    assert_refused(&hall, take_back, &act, "identity.unknown_letter");
    assert_refused(&hall, add_letter, &act, "identity.not_a_firm");
    act.letter.firm = of;
    act.letter.valid_until = date_plus(today, -1);
    assert_refused(&hall, add_letter, &act, "identity.letter_past");
    act.letter.valid_until = today;
    act.letter.items = "*";
    hall_write(&hall, add_letter, &act, "a letter for everything");
    assert_string_equal(letter_answer(&hall, holder, of, "whatever", today), "委2026-1");
    hall_end(&hall);
}

/* ---- unmasking ------------------------------------------------------------------------------- */

static void test_unmasking(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    const char *value;
    UnmaskingLines lines = {0};
    hall_begin(&hall, test);
    PartySpec spec = person(NUMBER, "赵满仓");
    spec.phone = "13912345678";
    Id id = record_party(&hall, spec);
    Act act = {.hall = &hall,
               .unmasking = {.officer = &hall.window,
                             .party = id,
                             .dossier = "202611205964187604",
                             .field = "phone",
                             .reason = "打电话通知取件"}};
    hall_fail_each(&hall, "identity_note_unmasking", attempt_unmask, &act, false);
    act.unmasking.field = "identity_number";
    act.unmasking.dossier = NULL;
    hall_write(&hall, unmask, &act, "unmask");
    DbConn *conn = db_reader(test->db, &err);
    assert_true(identity_party_secret(&hall.app, conn, hall.arena, id, "phone", &value, &err));
    assert_string_equal(value, "13912345678");
    assert_true(
        identity_party_secret(&hall.app, conn, hall.arena, id, "identity_number", &value, &err));
    assert_string_equal(value, NUMBER);
    assert_true(identity_unmaskings(conn, hall.arena, HALL_TENANT, 0, 10, &lines, &err));
    assert_int_equal(lines.count, 2);
    assert_string_equal(lines.items[0].field, "identity_number");
    assert_null(lines.items[0].dossier);
    assert_string_equal(lines.items[1].party_name, "赵满仓");
    assert_string_equal(lines.items[1].officer_login, "w001");
    assert_string_equal(lines.items[1].reason, "打电话通知取件");
    UnmaskingLines older = {0};
    assert_true(
        identity_unmaskings(conn, hall.arena, HALL_TENANT, lines.items[0].id, 10, &older, &err));
    assert_int_equal(older.count, 1);
    assert_int_equal(older.items[0].id, lines.items[1].id);
    db_release(conn);
    assert_string_equal(raw_ask(&hall.raw, "SELECT count(*) FROM journal WHERE kind = "
                                           "'party.unmasked'"),
                        "2");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_recording),
        test_each_hall(test_seeing_later),
        test_each_hall(test_names),
        test_each_hall(test_typed_numbers),
        test_each_hall(test_verifying_an_account),
        test_each_hall(test_phones),
        test_each_hall(test_letters),
        test_each_hall(test_unmasking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
