// silence.mjs - an application that nobody answers, over HTTP: on the sixth working day it is accepted from the day
// of its receipt, the applicant reads why, whoever should have answered is warned of, and a notice stops all that.
//
//     node tests/http/silence.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock, until } from '../lib/clock.mjs';
import { wordsOf } from '../lib/page.mjs';
import { acceptedHotel, complete, file, hotelHygiene, openTask } from '../lib/hall.mjs';

const MONDAY = '2026-11-23T10:00:00+08:00'; /* five working days end on Monday the 30th, at half past five */
const LOGINS = { applicant: '13800000001', window: 'w001', inspector: 'h001', supervisor: 's001' };
let server, description, clock;
const people = {};

async function later(instant) {
  if (instant) await clock.set(instant);
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
}

const dossierOf = async (person, number) => (await person.get(`/dossiers/${number}`)).json;
const stateOf = async (number) => (await dossierOf(people.applicant, number)).state;
const wordsFor = async (login, number, language) =>
  wordsOf((await (await new Client(server, { language }).login(login, 'demo-2026')).get(`/dossiers/${number}`)).text);
const supervised = async (number) => (await people.supervisor.all('/supervise', 'dossiers')).find((one) => one.number === number);

test('until when the office has to answer stands on the page of both, on the desk and on the live list', async () => {
  people.number = await file(people.applicant, 'hotel-hygiene');
  const own = await dossierOf(people.applicant, people.number);
  assert.equal(own.answer_due_at, '2026-11-30T09:30:00.000Z');
  assert.match(await wordsFor('13800000001', people.number), /受理审查限期 2026年11月30日.*自收到申请材料之日起即为受理/);
  assert.match(await wordsFor('w001', people.number), /在此之前须受理、不予受理，或者一次告知需要补正的全部内容/);
  assert.match(await wordsFor('13800000001', people.number, 'en'), /counts as accepted from the day it was received/);
  const line = (await people.window.all('/desk', 'tasks')).find((one) => one.number === people.number);
  assert.equal(line.due_at, own.answer_due_at);
  assert.equal((await supervised(people.number)).due_at, own.answer_due_at);
  const [why] = own.rulings.filter((one) => one.step === 'silence');
  assert.deepEqual([why.table, why.fired[0].rule], ['silence', 1]);
});

test('on the sixth working day it is accepted from the day of the receipt, and the promise runs from there', async () => {
  people.answered = await acceptedHotel(people.applicant, people.window);
  await later('2026-11-30T17:00:00+08:00');
  assert.equal(await stateOf(people.number), 'filed');
  await later('2026-12-01T09:00:00+08:00');
  await until(async () => await stateOf(people.number) === 'accepted', { what: 'acceptance by silence' });
  const own = await dossierOf(people.applicant, people.number);
  const other = await dossierOf(people.applicant, people.answered);
  assert.equal(own.clock.due_on, other.clock.due_on, 'as if it had been accepted on the day it came');
  assert.deepEqual([own.is_silent, other.is_silent, own.answer_due_at, other.answer_due_at], [true, false, null, null]);
  assert.match(await wordsFor('13800000001', people.number), /逾期未告知，自收到材料之日起即为受理/);
  assert.match(await wordsFor('13800000001', people.number, 'en'), /Nobody answered in time/);
});

test('the notice of acceptance says why, and from which moment', async () => {
  const own = await dossierOf(people.applicant, people.number);
  const paper = own.papers.find((one) => one.kind === 'acceptance');
  const words = wordsOf((await people.applicant.get(`/dossiers/${people.number}/documents/${paper.id}`)).json.content);
  for (const part of ['依照《中华人民共和国行政许可法》第三十二条的规定，自收到申请材料之日起即为受理', '受理于2026年11月23日'])
    assert.ok(words.includes(part), `${part}: ${words}`);
  assert.ok(!words.includes('决定予以受理'), words);
});

test('the task of the window is nobody\'s work, the department goes on, and the supervisor is warned', async () => {
  assert.ok(!(await people.window.all('/desk', 'tasks')).some((one) => one.number === people.number));
  const own = await dossierOf(people.inspector, people.number);
  assert.deepEqual(own.tasks.map((one) => [one.stage, one.state]), [['intake', 'cancelled'], ['review', 'open']]);
  const { warnings } = (await people.window.get('/corrections')).json;
  const warning = warnings.find((one) => one.number === people.number && one.kind === 'silence');
  assert.equal(warning.due_at, '2026-11-30T09:30:00.000Z');
  const seen = (await people.supervisor.get('/corrections')).json.warnings.find((one) => one.number === people.number);
  assert.deepEqual([seen.kind, seen.unit], ['silence', '综合窗口']);
  await complete(people.inspector, people.number, { outcome: 'pass', opinion: '现场符合要求。' });
  assert.equal((await dossierOf(people.applicant, people.number)).tasks.at(-1).stage, 'decision');
});

test('a notice is an answer: nothing is accepted until the applicant mended, and then the days begin anew', async () => {
  const number = await file(people.applicant, 'hotel-hygiene');
  const task = await openTask(people.window, number);
  const path = `/dossiers/${number}`;
  const sent = await people.window.post(`${path}/tasks/${task}/notice`, {
    missing: { 'material.floor-plan': '没有平面图' }, mend: { 'material.floor-plan': '请补交平面图' } });
  assert.equal(sent.status, 200, sent.text);
  assert.equal((await dossierOf(people.applicant, number)).answer_due_at, null);
  assert.equal((await supervised(number)).due_at, null);
  await later('2026-12-14T10:00:00+08:00');
  assert.equal(await stateOf(number), 'filed');
  const mended = await people.applicant.post(`${path}/supplement`, { form: hotelHygiene, material: ['floor-plan'] });
  assert.equal(mended.status, 200, mended.text);
  assert.equal((await dossierOf(people.applicant, number)).answer_due_at, '2026-12-21T09:30:00.000Z');
  await later('2026-12-22T09:00:00+08:00');
  await until(async () => await stateOf(number) === 'accepted', { what: 'acceptance by silence' });
});

if (!isAvailable) {
  skipAll(`silence on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock(MONDAY);
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await later();
  await runTests(() => stopServer(server));
}
