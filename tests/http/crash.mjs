// crash.mjs - the whole program killed under load: what was answered is there, every key was applied
// once, the journal is whole, what is derived comes out the same when it is derived anew, and the
// next start is a matter of a moment.
//
//     node tests/http/crash.mjs sqlite|postgres
import { spawnSync } from 'node:child_process';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { engine, freshDatabase, isAvailable, PROGRAM, startServer, stopServer } from '../lib/server.mjs';
import { newKey, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { soleTrader } from '../lib/hall.mjs';

const ROUNDS = 3, CLIENTS = 8, LOAD_MS = 900, MOST_FILINGS = 6000;
const clock = new TestClock('2026-11-23T09:30:00+08:00');
const database = isAvailable ? freshDatabase() : null;
const people = {};
/** key -> { number when answered }, for filings; key -> { number, task, isAnswered } for completions. */
const filings = new Map(), completions = new Map();
let server;

/* ---- starting and killing -------------------------------------------------------------------- */

/** Starts the server, a minute later by its own clock unless that stands still: leases of the killed end. */
async function start({ isLater = true } = {}) {
  if (isLater) await clock.set(new Date(Date.parse(clock.now) + 60000).toISOString());
  const began = performance.now();
  server = await startServer({ database, clock: clock.file });
  const ms = performance.now() - began;
  for (const person of Object.values(people)) person.base = server.url;
  return ms;
}

async function logIn() {
  for (const [role, login] of Object.entries({ applicant: '13800000001', officer: 'm001', supervisor: 's001', leader: 'l001' }))
    people[role] = await new Program(server).login(login);
}

/** The answer, or null when the server was gone before it came. */
async function ask(run) {
  try {
    return await run();
  } catch {
    return null;
  }
}

/* ---- load ------------------------------------------------------------------------------------ */

/** One request of a filing; its key may have been sent before. */
async function fileOnce(key) {
  const filing = filings.get(key);
  const answer = await ask(() => people.applicant.post('/apply/sole-trader', { form: soleTrader }, { key }));
  if (!answer) return false;
  assert.equal(answer.status, 201, answer.text);
  if (filing.text) assert.equal(answer.text, filing.text, 'another answer for the same key');
  Object.assign(filing, { number: answer.json.number, text: answer.text });
  return true;
}

async function fileAgainAndAgain(state) {
  while (!state.isOver && filings.size < MOST_FILINGS) {
    const known = [...filings.keys()];
    const key = known.length && Math.random() < 0.15 ? known[Math.floor(Math.random() * known.length)] : newKey();
    if (!filings.has(key)) filings.set(key, {});
    if (!await fileOnce(key)) return;
  }
}

async function completeOnce(key) {
  const completion = completions.get(key);
  const answer = await ask(() => people.officer.post(
    `/dossiers/${completion.number}/tasks/${completion.task}/complete`,
    { form: { outcome: 'approve', opinion: '准予登记。' } }, { key }));
  if (!answer) return false;
  assert.equal(answer.status, 200, answer.text);
  completion.isAnswered = true;
  return true;
}

async function completeWhatIsFiled(state) {
  const taken = new Set([...completions.values()].map((one) => one.number));
  while (!state.isOver) {
    const filing = [...filings.values()].find((one) => one.number && !taken.has(one.number));
    if (!filing) {
      await new Promise((done) => { setTimeout(done, 5); });
      continue;
    }
    taken.add(filing.number);
    const page = await ask(() => people.officer.get(`/dossiers/${filing.number}`));
    if (!page) return;
    if (!page.json.has_task) continue;
    const key = newKey();
    completions.set(key, { number: filing.number, task: page.json.task });
    if (!await completeOnce(key)) return;
  }
}

async function loadAndKill() {
  const state = { isOver: false };
  const running = [...Array.from({ length: CLIENTS }, () => fileAgainAndAgain(state)), completeWhatIsFiled(state)];
  const before = [...filings.values()].filter((one) => one.number).length;
  await new Promise((done) => { setTimeout(done, LOAD_MS * (0.8 + Math.random() * 0.4)); });
  const end = await stopServer(server, { keep: true, signal: 'SIGKILL' });
  state.isOver = true;
  await Promise.all(running);
  assert.equal(end.signal, 'SIGKILL');
  const answered = [...filings.values()].filter((one) => one.number).length - before;
  assert.ok(answered >= 10, `only ${answered} filings were answered before the kill`);
}

/* ---- what is there --------------------------------------------------------------------------- */

async function ownDossiers() {
  return new Map((await people.applicant.all('/my', 'dossiers')).map((one) => [one.number, one]));
}

async function checkAnswered() {
  const own = await ownDossiers();
  for (const [key, { number }] of filings)
    if (number) assert.ok(own.has(number), `${number} (${key}) was answered and is gone`);
  for (const { number, isAnswered } of completions.values())
    if (isAnswered) assert.equal(own.get(number).state, 'approved', `${number} was answered as completed`);
}

/** What was sent and not answered is sent again: now it is applied, if it was not. */
async function sendAgain() {
  for (const [key, filing] of filings) if (!filing.number) assert.ok(await fileOnce(key));
  for (const [key, completion] of completions) if (!completion.isAnswered) assert.ok(await completeOnce(key));
}

async function checkOnce() {
  const own = await ownDossiers();
  const numbers = new Set([...filings.values()].map((one) => one.number));
  assert.equal(numbers.size, filings.size, 'two keys made one dossier');
  assert.equal(own.size, filings.size, 'a key was applied twice, or a dossier has no key');
  const approved = [...own.values()].filter((one) => one.state === 'approved');
  assert.equal(approved.length, completions.size);
}

/* ---- the command line ------------------------------------------------------------------------ */

function command(...args) {
  const done = spawnSync(PROGRAM, [...args, '--db', database.url, '--keys', database.folder], { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Every list that is derived from the journal, as one text; the clock stands still meanwhile. */
async function lists() {
  const parts = [await people.supervisor.all('/supervise', 'dossiers'),
    await people.supervisor.all('/supervise?show=completed', 'dossiers'), (await people.leader.get('/board')).json,
    await people.officer.all('/desk', 'tasks'), (await people.applicant.get('/items?q=开饭店')).json,
    (await people.applicant.get('/items?q=gtgsh')).json];
  return parts.map((part) => JSON.stringify(part, (name, value) => (name === 'lamp' || name === 'at' ? undefined : value), 1));
}

/* ---- the tests ------------------------------------------------------------------------------- */

for (let round = 1; round <= ROUNDS; round++) {
  test(`kill ${round}: under load of parallel filings`, loadAndKill);

  test(`kill ${round}: it starts again, and every answered write is there`, async () => {
    await start();
    await checkAnswered();
  });

  test(`kill ${round}: every key was applied once`, async () => {
    await sendAgain();
    await checkOnce();
    for (const key of [...filings.keys()].slice(-20)) assert.ok(await fileOnce(key), 'the same answer again');
    await checkOnce();
  });
}

test('certificates have numbers without gap or double', async () => {
  const drawn = [];
  for (const { number } of [...completions.values()].slice(0, 200))
    drawn.push((await people.applicant.get(`/dossiers/${number}`)).json.certificate);
  assert.equal(new Set(drawn).size, drawn.length);
  if (completions.size <= 200) {
    const last = Math.max(...drawn.map((one) => Number(one.slice(-6))));
    assert.equal(last, drawn.length, 'a number was drawn and lost');
  }
});

test('the supervisor and the board agree with what was filed and completed', async () => {
  const { figures, units } = (await people.leader.get('/board')).json;
  const market = units.find((one) => one.name === '县市场监督管理局');
  assert.equal(market.filed, filings.size);
  assert.equal(market.completed, completions.size);
  assert.equal(figures.find((one) => one.code === 'S02').numerator, completions.size);
  assert.equal((await people.supervisor.get('/supervise')).json.open, filings.size - completions.size);
});

test('the journal is whole', async () => {
  assert.equal((await stopServer(server, { keep: true })).code, 0);
  const verified = command('verify', '--json');
  assert.equal(verified.code, 0, verified.out + verified.err);
  const report = JSON.parse(verified.out);
  assert.deepEqual(report.findings, []);
  assert.ok(report.sealed + report.unsealed_tail >= filings.size + completions.size, verified.out);
});

test('what is derived comes out the same when it is derived anew', async () => {
  await start({ isLater: false });
  const before = await lists();
  await stopServer(server, { keep: true });
  const rebuilt = command('rebuild', '--json');
  assert.equal(rebuilt.code, 0, rebuilt.out + rebuilt.err);
  assert.ok(JSON.parse(rebuilt.out).rebuilt >= 4, rebuilt.out);
  await start({ isLater: false });
  const after = await lists();
  before.forEach((part, index) => assert.equal(after[index], part, `list ${index}`));
});

test('with all this data it starts in less than a second', async () => {
  let best = Infinity;
  for (let i = 0; i < 3 && best >= 1000; i++) {
    await stopServer(server, { keep: true });
    best = Math.min(best, await start({ isLater: false }));
  }
  assert.ok(best < 1000, `${best.toFixed(0)} ms`);
  console.log(`# ${filings.size} dossiers, ${completions.size} completed; started in ${best.toFixed(0)} ms`);
});

if (!isAvailable) {
  skipAll(`crash on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  await start();
  await logIn();
  await runTests(() => stopServer(server));
}
