// story.mjs - the two services from application to rating over HTTP, as a program (JSON) and as a
// person without scripts (forms), and what the supervisor sees meanwhile.
//
//     node tests/http/story.mjs sqlite|postgres
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, newKey, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { errorFields, formTo, submit, wordsOf } from '../lib/page.mjs';
import { asFields, complete, completedSoleTrader, file, hotelHygiene, openTask, soleTrader } from '../lib/hall.mjs';

const MORNING = '2026-11-23T09:30:00+08:00'; /* a Monday */
let server, description, clock;
const people = {};

async function person(login, language) {
  return new Program(server, { description, language }).login(login);
}

async function supervised(number, show = 'open') {
  const rows = await people.supervisor.all(`/supervise?show=${show}`, 'dossiers');
  return rows.find((row) => row.number === number);
}

/** The board's figures by code, and the line of one department. */
async function board(unit) {
  const answer = await people.leader.get('/board');
  assert.equal(answer.status, 200, answer.text);
  const { figures, units } = answer.json;
  const none = { filed: 0, accepted: 0, not_accepted: 0, completed: 0 };
  return { figures: Object.fromEntries(figures.map((one) => [one.code, one])),
    unit: units.find((one) => one.name === unit) ?? none };
}

/** By how much counts have grown. */
function growth(before, after, names) {
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]]));
}

/* ---- the description ------------------------------------------------------------------------- */

/** Method and path of every route in the route tables of the sources. */
function routesOfSources(folder = 'src') {
  const routes = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) routes.push(...routesOfSources(path));
    else if (entry.name.endsWith('.c') && !entry.name.endsWith('_test.c')) {
      const text = readFileSync(path, 'utf8');
      for (const [, method, route] of text.matchAll(/\bROUTE_(GET|POST)(?:_HEAVY)?\(\s*"([^"]+)"/g))
        routes.push(`${method} ${route}`);
      for (const [, method, route] of text.matchAll(/\.method = HTTP_(GET|POST),\s*\.path = "([^"]+)"/g))
        routes.push(`${method} ${route}`);
    }
  }
  return routes.sort();
}

test('the API description lists every route of the sources, and no other', () => {
  const described = description.operations.map((one) => `${one.method} ${one.path}`).sort();
  assert.deepEqual(described, routesOfSources());
});

test('every operation has a right, a summary and its own id; every reference leads somewhere', () => {
  const ids = new Set();
  for (const { operation } of description.operations) {
    assert.ok(operation['x-right'] && operation.summary, JSON.stringify(operation));
    assert.ok(!ids.has(operation.operationId), operation.operationId);
    ids.add(operation.operationId);
  }
  const text = JSON.stringify(description.document);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    assert.ok(description.document.components.schemas[name], name);
});

/* ---- on the spot, by program ----------------------------------------------------------------- */

test('on the spot: filed, accepted at once, on the desk of the department', async () => {
  const answer = await people.applicant.post('/apply/sole-trader', { form: soleTrader, material: ['id-card'] });
  assert.equal(answer.status, 201, answer.text);
  const { number } = answer.json;
  assert.match(number, /^\d{18}$/);
  assert.equal(answer.headers.get('location'), `/dossiers/${number}`);
  assert.equal(answer.json.state, 'accepted');
  people.number = number;
  const own = (await people.applicant.all('/my', 'dossiers')).find((one) => one.number === number);
  assert.equal(own.state, 'accepted');
  assert.equal(own.due_on, '2026-11-23');
  assert.equal(own.about, '青溪县小满茶饮店');
  const task = (await people.officer.all('/desk', 'tasks')).find((one) => one.number === number);
  assert.equal(task.applicant, '林小满');
  assert.equal(task.kind, 'on_the_spot');
  const seen = await supervised(number);
  assert.equal(seen.state, 'accepted');
  assert.equal(seen.officer, null);
});

test('on the spot: the officer sees answers and materials, personal numbers masked', async () => {
  const { json } = await people.officer.get(`/dossiers/${people.number}`);
  const answers = Object.fromEntries(json.answers.map((one) => [one.key, one.value]));
  assert.equal(answers.business_name, soleTrader.business_name);
  assert.equal(answers.premises_owned, '不是，租用或者借用');
  assert.ok(!JSON.stringify(json).includes(soleTrader.operator_id_number), 'identity number in the open');
  assert.deepEqual(json.materials.map((one) => [one.code, one.is_brought, one.is_seen]),
    [['id-card', true, false], ['premises', false, false]]);
});

