// life.mjs - what happens to an application on its way, over HTTP: one-time notices and supplements, the
// clock that stands still, a withdrawal, letters of authorisation, two officers on one task, the archive.
//
//     node tests/http/life.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { submit, wordsOf } from '../lib/page.mjs';
import { acceptedHotel, complete, file, hotelHygiene, openTask, restaurant } from '../lib/hall.mjs';

const FRIDAY = '2026-11-20T10:00:00+08:00'; /* accepted then: ten working days end on 2026-12-04 */
const LOGINS = { applicant: '13800000001', other: '13800000002', window: 'w001', inspector: 'h001', inspector2: 'h002',
  chief: 'h003', market: 'm001', marketChief: 'm003', marketLeader: 'm004', fire: 'f001', city: 'c001', cityChief: 'c002',
  supervisor: 's001', admin: 'admin' };
const PASS = { outcome: 'pass', opinion: '现场符合要求。' };
let server, description, clock;
const people = {};

async function logIn() {
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
}

/** Another moment: sessions may have ended meanwhile, so everybody logs in again. */
async function later(instant) {
  await clock.set(instant);
  await logIn();
}

const dossierOf = async (person, number) => (await person.get(`/dossiers/${number}`)).json;
const deskLine = async (officer, number, query = '') => (await officer.all(`/desk${query}`, 'tasks')).find((one) => one.number === number);

/** Tells the applicant that the floor plan is missing and the rooms are miscounted. */
async function send(officer, number, more = {}) {
  const task = await openTask(officer, number);
  return officer.post(`/dossiers/${number}/tasks/${task}/notice`, {
    missing: { 'material.floor-plan': '没有平面图', 'field.room_count': '客房数与现场不符' },
    mend: { 'material.floor-plan': '请补交平面图', 'field.room_count': '请按实际填写' }, ...more });
}

/** The applicant mends both. */
const mend = (person, number, changes = {}) => person.post(`/dossiers/${number}/supplement`,
  { form: { ...hotelHygiene, room_count: '52', ...changes }, material: ['floor-plan'], note: '已按要求补正' });

/* ---- the one-time notice --------------------------------------------------------------------- */

test('a notice names everything at once; the applicant reads it, the officer waits, the clock stands', async () => {
  people.number = await acceptedHotel(people.applicant, people.window);
  await later('2026-11-23T10:00:00+08:00');
  const answer = await send(people.inspector, people.number);
  assert.equal(answer.status, 200, answer.text);
  const own = await dossierOf(people.applicant, people.number);
  assert.equal(own.waits_for, 'supplement');
  assert.equal(own.can_mend, true);
  assert.deepEqual(own.notices[0].lines.map((one) => [one.code, one.missing, one.mend]),
    [['floor-plan', '没有平面图', '请补交平面图'], ['room_count', '客房数与现场不符', '请按实际填写']]);
  assert.equal(own.clock.is_suspended, true);
  assert.equal(own.clock.lamp.state, 'grey');
  assert.match(own.clock.ground, /补正/);
  const mine = (await people.applicant.all('/my', 'dossiers')).find((one) => one.number === people.number);
  assert.equal(mine.waits_for, 'supplement');
  assert.equal(mine.due_on, null);
  const line = await deskLine(people.inspector, people.number);
  assert.equal(line.waits_for, 'supplement');
  assert.equal(line.lamp.state, 'grey');
});

test('while the applicant is asked nothing can be approved; nobody else may mend', async () => {
  const task = await openTask(people.inspector, people.number);
  const refused = await people.inspector.post(`/dossiers/${people.number}/tasks/${task}/complete`, { form: PASS });
  assert.equal(refused.status, 409);
  assert.equal(refused.json.code, 'dossier.waits_for_applicant');
  assert.equal((await mend(people.other, people.number)).status, 404);
  assert.equal((await mend(people.inspector, people.number)).status, 403);
  const again = await send(people.inspector, people.number);
  assert.equal(again.json.code, 'notice.open_already');
});

test('what is mended is checked against the form, and the officer sees the old and the new', async () => {
  const bad = await mend(people.applicant, people.number, { credit_code: '1' });
  assert.equal(bad.status, 422);
  assert.equal(bad.json.errors[0].field, 'form.credit_code');
  await later('2026-11-25T10:00:00+08:00');
  assert.equal((await mend(people.applicant, people.number)).status, 200);
  const seen = await dossierOf(people.inspector, people.number);
  assert.equal(seen.waits_for, null);
  assert.deepEqual(seen.supplements[0].changes.map((one) => [one.key, one.was, one.now]), [['room_count', '48', '52']]);
  assert.equal(seen.supplements[0].materials.length, 1);
  assert.equal(seen.notices[0].state, 'answered');
  assert.equal(seen.materials.find((one) => one.code === 'floor-plan').is_brought, true);
});

