// upgrade.mjs - databases of older states of the program (tests/upgrade) under the program of today: they are
// migrated, every page of what was filed opens, and what was open goes on to its end under its own definitions.
//
//     node tests/http/upgrade.mjs sqlite|postgres
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { engine, freshDatabase, isAvailable, PROGRAM, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, file } from '../lib/hall.mjs';

const NAME = 'floor', DAY = 86400000;
const kept = (suffix) => `tests/upgrade/${NAME}.${engine}.${suffix}`;
const LOGINS = { 'sole-trader': '13800000001', 'hotel-hygiene': '13800000002', window: 'w001', registrar: 'm001', reviewer: 'h001',
  leader: 'h002', supervisor: 's001', boss: 'l001' };
const ACCEPT = { outcome: 'accept', opinion: '材料齐全，予以受理。' }, PASS = { outcome: 'pass', opinion: '核查合格。' };
const APPROVE = { outcome: 'approve', opinion: '准予许可。' };
const REST = { /* what is still to be done, by item and state */
  'sole-trader filed': [['registrar', APPROVE]],
  'hotel-hygiene filed': [['window', ACCEPT], ['reviewer', PASS], ['leader', APPROVE]],
  'hotel-hygiene accepted': [['reviewer', PASS], ['leader', APPROVE]],
  'hotel-hygiene reviewed': [['leader', APPROVE]],
};
let database, server, clock, filed;
const people = {};

function restore() {
  database = freshDatabase();
  const content = gunzipSync(readFileSync(kept('gz')));
  if (engine === 'sqlite') writeFileSync(database.url, content);
  else {
    const done = spawnSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', database.url], { input: content, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
  }
  for (const key of ['journal.key', 'yimen.keys']) writeFileSync(join(database.folder, key), readFileSync(kept(key)), { mode: 0o600 });
}

function run(...args) {
  const done = spawnSync(PROGRAM, [...args, '--db', database.url, '--keys', database.folder], { encoding: 'utf8', timeout: 60000 });
  return { code: done.status, told: done.stdout + done.stderr };
}

const stateOf = async (number) => (await people.supervisor.get(`/dossiers/${number}`)).json.state;

test('the older database is migrated, and its journal is whole', () => {
  const migrated = run('migrate');
  assert.equal(migrated.code, 0, migrated.told);
  const verified = run('verify');
  assert.equal(verified.code, 0, verified.told);
});

test('every dossier opens for who filed it, for an officer and for the supervisor', async () => {
  clock = new TestClock(new Date(Date.parse(filed.clock) + DAY).toISOString());
  server = await startServer({ database, clock: clock.file });
  const description = await Description.of(server);
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
  for (const { item, number } of filed.dossiers)
    for (const who of [item, item === 'sole-trader' ? 'registrar' : 'window', 'supervisor']) {
      const answer = await people[who].get(`/dossiers/${number}`);
      assert.equal(answer.status, 200, `${number} for ${who}: ${answer.text}`);
      assert.equal(answer.json.number, number);
    }
});

test('what was decided stays decided', async () => {
  for (const { number, state } of filed.dossiers.filter((one) => one.state === 'approved'))
    assert.equal(await stateOf(number), state, number);
  const refused = filed.dossiers.find((one) => one.state === 'refused');
  assert.equal(await stateOf(refused.number), 'not_accepted');
});

for (const [name, steps] of Object.entries(REST))
  test(`${name}: goes on to a certificate`, async () => {
    const { number } = filed.dossiers.find((one) => `${one.item} ${one.state}` === name);
    for (const [who, form] of steps) await complete(people[who], number, form);
    assert.equal(await stateOf(number), 'approved');
    const own = (await people[name.split(' ')[0]].get(`/dossiers/${number}`)).json;
    assert.ok(own.certificates.length > 0, 'a certificate');
  });

test('a new application is filed and decided beside them', async () => {
  const number = await file(people['sole-trader']);
  await complete(people.registrar, number, APPROVE);
  assert.equal(await stateOf(number), 'approved');
});

test('after all that the journal is whole, and what is derived from it is derived again alike', async () => {
  await stopServer(server, { keep: true });
  for (const verb of ['verify', 'rebuild']) {
    const done = run(verb);
    assert.equal(done.code, 0, `${verb}: ${done.told}`);
  }
});

if (!isAvailable) {
  skipAll(`upgrade on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  filed = JSON.parse(readFileSync(kept('json'), 'utf8'));
  restore();
  await runTests(() => rmSync(database.folder, { recursive: true, force: true }));
}