test('on the spot: completed with materials seen; number of the licence; supervisor and applicant follow', async () => {
  const task = await openTask(people.officer, people.number);
  const answer = await people.officer.post(`/dossiers/${people.number}/tasks/${task}/complete`,
    { form: { outcome: 'approve', opinion: '材料齐全，准予登记。' }, seen: ['id-card', 'premises'] });
  assert.equal(answer.status, 200, answer.text);
  const { json } = await people.applicant.get(`/dossiers/${people.number}`);
  assert.equal(json.state, 'approved');
  assert.match(json.certificate, /^GT2026\d{6}$/);
  assert.equal(json.is_served, false);
  assert.equal(json.can_rate, true);
  assert.equal(json.reason, '材料齐全，准予登记。');
  assert.ok(json.materials.every((one) => one.is_seen));
  assert.equal(await supervised(people.number), undefined);
  const completed = await supervised(people.number, 'completed');
  assert.equal(completed.state, 'approved');
  assert.equal(completed.officer, null);
});

test('on the spot: licence shown, received once', async () => {
  const page = await people.applicant.get(`/dossiers/${people.number}/certificate`);
  assert.equal(page.status, 200);
  assert.match(page.json.content, new RegExp(soleTrader.business_name));
  assert.equal((await people.applicant.post(`/dossiers/${people.number}/certificate`)).status, 200);
  assert.equal((await people.applicant.get(`/dossiers/${people.number}`)).json.is_served, true);
});

test('on the spot: rated once', async () => {
  const path = `/dossiers/${people.number}/rating`;
  const first = await people.applicant.post(path, { grade: 1, comment: '很快' });
  assert.equal(first.status, 200, first.text);
  const { json } = await people.applicant.get(`/dossiers/${people.number}`);
  assert.equal(json.grade, 1);
  assert.equal(json.can_rate, false);
  const again = await people.applicant.post(path, { grade: 5 });
  assert.equal(again.status, 409);
  assert.equal(again.json.code, 'dossier.rated_already');
  assert.equal((await people.applicant.get(`/dossiers/${people.number}`)).json.grade, 1);
});

test('a dossier is rated only when it is completed', async () => {
  const number = await file(people.applicant);
  const answer = await people.applicant.post(`/dossiers/${number}/rating`, { grade: 1 });
  assert.equal(answer.status, 409);
  assert.equal(answer.json.code, 'dossier.not_rateable');
});

test('two licences have two numbers, one after the other', async () => {
  const numbers = [];
  for (let i = 0; i < 2; i++) {
    const number = await completedSoleTrader(people.applicant, people.officer);
    numbers.push((await people.applicant.get(`/dossiers/${number}`)).json.certificate);
  }
  assert.equal(Number(numbers[1].slice(2)), Number(numbers[0].slice(2)) + 1);
});

test('number and phone together follow a dossier; one alone does not', async () => {
  const anyone = new Program(server, { description });
  const found = await anyone.post('/track', { number: people.number, phone: '13800000001' });
  assert.equal(found.status, 200, found.text);
  assert.equal(found.json.found_number, people.number);
  assert.equal(found.json.state, 'approved');
  const foreign = await anyone.post('/track', { number: people.number, phone: '13800000002' });
  const unknown = await anyone.post('/track', { number: '20261122596418760', phone: '13800000001' });
  for (const answer of [foreign, unknown]) {
    assert.equal(answer.status, 422);
    assert.equal(answer.json.errors[0].field, 'number');
  }
  assert.equal(foreign.json.detail, unknown.json.detail);
});

/* ---- with a promise, by forms ---------------------------------------------------------------- */

test('with a promise, by forms: applied for', async () => {
  const applicant = await new Client(server).login('13800000002', 'demo-2026');
  const answer = await submit(applicant, '/apply/hotel-hygiene', '/apply/hotel-hygiene', asFields(hotelHygiene));
  assert.equal(answer.status, 303, wordsOf(answer.text));
  people.page = answer.location;
  people.hotel = answer.location.split('/').pop();
  people.browser = applicant;
  const page = await applicant.get(people.page);
  assert.equal(page.status, 200);
  assert.match(page.text, /role="status"/);
  assert.match(wordsOf(page.text), new RegExp(hotelHygiene.unit_name));
  assert.doesNotMatch((await applicant.get(people.page)).text, /role="status"/, 'the notice is shown once');
  const seen = await supervised(people.hotel);
  assert.equal(seen.state, 'filed');
  assert.equal(seen.stage, 'intake');
  assert.match(seen.due_at, /T09:30:00/); /* until when the window has to answer: a closing hour */
});