test('the deadline has moved by exactly the two days that were not counted, and says each of them', async () => {
  const { clock: it } = await dossierOf(people.applicant, people.number);
  assert.equal(it.due_on, '2026-12-08');
  assert.equal(it.is_suspended, false);
  assert.deepEqual(it.days.filter((day) => day.effect === 'not_counted').map((day) => day.date), ['2026-11-23', '2026-11-24']);
  assert.ok(it.days.filter((day) => day.effect === 'not_counted').every((day) => day.ground));
  assert.equal(it.spans.length, 1);
  assert.equal((await deskLine(people.inspector, people.number)).due_at.slice(0, 10), '2026-12-08');
  const row = (await people.supervisor.all('/supervise', 'dossiers')).find((one) => one.number === people.number);
  assert.equal(row.due_at.slice(0, 10), '2026-12-08');
});

test('a second notice of what could be seen the first time needs a reason and the leader', async () => {
  const visible = { 'material.floor-plan': 'yes', 'field.room_count': 'no' };
  assert.equal((await send(people.inspector, people.number)).json.code, 'notice.visible_required');
  assert.equal((await send(people.inspector, people.number, { visible })).json.code, 'notice.reason_required');
  const asked = await send(people.inspector, people.number, { visible, reason: '第一次漏看了平面图' });
  assert.equal(asked.status, 200, asked.text);
  const own = await dossierOf(people.applicant, people.number);
  assert.equal(own.waits_for, null, 'nothing goes out before it is approved');
  assert.equal(own.notices.length, 1, 'and the applicant does not know of it');
  assert.equal((await people.inspector.get('/notices')).status, 403);
  const foreign = (await people.marketLeader.get('/notices')).json;
  assert.equal(foreign.notices.length, 0);
  const { notices } = (await people.chief.get('/notices')).json;
  assert.equal(notices[0].reason, '第一次漏看了平面图');
  assert.equal((await people.marketLeader.post(`/notices/${notices[0].id}/approve`, {})).status, 404);
  const approved = await people.chief.post(`/notices/${notices[0].id}/approve`, {});
  assert.equal(approved.status, 200, approved.text);
  assert.equal((await dossierOf(people.applicant, people.number)).waits_for, 'supplement');
  assert.equal((await mend(people.applicant, people.number, { room_count: '53' })).status, 200);
});

test('a notice is taken back before it is answered, with a reason that the applicant reads; each department has its first', async () => {
  const number = await acceptedHotel(people.applicant, people.window);
  assert.equal((await send(people.inspector, number)).status, 200);
  const [{ id, ordinal }] = (await dossierOf(people.inspector, number)).notices;
  const path = `/dossiers/${number}/notices/${id}/take-back`;
  assert.equal((await people.inspector.post(path, { why: '' })).status, 422);
  assert.equal((await people.window.post(path, { why: '不是我们发的' })).status, 404);
  assert.equal((await people.inspector.post(path, { why: '平面图已经交过，是我们看漏了。' })).status, 200);
  assert.equal((await people.inspector.post(path, { why: '再收一次' })).json.code, 'notice.not_open');
  const own = await dossierOf(people.applicant, number);
  assert.deepEqual([own.waits_for, own.clock.is_suspended, own.notices[0].state, own.notices[0].taken_back_why, ordinal],
    [null, false, 'taken_back', '平面图已经交过，是我们看漏了。', 1]);
  assert.equal((await mend(people.applicant, number)).json.code, 'dossier.not_asked');
});

test('the form\'s own opinion never stands under a return, a refusal or a denial', async () => {
  const number = await acceptedHotel(people.applicant, people.window);
  const task = await openTask(people.inspector, number);
  const opinion = (await dossierOf(people.inspector, number)).fields.find((one) => one.name === 'form.opinion').value;
  assert.ok(opinion.length > 4);
  const path = `/dossiers/${number}/tasks/${task}/complete`;
  const refused = await people.inspector.post(path, { form: { outcome: 'fail', opinion } });
  assert.deepEqual([refused.status, refused.json.code], [422, 'dossier.reason_own']);
  assert.equal((await people.inspector.post(path, { form: { outcome: 'pass', opinion } })).status, 200);
});

