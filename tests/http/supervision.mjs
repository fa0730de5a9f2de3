// supervision.mjs - a promise that is about to break: the officer and the supervisor are warned, a
// correction notice is sent, replied to, returned, replied to again, and closed. On a set clock.
//
//     node tests/http/supervision.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { acceptedHotel } from '../lib/hall.mjs';
import { errorFields, submit, wordsOf } from '../lib/page.mjs';

const clock = new TestClock('2026-11-23T09:30:00+08:00');
let server, description, number, due, notice;
const people = {};

async function signIn() {
  const logins = { applicant: '13800000001', window: 'w001', reviewer: 'h001', officer: 'm001', supervisor: 's001', leader: 'l001' };
  for (const [who, login] of Object.entries(logins)) people[who] = await new Program(server, { description }).login(login);
  people.browser = await new Client(server).login('s001', 'demo-2026');
  people.english = await new Client(server, { language: 'en' }).login('s001', 'demo-2026');
}

/** Waits for the job that warns. */
async function warningsOf(officer, count) {
  for (const end = Date.now() + 20000; ;) {
    const { warnings } = (await officer.get('/corrections')).json;
    if (warnings.length === count) return warnings;
    assert.ok(Date.now() < end, `${warnings.length} warnings, not ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test('nobody is warned while there is time', async () => {
  number = await acceptedHotel(people.applicant, people.window);
  const line = (await people.supervisor.get('/supervise')).json.dossiers.find((one) => one.number === number);
  due = Date.parse(line.due_at);
  assert.deepEqual((await people.reviewer.get('/corrections')).json.warnings, []);
});

test('the drawing of the process shows where the dossier stands, and is not for applicants', async () => {
  const flow = (await people.supervisor.get(`/dossiers/${number}/flow`)).json;
  assert.ok(flow.is_drawn && flow.width > 500 && flow.edges.length > 5);
  const state = Object.fromEntries(flow.shapes.map((one) => [one.element, one.state]));
  assert.equal(state.Task_intake, 'done');
  assert.equal(state.Task_review, 'now');
  assert.equal(state.Task_decision, null);
  assert.deepEqual(flow.shapes.filter((one) => one.state === 'done').map((one) => one.element), ['Start_filed', 'Task_intake', 'Gateway_intake', 'Service_accept'], 'what was passed on the way, and nothing else');
  assert.deepEqual(flow.now, ['现场核查与审核']);
  assert.equal((await people.applicant.get(`/dossiers/${number}/flow`)).status, 404);
  const english = (await people.english.get(`/dossiers/${number}/flow`)).text;
  assert.match(english, /<g class="flow-shape is-now">/);
  assert.ok(!/[\u4e00-\u9fff]/.test(english.match(/<svg class="flow"[\s\S]*?<\/svg>/)[0]), 'Chinese in the English drawing');
});

test('one working day before, the unit that has the step is warned, and the supervisor sees it', async () => {
  await clock.set(new Date(due - 4 * 3600000).toISOString());
  await signIn(); /* weeks have passed: the sessions have ended */
  const [warning] = await warningsOf(people.reviewer, 1);
  assert.equal(warning.kind, 'early');
  assert.equal(warning.number, number);
  assert.deepEqual((await people.officer.get('/corrections')).json.warnings, []);
  const near = (await people.supervisor.get('/supervise?show=near')).json.dossiers;
  assert.ok(near.some((one) => one.number === number));
});

test('once the promise is broken there is a second warning, and no third', async () => {
  await clock.set(new Date(due + 60000).toISOString());
  const warnings = await warningsOf(people.reviewer, 2);
  assert.deepEqual(warnings.map((one) => one.kind).sort(), ['early', 'overdue']);
  await new Promise((resolve) => setTimeout(resolve, 6000));
  await warningsOf(people.reviewer, 2);
});

test('the supervisor sends a correction notice from the page of the form', async () => {
  const page = `/corrections/new?number=${number}`;
  const refused = await submit(people.browser, page, '/corrections', { ground: '', text: '' });
  assert.equal(refused.status, 422);
  assert.deepEqual(errorFields(refused.text), ['ground', 'text']);
  const sent = await submit(people.browser, page, '/corrections', { ground: 'overdue', text: '承诺时限已过，请说明原因并尽快办结。' });
  assert.equal(sent.status, 303, wordsOf(sent.text).slice(0, 300));
  notice = sent.location;
  const shown = wordsOf((await people.browser.get(notice)).text);
  assert.ok(shown.includes('超过承诺时限') && shown.includes('待答复'), shown.slice(0, 500));
});

test('the unit replies, nobody else does', async () => {
  assert.equal((await people.officer.get(notice)).status, 404);
  assert.equal((await people.officer.post(`${notice}/reply`, { text: '不是我们。' })).status, 404);
  assert.equal((await people.applicant.get(notice)).status, 403);
  assert.equal((await people.reviewer.post(`${notice}/reply`, { text: '正在办理。' })).status, 200);
  assert.equal((await people.reviewer.post(`${notice}/reply`, { text: '再次答复。' })).status, 409);
});

test('a reply that says too little is returned with a reason; a sufficient one closes the notice', async () => {
  const bare = await people.supervisor.post(`${notice}/check`, { verdict: 'insufficient' });
  assert.equal(bare.status, 422);
  assert.deepEqual(bare.json.errors.map((one) => one.field), ['text']);
  assert.equal((await people.supervisor.post(`${notice}/check`, { verdict: 'insufficient', text: '请写明办结日期。' })).status, 200);
  assert.equal((await people.reviewer.post(`${notice}/reply`, { text: '已安排明日核查，后日办结。' })).status, 200);
  assert.equal((await people.supervisor.post(`${notice}/check`, { verdict: 'sufficient' })).status, 200);
  const { acts, state } = (await people.reviewer.get(notice)).json;
  assert.equal(state, 'closed');
  assert.deepEqual(acts.map((one) => one.kind), ['sent', 'replied', 'returned', 'replied', 'closed']);
});

test('start pages count what waits, and lead there; a notice is sent from the dossier, and taken back with a reason', async () => {
  const words = { 'zh-CN': ['临期或超期预警 1 件', '待答复的纠错通知 1 份', '就这个办件发纠错通知', '等待答复的纠错通知 1 份'],
    en: ['Warnings about time limits: 1', 'Correction notices to answer: 1', 'Send a correction notice about this case', 'wait for a reply: 1'] };
  const sent = await people.supervisor.post('/corrections', { number, ground: 'near', text: '承诺时限将至，请说明办理环节。' });
  assert.equal(sent.status, 201, sent.text);
  const path = `/corrections/${sent.json.id}`;
  const desk = (await people.reviewer.get('/desk')).json;
  assert.deepEqual([desk.warnings, desk.notices], [1, 1]);
  const start = (await people.supervisor.get('/supervise')).json;
  assert.deepEqual([start.warnings, start.sent, start.replied], [1, 1, 0]);
  for (const [language, [warned, waits, link, open]] of Object.entries(words)) {
    const [officer, supervisor] = [await new Client(server, { language }).login('h001', 'demo-2026'),
      await new Client(server, { language }).login('s001', 'demo-2026')];
    const shown = wordsOf((await officer.get('/desk')).text);
    assert.ok(shown.includes(warned) && shown.includes(waits), shown.slice(0, 400));
    assert.ok(wordsOf((await supervisor.get('/supervise')).text).includes(open), language);
    const page = await supervisor.get(`/dossiers/${number}`);
    assert.ok(wordsOf(page.text).includes(link), language);
    assert.match(page.text, new RegExp(`href="/corrections/new\\?number=${number}"`));
    assert.ok(!(await officer.get(`/dossiers/${number}`)).text.includes('/corrections/new'));
  }
  const refused = await submit(people.browser, path, `${path}/take-back`, { text: '' });
  assert.equal(refused.status, 422);
  assert.deepEqual(errorFields(refused.text), ['text']);
  assert.equal((await people.reviewer.post(`${path}/take-back`, { text: '不用了' })).status, 403);
  assert.equal((await people.supervisor.post(`${path}/take-back`, { text: '发错了办件。' })).status, 200);
  assert.equal((await people.reviewer.get(path)).json.acts.at(-1).text, '发错了办件。');
  assert.equal((await people.reviewer.post(`${path}/reply`, { text: '已办。' })).json.code, 'correction.not_waiting');
  assert.equal((await people.reviewer.get('/desk')).json.notices, 0);
  assert.ok((await people.supervisor.get('/corrections?state=taken_back')).json.corrections.some((one) => one.id === sent.json.id));
});

test('a dossier whose clock stands shows why and no date, and is neither due soon nor over', async () => {
  const task = (await people.reviewer.get(`/dossiers/${number}`)).json.task;
  assert.ok((await people.supervisor.get('/supervise?show=over')).json.dossiers.some((one) => one.number === number));
  const stopped = await people.reviewer.post(`/dossiers/${number}/tasks/${task}/suspend`, { ground: 'hearing', note: '听证' });
  assert.equal(stopped.status, 200, stopped.text);
  const row = (await people.supervisor.get('/supervise')).json.dossiers.find((one) => one.number === number);
  assert.deepEqual([row.due_at, row.stop_ground, row.stop_ground_name, row.lamp.state], [null, 'hearing', '听证', 'grey']);
  for (const show of ['near', 'over'])
    assert.ok(!(await people.supervisor.get(`/supervise?show=${show}`)).json.dossiers.some((one) => one.number === number), show);
  assert.match(wordsOf((await people.browser.get('/supervise')).text), /暂停计时：听证.*待恢复计时/);
  assert.match(wordsOf((await people.english.get('/supervise')).text), /Clock stopped: Hearing.*When it runs again/);
});

test('who only looks can change nothing', async () => {
  assert.equal((await people.leader.get(notice)).status, 200);
  for (const path of ['/corrections', `${notice}/reply`, `${notice}/check`])
    assert.equal((await people.leader.post(path, { number, ground: 'other', text: 'x', verdict: 'sufficient' })).status, 403, path);
});

test('pages speak both languages', async () => {
  for (const path of ['/corrections', '/corrections?state=closed', notice]) {
    const english = wordsOf((await people.english.get(path)).text);
    assert.ok(/correction notice/i.test(english), path);
    assert.ok(!/[a-z]+\.[a-z]+\.[a-z]+/.test(english.replace(/\d+\.\d+/g, '')), `${path} shows a key: ${english.slice(0, 300)}`);
  }
});

if (!isAvailable) {
  skipAll(`supervision on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await signIn();
  await runTests(() => stopServer(server));
}