test('with a promise, by forms: the window takes the task and accepts; the clock starts', async () => {
  const window = await new Client(server).login('w001', 'demo-2026');
  const desk = await window.get('/desk');
  assert.match(desk.text, new RegExp(people.hotel));
  const claimed = await submit(window, people.page, '/claim');
  assert.equal(claimed.status, 303);
  assert.equal((await supervised(people.hotel)).officer, '杜文溪');
  assert.match((await window.get('/desk?mine=1')).text, new RegExp(people.hotel));
  const accepted = await submit(window, people.page, '/complete', { 'form.outcome': 'accept' });
  assert.equal(accepted.status, 303, wordsOf(accepted.text));
  const seen = await supervised(people.hotel);
  assert.equal(seen.state, 'accepted');
  assert.equal(seen.stage, 'review');
  assert.equal(seen.officer, null);
  /* Ten working days from Monday 23 November: Monday 7 December, at the end of work. */
  assert.equal(seen.due_at, '2026-12-07T09:30:00.000Z');
  assert.equal(seen.is_provisional, false);
});

test('with a promise, by forms: reviewed, decided by another officer, licence issued', async () => {
  const reviewer = await new Client(server).login('h001', 'demo-2026');
  const reviewed = await submit(reviewer, people.page, '/complete',
    { 'form.outcome': 'pass', 'form.opinion': '现场符合要求。' });
  assert.equal(reviewed.status, 303, wordsOf(reviewed.text));
  assert.equal((await supervised(people.hotel)).stage, 'decision');
  const decider = await new Client(server).login('h002', 'demo-2026');
  const decided = await submit(decider, people.page, '/complete', { 'form.outcome': 'approve' });
  assert.equal(decided.status, 303, wordsOf(decided.text));
  assert.equal((await supervised(people.hotel, 'completed')).state, 'approved');
});

test('with a promise, by forms: licence received and shown, rated', async () => {
  const received = await submit(people.browser, people.page, '/certificate');
  assert.equal(received.location, `${people.page}/certificate?part=certificate`);
  const sheet = await people.browser.get(received.location);
  assert.match(wordsOf(sheet.text), /WS2026\d{6}/);
  assert.match(wordsOf(sheet.text), new RegExp(hotelHygiene.unit_name));
  const rated = await submit(people.browser, people.page, '/rating', { grade: '2', comment: '核查很认真' });
  assert.equal(rated.status, 303, wordsOf(rated.text));
  assert.throws(() => formTo(rated.text, '/rating'));
});

/* ---- refusals need a reason ------------------------------------------------------------------ */

const refusals = [
  ['sole-trader', 'applicant', [], 'officer', 'deny', 'denied'],
  ['hotel-hygiene', 'other', [], 'window', 'refuse', 'not_accepted'],
  ['hotel-hygiene', 'other', [['window', { outcome: 'accept', opinion: '予以受理。' }],
    ['reviewer', { outcome: 'fail', opinion: '没有消毒间。' }]], 'decider', 'deny', 'denied'],
];

for (const [code, who, steps, officer, outcome, state] of refusals)
  test(`${code}: ${outcome} without a reason names the field; with one it is told to the applicant`, async () => {
    const number = await file(people[who], code);
    for (const [role, form] of steps) await complete(people[role], number, form);
    const task = await openTask(people[officer], number);
    const path = `/dossiers/${number}/tasks/${task}/complete`;
    for (const opinion of [undefined, '', '  \n ']) {
      const answer = await people[officer].post(path, { form: { outcome, opinion } });
      assert.equal(answer.status, 422, answer.text);
      assert.deepEqual(answer.json.errors.map((one) => one.field), ['form.opinion']);
    }
    assert.equal((await supervised(number)).state, steps.length || code === 'sole-trader' ? 'accepted' : 'filed');
    const reason = '经营场所没有使用证明。';
    const done = await people[officer].post(path, { form: { outcome, opinion: reason } });
    assert.equal(done.status, 200, done.text);
    const { json } = await people[who].get(`/dossiers/${number}`);
    assert.equal(json.state, state);
    assert.equal(json.reason, reason);
    assert.equal(json.certificate, null);
    assert.equal((await supervised(number, 'completed')).state, state);
  });