test('a leader holds a second notice back with a reason', async () => {
  const asked = await send(people.inspector, people.number,
    { visible: { 'material.floor-plan': 'yes', 'field.room_count': 'yes' }, reason: '还想再看' });
  assert.equal(asked.status, 200, asked.text);
  const { notices } = (await people.chief.get('/notices')).json;
  assert.equal((await people.chief.post(`/notices/${notices[0].id}/refuse`, {})).json.code, 'notice.words_required');
  assert.equal((await people.chief.post(`/notices/${notices[0].id}/refuse`, { words: '材料已经齐全' })).status, 200);
  assert.equal((await dossierOf(people.applicant, people.number)).waits_for, null);
});

/* ---- suspension ------------------------------------------------------------------------------ */

test('an officer stops the clock on a lawful ground and lets it run again', async () => {
  await later(FRIDAY);
  const number = await acceptedHotel(people.applicant, people.window);
  const before = (await dossierOf(people.applicant, number)).clock.due_on;
  await later('2026-11-26T10:00:00+08:00');
  const task = await openTask(people.inspector, number);
  const path = `/dossiers/${number}/tasks/${task}`;
  const stop = (ground) => people.inspector.post(`${path}/suspend`, { ground, note: '需要听证' });
  assert.equal((await stop('no-such-ground')).json.code, 'catalogue.unknown_ground');
  assert.equal((await stop('supplement')).json.code, 'catalogue.unknown_ground');
  assert.equal((await stop('hearing')).status, 200);
  assert.equal((await stop('hearing')).json.code, 'dossier.suspended_already');
  assert.equal((await people.market.post(`${path}/resume`)).status, 404);
  await later('2026-11-30T10:00:00+08:00'); /* Thursday and Friday */
  const held = (await dossierOf(people.applicant, number)).clock;
  assert.equal(held.is_suspended, true);
  assert.equal(held.ground, '听证');
  const [why] = (await dossierOf(people.applicant, number)).rulings.filter((one) => one.step === 'own_limit');
  assert.deepEqual([why.table, why.binds, why.on, why.fired[0].rule], ['special-limits', 'decided', '2026-11-26', 2]);
  assert.deepEqual([...why.inputs, ...why.outputs].map((one) => [one.label, one.value]), [['情形', '听证'], ['最长', '20'], ['单位', '工作日']]);
  assert.equal((await people.inspector.post(`${path}/resume`)).status, 200);
  const { clock: after } = await dossierOf(people.applicant, number);
  assert.equal(before, '2026-12-04');
  assert.equal(after.due_on, '2026-12-08');
  assert.deepEqual(after.days.filter((day) => day.effect === 'not_counted').map((day) => day.date), ['2026-11-26', '2026-11-27']);
  assert.equal((await people.inspector.post(`${path}/resume`)).json.code, 'dossier.not_suspended');
});

test('a clock that is stopped before it begins to count stands too', async () => {
  await later('2026-11-20T18:30:00+08:00'); /* after hours: counts from Monday on */
  const number = await acceptedHotel(people.applicant, people.window);
  const path = `/dossiers/${number}/tasks/${await openTask(people.inspector, number)}`;
  assert.equal((await people.inspector.post(`${path}/suspend`, { ground: 'hearing', note: '需要听证' })).status, 200);
  const { clock: held } = await dossierOf(people.applicant, number);
  assert.deepEqual([held.is_suspended, held.ground, held.lamp.state], [true, '听证', 'grey']);
  assert.equal((await people.inspector.post(`${path}/resume`)).status, 200);
  const { clock: again } = await dossierOf(people.applicant, number);
  assert.deepEqual([again.is_suspended, again.lamp.state], [false, 'green']);
});

/* ---- a return from inside a branch ----------------------------------------------------------- */

