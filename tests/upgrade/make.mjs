// make.mjs - a database of an older state of the program, kept so that every newer one can show that it goes on
// with it: the dossiers of stories.mjs under its name, each as far as its way goes.
//
//     node tests/upgrade/make.mjs CHECKOUT NAME sqlite|postgres
//
// CHECKOUT is a built checkout of the older state, whose own program and clients do the work. Writes beside this script
// NAME.<engine>.gz (the SQLite file, or pg_dump's text), its two key files (they guard nothing but this demonstration)
// and NAME.<engine>.json (the numbers of the dossiers, in the order of the stories). PostgreSQL: under tests/pg run.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loginsOf, stories, take } from './stories.mjs';

const [checkout, name, engine] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
process.chdir(checkout);
process.argv[2] = engine; /* what the checkout's clients read */
const load = (path) => import(pathToFileURL(resolve(checkout, path)));
const { freshDatabase, startServer, stopServer } = await load('tests/lib/server.mjs');
const { Program } = await load('tests/lib/program.mjs');
const { TestClock } = await load('tests/lib/clock.mjs');
const { file, forms } = await load('tests/lib/hall.mjs');

const clock = new TestClock('2026-11-23T09:00:00+08:00');
const database = freshDatabase();
const server = await startServer({ database, clock: clock.file });
const people = {};
for (const login of loginsOf(stories[name])) people[login] = await new Program(server).login(login);
const numbers = [];
for (const { item, applicant, way } of stories[name]) {
  const number = await file(people[applicant], item);
  for (const step of way) await take(people, { number, item }, step, forms);
  numbers.push(number);
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
keep('json', `${JSON.stringify({ clock: clock.now, numbers })}\n`);