test('by forms: a denial without a reason shows the form again, with the choice kept', async () => {
  const number = await file(people.applicant);
  const officer = await new Client(server).login('m002', 'demo-2026');
  const answer = await submit(officer, `/dossiers/${number}`, '/complete',
    { 'form.outcome': 'deny', 'form.opinion': '', seen: 'id-card' });
  assert.equal(answer.status, 422);
  assert.deepEqual(errorFields(answer.text), ['form.opinion']);
  const form = formTo(answer.text, '/complete');
  assert.equal(form.value('form.outcome'), 'deny');
  assert.equal(form.value('form.opinion'), '');
  assert.deepEqual(form.values('seen'), ['id-card']);
});

/** What the form holds before anybody typed. */
const suggestions = { 'sole-trader': '材料齐全，符合法定形式，准予登记。' };

for (const language of ['zh-CN', 'en'])
  test(`in ${language}: the opinion that the form suggests approves, and cannot stand under a denial`, async () => {
    const say = { 'zh-CN': /请写明具体理由/, en: /Write your own reason/ }[language];
    const number = await file(people.applicant);
    const officer = await new Client(server, { language }).login('m002', 'demo-2026');
    const page = await officer.get(`/dossiers/${number}`);
    const suggested = formTo(page.text, '/complete').value('form.opinion');
    assert.equal(suggested, suggestions['sole-trader']);
    for (const opinion of [suggested, `  ${suggested}\r\n`]) {
      const answer = await submit(officer, `/dossiers/${number}`, '/complete',
        { 'form.outcome': 'deny', 'form.opinion': opinion, seen: 'id-card' });
      assert.equal(answer.status, 422);
      assert.deepEqual(errorFields(answer.text), ['form.opinion']);
      assert.match(answer.text, say);
      assert.equal(formTo(answer.text, '/complete').value('form.outcome'), 'deny');
    }
    const path = `/dossiers/${number}/tasks/${await openTask(people.officer, number)}/complete`;
    const refused = await people.officer.post(path, { form: { outcome: 'deny', opinion: suggested } });
    assert.equal(refused.status, 422, refused.text);
    assert.deepEqual(refused.json.errors.map((one) => one.field), ['form.opinion']);
    assert.equal((await supervised(number)).state, 'accepted');
    const done = await submit(officer, `/dossiers/${number}`, '/complete',
      { 'form.outcome': 'approve', 'form.opinion': suggested, seen: 'id-card' });
    assert.equal(done.status, 303, wordsOf(done.text));
  });

/* ---- the board ------------------------------------------------------------------------------- */

const COUNTS = ['filed', 'accepted', 'not_accepted', 'completed'];

test('the board moves with each step: filed and accepted, then completed on time', async () => {
  const [first, market] = [await board('县市场监督管理局'), '县市场监督管理局'];
  const number = await file(people.applicant);
  const filed = await board(market);
  assert.deepEqual(growth(first.unit, filed.unit, COUNTS), { filed: 1, accepted: 1, not_accepted: 0, completed: 0 });
  await complete(people.officer, number, { outcome: 'approve', opinion: '准予登记。' });
  const done = await board(market);
  assert.deepEqual(growth(filed.unit, done.unit, COUNTS), { filed: 0, accepted: 0, not_accepted: 0, completed: 1 });
  assert.deepEqual(growth(filed.figures.S02, done.figures.S02, ['numerator', 'denominator']),
    { numerator: 1, denominator: 1 });
  assert.equal(done.figures.S02.value, 1);
  assert.equal(growth(first.figures.S01, done.figures.S01, ['numerator']).numerator, 1);
});

test('the board: what is not accepted counts as such and not as completed', async () => {
  const before = await board('县卫生健康局');
  const number = await file(people.other, 'hotel-hygiene');
  await complete(people.window, number, { outcome: 'refuse', opinion: '不属于受理范围。' });
  const after = await board('县卫生健康局');
  assert.deepEqual(growth(before.unit, after.unit, COUNTS), { filed: 1, accepted: 0, not_accepted: 1, completed: 0 });
  assert.deepEqual(growth(before.figures.S02, after.figures.S02, ['numerator', 'denominator']),
    { numerator: 0, denominator: 0 });
});

