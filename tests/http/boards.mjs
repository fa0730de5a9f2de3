// boards.mjs - what supervisors, leaders and administrators see and do: the filters of the live list,
// figures against their dossiers, calendars that are loaded, pages without scripts.
//
//     node tests/http/boards.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, newKey, Program } from '../lib/program.mjs';
import { TestClock, until } from '../lib/clock.mjs';
import { errorFields, submit, wordsOf } from '../lib/page.mjs';
import { acceptedHotel, complete, completedSoleTrader, file, openTask } from '../lib/hall.mjs';

const MORNING = '2026-12-15T09:30:00+08:00'; /* a Tuesday */
const NOTICE = 'date,type,name\n2027-01-01,holiday,元旦\n2026-12-28,holiday,年终\n';
let server, description, clock;
let people = {};

async function login(name) {
  return new Program(server, { description }).login(name);
}

/** Sessions end when the clock moves on: everybody logs in again. */
async function everybody(instant) {
  if (instant) await clock.set(instant);
  const logins = { applicant: '13800000001', other: '13800000002', window: 'w001', market: 'm001', inspector: 'h001',
    decider: 'h002', supervisor: 's001', leader: 'l001', admin: 'admin' };
  const made = await Promise.all(Object.values(logins).map(login));
  people = Object.fromEntries(Object.keys(logins).map((who, i) => [who, made[i]]));
}

const figures = async (query = '') => {
  const answer = await people.leader.get(`/board${query}`);
  assert.equal(answer.status, 200, answer.text);
  return Object.fromEntries(answer.json.figures.map((one) => [one.key.toUpperCase(), one]));
};
const behind = (figure, part = 'counted') =>
  people.leader.all(`/board/dossiers?figure=${figure}&part=${part}`, 'dossiers');
const shown = async (show) => (await people.supervisor.all(`/supervise?show=${show}`, 'dossiers')).map((row) => row.number);

/* ---- figures --------------------------------------------------------------------------------- */

test('without dossiers there is no figure, and the page says so', async () => {
  for (const one of Object.values(await figures())) {
    assert.equal(one.has_value, false);
    assert.equal(one.value, null);
  }
  const page = await people.leader.get('/board', { headers: { accept: 'text/html' } });
  assert.match(wordsOf(page.text), /这一期间没有可统计的办件/);
});

test('figures are what their dossiers say', async () => {
  for (let i = 0; i < 3; i++) await completedSoleTrader(people.applicant, people.market);
  const hotel = await acceptedHotel(people.other, people.window);
  const late = await acceptedHotel(people.other, people.window);
  await everybody('2026-12-21T15:00:00+08:00');
  for (const [officer, outcome] of [[people.inspector, 'pass'], [people.decider, 'approve']])
    await complete(officer, hotel, { outcome, opinion: '同意。' });
  await everybody('2027-01-20T10:00:00+08:00');
  for (const [officer, outcome] of [[people.inspector, 'pass'], [people.decider, 'approve']])
    await complete(officer, late, { outcome, opinion: '同意。' });
  await acceptedHotel(people.other, people.window);
  await file(people.applicant);

  const period = '?from=2026-01-01&to=2027-12-31';
  const all = await figures(period);
  const dossiers = async (figure, part) =>
    people.leader.all(`/board/dossiers${period}&figure=${figure}&part=${part ?? 'counted'}`, 'dossiers');
  const completed = await dossiers('s01'), open = await dossiers('s01', 'rest');
  assert.equal(completed.length, 5);
  assert.equal(open.length, 2);
  assert.equal(all.S01.numerator, completed.length);
  assert.equal(all.S01.denominator, completed.length + open.length);
  const onTime = await dossiers('s02'), lateOnes = await dossiers('s02', 'rest');
  assert.deepEqual(lateOnes.map((row) => row.number), [late]);
  assert.equal(all.S02.value, onTime.length / (onTime.length + lateOnes.length));
  const used = completed.reduce((sum, row) => sum + row.used_days, 0);
  const limits = completed.reduce((sum, row) => sum + row.statutory_limit, 0);
  assert.ok(Math.abs(all.S07.value - (1 - used / limits)) < 1e-4, `${all.S07.value}, ${used} of ${limits}`);
  const promised = await dossiers('s08');
  const days = promised.reduce((sum, row) => sum + row.used_days, 0);
  assert.equal(promised.length, 2);
  assert.ok(Math.abs(all.S08.value - days / promised.length) < 1e-3);
});

