// simulate.mjs - a load on a virtual clock: the same seed gives the same figures, whatever the engine and however many
// requests are under way; they are those that a recount of the raw rows gives; an interrupted one leaves whole rows.
//
//     node tests/http/simulate.mjs sqlite|postgres
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { engine, freshDatabase, isAvailable, PROGRAM } from '../lib/server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'yimen-simulate-'));
const made = [folder];
process.on('exit', () => made.forEach((one) => rmSync(one, { recursive: true, force: true })));

const SPEC = ['--dossiers', '300', '--from', '2025-03-01', '--to', '2025-04-30'];
const VERB_MS = 300000;

const yimen = (...args) => spawnSync(PROGRAM, args, { encoding: 'utf8', timeout: VERB_MS });

/** The options that say where a database and what belongs to it lie. */
function place(database) {
  made.push(database.folder);
  return ['--db', database.url, '--keys', database.folder, '--files', join(database.folder, 'files')];
}

/** An SQLite file, whichever engine is tested: what the other one is compared with. */
const sqliteFile = (name) => {
  const own = mkdtempSync(join(folder, name));
  return { url: join(own, 'county.db'), folder: own };
};

function simulate(at, ...args) {
  const done = yimen('simulate', ...at, ...SPEC, ...args, '--json');
  assert.equal(done.status, 0, done.stderr);
  return JSON.parse(done.stdout);
}

function figures(at, ...args) {
  const done = yimen('export', '--indicators', ...at, ...args);
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
}

/** "count filed dossiers=300" as number('count filed', 'dossiers'). */
function numberOf(text, line, member) {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  assert.ok(found, `no line ${line} in ${text}`);
  return Number(found.match(new RegExp(`\\b${member}=(-?\\d+)`))[1]);
}

const first = isAvailable ? place(freshDatabase()) : [];
const file = sqliteFile('first-');
let counts, exported;

/* ---- the same again -------------------------------------------------------------------------- */

test('a load has everything that happens at a counter, and nothing that was not meant', () => {
  counts = simulate(first, '--seed', '7');
  exported = figures(first);
  assert.equal(counts.arrived, 300);
  assert.equal(counts.filed, 300);
  assert.equal(counts.is_whole, true);
  assert.equal(counts.surprises, 0);
  for (const name of ['mistaken', 'completed_tasks', 'notices', 'supplements', 'stops', 'withdrawn', 'rated'])
    assert.ok(counts[name] > 0, `${name}: ${counts[name]}`);
});

test('its figures are not zero, and some is late, refused, open', () => {
  assert.equal(numberOf(exported, 'count filed', 'dossiers'), 300);
  assert.equal(numberOf(exported, 'count withdrawn', 'dossiers'), counts.withdrawn);
  assert.equal(numberOf(exported, 'figure s09', 'numerator'), counts.rated);
  assert.ok(numberOf(exported, 'count completed', 'dossiers') > 200);
  assert.ok(numberOf(exported, 'count denied', 'dossiers') > 0);
  assert.ok(numberOf(exported, 'count not_accepted', 'dossiers') > 0);
  assert.ok(numberOf(exported, 'figure s02', 'numerator') < numberOf(exported, 'figure s02', 'denominator'));
  for (const key of ['s01', 's02', 's03', 's04', 's05', 's06', 's07', 's08', 's09', 's10', 's10b'])
    assert.ok(numberOf(exported, `figure ${key}`, 'denominator') > 0, key);
  assert.equal(exported.match(/^item /gm).length, 17);
});

test('the same seed gives the same bytes, one request at a time and in a file of SQLite', () => {
  const again = place(file);
  const { requests, ...others } = simulate(again, '--seed', '7', '--workers', '1');
  const { requests: before, ...others_before } = counts;
  assert.deepEqual(others, others_before);
  assert.ok(Math.abs(requests - before) < before / 20, `${requests} requests, ${before} before`);
  assert.equal(figures(again), exported);
});

test('another seed gives others', () => {
  const other = place(sqliteFile('other-'));
  simulate(other, '--seed', '8');
  assert.notEqual(figures(other), exported);
});

/* ---- counted by somebody else ---------------------------------------------------------------- */

test('a recount of the raw rows gives the same bytes', () => {
  const recount = spawnSync('python3', ['tests/tools/recount.py', file.url],
    { encoding: 'utf8' });
  assert.equal(recount.status, 0, recount.stderr);
  assert.equal(recount.stdout, exported);
});

