// make.mjs - a database of an older state of the program, kept so that every newer one can show that it goes on
// with it: dossiers at each step of both services of that time.
//
//     node tests/upgrade/make.mjs CHECKOUT NAME sqlite|postgres
//
// CHECKOUT is a built checkout of the older state, whose own program and clients do the work. Writes beside this script
// NAME.<engine>.gz (the SQLite file, or pg_dump's text), its two key files (they guard nothing but this demonstration)
// and NAME.<engine>.json (what was filed, and how far it had come). PostgreSQL: under tests/pg run.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const [checkout, name, engine] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
process.chdir(checkout);
process.argv[2] = engine; /* what the checkout's clients read */
const load = (path) => import(pathToFileURL(resolve(checkout, path)));
const { freshDatabase, startServer, stopServer } = await load('tests/lib/server.mjs');
const { Program } = await load('tests/lib/program.mjs');
const { TestClock } = await load('tests/lib/clock.mjs');
const { file, complete } = await load('tests/lib/hall.mjs');

const ACCEPT = { outcome: 'accept', opinion: '材料齐全，予以受理。' }, PASS = { outcome: 'pass', opinion: '核查合格。' };
const STEPS = { /* who does what, in order; the name of the state is the last one done */
  filed: [], accepted: [['window', ACCEPT]], reviewed: [['window', ACCEPT], ['reviewer', PASS]],
  approved: [['window', ACCEPT], ['reviewer', PASS], ['leader', { outcome: 'approve', opinion: '准予许可。' }]],
  refused: [['window', { outcome: 'refuse', opinion: '不属于本机关职权范围。' }]],
};

const clock = new TestClock('2026-11-23T09:00:00+08:00');
const database = freshDatabase();
const server = await startServer({ database, clock: clock.file });
const person = (login) => new Program(server).login(login);
const people = { first: await person('13800000001'), second: await person('13800000002'), window: await person('w001'),
  registrar: await person('m001'), reviewer: await person('h001'), leader: await person('h002') };

const dossiers = [];
for (const state of ['filed', 'approved']) {
  const number = await file(people.first);
  if (state === 'approved') await complete(people.registrar, number, { outcome: 'approve', opinion: '材料齐全，准予登记。' });
  dossiers.push({ item: 'sole-trader', number, state });
}
for (const [state, steps] of Object.entries(STEPS)) {
  const number = await file(people.second, 'hotel-hygiene');
  for (const [who, form] of steps) await complete(people[who], number, form);
  dossiers.push({ item: 'hotel-hygiene', number, state });
}
await new Promise((done) => { setTimeout(done, 3000); }); /* the journal is sealed within a second */
await stopServer(server, { keep: true });

const keep = (suffix, bytes) => writeFileSync(join(here, `${name}.${engine}.${suffix}`), bytes);
if (engine === 'sqlite') {
  spawnSync('sqlite3', [database.url, 'PRAGMA wal_checkpoint(TRUNCATE); VACUUM;']);
  keep('gz', gzipSync(readFileSync(database.url), { level: 9 }));
} else {
  const dump = spawnSync('pg_dump', ['--no-owner', '--no-privileges', database.url], { maxBuffer: 1 << 28 });
  if (dump.status !== 0) throw new Error(String(dump.stderr));
  keep('gz', gzipSync(dump.stdout, { level: 9 }));
}
for (const key of ['journal.key', 'yimen.keys']) keep(key, readFileSync(join(database.folder, key)));
rmSync(database.folder, { recursive: true });
keep('json', `${JSON.stringify({ clock: clock.now, dossiers }, null, 2)}\n`);
