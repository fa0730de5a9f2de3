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
import { complete, file, forms } from '../lib/hall.mjs';
import { loginsOf, stories, take } from '../upgrade/stories.mjs';

const DAY = 86400000;

/** A database of an older state as it was kept, with its keys. */
function restore(name) {
  const kept = (suffix) => readFileSync(`tests/upgrade/${name}.${engine}.${suffix}`);
  const database = freshDatabase(), content = gunzipSync(kept('gz'));
  if (engine === 'sqlite') writeFileSync(database.url, content);
  else {
    const done = spawnSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', database.url], { input: content, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
  }
  for (const key of ['journal.key', 'yimen.keys']) writeFileSync(join(database.folder, key), kept(key), { mode: 0o600 });
  return { database, ...JSON.parse(kept('json')) };
}

function run(database, ...verbs) {
  for (const verb of verbs) {
    const done = spawnSync(PROGRAM, [verb, '--db', database.url, '--keys', database.folder], { encoding: 'utf8', timeout: 60000 });
    assert.equal(done.status, 0, `${verb}: ${done.stdout}${done.stderr}`);
  }
}

for (const [name, list] of Object.entries(stories)) {
  const people = {};
  let kept, server;
  const stateOf = async (number) => (await people.s001.get(`/dossiers/${number}`)).json.state;

  test(`${name}: the older database is migrated, and its journal is whole`, () => {
    kept = restore(name);
    run(kept.database, 'migrate', 'verify');
  });

  test(`${name}: every dossier opens for who filed it and for the supervisor`, async () => {
    const clock = new TestClock(new Date(Date.parse(kept.clock) + DAY).toISOString());
    server = await startServer({ database: kept.database, clock: clock.file });
    const description = await Description.of(server);
    for (const login of [...loginsOf(list), 's001']) people[login] = await new Program(server, { description }).login(login);
    for (const [i, { applicant }] of list.entries())
      for (const login of [applicant, 's001']) {
        const answer = await people[login].get(`/dossiers/${kept.numbers[i]}`);
        assert.equal(answer.status, 200, `${kept.numbers[i]} for ${login}: ${answer.text}`);
        assert.equal(answer.json.number, kept.numbers[i]);
      }
  });

  for (const [i, { item, applicant, way, rest, end }] of list.entries())
    test(`${name}: ${item} after ${way.length} steps: ${rest.length} more, then ${end}`, async () => {
      const number = kept.numbers[i];
      for (const step of rest) await take(people, { number, item }, step, forms);
      assert.equal(await stateOf(number), end);
      const { certificates } = (await people[applicant].get(`/dossiers/${number}`)).json;
      assert.equal(certificates.length > 0, end === 'approved');
    });

  test(`${name}: a new application is filed and decided beside them`, async () => {
    const number = await file(people['13800000001']);
    await complete(people.m001, number, { outcome: 'approve', opinion: '材料齐全，准予登记。' });
    assert.equal(await stateOf(number), 'approved');
  });

  test(`${name}: after all that the journal is whole, and what is derived from it is derived again alike`, async () => {
    await stopServer(server, { keep: true });
    run(kept.database, 'verify', 'rebuild');
    rmSync(kept.database.folder, { recursive: true });
  });
}

if (!isAvailable) skipAll(`upgrade on ${engine}`, 'no server of this engine');
await runTests();
