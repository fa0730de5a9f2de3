// engine.mjs - what goes wrong inside a process is an incident that an administrator sees and mends;
// and a promise beyond the last announced year is provisional, says so, and moves in the open.
//
//     node tests/http/engine.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock, until } from '../lib/clock.mjs';
import { brokenPacks } from '../lib/packs.mjs';
import { submit, wordsOf } from '../lib/page.mjs';
import { acceptedHotel, complete, file, openTask } from '../lib/hall.mjs';

const LOGINS = { applicant: '13800000001', window: 'w001', officer: 'm001', colleague: 'm002', handler: 'h001',
  supervisor: 's001', admin: 'admin' };
const APPROVE = { outcome: 'approve', opinion: '准予登记。' };
let server, people, description;

async function start(options) {
  server = await startServer(options);
  description = await Description.of(server);
  people = {};
  for (const [role, login] of Object.entries(LOGINS)) people[role] = await new Program(server, { description }).login(login);
}

const stop = (options) => stopServer(server, options);

async function incidentOf(number) {
  return (await people.admin.all('/admin', 'incidents')).find((row) => row.number === number);
}

async function supervised(number, show = 'open') {
  return (await people.supervisor.all(`/supervise?show=${show}`, 'dossiers')).find((row) => row.number === number);
}

function mend(incident, variables) {
  return people.admin.post(`/admin/incidents/${incident.id}/mend`, variables ? { variables: JSON.stringify(variables) } : {});
}

/* ---- a condition that is null ---------------------------------------------------------------- */

/** The gateway behind the officer's decision asks for a variable that nobody has set. */
const NULL_CONDITION = { 'sole-trader': (text) => text.replace('=outcome = "approve"', '=ready')
  .replace('=outcome = "deny"', '=not(ready)') };

let broken;

test('a condition that is null: the command is done, the dossier has an incident', async () => {
  await start({ args: ['--packs', brokenPacks({ ...NULL_CONDITION, ...UNKNOWN_UNIT })] });
  broken = await file(people.applicant);
  await complete(people.officer, broken, APPROVE);
  const incident = await incidentOf(broken);
  assert.equal(incident.element, 'Gateway_outcome');
  assert.ok(incident.message.length > 10, 'a message for the administrator');
  assert.match((await people.admin.get(`/admin/incidents/${incident.id}`)).json.code, /^[a-z_.]+$/);
});

test('the supervisor and the department see the incident; the applicant sees that it is being worked on', async () => {
  assert.equal((await supervised(broken)).has_incident, true);
  assert.ok(await supervised(broken, 'incident'));
  const { json } = await people.officer.get(`/dossiers/${broken}`);
  assert.deepEqual(json.incidents.map((one) => [one.element, one.is_open]), [['Gateway_outcome', true]]);
  const own = (await people.applicant.get(`/dossiers/${broken}`)).json;
  assert.equal(own.state, 'accepted');
  assert.deepEqual(own.incidents, []);
});

test('the page shows the incident, and a person mends it', async () => {
  const number = await file(people.applicant);
  await complete(people.officer, number, APPROVE);
  const incident = await incidentOf(number);
  const browser = await new Client(server).login('admin', 'demo-2026');
  assert.match((await browser.get('/admin')).text, new RegExp(`/admin/incidents/${incident.id}`));
  const page = `/admin/incidents/${incident.id}`;
  assert.match(wordsOf((await browser.get(page)).text), new RegExp(number));
  const answer = await submit(browser, page, '/mend', { variables: '{"ready": true}' });
  assert.equal(answer.status, 303, wordsOf(answer.text));
  assert.equal((await people.applicant.get(`/dossiers/${number}`)).json.state, 'approved');
});

test('mending without what is missing leaves an incident open', async () => {
  const before = await incidentOf(broken);
  assert.equal((await mend(before)).status, 200);
  const after = await incidentOf(broken);
  assert.ok(after, 'it stands still and nobody is told');
  assert.equal(after.element, 'Gateway_outcome');
  assert.equal((await supervised(broken)).has_incident, true);
});

