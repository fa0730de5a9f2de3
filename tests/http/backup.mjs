// backup.mjs - a backup taken while people file, brought back into an empty database of either engine: every dossier
// that was answered before it, its uploads, and a journal that is whole.
//
//     node tests/http/backup.mjs sqlite|postgres
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, freshDatabase, isAvailable, PROGRAM, startServer, stopServer } from '../lib/server.mjs';
import { Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { asFields, file, soleTrader } from '../lib/hall.mjs';
import { formTo } from '../lib/page.mjs';
import { download, pdf, sendForm } from '../lib/upload.mjs';

const clock = new TestClock('2026-11-23T09:30:00+08:00');
const folder = mkdtempSync(join(tmpdir(), 'yimen-backup-')), kept = join(folder, 'kept');
const numbers = [];
let server, files, lin, withFile;

const yimen = (...args) => spawnSync(PROGRAM, args, { encoding: 'utf8', timeout: 60000 });
const filesOf = (database) => (database.url.startsWith('postgres') ? ['--files', join(database.folder, 'files')] : []);

/** While the server answers: a test's own process must not stand still. */
function backup() {
  return new Promise((resolve) => {
    const child = spawn(PROGRAM, ['backup', kept, '--db', server.database.url, '--json', ...files]);
    const said = { out: '', err: '' };
    child.stdout.on('data', (text) => { said.out += text; });
    child.stderr.on('data', (text) => { said.err += text; });
    child.on('exit', (code) => resolve({ code, ...said }));
  });
}

/** Files one application after the other until told to stop; what was answered stands in numbers. */
async function fileOn(state) {
  while (!state.isOver) numbers.push(await file(lin, 'sole-trader'));
}

async function fileWithUpload() {
  const client = await new Client(server).login('13800000001', 'demo-2026');
  const form = formTo((await client.get('/apply/sole-trader')).text, '/apply/sole-trader');
  const [{ code }] = (await lin.get('/items/sole-trader')).json.materials;
  const answer = await sendForm(client, form, asFields(soleTrader), [{ name: `file.${code}`, title: '租约.pdf', data: pdf('lease') }]);
  assert.equal(answer.status, 303, answer.text.slice(0, 300));
  return answer.location.split('/').pop();
}

async function begin() {
  const database = freshDatabase();
  files = filesOf(database);
  server = await startServer({ database, clock: clock.file, args: files });
  lin = await new Program(server).login('13800000001');
  withFile = await fileWithUpload();
}

test('a backup is taken while people file, and again with only what is new', async () => {
  const state = {}, filing = fileOn(state);
  const before = numbers.length, first = await backup();
  state.isOver = true;
  await filing;
  assert.equal(first.code, 0, first.err);
  assert.ok(numbers.length > before, 'somebody filed meanwhile');
  const report = JSON.parse(first.out);
  assert.ok(report.rows > 500, first.out);
  assert.deepEqual([report.files, report.new_files], [1, 1]);
  const second = await backup();
  assert.deepEqual([JSON.parse(second.out).files, JSON.parse(second.out).new_files], [1, 0]);
  assert.ok(JSON.parse(second.out).rows > report.rows);
  assert.ok(!existsSync(join(kept, 'yimen.db.part')) && !existsSync(join(kept, 'yimen.db-wal')));
});

/** Restores into a database and serves it: everything that was answered is there. */
async function comesBack(database) {
  const also = filesOf(database);
  const done = yimen('restore', kept, '--db', database.url, '--json', ...also);
  assert.equal(done.status, 0, done.stderr);
  assert.equal(JSON.parse(done.stdout).new_files, 1);
  for (const key of ['journal.key', 'yimen.keys']) copyFileSync(join(server.database.folder, key), join(database.folder, key));
  const verified = yimen('verify', '--db', database.url, '--keys', database.folder);
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  const restored = await startServer({ database, clock: clock.file, args: also });
  const person = await new Program(restored).login('13800000001');
  for (const number of [withFile, numbers[0], numbers.at(-1)])
    assert.equal((await person.get(`/dossiers/${number}`)).json.number, number);
  const [{ id }] = (await person.get(`/dossiers/${withFile}`)).json.materials.flatMap((one) => one.files);
  const page = await new Client(restored).login('13800000001', 'demo-2026');
  assert.deepEqual((await download(page, `/dossiers/${withFile}/files/${id}`)).data, pdf('lease'));
  assert.ok(await file(person, 'sole-trader'), 'work goes on');
  const again = yimen('restore', kept, '--db', database.url, ...also);
  await stopServer(restored, { keep: true });
  assert.equal(again.status, 1);
  const refused = yimen('restore', kept, '--db', database.url, ...also);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /holds data already/);
  rmSync(database.folder, { recursive: true });
}

test('it comes back into an empty database of the same kind', () => comesBack(freshDatabase()));

if (engine === 'postgres')
  test('and on one machine with SQLite', () => {
    const there = mkdtempSync(join(folder, 'sqlite-'));
    return comesBack({ folder: there, url: join(there, 'hall.db') });
  });

test('what cannot be is told: no folder, no backup there, no argument', () => {
  const { url } = freshDatabase();
  for (const [args, code, words] of [
    [['restore', join(folder, 'nothing'), '--db', url, '--files', join(folder, 'f')], 1, /no backup in this folder/],
    [['backup', '/dev/null/there', '--db', server.database.url, ...files], 1, /folder of the backup cannot be written/],
    [['backup', '--db', server.database.url], 2, /usage: yimen backup/],
    [['restore', kept], 2, /usage: yimen backup/],
  ]) {
    const done = yimen(...args);
    assert.equal(done.status, code, `${args}: ${done.stderr}`);
    assert.match(done.stderr, words);
  }
});

if (isAvailable) await begin();
else skipAll('a backup comes back', `no ${engine}`);
await runTests(async () => {
  if (server) await stopServer(server);
  rmSync(folder, { recursive: true, force: true });
});