test('a return inside one branch loses nothing of the others', async () => {
  const number = await file(people.applicant, 'open-restaurant', restaurant);
  await complete(people.window, number, { outcome: 'accept', opinion: '材料齐全，予以受理。' });
  await complete(people.city, number, { outcome: 'pass', opinion: '招牌符合要求。' });
  await complete(people.cityChief, number, { outcome: 'return', opinion: '请核对招牌尺寸。' });
  assert.ok(await deskLine(people.city, number), 'back at the department that was asked');
  assert.ok(await deskLine(people.market, number), 'and still at the others');
  assert.ok(await deskLine(people.fire, number));
  await complete(people.city, number, { outcome: 'pass', opinion: '尺寸已经核对。' });
  const opinions = (await dossierOf(people.city, number)).tasks.map((one) => one.opinion).filter(Boolean);
  for (const words of ['招牌符合要求。', '请核对招牌尺寸。', '尺寸已经核对。']) assert.ok(opinions.includes(words), words);
});

/* ---- letters of authorisation ---------------------------------------------------------------- */

test('a step beyond the letter is refused, and a letter is registered and ended by the administrator', async () => {
  const number = await file(people.applicant, 'open-restaurant', restaurant);
  await complete(people.window, number, { outcome: 'accept', opinion: '材料齐全，予以受理。' });
  await complete(people.city, number, PASS);
  const task = await openTask(people.city, number);
  const agree = () => people.city.post(`/dossiers/${number}/tasks/${task}/complete`, { form: { outcome: 'agree', opinion: '同意。' } });
  const refused = await agree();
  assert.equal(refused.status, 403);
  assert.equal(refused.json.code, 'authorisation.missing');
  assert.match(refused.text, /Task_city_opinion/);
  const letter = { login: 'c001', item: 'open-restaurant', element: 'Task_city_opinion', valid_from: '2026-11-01',
    valid_until: '2026-12-31', letter_no: '授〔2026〕9号' };
  assert.equal((await people.inspector.post('/admin/authorisations', letter)).status, 403);
  assert.equal((await people.admin.post('/admin/authorisations', { ...letter, login: 'nobody' })).json.errors[0].field, 'login');
  assert.equal((await people.admin.post('/admin/authorisations', { ...letter, valid_until: '2026-10-01' })).json.errors[0].field,
    'valid_until');
  const made = await people.admin.post('/admin/authorisations', letter);
  assert.equal(made.status, 201, made.text);
  assert.equal((await people.admin.post(`/admin/authorisations/${made.json.id}/end`)).status, 200);
  assert.equal((await agree()).status, 403, 'an ended letter covers nothing');
  assert.equal((await people.admin.post('/admin/authorisations', letter)).status, 201);
  assert.equal((await agree()).status, 200);
  const listed = (await people.admin.get('/admin/authorisations')).json.letters.filter((one) => one.letter_no === letter.letter_no);
  assert.deepEqual(listed.map((one) => one.state), ['valid', 'ended']);
});

/* ---- withdrawal ------------------------------------------------------------------------------ */

test('an application is withdrawn before it is decided, and then nobody works on it', async () => {
  const number = await acceptedHotel(people.applicant, people.window);
  assert.equal((await people.other.post(`/dossiers/${number}/withdraw`, {})).status, 404);
  const task = await openTask(people.inspector, number);
  const answer = await people.applicant.post(`/dossiers/${number}/withdraw`, { withdraw_reason: '改在别处开业' });
  assert.equal(answer.status, 200, answer.text);
  const own = await dossierOf(people.applicant, number);
  assert.equal(own.state, 'withdrawn');
  assert.equal(own.reason, '改在别处开业');
  assert.equal(own.clock.is_stopped, true);
  assert.equal(await deskLine(people.inspector, number), undefined);
  assert.equal((await people.inspector.post(`/dossiers/${number}/tasks/${task}/complete`, { form: PASS })).json.code, 'dossier.task_done');
  assert.equal((await people.applicant.post(`/dossiers/${number}/withdraw`, {})).json.code, 'dossier.withdrawn_already');
  assert.ok(!(await people.supervisor.all('/supervise', 'dossiers')).some((one) => one.number === number));
});

/* ---- two officers on one task ---------------------------------------------------------------- */

test('two officers on one task: the second is told who has it', async () => {
  const number = await acceptedHotel(people.applicant, people.window);
  const task = await openTask(people.inspector, number);
  const path = `/dossiers/${number}/tasks/${task}`;
  assert.equal((await people.inspector.post(`${path}/claim`)).status, 200);
  const seen = await dossierOf(people.inspector2, number);
  assert.ok(seen.task_officer, 'the page names the officer');
  for (const [verb, body] of [['claim', undefined], ['complete', { form: PASS }], ['suspend', { ground: 'hearing', note: '听证' }],
    ['notice', { missing: { 'field.room_count': '不符' }, mend: { 'field.room_count': '请更正' } }]]) {
    const refused = await people.inspector2.post(`${path}/${verb}`, body);
    assert.equal(refused.status, 409, `${verb}: ${refused.text}`);
    assert.equal(refused.json.code, 'dossier.task_taken', verb);
    assert.ok(refused.text.includes(seen.task_officer), verb);
  }
});