const PERIOD = 'from=2026-01-01&to=2027-12-31';
const partOf = (figure, part = 'counted') => people.leader.all(`/board/dossiers?${PERIOD}&figure=${figure}&part=${part}`, 'dossiers');
const numbersOf = async (figure, part) => (await partOf(figure, part)).map((row) => row.number).sort();

test('each number of a figure is as many dossiers as its list has', async () => {
  /* withdrawn before and after acceptance; ratings of every mood, also of what was withdrawn */
  const early = await file(people.other, 'hotel-hygiene');
  const later = await acceptedHotel(people.other, people.window);
  for (const number of [early, later])
    assert.equal((await people.other.post(`/dossiers/${number}/withdraw`, { withdraw_reason: '改在别处' })).status, 200);
  const grades = [1, 2, 3, 4, 5];
  const rated = [early, later];
  while (rated.length < grades.length) rated.push(await completedSoleTrader(people.other, people.market));
  for (const [i, number] of rated.entries()) {
    const answer = await people.other.post(`/dossiers/${number}/rating`, { grade: String(grades[i]) });
    assert.equal(answer.status, 200, answer.text);
  }
  const all = await figures(`?${PERIOD}`);
  const board = (await people.leader.get(`/board?${PERIOD}`)).json;
  for (const figure of ['s01', 's02', 's04', 's05', 's09', 's10', 's10b']) {
    const { numerator, denominator, value, has_value } = all[figure.toUpperCase()];
    const counted = await partOf(figure), base = await partOf(figure, 'base');
    assert.equal(numerator, counted.length, `${figure}: numerator`);
    assert.equal(denominator, base.length, `${figure}: denominator`);
    assert.ok(has_value && Math.abs(value - counted.length / base.length) < 1e-4, figure);
    assert.equal(new Set(base.map((row) => row.number)).size, base.length);
  }
  assert.equal(board.withdrawn, 2);
  assert.deepEqual(await numbersOf('withdrawn'), [early, later].sort());
  assert.deepEqual(await numbersOf('s10'), rated.slice(0, 2).sort());
  assert.deepEqual(await numbersOf('s10b'), rated.slice(0, 3).sort());
  assert.deepEqual(await numbersOf('s10b', 'rest'), rated.slice(3).sort());
});

test('what a figure counts and what it leaves out is its whole', async () => {
  for (const figure of ['s02', 's04', 's05', 's10', 's10b']) {
    const parts = [...await numbersOf(figure), ...await numbersOf(figure, 'rest')].sort();
    assert.deepEqual(parts, await numbersOf(figure, 'base'), figure);
  }
  /* what was accepted is completed, still open or withdrawn */
  const withdrawn = (await partOf('withdrawn')).filter((row) => row.accepted_at).map((row) => row.number);
  assert.equal(withdrawn.length, 1);
  assert.deepEqual([...await numbersOf('s01'), ...await numbersOf('s01', 'rest'), ...withdrawn].sort(), await numbersOf('s01', 'base'));
});

test('figures are recounted from the rows of their lists', async () => {
  const all = await figures(`?${PERIOD}`);
  const sum = (rows, name) => rows.reduce((total, row) => total + row[name], 0);
  const near = (figure, value) => assert.ok(Math.abs(all[figure].value - value) < 1e-3, `${figure}: ${all[figure].value}, ${value}`);
  const completed = await partOf('s03'), limited = await partOf('s06'), promised = await partOf('s08');
  assert.equal(all.S03.numerator, completed.length);
  assert.equal(all.S03.denominator, completed.length);
  assert.deepEqual(await numbersOf('s07'), limited.map((row) => row.number).sort());
  assert.equal(all.S06.numerator, sum(limited, 'promised_limit'));
  assert.equal(all.S06.denominator, sum(limited, 'statutory_limit'));
  near('S06', 1 - sum(limited, 'promised_limit') / sum(limited, 'statutory_limit'));
  near('S07', 1 - sum(limited, 'used_days') / sum(limited, 'statutory_limit'));
  near('S08', sum(promised, 'used_days') / promised.length);
  const dayOf = (instant) => new Date(Date.parse(instant) + 8 * 3600_000).toISOString().slice(0, 10);
  const early = completed.filter((row) => row.kind !== 'on_the_spot' && dayOf(row.completed_at) < dayOf(row.due_at));
  assert.equal(all.S05.numerator, early.length);
  assert.equal(early.length, 1);
  assert.equal(all.S04.numerator, completed.filter((row) => row.kind === 'on_the_spot').length);
  const ratings = (await partOf('s09')).map((row) => row.grade);
  assert.deepEqual(ratings.sort(), [1, 2, 3, 4, 5]);
});