test('counters made anew from the journal give the same bytes; the journal is whole', () => {
  const rebuilt = yimen('rebuild', '--db', file.url, '--keys', file.folder);
  assert.equal(rebuilt.status, 0, rebuilt.stderr);
  assert.equal(figures(place(file)), exported);
  const verified = yimen('verify', '--db', file.url, '--keys', file.folder, '--json');
  assert.equal(verified.status, 0, verified.stderr + verified.stdout);
  assert.equal(JSON.parse(verified.stdout).unsealed_tail, 0);
});

test('the export of two periods adds up to that of both, and as JSON says the same', () => {
  const march = figures(first, '--from', '2025-03-01', '--to', '2025-03-31');
  const april = figures(first, '--from', '2025-04-01', '--to', '2025-04-30');
  for (const name of ['filed', 'accepted', 'completed', 'on_time', 'early', 'withdrawn'])
    assert.equal(numberOf(march, `count ${name}`, 'dossiers') + numberOf(april, `count ${name}`, 'dossiers'),
      numberOf(exported, `count ${name}`, 'dossiers'), name);
  const lines = JSON.parse(figures(first, '--json'));
  assert.equal(lines.length, exported.trim().split('\n').length);
  const s01 = lines.find(({ kind, name }) => kind === 'figure' && name === 's01');
  assert.equal(s01.numerator, numberOf(exported, 'figure s01', 'numerator'));
  assert.equal(s01.denominator, numberOf(exported, 'figure s01', 'denominator'));
});

/* ---- refusals, interruption ------------------------------------------------------------------ */

test('a database that holds applications is refused, and stays as it was', () => {
  const done = yimen('simulate', ...first, ...SPEC, '--seed', '7');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /holds applications already/);
  assert.equal(figures(first), exported);
});

test('an interrupted one stops soon, says so, and leaves whole rows', async () => {
  const at = place(sqliteFile('stopped-'));
  const child = spawn(PROGRAM, ['simulate', ...at, '--dossiers', '20000', '--from', '2025-01-01', '--to', '2025-12-31',
    '--seed', '7', '--json']);
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => { said.out += text; });
  child.stderr.on('data', (text) => { said.err += text; });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  while (!/arrived/.test(said.err)) await new Promise((resolve) => { setTimeout(resolve, 100); });
  child.kill('SIGINT');
  assert.equal(await ended, 1, said.err);
  assert.match(said.err, /interrupted.*empty database/s);
  const got = JSON.parse(said.out);
  assert.equal(got.is_whole, false);
  assert.ok(got.filed > 0 && got.filed < 20000, said.out);
  assert.equal(numberOf(figures(at), 'count filed', 'dossiers'), got.filed);
  assert.equal(yimen('verify', ...at.slice(0, 4)).status, 0);
  assert.match(yimen('simulate', ...at, ...SPEC, '--seed', '7').stderr, /holds applications already/);
});

const WRONG = [[], ['--dossiers', '0'], ['--dossiers', 'many'], ['--from', '2025-02-30'], ['--to', '2024-12-31'], ['--seed', '-1'],
  ['--seed', 'x'], ['--from', '1999-01-01'], ['--nonsense'], ['more']];

for (const wrong of WRONG)
  test(`wrong usage is told: simulate ${wrong.join(' ')}`, () => {
    const known = new Map(Object.entries({ '--dossiers': '5', '--from': '2025-01-01', '--to': '2025-01-31', '--seed': '1' }));
    if (wrong.length === 2) known.set(...wrong);
    const args = wrong.length ? [...known].flat().concat(wrong.length === 1 ? wrong : []) : [];
    const done = yimen('simulate', '--db', join(folder, 'never.db'), ...args);
    assert.equal(done.status, 2, done.stderr);
    assert.match(done.stderr, /usage: yimen simulate/);
  });

test('a period without a working day is refused; export wants to know what', () => {
  const done = yimen('simulate', ...place(sqliteFile('holiday-')), '--dossiers', '5', '--from', '2025-10-01', '--to', '2025-10-05',
    '--seed', '1');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /No day of this period is worked/);
  for (const args of [[], ['--indicators'], ['--indicators', '--db', 'x', '--from', 'today'], ['--db', 'x']]) {
    const wrong = yimen('export', ...args);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /usage: yimen export --indicators/);
  }
});

if (!isAvailable) skipAll(`simulate on ${engine}`, 'no PostgreSQL: YIMEN_TEST_PG is not set');
await runTests();