test('variables that are no JSON object are refused with their place', async () => {
  const { id } = await incidentOf(broken);
  for (const [variables, line] of [['{"ready": tru}', 1], ['[1]', 0], ['{\n"ready": }', 2], ['"x"', 0]]) {
    const answer = await people.admin.post(`/admin/incidents/${id}/mend`, { variables });
    assert.equal(answer.status, 422, answer.text);
    assert.equal(answer.json.errors[0].field, 'variables');
    assert.equal(answer.json.errors[0].line ?? 0, line, answer.text);
  }
});

test('mended with the variable: the process runs on to the licence, the incident is over', async () => {
  const incident = await incidentOf(broken);
  assert.equal((await mend(incident, { ready: true })).status, 200);
  const { json } = await people.applicant.get(`/dossiers/${broken}`);
  assert.equal(json.state, 'approved');
  assert.match(json.certificate, /^GT\d{10}$/);
  assert.equal(await incidentOf(broken), undefined);
  assert.equal(await supervised(broken, 'incident'), undefined);
  assert.ok(await supervised(broken, 'completed'));
  const seen = (await people.officer.get(`/dossiers/${broken}`)).json.incidents;
  assert.ok(seen.length >= 1 && seen.every((one) => !one.is_open));
  const again = await mend(incident, { ready: true });
  assert.equal(again.status, 409, again.text);
  assert.equal(again.json.code, 'dossier.mended_already');
});

test('two administrators mend at the same moment: one does, the other is told', async () => {
  const number = await file(people.applicant);
  await complete(people.officer, number, APPROVE);
  const incident = await incidentOf(number);
  const answers = await Promise.all([mend(incident, { ready: true }), mend(incident, { ready: true })]);
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409]);
  const { json } = await people.applicant.get(`/dossiers/${number}`);
  assert.equal(json.state, 'approved');
});

/* ---- nobody to do it ------------------------------------------------------------------------- */

/** The review is for a department, and the decision for an officer, that do not exist. */
const UNKNOWN_UNIT = { 'hotel-hygiene': (text) => {
  let task = 0;
  return text.replace(/<zeebe:assignmentDefinition candidateGroups="=\[item\.unit\]" \/>/g, () => (++task === 1
    ? '<zeebe:assignmentDefinition candidateGroups="=[if dept = null then &quot;NOWHERE&quot; else dept]" />'
    : '<zeebe:assignmentDefinition assignee="=if worker = null then &quot;x999&quot; else worker" candidateGroups="=[item.unit]" />'));
} };

let hotel;

test('a department that does not exist: an incident that names it', async () => {
  hotel = await file(people.applicant, 'hotel-hygiene');
  await complete(people.window, hotel, { outcome: 'accept', opinion: '予以受理。' });
  const incident = await incidentOf(hotel);
  assert.equal(incident.code, 'dossier.unknown_unit');
  assert.equal(incident.element, 'Task_review');
  assert.match(incident.message, /NOWHERE/);
  const seen = await supervised(hotel);
  assert.equal(seen.state, 'accepted');
  assert.equal(seen.has_incident, true);
  assert.ok(seen.due_at, 'the promise counts on');
});

test('mended with a department that exists: its officers have the task', async () => {
  assert.equal((await mend(await incidentOf(hotel), { dept: 'HEALTH' })).status, 200);
  assert.equal(await incidentOf(hotel), undefined);
  assert.equal((await supervised(hotel)).has_incident, false);
  assert.ok((await people.handler.all('/desk', 'tasks')).some((one) => one.number === hotel));
});

test('an officer who does not exist: an incident that names him; mended, the task is his colleague’s', async () => {
  await complete(people.handler, hotel, { outcome: 'pass', opinion: '符合要求。' });
  const incident = await incidentOf(hotel);
  assert.equal(incident.code, 'dossier.unknown_officer');
  assert.match(incident.message, /x999/);
  assert.equal((await mend(incident, { worker: 'h002' })).status, 200);
  assert.equal((await supervised(hotel)).officer, '白若川');
  const refused = await people.handler.get(`/dossiers/${hotel}`);
  assert.equal(refused.json.task_officer, '白若川');
});

