// extension.mjs - more time to decide, over HTTP: an officer asks with a reason, the head of the unit grants it
// once while the limit runs, the applicant reads why and until when, and the supervisor's list follows.
//
//     node tests/http/extension.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { submit, wordsOf } from '../lib/page.mjs';
import { acceptedHotel, complete, file, openTask } from '../lib/hall.mjs';

const FRIDAY = '2026-11-20T10:00:00+08:00'; /* accepted then: ten working days end on 2026-12-04 */
const LOGINS = { applicant: '13800000001', window: 'w001', inspector: 'h001', chief: 'h003', marketLeader: 'm004', supervisor: 's001' };
const REASON = '检测机构的报告尚未出具，预计下周送到。';
let server, description, clock;
const people = {};

async function later(instant) {
  if (instant) await clock.set(instant);
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
}

const dossierOf = async (person, number) => (await person.get(`/dossiers/${number}`)).json;

async function ask(officer, number, reason = REASON) {
  const task = await openTask(officer, number);
  return officer.post(`/dossiers/${number}/tasks/${task}/extend`, { extension_reason: reason });
}

const waiting = async (person) => (await person.get('/extensions')).json.extensions;

test('an officer asks with a reason; until it is granted the applicant knows nothing, and the date stands', async () => {
  people.number = await acceptedHotel(people.applicant, people.window);
  const empty = await ask(people.inspector, people.number, '  ');
  assert.deepEqual([empty.status, empty.json.errors[0].field], [422, 'extension_reason']);
  const asked = await ask(people.inspector, people.number);
  assert.equal(asked.status, 200, asked.text);
  assert.deepEqual((await dossierOf(people.applicant, people.number)).extensions, []);
  assert.equal((await dossierOf(people.applicant, people.number)).clock.due_on, '2026-12-04');
  assert.equal((await dossierOf(people.inspector, people.number)).extensions[0].state, 'asked');
  assert.equal((await ask(people.inspector, people.number)).json.code, 'extension.asked_already');
});

test('it waits for the head of the responsible unit alone, who sees it on the desk', async () => {
  assert.equal((await people.inspector.get('/extensions')).status, 403);
  assert.deepEqual(await waiting(people.marketLeader), []);
  const [one] = await waiting(people.chief);
  assert.deepEqual([one.number, one.reason, one.amount, one.unit, one.due_on, one.lamp.state],
    [people.number, REASON, 10, 'working_days', '2026-12-04', 'green']);
  assert.match(one.basis, /^行政许可法第四十二条/);
  assert.equal((await people.chief.get('/desk')).json.extensions, 1);
  assert.equal((await people.marketLeader.post(`/extensions/${one.id}/grant`, {})).status, 404);
});

test('granted: ten more working days, a paper with the reason, and the supervisor\'s date moves', async () => {
  const [{ id }] = await waiting(people.chief);
  const granted = await people.chief.post(`/extensions/${id}/grant`, {});
  assert.equal(granted.status, 200, granted.text);
  const own = await dossierOf(people.applicant, people.number);
  assert.deepEqual([own.clock.due_on, own.extensions[0].reason, own.extensions[0].due_before, own.extensions[0].due_after],
    ['2026-12-18', REASON, '2026-12-04', '2026-12-18']);
  assert.deepEqual([own.extensions[0].officer, own.extensions[0].head], [null, null], 'who asked and who granted is the office\'s own matter');
  assert.equal(own.clock.days.filter((day) => day.ground).length, 10, 'each day of the extension is told');
  const paper = own.papers.find((one) => one.kind === 'extension');
  const words = wordsOf((await people.applicant.get(`/dossiers/${people.number}/documents/${paper.id}`)).json.content);
  for (const part of ['延长办理期限告知书', REASON, '延长10个工作日', '2026年12月4日', '2026年12月18日（星期五）'])
    assert.ok(words.includes(part), `${part}: ${words}`);
  const row = (await people.supervisor.all('/supervise', 'dossiers')).find((one) => one.number === people.number);
  assert.equal(row.due_at.slice(0, 10), '2026-12-18');
  const line = (await people.inspector.all('/desk', 'tasks')).find((one) => one.number === people.number);
  assert.equal(line.due_at.slice(0, 10), '2026-12-18');
  const [why] = own.rulings.filter((one) => one.step === 'extension');
  assert.deepEqual([why.table, why.fired[0].rule], ['extensions', 2]);
  assert.deepEqual(why.inputs.map((one) => [one.label, one.value]), [['事项', '公共场所卫生许可（宾馆、旅店）'], ['办件类型', '承诺件']]);
});

