// scores.mjs - a promise breaks: the score of the department before and after, each point with its entry. A warning, a
// correction notice, its reply, a late completion, a bad rating; who sees what; new rules for the next month alone;
// the same after a rebuild. On a set clock.
//
//     node tests/http/scores.mjs sqlite|postgres
import { spawnSync } from 'node:child_process';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, PROGRAM, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock, until } from '../lib/clock.mjs';
import { readFileSync } from 'node:fs';
import { wordsOf } from '../lib/page.mjs';
import { rowsOf } from '../lib/xlsx.mjs';
import { acceptedHotel, complete, completedSoleTrader } from '../lib/hall.mjs';

const clock = new TestClock('2026-12-01T09:30:00+08:00');
const LOGINS = { applicant: '13800000001', window: 'w001', market: 'm001', inspector: 'h001', decider: 'h002', chief: 'h003',
  supervisor: 's001', leader: 'l001', admin: 'admin', editor: 'e001' };
const HEALTH = '县卫生健康局';
let server, description, number, due, notice, before;
const people = {};

async function later(instant) {
  if (instant) await clock.set(instant);
  for (const [who, login] of Object.entries(LOGINS)) people[who] = await new Program(server, { description }).login(login);
}

const scores = async (person, query = '') => {
  const answer = await person.get(`/scores${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const lineOf = async (name, query) => (await scores(people.supervisor, query)).lines.find((one) => one.name === name);
const detail = async (person, by, id, query = '') => {
  const answer = await person.get(`/scores/${by}/${id}${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const kinds = (page) => page.points.map((one) => `${one.kind} ${one.points}`);

/** Waits for the job that warns. */
const overdueWarned = () => until(async () => (await people.inspector.get('/corrections')).json.warnings.find((one) => one.kind === 'overdue'),
  { seconds: 20, what: 'the overdue warning' });

test('each department begins with what the table says, ranked alike; the board of persons is empty', async () => {
  const { lines, start, has_rules, period } = await scores(people.supervisor);
  assert.deepEqual([has_rules, start, period], [true, '100', '2026-12']);
  assert.ok(lines.length > 3);
  assert.deepEqual([...new Set(lines.map((one) => `${one.rank} ${one.score} ${one.completed}`))], ['1 100 0']);
  assert.deepEqual((await scores(people.leader, '?by=persons')).lines, []);
  assert.match(wordsOf((await new Client(server).login('s001', 'demo-2026').then((one) => one.get('/scores?by=persons'))).text), /这一考评期还没有计分事项/);
});

test('a promise breaks: the warning takes a point of the department and of nobody who had not taken it up', async () => {
  number = await acceptedHotel(people.applicant, people.window);
  const line = (await people.supervisor.get('/supervise')).json.dossiers.find((one) => one.number === number);
  due = Date.parse(line.due_at);
  before = await lineOf(HEALTH);
  await later(new Date(due + 60000).toISOString());
  await overdueWarned();
  const after = await lineOf(HEALTH);
  assert.deepEqual([before.score, after.score, after.limits], ['100', '99', '-1']);
  const page = await detail(people.supervisor, 'departments', after.id);
  assert.deepEqual(kinds(page), ['warning.overdue -1']);
  assert.deepEqual([page.points[0].dossier, page.points[0].officer], [number, null]);
  assert.ok(after.rank > 1 && after.rank === (await scores(people.supervisor)).lines.length, 'the last of all');
});

test('a correction notice, a late reply that is returned, and what is put right', async () => {
  const sent = await people.supervisor.post('/corrections', { number, ground: 'overdue', text: '承诺时限已过，请说明原因。' });
  assert.equal(sent.status, 201, sent.text);
  notice = `/corrections/${sent.json.id}`;
  assert.equal((await lineOf(HEALTH)).score, '97');
  await later(new Date(Date.parse(sent.json.reply_due_at) + 60000).toISOString());
  assert.equal((await people.inspector.post(`${notice}/reply`, { text: '正在办理。' })).status, 200);
  assert.equal((await people.supervisor.post(`${notice}/check`, { verdict: 'insufficient', text: '请写明办结日期。' })).status, 200);
  assert.equal((await people.inspector.post(`${notice}/reply`, { text: '今日办结。' })).status, 200);
  assert.equal((await people.supervisor.post(`${notice}/check`, { verdict: 'sufficient' })).status, 200);
  const line = await lineOf(HEALTH);
  assert.deepEqual([line.correction, line.score], ['-3', '96']);
  assert.deepEqual(kinds(await detail(people.supervisor, 'departments', line.id)), ['correction.closed +1', 'correction.returned -1',
    'correction.replied_late -1', 'correction.sent -2', 'warning.overdue -1']);
});

test('completed late and rated badly: the points are the department\'s and the person\'s who decided', async () => {
  await complete(people.inspector, number, { outcome: 'pass', opinion: '符合要求。' });
  await complete(people.decider, number, { outcome: 'approve', opinion: '准予许可。' });
  assert.equal((await people.applicant.post(`/dossiers/${number}/rating`, { grade: 5 })).status, 200);
  const line = await lineOf(HEALTH);
  const days = Math.round((Date.parse(clock.now.slice(0, 10)) - Date.parse(new Date(due + 8 * 3600000).toISOString().slice(0, 10))) / 86400000);
  const late = days > 3 ? 5 : 2;
  assert.deepEqual([line.completed, line.completion, line.rating, line.score], [1, `-${late}`, '-2', `${96 - late - 2}`]);
  const { lines } = await scores(people.supervisor, '?by=persons');
  assert.deepEqual(lines.map((one) => [one.rank, one.score, one.unit]), [[1, `${100 - late - 2}`, HEALTH]]);
  const own = await detail(people.supervisor, 'persons', lines[0].id);
  assert.deepEqual(kinds(own), ['rated.dissatisfied -2', `completed.late -${late}`]);
  assert.equal(own.points[0].officer, own.name);
  assert.deepEqual((await detail(people.supervisor, 'persons', lines[0].id, '?event=completed.late')).points.map((one) => one.kind), ['completed.late']);
});

test('the difference is exactly its entries: each is in the journal and says what it is', async () => {
  const line = await lineOf(HEALTH);
  const page = await detail(people.supervisor, 'departments', line.id);
  const sum = page.points.reduce((all, one) => all + Number(one.points), 0);
  assert.equal(Number(before.score) + sum, Number(line.score));
  assert.equal(page.sums.reduce((all, one) => all + Number(one.sum), 0), sum);
  const want = { 'rated.dissatisfied': 'dossier.rated', 'completed.late': 'task.completed', 'warning.overdue': 'warning.raised',
    'correction.replied_late': 'correction.replied' };
  for (const point of page.points) {
    const entry = (await people.leader.get(`/scores/entries/${point.entry}`)).json;
    assert.equal(entry.kind, want[point.kind] ?? point.kind);
    assert.equal(entry.dossier, number);
    assert.ok(point.words.length > 10, 'each point says its rule');
  }
});

test('on the spot and on time takes nothing; the windows have what their officers have', async () => {
  const other = await completedSoleTrader(people.applicant, people.market);
  assert.equal((await people.applicant.post(`/dossiers/${other}/rating`, { grade: 1 })).status, 200);
  const market = await lineOf('县市场监督管理局');
  assert.deepEqual([market.rank, market.score, market.completed, market.completion, market.rating], [1, '100.1', 1, '0', '+0.1']);
  const { lines } = await scores(people.leader, '?by=windows');
  const window = lines.find((one) => one.unit === '县市场监督管理局');
  assert.equal(window.score, '100.1');
  assert.deepEqual(kinds(await detail(people.leader, 'windows', window.id)), ['rated.satisfied +0.1', 'completed.on_time 0']);
});

test('an officer sees his own points and the total of his department; the head what it is made of; nobody else anything', async () => {
  const own = await scores(people.decider);
  assert.deepEqual([own.is_all, own.lines, own.own_unit_name, own.own_unit_score, own.can_open_unit],
    [false, [], HEALTH, (await lineOf(HEALTH)).score, false]);
  assert.ok(Number(own.own_score) < 100);
  const points = (await detail(people.decider, 'persons', own.own)).points;
  assert.equal(points.length, 2);
  assert.equal((await people.decider.get(`/scores/entries/${points[0].entry}`)).status, 200);
  const inspector = await scores(people.inspector);
  assert.equal(inspector.own_score, '100');
  for (const path of [`/scores/persons/${own.own}`, `/scores/departments/${own.own_unit}`, `/scores/entries/${points[0].entry}`])
    assert.equal((await people.inspector.get(path)).status, 404, path);
  assert.equal((await detail(people.chief, 'departments', own.own_unit)).points.length, 7);
  assert.equal((await people.chief.get(`/scores/entries/${points[0].entry}`)).status, 200);
  assert.equal((await people.market.get(`/scores/departments/${own.own_unit}`)).status, 404);
  assert.equal((await people.market.get('/scores?by=persons')).json.lines.length, 0, 'a ranking is not for him');
  for (const who of ['applicant', 'admin'])
    for (const path of ['/scores', '/scores/rules', `/scores/persons/${own.own}`, `/scores/entries/${points[0].entry}`])
      assert.equal((await people[who].get(path)).status, 403, `${who} ${path}`);
  assert.equal((await new Program(server, { description }).get('/scores')).status, 401);
});

test('months and quarters: what is not of the period does not count; nonsense is refused', async () => {
  const quarter = await lineOf(HEALTH, '?period=2026-Q4');
  const december = await lineOf(HEALTH, '?period=2026-12');
  const january = await lineOf(HEALTH, '?period=2027-01');
  const sum = [december, january].reduce((all, one) => all + Number(one.score) - 100, 0);
  assert.equal((await lineOf(HEALTH, '?period=2026-11')).score, '100');
  if (clock.now < '2027') assert.equal(Number(quarter.score) - 100, sum);
  for (const wrong of ['2026-13', '2026-Q5', '2026', 'x', '1999-01', '2026-1']) {
    const answer = await people.supervisor.get(`/scores?period=${wrong}`);
    assert.deepEqual([answer.status, answer.json.errors?.[0]?.field], [422, 'period'], wrong);
  }
  assert.equal((await people.supervisor.get('/scores/departments/1')).status, 404);
});

test('the rules stand there in words, in both languages, with their version', async () => {
  const { rules, version, start_department } = (await people.inspector.get('/scores/rules')).json;
  assert.deepEqual([rules.length, version, start_department], [16, 1, '100']);
  assert.deepEqual(rules.find((one) => one.event === '"correction.sent"').is_person, false);
  const english = await new Client(server, { language: 'en' }).login('s001', 'demo-2026');
  const health = (await lineOf(HEALTH)).id;
  for (const path of ['/scores', '/scores?by=windows', '/scores?by=persons', '/scores/rules', `/scores/departments/${health}`]) {
    const words = wordsOf((await english.get(path)).text);
    assert.ok(!/\b(score|choice|field)\.[a-z_]+/.test(words), `${path} shows a key: ${words.match(/.{20}\b(?:score|choice|field)\.[a-z_]+.{20}/)?.[0]}`);
  }
});

test('the ranking comes as a spreadsheet, with what was asked for on its first line', async () => {
  const file = await people.leader.get('/scores.xlsx?by=departments');
  assert.equal(file.status, 200);
  const rows = rowsOf(file.bytes, 0);
  const { lines, period_name } = await scores(people.leader);
  assert.ok(rows[0][0].includes(period_name) && rows[0][0].includes('部门'), rows[0][0]);
  const at = rows.findIndex((row) => row[0] === '名次');
  assert.deepEqual(rows.slice(at + 1).map((row) => [Number(row[0]), row[1], Number(row[2])]), lines.map((one) => [one.rank, one.name, Number(one.score)]));
  assert.equal(rowsOf((await people.leader.get('/scores.xlsx?by=persons')).bytes, 0)[at][1], '姓名');
  assert.equal((await people.chief.get('/scores.xlsx')).status, 403);
});

test('rules that are published for a later period leave this one alone', async () => {
  const read = (name) => readFileSync(`packs/service-hall/${name}`, 'utf8');
  const dearer = read('tables/scores.dmn').replace(/(Rule_score_correction_out_points">\s*<text>)-2/, '$1-3').replace('收到纠错通知的，每份扣2分', '收到纠错通知的，每份扣3分');
  const told = read('scenarios/scores.feature').replace(/(correction.sent +\| 0 +\| )-2/, '$1-3');
  const saved = await people.editor.post('/workbench/table/scores/draft', { source: dearer, english: read('tables/scores.en.json') });
  assert.equal(saved.status, 200, saved.text);
  assert.equal((await people.editor.post('/workbench/scenario/scores/draft', { source: told })).status, 200);
  const from = `${Number(clock.now.slice(0, 4)) + 1}-02-01`, laterMonth = from.slice(0, 7);
  const beforeThat = await lineOf(HEALTH);
  const done = await people.editor.post('/workbench/table/scores/publish', { revision: saved.json.revision, from, reason: '县里从严考评', with: ['scenario:scores'] });
  assert.equal(done.status, 201, done.text);
  assert.deepEqual(await lineOf(HEALTH), beforeThat);
  const points = async (period) => {
    const { rules, version } = (await people.inspector.get(`/scores/rules?period=${period}`)).json;
    return [version, rules.find((one) => one.id === 'Rule_score_correction').points];
  };
  assert.deepEqual(await points(clock.now.slice(0, 7)), [1, '-2']);
  assert.deepEqual(await points(laterMonth), [2, '-3']);
  assert.deepEqual(await points(`${laterMonth.slice(0, 4)}-Q1`), [1, '-2'], 'a quarter goes by its first day');
});

test('a rebuild gives the same points', async () => {
  const id = (await lineOf(HEALTH)).id;
  const page = await detail(people.supervisor, 'departments', id);
  const { database } = server;
  await stopServer(server, { keep: true });
  const rebuilt = spawnSync(PROGRAM, ['rebuild', '--db', database.url, '--keys', database.folder, '--reader', 'score.events'], { encoding: 'utf8' });
  assert.match(rebuilt.stdout, /^1 reader rebuilt/, rebuilt.stderr);
  server = await startServer({ database, clock: clock.file });
  await later();
  assert.deepEqual(await detail(people.supervisor, 'departments', id), page);
});

if (!isAvailable) {
  skipAll(`scores on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await later();
  await runTests(() => stopServer(server));
}