test('every figure has code, definition in both languages, origin of the formula and a way to its dossiers', async () => {
  const english = await new Program(server, { description, language: 'en' }).login('l001');
  const inChinese = Object.values(await figures()), inEnglish = (await english.get('/board')).json.figures;
  assert.deepEqual(inEnglish.map((one) => one.code), ['S01', 'S02', 'S03', 'S04', 'S05', 'S06', 'S07', 'S08', 'S09', 'S10', 'S10']);
  for (const [i, one] of inEnglish.entries()) {
    assert.match(inChinese[i].definition, /＝.*÷/);
    assert.doesNotMatch(one.name + one.definition + one.recount, /[\u4e00-\u9fff]|board\./);
    assert.equal(one.status, ['S01', 'S04'].includes(one.code) ? 'reproduced' : 'inferred');
    assert.equal((await people.leader.get(one.dossiers)).status, 200, one.dossiers);
  }
});

test('open dossiers are counted by stage, on the board and in the live list', async () => {
  const { stages } = (await people.leader.get('/board')).json;
  assert.deepEqual(stages.map((one) => one.stage), ['intake', 'review', 'fee', 'decision', 'service']);
  const page = (await people.supervisor.get('/supervise')).json;
  assert.equal(stages.reduce((sum, one) => sum + one.open, 0), page.open);
  assert.ok(stages.filter((one) => one.open > 0).length > 0);
  for (const { stage, open, dossiers } of stages) {
    const live = await people.supervisor.all(`/supervise?stage=${stage}`, 'dossiers');
    assert.equal(live.length, open, stage);
    assert.ok(live.every((row) => row.stage === stage));
    const behind = await people.leader.all(dossiers, 'dossiers');
    assert.deepEqual(behind.map((row) => row.number), live.map((row) => row.number));
  }
  assert.deepEqual((await people.supervisor.all('/supervise?show=over&stage=review', 'dossiers')).map((row) => row.number),
    (await people.supervisor.all('/supervise?show=over', 'dossiers')).filter((row) => row.stage === 'review').map((row) => row.number));
  const ended = await people.supervisor.get('/supervise?show=completed&stage=review');
  assert.equal(ended.status, 422);
  assert.equal(ended.json.code, 'supervise.no_stage');
  assert.equal((await people.supervisor.get('/supervise?stage=nowhere')).status, 422);
});

test('a period holds its days; one that ends before it begins is refused', async () => {
  const december = await figures('?from=2026-12-01&to=2026-12-31');
  assert.equal(december.S01.numerator, 4);
  const answer = await people.leader.get('/board?from=2026-12-31&to=2026-12-01');
  assert.equal(answer.status, 422);
  assert.equal(answer.json.code, 'board.bad_period');
});

test('a figure of one part has no rest', async () => {
  for (const figure of ['s03', 's06', 's07', 's08', 'withdrawn', 'open']) {
    const answer = await people.leader.get(`/board/dossiers?figure=${figure}&part=rest`);
    assert.equal(answer.status, 422);
    assert.equal(answer.json.code, 'board.no_rest');
  }
  assert.equal((await people.leader.get('/board/dossiers?figure=s11')).status, 422);
  assert.equal((await people.leader.get('/board/dossiers')).status, 422);
});

test('departments, services and months add up to the figures', async () => {
  const board = (await people.leader.get('/board?from=2026-01-01&to=2027-12-31')).json;
  const sum = (rows, name) => rows.reduce((total, row) => total + row[name], 0);
  for (const name of ['filed', 'accepted', 'completed'])
    assert.deepEqual([board.units, board.items, board.months].map((rows) => sum(rows, name)),
      [board, board, board].map(() => ({ filed: 12, accepted: 11, completed: 8 })[name]));
  assert.deepEqual(board.months.map((row) => row.month), ['2026-12', '2027-01']);
});

test('the hall screen is dark until it is left', async () => {
  const screen = await new Client(server).login('l001', 'demo-2026');
  assert.equal((await screen.get('/board/dark/on')).location, '/board');
  const dark = await screen.get('/board');
  assert.match(dark.text, /<html[^>]*is-dark/);
  assert.match(dark.text, /hx-trigger="every 60s"/);
  await screen.get('/board/dark/off');
  assert.doesNotMatch((await screen.get('/board')).text, /<html[^>]*is-dark/);
  assert.equal((await people.leader.get('/board/dark/grey')).status, 404);
});