test('a service that nobody offers: an incident, not a dossier that stands still', async () => {
  await stop();
  const packs = brokenPacks({ 'sole-trader': (text) => text.replace('type="certificate.issue"', 'type="certificate.conjure"') });
  await start({ args: ['--packs', packs] });
  const number = await file(people.applicant);
  await complete(people.officer, number, APPROVE);
  const incident = await incidentOf(number);
  assert.equal(incident.element, 'Service_issue');
  assert.equal(incident.code, 'dossier.unknown_service');
  await stop();
});

/* ---- provisional promises -------------------------------------------------------------------- */

const DECEMBER = '2026-12-15T10:00:00+08:00';
/** 20 working days from 15 December: with plain weekends and 1 January it is 13 January 2027. */
const BEFORE = '2027-01-13';
/** The same with the table below: 4 January is free, and so the promise ends a day later. */
const AFTER = '2027-01-14';
const TABLE = 'date,type,name\n2027-01-01,holiday,元旦\n2027-01-02,holiday,元旦\n2027-01-03,holiday,元旦\n'
  + '2027-01-04,holiday,元旦\n2027-02-06,holiday,春节\n2027-10-01,holiday,国庆节\n';
/** A table that comes after that one, with a make-up day: the promise moves back. */
const CORRECTED = TABLE.replace('2027-01-04,holiday,元旦\n', '2027-01-09,makeup,元旦\n');

let december, promised, done;

test('a promise made on 15 December for 20 working days is provisional, and says so', async () => {
  december = new TestClock(DECEMBER);
  const packs = brokenPacks({}, { 'tables/limits.dmn': (text) => text.replace('<text>10</text>', '<text>20</text>') });
  await start({ clock: december.file, args: ['--packs', packs] });
  done = await acceptedHotel(people.applicant, people.window);
  await complete(people.handler, done, { outcome: 'pass', opinion: '符合要求。' });
  await complete(people.handler, done, { outcome: 'approve', opinion: '准予许可。' });
  promised = await acceptedHotel(people.applicant, people.window);
  const { clock } = (await people.applicant.get(`/dossiers/${promised}`)).json;
  assert.equal(clock.due_on, BEFORE);
  assert.equal(clock.provisional_from, '2027-01-01');
  assert.ok(clock.days.some((day) => day.is_provisional) && clock.days.some((day) => !day.is_provisional));
  const own = (await people.applicant.all('/my', 'dossiers')).find((one) => one.number === promised);
  assert.deepEqual([own.due_on, own.is_provisional], [BEFORE, true]);
  assert.equal((await supervised(promised)).is_provisional, true);
});

test('the pages say so in both languages', async () => {
  for (const [language, word] of [['zh-CN', /暂定/], ['en', /provisional/i]]) {
    const browser = await new Client(server, { language }).login('13800000001', 'demo-2026');
    assert.match(wordsOf((await browser.get(`/dossiers/${promised}`)).text), word);
    assert.match(wordsOf((await browser.get('/my')).text), word);
    const supervisor = await new Client(server, { language }).login('s001', 'demo-2026');
    assert.match(wordsOf((await supervisor.get('/supervise')).text), word);
  }
});

test('a promise within the announced year is not provisional', async () => {
  const number = await file(people.applicant);
  const { clock } = (await people.applicant.get(`/dossiers/${number}`)).json;
  assert.equal(clock.due_on, '2026-12-15');
  assert.equal(clock.provisional_from, null);
});

test('a table of another year, or with mistakes, is refused with its place', async () => {
  const cases = [['cn-2027', TABLE.replace('2027-02-06', '2028-02-06')], ['cn-2027', TABLE.replace('2027-02-06', '2027-02-30')],
    ['cn-2027', TABLE.replace('holiday', 'party')], ['cn-2027', `${TABLE}2027-01-01,holiday,元旦\n`], ['cn-2027', 'x'],
    ['cn-2027', 'date,type,name\n2027-01-09,makeup,元旦\n'], ['cn', TABLE]];
  for (const [code, csv] of cases) {
    const answer = await people.admin.post('/admin/calendar', { code, csv });
    assert.equal(answer.status, 422, `${code} ${csv}: ${answer.text}`);
    assert.equal(answer.json.errors[0].field, 'csv');
  }
  assert.equal((await people.applicant.get(`/dossiers/${promised}`)).json.clock.due_on, BEFORE);
});