test('behind a figure stand its dossiers', async () => {
  const rows = await people.leader.all('/board/dossiers?figure=s02', 'dossiers');
  assert.equal(rows.length, (await board('')).figures.S02.numerator);
  assert.ok(rows.every((one) => one.state === 'approved' || one.state === 'denied'));
  assert.ok(rows.some((one) => one.number === people.number));
});

/* ---- once ------------------------------------------------------------------------------------ */

test('the same key twice: the same bytes and one dossier', async () => {
  const key = newKey(), body = { form: soleTrader, material: ['id-card'] };
  const count = (await people.applicant.all('/my', 'dossiers')).length;
  const first = await people.applicant.post('/apply/sole-trader', body, { key });
  const second = await people.applicant.post('/apply/sole-trader', body, { key });
  assert.equal(first.status, 201);
  assert.equal(second.status, 201);
  assert.equal(second.text, first.text);
  assert.equal(second.headers.get('location'), first.headers.get('location'));
  assert.equal((await people.applicant.all('/my', 'dossiers')).length, count + 1);
});

test('the same key at the same moment: the same bytes and one dossier', async () => {
  const key = newKey();
  const count = (await people.applicant.all('/my', 'dossiers')).length;
  const answers = await Promise.all(Array.from({ length: 6 }, () =>
    people.applicant.post('/apply/sole-trader', { form: soleTrader }, { key })));
  assert.deepEqual([...new Set(answers.map((one) => `${one.status} ${one.text}`))].length, 1);
  assert.equal((await people.applicant.all('/my', 'dossiers')).length, count + 1);
});

test('the same key with another body, or on another path: refused, the key named', async () => {
  const key = newKey();
  const count = (await people.applicant.all('/my', 'dossiers')).length;
  assert.equal((await people.applicant.post('/apply/sole-trader', { form: soleTrader }, { key })).status, 201);
  const others = [
    ['/apply/sole-trader', { form: { ...soleTrader, business_name: '另一家店' } }],
    ['/apply/hotel-hygiene', { form: hotelHygiene }],
    [`/dossiers/${people.number}/certificate`, {}],
  ];
  for (const [path, body] of others) {
    const answer = await people.applicant.post(path, body, { key });
    assert.equal(answer.status, 409, answer.text);
    assert.equal(answer.json.errors[0].field, '_key');
  }
  assert.equal((await people.applicant.all('/my', 'dossiers')).length, count + 1);
});

test('another person may use the same key', async () => {
  const key = newKey();
  const first = await people.applicant.post('/apply/sole-trader', { form: soleTrader }, { key });
  const second = await people.other.post('/apply/sole-trader', { form: soleTrader }, { key });
  assert.equal(second.status, 201);
  assert.notEqual(second.json.number, first.json.number);
});

test('a refused write does not use its key up', async () => {
  const key = newKey();
  const bad = await people.applicant.post('/apply/sole-trader', { form: { ...soleTrader, by_agent: 'yes' } }, { key });
  assert.equal(bad.status, 422);
  const good = await people.applicant.post('/apply/sole-trader', { form: soleTrader }, { key });
  assert.equal(good.status, 201);
});