/* ---- the live list --------------------------------------------------------------------------- */

test('each filter shows its dossiers and the number of them', async () => {
  await everybody('2027-02-02T10:00:00+08:00');
  const over = await shown('over');
  assert.equal(over.length, 1); /* the sole trader of 20 January */
  await everybody('2027-02-03T16:00:00+08:00');
  const page = (await people.supervisor.get('/supervise')).json;
  for (const show of ['open', 'near', 'over', 'incident', 'completed'])
    assert.equal((await shown(show)).length, page[show], show);
  for (const show of ['near', 'over'])
    for (const row of (await people.supervisor.get(`/supervise?show=${show}`)).json.dossiers)
      assert.equal(row.lamp.state, show === 'near' ? 'yellow' : 'red');
  const done = await completedSoleTrader(people.applicant, people.market);
  assert.deepEqual(await shown('completed'), [done]);
});

test('a clock that stands still is not called completed', async () => {
  const number = await acceptedHotel(people.other, people.window);
  const stopped = await people.inspector.post(`/dossiers/${number}/tasks/${await openTask(people.inspector, number)}/suspend`,
    { ground: 'hearing', note: '需要听证' });
  assert.equal(stopped.status, 200, stopped.text);
  const row = (await people.supervisor.all('/supervise?stage=review', 'dossiers')).find((one) => one.number === number);
  assert.deepEqual(row.lamp, { ...row.lamp, state: 'grey', text: '计时暂停' });
});

test('a long list pages without gaps, by urgency', async () => {
  for (let i = 0; i < 52; i++) await file(people.applicant);
  const first = (await people.supervisor.get('/supervise')).json;
  assert.equal(first.dossiers.length, 50);
  assert.ok(first.pager.next_query);
  const rows = await people.supervisor.all('/supervise', 'dossiers');
  assert.equal(rows.length, first.open);
  assert.equal(new Set(rows.map((row) => row.number)).size, rows.length);
  const due = rows.map((row) => row.due_at ?? '9999');
  assert.deepEqual(due, [...due].sort());
});

test('the list names step, department and officer, in both languages, without scripts', async () => {
  const english = await new Client(server, { language: 'en' }).login('s001', 'demo-2026');
  const page = await english.get('/supervise?show=over');
  assert.match(page.text, /<html lang="en"/);
  assert.match(wordsOf(page.text), /Review and decide on the spot .*Nobody yet/);
  assert.match(page.text, /hx-get="\/supervise\?show=over" hx-trigger="every 5s"/);
});

/* ---- calendars ------------------------------------------------------------------------------- */

const load = (body) => people.admin.post('/admin/calendar', body);

test('a table that is wrong is refused with its place, and nothing is stored', async () => {
  const before = (await people.admin.get('/admin/calendar')).json.layers;
  const cases = [
    [{ code: 'cn-2028', csv: 'date,type,name\n2028-01-01,holiday,元旦\n2028-02-30,holiday,x' }, 'csv', 3],
    [{ code: 'cn-2028', csv: '2028-01-01,feast,元旦' }, 'csv', 1],
    [{ code: 'cn-2028', csv: '2028-01-01,holiday,元旦\n2029-01-01,holiday,元旦' }, 'csv'],
    [{ code: 'cn-2028', csv: '2027-12-30,holiday,元旦' }, 'csv'],
    [{ code: 'cn', csv: '2028-01-01,holiday,元旦' }, 'csv'], /* would lose all years before */
    [{ code: 'cn-28', csv: NOTICE }, 'code'],
    [{ code: 'drop table', csv: NOTICE }, 'code'],
    [{ code: 'cn-2028' }, 'csv'],
    [{ csv: NOTICE }, 'code'],
  ];
  for (const [body, field, line] of cases) {
    const answer = await load(body);
    assert.equal(answer.status, 422, `${JSON.stringify(body)} answered ${answer.status} ${answer.text}`);
    const told = answer.json.errors?.[0] ?? answer.json;
    assert.equal(told.field ?? answer.json.field, field, answer.text);
    if (line) assert.equal(told.line ?? answer.json.line, line, answer.text);
  }
  assert.deepEqual((await people.admin.get('/admin/calendar')).json.layers, before);
});