test('loading the table of 2027 derives the promise again; it is no longer provisional', async () => {
  const loaded = await people.admin.post('/admin/calendar', { code: 'cn-2027', csv: TABLE });
  assert.equal(loaded.status, 201, loaded.text);
  const { clock } = await until(async () => {
    const { json } = await people.applicant.get(`/dossiers/${promised}`);
    return json.clock.due_on !== BEFORE && json;
  }, { what: 'the new due date' });
  assert.equal(clock.due_on, AFTER);
  assert.equal(clock.provisional_from, null);
  assert.ok(clock.days.every((day) => !day.is_provisional));
  const seen = await supervised(promised);
  assert.equal(seen.is_provisional, false);
  assert.equal(seen.due_at, '2027-01-14T09:30:00.000Z');
});

test('the timeline shows the old and the new date, to the applicant too', async () => {
  for (const who of ['applicant', 'handler', 'supervisor']) {
    const { clock } = (await people[who].get(`/dossiers/${promised}`)).json;
    assert.deepEqual(clock.moves.map((move) => [move.old_due_on, move.new_due_on]), [[BEFORE, AFTER]], who);
  }
  const browser = await new Client(server, { language: 'en' }).login('13800000001', 'demo-2026');
  const words = wordsOf((await browser.get(`/dossiers/${promised}`)).text);
  assert.match(words, /13 January 2027|January 13, 2027|Jan 13, 2027|13 Jan 2027/);
  assert.match(words, /14 January 2027|January 14, 2027|Jan 14, 2027|14 Jan 2027/);
});

test('what is decided keeps the date that it had', async () => {
  const { clock } = (await people.applicant.get(`/dossiers/${done}`)).json;
  assert.equal(clock.due_on, BEFORE);
  assert.deepEqual(clock.moves, []);
});

test('the administrator sees that the derivation is over, and how many moved', async () => {
  const { json } = await people.admin.get('/admin/calendar');
  assert.equal(json.announced_to, 2027);
  await until(async () => (await people.admin.get('/admin/calendar')).json.is_pending === false, { what: 'the end of it' });
  assert.ok((await people.admin.get('/admin/calendar')).json.changed >= 1);
});

test('a corrected table moves it again, also when the server is killed meanwhile', async () => {
  const database = { ...server.database };
  assert.equal((await people.admin.post('/admin/calendar', { code: 'cn-2027', csv: CORRECTED })).status, 201);
  await stop({ keep: true, signal: 'SIGKILL' });
  const packs = brokenPacks({}, { 'tables/limits.dmn': (text) => text.replace('<text>10</text>', '<text>20</text>') });
  await start({ database, clock: december.file, args: ['--packs', packs] });
  const { clock } = await until(async () => {
    const { json } = await people.applicant.get(`/dossiers/${promised}`);
    return json.clock.due_on !== AFTER && json;
  }, { what: 'the date of the corrected table' });
  assert.equal(clock.due_on, '2027-01-12');
  assert.deepEqual(clock.moves.map((move) => [move.old_due_on, move.new_due_on]), [[BEFORE, AFTER], [AFTER, '2027-01-12']]);
});

test('a new promise counts by the new table', async () => {
  const number = await acceptedHotel(people.applicant, people.window);
  const { clock } = (await people.applicant.get(`/dossiers/${number}`)).json;
  assert.deepEqual([clock.due_on, clock.provisional_from, clock.moves], ['2027-01-12', null, []]);
  assert.ok(await openTask(people.handler, number));
});

if (!isAvailable) skipAll(`engine on ${engine}`, 'no server of this engine');
await runTests(() => (server ? stop() : undefined));