test('a form sent twice makes one dossier and leads to the same place', async () => {
  const browser = await new Client(server).login('13800000001', 'demo-2026');
  const page = formTo((await browser.get('/apply/sole-trader')).text, '/apply/sole-trader');
  const body = new URLSearchParams([...page.fields.filter(([name]) => name.startsWith('_')),
    ...Object.entries(asFields(soleTrader))]);
  const count = (await people.applicant.all('/my', 'dossiers')).length;
  const first = await browser.send('POST', '/apply/sole-trader', { body: body.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  const second = await browser.send('POST', '/apply/sole-trader', { body: body.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(first.status, 303);
  assert.equal(second.status, 303);
  assert.equal(second.location, first.location);
  assert.equal((await people.applicant.all('/my', 'dossiers')).length, count + 1);
});

/* ---- two officers ---------------------------------------------------------------------------- */

test('two officers on one task: the second is told who has it', async () => {
  const number = await file(people.applicant);
  const task = await openTask(people.officer, number);
  const path = `/dossiers/${number}/tasks/${task}`;
  assert.equal((await people.officer.post(`${path}/claim`)).status, 200);
  assert.equal((await people.officer.post(`${path}/claim`)).status, 200, 'again by the same officer');
  for (const verb of ['claim', 'release', 'complete']) {
    const form = verb === 'complete' ? { form: { outcome: 'approve', opinion: '准予登记。' } } : {};
    const answer = await people.colleague.post(`${path}/${verb}`, form);
    assert.equal(answer.status, 409, `${verb}: ${answer.text}`);
    assert.match(answer.json.detail, /方立新/);
  }
  assert.equal((await people.colleague.get(`/dossiers/${number}`)).json.task_officer, '方立新');
  assert.equal((await people.officer.post(`${path}/release`)).status, 200);
  assert.equal((await people.colleague.post(`${path}/claim`)).status, 200);
  assert.equal((await supervised(number)).officer, '祝青禾');
});

test('two officers complete one task at the same moment: one does, the other is told', async () => {
  for (let round = 0; round < 5; round++) {
    const number = await file(people.applicant);
    const task = await openTask(people.officer, number);
    const answers = await Promise.all([people.officer, people.colleague].map((one) => one.post(
      `/dossiers/${number}/tasks/${task}/complete`, { form: { outcome: 'approve', opinion: '准予登记。' } })));
    assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409], answers.map((one) => one.text).join());
  }
});

test('by forms: the second officer sees who has the task, on the page', async () => {
  const number = await file(people.applicant);
  const [first, second] = [await new Client(server).login('m001', 'demo-2026'),
    await new Client(server).login('m002', 'demo-2026')];
  const open = formTo((await second.get(`/dossiers/${number}`)).text, '/complete');
  assert.equal((await submit(first, `/dossiers/${number}`, '/claim')).status, 303);
  const late = await second.send('POST', open.action, { body: new URLSearchParams(
    open.fields.concat([['form.outcome', 'approve']])) });
  assert.equal(late.status, 409);
  assert.match(wordsOf(late.text), /方立新/);
});

/* ---- languages ------------------------------------------------------------------------------- */

test('the same in English: labels, errors and names', async () => {
  const english = await person('13800000001', 'en');
  const page = await english.get('/apply/sole-trader');
  assert.match(page.text, /The operator/);
  const answer = await english.post('/apply/sole-trader', { form: { ...soleTrader, operator_name: '' } });
  assert.equal(answer.status, 422);
  assert.match(answer.json.errors[0].detail, /[A-Za-z]{3}/);
  assert.doesNotMatch(answer.json.errors[0].detail, /[\u4e00-\u9fff]/);
  const browser = await new Client(server, { language: 'en' }).login('m001', 'demo-2026');
  const desk = await browser.get('/desk');
  assert.match(desk.text, /<html lang="en"/);
  assert.doesNotMatch(wordsOf(desk.text).replace(/林小满|周知秋|中文/g, ''), /[\u4e00-\u9fff]{2}/);
});

test('language and large text are kept in cookies', async () => {
  const browser = new Client(server);
  const chosen = await browser.get('/language/en?next=%2Fitems');
  assert.equal(chosen.status, 303);
  assert.equal(chosen.location, '/items');
  assert.match((await browser.get('/items')).text, /<html lang="en"/);
  assert.equal((await browser.get('/elder/on?next=%2Fitems')).status, 303);
  assert.match((await browser.get('/items')).text, /class="[^"]*is-elder/);
  await browser.get('/elder/off');
  assert.doesNotMatch((await browser.get('/items')).text, /class="[^"]*is-elder/);
});

for (const next of ['//example.com/', 'https://example.com/', '/\\example.com', '/\t/example.com', '/%09/example.com'])
  test(`nobody is sent to another site: ${JSON.stringify(next)}`, async () => {
    const anyone = new Client(server);
    const answer = await anyone.get(`/language/en?next=${encodeURIComponent(next)}`);
    const location = answer.location && new URL(answer.location, server.url);
    assert.ok(!location || location.origin === server.url, answer.location);
    const login = await new Client(server).post('/login', { login: 'l001', password: 'demo-2026', next },
      { page: '/login' });
    const place = login.location && new URL(login.location, server.url);
    assert.ok(!place || place.origin === server.url, login.location);
  });

