// scenario.mjs - the same scenario files in memory and against a started server; a spoilt copy fails at the
// right line in both; what the command line says of wrong usage and of files that cannot be read.
//
//     node tests/http/scenario.mjs sqlite|postgres
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { engine, isAvailable, PROGRAM, startServer, stopServer } from '../lib/server.mjs';
import { TestClock } from '../lib/clock.mjs';

const FOLDER = 'packs/service-hall/scenarios';
const FILES = readdirSync(FOLDER).sort().map((name) => join(FOLDER, name));
const RESTAURANT = join(FOLDER, 'open-restaurant.feature');
const folder = mkdtempSync(join(tmpdir(), 'yimen-scenarios-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let server, clock;

/** Runs the verb without blocking the server's clock and output in this process. */
function run(...args) {
  const child = spawn(PROGRAM, ['scenario', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const done = { out: '', err: '' };
  child.stdout.on('data', (text) => { done.out += text; });
  child.stderr.on('data', (text) => { done.err += text; });
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...done, code })));
}

const onServer = () => ['--server', server.url, '--clock', clock.file];

/** A pack of its own with one file changed: its path, and the line that was changed. */
function spoilt(file, was, now) {
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(was), `${file} does not hold ${was}`);
  const pack = mkdtempSync(join(folder, 'pack-'));
  mkdirSync(join(pack, 'scenarios'));
  cpSync('packs/service-hall/tables', join(pack, 'tables'), { recursive: true });
  const path = join(pack, 'scenarios', 'spoilt.feature');
  writeFileSync(path, text.replace(was, now));
  return { path, line: text.slice(0, text.indexOf(was)).split('\n').length };
}

async function allPass(...args) {
  const { code, out, err } = await run(...FILES, ...args);
  assert.equal(code, 0, out + err);
  assert.match(out, /(\d+) passed, 0 failed\n$/);
  assert.equal(err, '');
  return out;
}

test('every scenario of the pack passes in memory, and the same ones against a server', async () => {
  const inMemory = await allPass();
  assert.equal(await allPass(...onServer()), inMemory);
  for (const file of FILES) assert.ok(inMemory.includes(`passed ${file}:`), file);
});

test('a spoilt expectation fails at its line, with what was expected and what came, in both', async () => {
  const { path, line } = spoilt(RESTAURANT, '申请应于2026-12-09办结', '申请应于2026-12-10办结');
  for (const args of [[], onServer()]) {
    const { code, out } = await run(path, ...args);
    assert.equal(code, 1);
    assert.ok(out.includes(`${path}:${line}: 而且 申请应于2026-12-10办结\n    expected "2026-12-10"\n    got "2026-12-09"\n`), out);
    assert.match(out, /1 passed, 1 failed\n$/);
  }
});

test('a refusal that nobody expected fails at the action that was refused', async () => {
  const { path, line } = spoilt(RESTAURANT, '"m003"办理，结果为"agree"', '"m001"办理，结果为"agree"');
  const { code, out } = await run(path);
  assert.equal(code, 1);
  assert.ok(out.includes(`${path}:${line}: 当 "m001"办理`), out);
  assert.match(out, /expected it is done\n {4}got 403 authorisation\.missing/);
});

test('a table that changed makes its scenarios fail', async () => {
  const { path } = spoilt(join(FOLDER, 'fees.feature'), '560', '560');
  const table = join(path, '../../tables/fees.dmn');
  writeFileSync(table, readFileSync(table, 'utf8').replace('<text>550 +', '<text>600 +'));
  const { code, out } = await run(path, '--json');
  assert.equal(code, 1);
  const rows = out.trim().split('\n').map((row) => JSON.parse(row));
  assert.deepEqual(rows.at(-1), { passed: 6, failed: 2 });
  const failed = rows.filter((row) => row.result === 'failed');
  assert.deepEqual(failed.map((row) => [row.expected, row.got]), [['550', '600'], ['560', '610']]);
  assert.ok(failed.every((row) => row.file === path && row.step.startsWith('那么 结果为')));
});

test('what is no step, and a file that is not there, are told with their place', async () => {
  const { path, line } = spoilt(RESTAURANT, '申请的状态为', '申请变成');
  const { code, out, err } = await run(path, join(folder, 'none.feature'));
  assert.equal(code, 1);
  assert.match(out, /^0 passed, 0 failed\n$/);
  assert.ok(err.includes(`${path}:${line}:`) && err.includes('scenario.step'), err);
  assert.match(err, /none\.feature:.*dmn\.file|none\.feature/);
});

test('wrong usage, and a server that does not answer', async () => {
  for (const args of [[], ['--nonsense'], [RESTAURANT, '--clock', clock.file], [RESTAURANT, '--server']]) {
    const { code, err } = await run(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, /usage: yimen scenario/);
  }
  const help = await run('--help');
  assert.equal(help.code, 0);
  assert.match(help.out, /^usage: yimen scenario/);
  const away = await run(join(FOLDER, 'sole-trader.feature'), '--server', 'http://127.0.0.1:9', '--clock', join(folder, 'clock'));
  assert.equal(away.code, 1);
  assert.match(away.out, /fetch\.failed/);
});

if (!isAvailable) {
  skipAll(`scenarios on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock('2026-11-23T09:30:00+08:00');
  server = await startServer({ clock: clock.file });
  await runTests(() => stopServer(server));
}