test('once only; and what is decided within it was on time', async () => {
  assert.equal((await ask(people.inspector, people.number)).json.code, 'extension.granted_already');
  await later('2026-12-17T10:00:00+08:00');
  await complete(people.inspector, people.number, { outcome: 'pass', opinion: '现场符合要求。' });
  await complete(people.chief, people.number, { outcome: 'approve', opinion: '准予许可。' });
  assert.equal((await dossierOf(people.applicant, people.number)).state, 'approved');
});

test('a head who refuses says why; it may be asked for again', async () => {
  await later('2026-12-18T10:00:00+08:00');
  const number = await acceptedHotel(people.applicant, people.window);
  assert.equal((await ask(people.inspector, number)).status, 200);
  const [{ id }] = await waiting(people.chief);
  assert.equal((await people.chief.post(`/extensions/${id}/refuse`, {})).json.code, 'extension.words_required');
  assert.equal((await people.chief.post(`/extensions/${id}/refuse`, { words: '报告明天就到。' })).status, 200);
  assert.equal((await people.chief.post(`/extensions/${id}/grant`, {})).json.code, 'extension.decided_already');
  assert.deepEqual((await dossierOf(people.applicant, number)).extensions, []);
  assert.equal((await dossierOf(people.inspector, number)).extensions[0].decision, '报告明天就到。');
  assert.equal((await ask(people.inspector, number)).status, 200);
  people.second = number;
});

test('past its limit nothing is extended any more, and the queue says so', async () => {
  await later('2027-01-08T10:00:00+08:00');
  const one = (await waiting(people.chief)).find((it) => it.number === people.second);
  assert.equal(one.lamp.state, 'red');
  assert.equal((await people.chief.post(`/extensions/${one.id}/grant`, {})).json.code, 'extension.too_late');
  assert.equal((await people.chief.post(`/extensions/${one.id}/refuse`, { words: '期限已过。' })).status, 200);
});

test('what is not accepted, and what the law gives no more time, is not extended', async () => {
  const filed = await file(people.applicant, 'hotel-hygiene');
  assert.equal((await ask(people.window, filed)).json.code, 'dossier.no_clock');
});

test('by forms, without scripts: the button stands on the task, the head grants on his own page', async () => {
  const number = await acceptedHotel(people.applicant, people.window);
  const officer = await new Client(server).login('h001', 'demo-2026'), head = await new Client(server).login('h003', 'demo-2026');
  const task = await openTask(people.inspector, number);
  const path = `/dossiers/${number}/tasks/${task}/extend`;
  assert.ok(wordsOf((await officer.get(`/dossiers/${number}`)).text).includes('申请延长办理期限'));
  const wrong = await submit(officer, `/dossiers/${number}`, path, { extension_reason: '' });
  assert.equal(wrong.status, 422);
  const sent = await submit(officer, `/dossiers/${number}`, path, { extension_reason: REASON });
  assert.equal(sent.status, 303);
  const id = (await waiting(people.chief)).find((it) => it.number === number).id;
  assert.ok(wordsOf((await head.get('/desk')).text).includes('有1件延期等待您审批'));
  assert.equal((await submit(head, '/extensions', `/extensions/${id}/grant`, {})).status, 303);
  const page = wordsOf((await officer.get(`/dossiers/${number}`)).text);
  assert.ok(page.includes('办理期限已延长 10个工作日'), page);
  assert.ok(!page.includes('申请延长办理期限'), 'it cannot be asked for twice');
  const english = await new Client(server, { language: 'en' }).login('13800000001', 'demo-2026');
  assert.match(wordsOf((await english.get(`/dossiers/${number}`)).text), /The limit was extended by 10 working days/);
});

if (!isAvailable) {
  skipAll(`extensions on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock(FRIDAY);
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await later();
  await runTests(() => stopServer(server));
}