/* ---- sessions -------------------------------------------------------------------------------- */

test('five wrong passwords lock a login for fifteen minutes, also for the right one', async () => {
  await clock.set('2026-11-23T10:00:00+08:00');
  const anyone = new Program(server, { description });
  const registered = await anyone.post('/register', { name: '陈小雨', phone: '13900000003', password: 'a long one' });
  assert.equal(registered.status, 201, registered.text);
  for (let i = 0; i < 5; i++) {
    const answer = await anyone.post('/login', { login: '13900000003', password: `wrong ${i}` });
    assert.equal(answer.status, 422);
    assert.equal(answer.json.errors[0].field, 'login');
  }
  const locked = await anyone.post('/login', { login: '13900000003', password: 'a long one' });
  assert.equal(locked.status, 429);
  assert.match(locked.json.detail, /15/);
  await clock.set('2026-11-23T10:14:00+08:00');
  assert.equal((await anyone.post('/login', { login: '13900000003', password: 'a long one' })).status, 429);
  await clock.set('2026-11-23T10:15:01+08:00');
  assert.equal((await anyone.post('/login', { login: '13900000003', password: 'a long one' })).status, 200);
});

test('a wrong password does not tell whether the login exists', async () => {
  const anyone = new Program(server, { description });
  const known = await anyone.post('/login', { login: '13800000001', password: 'wrong' });
  const unknown = await anyone.post('/login', { login: '13999999999', password: 'wrong' });
  assert.equal(unknown.status, known.status);
  assert.equal(unknown.text, known.text);
});

test('a phone has one account', async () => {
  const answer = await new Program(server, { description })
    .post('/register', { name: '别人', phone: '13800000001', password: 'another one' });
  assert.equal(answer.status, 409);
  assert.equal(answer.json.errors[0].field, 'phone');
});

test('who has logged out is nobody', async () => {
  const program = await person('13800000002');
  assert.equal((await program.get('/my')).status, 200);
  assert.equal((await program.post('/logout')).status, 200);
  assert.equal((await program.get('/my')).status, 401);
});

/** A claim of an open task by an officer who has just looked at the desk, so that the server knows who that is. */
async function claimAfter(officer, change) {
  const number = await file(people.applicant);
  const [task] = (await officer.get('/desk')).json.tasks.filter((one) => one.number === number);
  await change();
  return { number, task: task.task, answer: await officer.post(`/dossiers/${number}/tasks/${task.task}/claim`) };
}

const assigneeOf = async (number) => (await people.colleague.get('/desk')).json.tasks.find((one) => one.number === number)?.assignee;

test('a write by who was here a moment ago and has logged out elsewhere is refused', async () => {
  const officer = await person('m001');
  const other = new Program(server, { description });
  const { number, answer } = await claimAfter(officer, async () => {
    other.cookies = new Map(officer.cookies);
    other.csrf = officer.csrf;
    assert.equal((await other.post('/logout')).status, 200);
  });
  assert.equal(answer.status, 401, answer.text);
  assert.ok(!await assigneeOf(number));
});