test('the page keeps what was typed, and says where it is wrong', async () => {
  const admin = await new Client(server).login('admin', 'demo-2026');
  const csv = '2028-01-01,holiday,元旦\n2028-13-01,holiday,x';
  const answer = await submit(admin, '/admin/calendar', '/admin/calendar', { code: 'cn-2028', csv });
  assert.equal(answer.status, 422);
  assert.deepEqual(errorFields(answer.text), ['csv']);
  assert.match(wordsOf(answer.text), /第2行第\d+列/);
  assert.ok(answer.text.includes('2028-13-01,holiday,x'));
  assert.ok(answer.text.includes('value="cn-2028"'));
});

test('a file is taken as well as a text, but not both', async () => {
  const send = (parts) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(parts))
      form.append(name, value, ...(value instanceof Blob ? ['days.csv'] : []));
    return people.admin.send('POST', '/admin/calendar', { raw: form,
      headers: { 'x-csrf-token': people.admin.csrf, 'idempotency-key': newKey() } });
  };
  const both = await send({ code: '99-9901', csv: NOTICE, file: new Blob(['x']) });
  assert.equal(both.status, 422, both.text);
  assert.equal(both.json.code, 'admin.two_tables');
  const bytes = await send({ code: '99-9901', file: new Blob([new Uint8Array([0x32, 0xff, 0xfe])]) });
  assert.equal(bytes.status, 422);
  assert.equal(bytes.json.code, 'admin.file_encoding');
  const good = await send({ file: new Blob(['2027-03-08,half,妇女节,08:30-12:00']), code: '99-9901' });
  assert.equal(good.status, 201, good.text);
  assert.deepEqual(good.json, { code: '99-9901', days: 1 });
});

test('a provisional promise becomes firm when the notice is loaded', async () => {
  await everybody('2027-12-15T09:30:00+08:00');
  const number = await acceptedHotel(people.other, people.window);
  const row = async () => (await people.supervisor.all('/supervise', 'dossiers')).find((one) => one.number === number);
  assert.equal((await row()).is_provisional, true);
  const before = (await row()).due_at;
  for (const [code, csv] of [['cn-2027', NOTICE], ['cn-2028', '2028-01-01,holiday,元旦\n2027-12-20,holiday,特别']]) {
    const answer = await load({ code, csv });
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.headers.get('location'), '/admin/calendar');
  }
  await until(async () => !(await people.admin.get('/admin/calendar')).json.is_pending, { what: 're-derivation' });
  const after = await row();
  assert.equal(after.is_provisional, false);
  assert.ok(after.due_at > before, `${before} stays ${after.due_at}`);
  assert.equal((await people.admin.get('/admin/calendar')).json.announced_to, 2028);
});

test('loading needs its own right', async () => {
  for (const who of ['supervisor', 'leader', 'window', 'applicant']) {
    const answer = await people[who].post('/admin/calendar', { code: 'cn-2029', csv: '2029-01-01,holiday,元旦' });
    assert.equal(answer.status, 403, who);
  }
});

/* ---- the rest of /admin ---------------------------------------------------------------------- */

test('the administrator sees the system, definitions and people', async () => {
  const { system } = (await people.admin.get('/admin')).json;
  assert.equal(system.database, engine === 'sqlite' ? 'SQLite' : 'PostgreSQL');
  assert.ok(system.sealed > 100);
  assert.ok(system.commands > 100 && system.rows > system.commands);
  const { definitions } = (await people.admin.get('/admin/definitions')).json;
  for (const one of definitions) assert.match(one.hash, /^[0-9a-f]{64}$/);
  assert.ok(definitions.some((one) => one.kind === 'process' && one.code === 'hotel-hygiene'));
  for (const kind of ['table', 'scenario'])
    assert.ok(definitions.some((one) => one.kind === kind && one.code === 'project-class'), `${kind}s of the other packs`);
  const { officers, units } = (await people.admin.get('/admin/people')).json;
  assert.ok(units.some((unit) => unit.code === 'HEALTH'));
  assert.equal(officers.find((one) => one.login === 's001').roles, '监督人员');
});

test('an incident that does not exist is not found; variables must be an object', async () => {
  assert.equal((await people.admin.get('/admin/incidents/12345')).status, 404);
  assert.equal((await people.admin.post('/admin/incidents/12345/mend', {})).status, 404);
  for (const [variables, code] of [['{"a": }', 'admin.bad_variables'], ['[1]', 'admin.no_object']]) {
    const answer = await people.admin.post('/admin/incidents/12345/mend', { variables });
    assert.equal(answer.status, 422);
    assert.equal(answer.json.code, code);
  }
});

if (!isAvailable) {
  skipAll(`boards on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock(MORNING);
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await everybody();
  await runTests(() => stopServer(server));
}