/* ---- stages and the archive ------------------------------------------------------------------ */

test('the desk filters by the five stages; what is closed lies in the archive under its number', async () => {
  const number = await acceptedHotel(people.applicant, people.window);
  assert.ok(await deskLine(people.inspector, number, '?stage=review'));
  assert.equal(await deskLine(people.inspector, number, '?stage=decision'), undefined);
  assert.equal((await people.inspector.get('/desk?stage=nowhere')).status, 422);
  await complete(people.inspector, number, PASS);
  assert.ok(await deskLine(people.inspector, number, '?stage=decision'));
  await complete(people.inspector, number, { outcome: 'approve', opinion: '准予许可。' });
  const row = (await people.inspector.all('/archive', 'dossiers')).find((one) => one.number === number);
  assert.equal(row.archive_number, `2026-hotel-hygiene-${number}`);
  assert.ok(!(await people.market.all('/archive', 'dossiers')).some((one) => one.number === number));
});

/* ---- by hand, without scripts ---------------------------------------------------------------- */

test('by hand: the officer fills the form of a notice, the applicant mends it, answers filled in before', async () => {
  const number = await acceptedHotel(people.applicant, people.window);
  const task = await openTask(people.inspector, number);
  const officer = new Client(server), applicant = new Client(server, { language: 'en' });
  await submit(officer, '/login', '/login', { login: 'h001', password: 'demo-2026' });
  await submit(applicant, '/login', '/login', { login: '13800000001', password: 'demo-2026' });
  const at = `/dossiers/${number}/tasks/${task}/notice`;
  const empty = await submit(officer, at, at, { 'missing.field.room_count': '客房数不符' });
  assert.equal(empty.status, 422);
  assert.match(wordsOf(empty.text), /怎样补正/);
  const sent = await submit(officer, at, at, { 'missing.field.room_count': '客房数不符', 'mend.field.room_count': '请更正' });
  assert.equal(sent.location, `/dossiers/${number}`);
  const page = await applicant.get(`/dossiers/${number}`);
  assert.match(wordsOf(page.text), /Please complete your application/);
  const form = await applicant.get(`/dossiers/${number}/supplement`);
  assert.match(form.text, /name="form\.room_count"[^>]*value="48"|value="48"[^>]*name="form\.room_count"/);
  const done = await submit(applicant, `/dossiers/${number}/supplement`, `/dossiers/${number}/supplement`, { 'form.room_count': '60' });
  assert.equal(done.location, `/dossiers/${number}`);
  const seen = await dossierOf(people.inspector, number);
  assert.deepEqual(seen.supplements[0].changes.map((one) => [one.was, one.now]), [['48', '60']]);
});

test('at the window, on behalf: personal numbers are not shown and stay as they are', async () => {
  const number = await file(people.applicant, 'hotel-hygiene');
  assert.equal((await send(people.window, number)).status, 200);
  const form = (await people.window.get(`/dossiers/${number}/supplement`)).json;
  assert.ok(!JSON.stringify(form).includes(hotelHygiene.phone), 'the phone in the open');
  assert.equal((await mend(people.window, number, { phone: '' })).status, 200);
  const seen = await dossierOf(people.window, number);
  assert.equal(seen.supplements[0].by_kind, 'officer');
  assert.deepEqual(seen.supplements[0].changes.map((one) => one.key), ['room_count']);
});

test('answers of these pages were checked against the description', async () => {
  const number = await acceptedHotel(people.applicant, people.window);
  const form = await people.inspector.get(`/dossiers/${number}/tasks/${await openTask(people.inspector, number)}/notice`);
  assert.equal(form.json.is_second, false);
  assert.ok(form.json.fields.some((one) => one.place === 'field.room_count'));
  for (const path of ['/dossiers/{number}/tasks/{task}/notice', '/notices', '/dossiers/{number}/supplement', '/archive',
    '/admin/authorisations']) assert.ok(description.seen.has(`GET ${path} 200`), path);
});

if (!isAvailable) {
  skipAll(`life on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock(FRIDAY);
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await logIn();
  await runTests(() => stopServer(server));
}