/** What another process on the same database does. */
function elsewhere(sql) {
  const done = spawnSync('psql', [server.database.url, '-qc', sql], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
}

if (engine === 'postgres')
  test('what another process changed about an officer counts in the next write', async () => {
    const officer = await person('m002');
    const roles = "FROM officer_role WHERE officer = (SELECT id FROM officer WHERE login = 'm002')";
    const removed = await claimAfter(officer, () => elsewhere(`CREATE TABLE kept AS SELECT * ${roles}; DELETE ${roles}`));
    assert.equal(removed.answer.status, 403, removed.answer.text);
    elsewhere('INSERT INTO officer_role SELECT * FROM kept; DROP TABLE kept');
    const moved = await claimAfter(officer, () => elsewhere(
      "UPDATE officer SET unit = (SELECT unit FROM officer WHERE login = 'h001') WHERE login = 'm002'"));
    assert.equal(moved.answer.status, 404, moved.answer.text);
    elsewhere("UPDATE officer SET unit = (SELECT unit FROM officer WHERE login = 'm001') WHERE login = 'm002'");
    /* The refused write is done over, and its key is free: the same key once more does it. */
    const claim = `/dossiers/${moved.number}/tasks/${moved.task}/claim`;
    assert.equal((await officer.post(claim)).status, 200);
    const left = await claimAfter(officer, () => elsewhere("UPDATE officer SET state = 'left' WHERE login = 'm002'"));
    assert.equal(left.answer.status, 401, left.answer.text);
    elsewhere("UPDATE officer SET state = 'active' WHERE login = 'm002'");
  });

test('a session that is over: 401 to a program, the log-in page to a person, who comes back afterwards', async () => {
  const program = await person('m001');
  const browser = await new Client(server).login('m001', 'demo-2026');
  const number = await file(people.applicant);
  const page = await browser.get(`/dossiers/${number}`);
  await clock.set('2026-11-23T22:15:02+08:00');
  const answer = await program.get('/desk');
  assert.equal(answer.status, 401);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.ok(answer.headers.get('www-authenticate'));
  const redirect = await browser.get('/desk?mine=1');
  assert.equal(redirect.status, 303);
  assert.equal(redirect.location, '/login?next=%2Fdesk%3Fmine%3D1');
  const form = formTo(page.text, '/complete');
  const late = await browser.send('POST', form.action, { body: new URLSearchParams(form.fields) });
  assert.equal(late.status, 401);
  assert.match(late.text, /href="\/login/);
  const back = await submit(browser, redirect.location, '/login', { login: 'm001', password: 'demo-2026' });
  assert.equal(back.status, 303);
  assert.equal(back.location, '/desk?mine=1');
});

/* ---- the whole ------------------------------------------------------------------------------- */

test('answers of every reading route were checked against the description', () => {
  const elsewhere = ['/admin/incidents/{id}', /* engine.mjs */
    '/dossiers/{number}/documents/{document}', '/verify', '/verify/{code}', '/rate/{token}', /* papers.mjs */
    '/dossiers/{number}/tasks/{task}/notice', '/notices', '/dossiers/{number}/supplement', '/archive', /* life.mjs */
    '/extensions', /* extension.mjs */ '/service', /* service.mjs */ '/cover', /* cover.mjs */
    '/workbench/items/import', '/workbench/items/import/{id}', /* items_import.mjs */
    '/login/code', /* admins.mjs */ '/me', '/people', '/people/{party}', '/intake', '/intake/{code}', /* people.mjs */ '/intake/register', /* village.mjs */
    '/dossiers/{number}/flow', '/corrections', '/corrections/new', '/corrections/{id}', /* supervision.mjs */
    '/scores', '/scores/rules', '/scores/{by}/{id}', '/scores/entries/{id}', /* scores.mjs */
    '/track/tap', '/kiosk/still-there', /* kiosk.mjs */ '/screen', /* screen.mjs */
    '/complaints', '/complaints/new', '/complaints/received/{complaint}', '/complaints/track', '/complaints/{id}', /* complaints.mjs */
    '/workbench', '/workbench/new', '/workbench/{kind}/{code}', '/workbench/{kind}/{code}/draft', /* workbench.mjs */
    '/workbench/{kind}/{code}/difference', '/workbench/{kind}/{code}/trial'];
  const missing = description.operations.filter((one) => one.method === 'GET' && one.operation.responses['200'].content)
    .filter((one) => !elsewhere.includes(one.path))
    .filter((one) => !description.seen.has(`GET ${one.path} 200`)).map((one) => one.path);
  assert.deepEqual(missing, []);
});

/* Pages that the story does not need otherwise; their answers are checked like all. */
async function lookAround() {
  for (const path of ['/', '/items', '/items?q=开饭店', '/items/sole-trader', '/login', '/register', '/track'])
    assert.equal((await people.anyone.get(path)).status, 200, path);
  for (const { method, path, operation } of description.operations)
    if (method === 'GET' && operation['x-right'].startsWith('admin') && !path.includes('{'))
      assert.equal((await people.admin.get(path)).status, 200, path);
}

if (!isAvailable) {
  skipAll(`story on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock(MORNING);
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  const logins = { applicant: '13800000001', other: '13800000002', officer: 'm001', colleague: 'm002', window: 'w001',
    reviewer: 'h001', decider: 'h002', supervisor: 's001', leader: 'l001', admin: 'admin' };
  for (const [role, login] of Object.entries(logins)) people[role] = await person(login);
  people.anyone = new Program(server, { description });
  await lookAround();
  await runTests(() => stopServer(server));
}
