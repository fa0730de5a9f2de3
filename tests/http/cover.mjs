// cover.mjs - posts with two holders, over HTTP: A is away, B finds what A has on his desk and finishes it; both
// away is seen by the head of the unit and by supervisors.
//
//     node tests/http/cover.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { submit, wordsOf } from '../lib/page.mjs';
import { acceptedHotel, openTask } from '../lib/hall.mjs';

const LOGINS = { applicant: '13800000001', window: 'w001', a: 'h001', b: 'h002', head: 'h003', other: 'm001', supervisor: 's001', admin: 'admin' };
const PASS = { outcome: 'pass', opinion: '现场符合要求。' };
let server, description, clock;
const people = {};

async function later(instant) {
  if (instant) await clock.set(instant);
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
}

const coverOf = async (person) => (await person.get('/cover')).json;
const note = (person, from, to, more = {}) => person.post('/cover/absences', { away_from: from, away_to: to, reason: 'leave', ...more });
const postOf = (cover, code) => cover.posts.find((one) => one.code === code);

test('what one officer has is nobody else\'s, until he is away', async () => {
  people.number = await acceptedHotel(people.applicant, people.window);
  people.task = await openTask(people.a, people.number);
  assert.equal((await people.a.post(`/dossiers/${people.number}/tasks/${people.task}/claim`)).status, 200);
  const path = `/dossiers/${people.number}/tasks/${people.task}/complete`;
  assert.equal((await people.b.post(path, { form: PASS })).json.code, 'dossier.task_taken');
  assert.deepEqual((await people.b.get('/desk')).json.acting, []);
  const noted = await note(people.a, '2026-11-20', '2026-11-25');
  assert.equal(noted.status, 200, noted.text);
  const post = postOf(await coverOf(people.b), 'inspection');
  assert.deepEqual([post.is_a_away, post.is_b_away, post.gaps], [true, false, []]);
});

test('the other holder finds it on his desk, and finishes it in his own name', async () => {
  const desk = (await people.b.get('/desk')).json;
  assert.equal(desk.acting.length, 1);
  assert.equal(desk.acting[0].until, '2026-11-25');
  const theirs = (await people.b.get(`/desk?for=${desk.acting[0].officer}`)).json;
  assert.deepEqual(theirs.tasks.map((one) => one.number), [people.number]);
  const page = (await people.b.get(`/dossiers/${people.number}`)).json;
  assert.ok(page.task_for && !page.task_officer && page.task_until === '2026-11-25');
  assert.equal((await people.other.post(`/dossiers/${people.number}/tasks/${people.task}/complete`, { form: PASS })).status, 404);
  const done = await people.b.post(`/dossiers/${people.number}/tasks/${people.task}/complete`, { form: PASS });
  assert.equal(done.status, 200, done.text);
});

test('both away: the head of the unit and the supervisor see the days on which nobody holds the post', async () => {
  assert.equal((await note(people.b, '2026-11-24', '2026-11-26')).status, 200);
  const gap = [{ from: '2026-11-24', to: '2026-11-25', is_one_day: false }];
  assert.deepEqual(postOf(await coverOf(people.head), 'inspection').gaps, gap);
  const all = await coverOf(people.supervisor);
  assert.equal(all.unit, null);
  assert.deepEqual([...new Set(all.posts.map((one) => one.code))].sort(), ['decision', 'inspection'], 'only what nobody holds');
  assert.deepEqual(postOf(all, 'inspection').gaps, gap);
  assert.equal((await people.admin.get('/cover')).status, 403);
  assert.equal((await people.applicant.get('/cover')).status, 403);
});

test('the head gives the post another holder, and the gap is closed', async () => {
  const cover = await coverOf(people.head);
  const post = postOf(cover, 'inspection');
  assert.equal((await people.a.post(`/cover/posts/${post.id}`, {})).status, 403);
  const holders = await holdersOf();
  const bad = await people.head.post(`/cover/posts/${post.id}`, { holder_a: holders.h001, holder_b: holders.h001 });
  assert.deepEqual([bad.status, bad.json.code], [422, 'post.same_holder']);
  assert.equal((await people.head.post(`/cover/posts/${post.id}`, { holder_a: holders.h001, holder_b: holders.h003 })).status, 200);
  assert.deepEqual(postOf(await coverOf(people.head), 'inspection').gaps, []);
});

/** The ids of the officers that the head may choose, by login. */
async function holdersOf() {
  return Object.fromEntries((await coverOf(people.head)).staff.map((one) => [one.login, one.id]));
}

test('what is wrong is told at its field; what is another\'s stays as it is', async () => {
  const wrong = await note(people.head, '2026-12-05', '2026-12-01');
  assert.deepEqual([wrong.status, wrong.json.errors[0].field], [422, 'away_to']);
  assert.equal((await note(people.head, '2026-11-01', '2026-11-02')).json.code, 'absence.past');
  assert.equal((await note(people.a, '2026-11-25', '2026-11-28')).json.code, 'absence.overlaps');
  const holders = await holdersOf();
  assert.equal((await note(people.a, '2026-12-01', '2026-12-02', { officer: holders.h002 })).status, 403);
  assert.equal((await note(people.head, '2026-12-01', '2026-12-02', { officer: holders.h002 })).status, 200);
  const { absences } = await coverOf(people.a);
  const [mine] = absences.filter((one) => one.can_end), theirs = absences.find((one) => !one.can_end);
  assert.equal((await people.a.post(`/cover/absences/${theirs.id}/end`)).status, 403);
  assert.equal((await people.other.post(`/cover/absences/${mine.id}/end`)).status, 404);
  assert.equal((await people.a.post(`/cover/absences/${mine.id}/end`)).status, 200);
  assert.equal((await people.a.post(`/cover/absences/${mine.id}/end`)).json.code, 'absence.over_already');
  assert.deepEqual((await people.b.get('/desk')).json.acting, []);
});

test('by forms, without scripts', async () => {
  const officer = await new Client(server).login('h001', 'demo-2026');
  const refused = await submit(officer, '/cover', '/cover/absences', { away_from: '', away_to: '2026-12-20', reason: 'trip' });
  assert.equal(refused.status, 422);
  assert.equal((await submit(officer, '/cover', '/cover/absences', { away_from: '2026-12-17', away_to: '2026-12-18', reason: 'trip' })).status, 303);
  assert.match(wordsOf((await officer.get('/cover')).text), /2026年12月17日.*出差/);
  const english = await new Client(server, { language: 'en' }).login('h001', 'demo-2026');
  assert.match(wordsOf((await english.get('/cover')).text), /Official trip/);
});

if (!isAvailable) {
  skipAll(`cover on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock('2026-11-20T10:00:00+08:00');
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await later();
  await runTests(() => stopServer(server));
}
