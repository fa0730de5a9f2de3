// dossiers.mjs - one-task dossiers started and completed over HTTP, 64 clients, against the raw rate of
// one-row 1 KB SQLite FULL commits, sampled between the rounds of the same run.
//
//     node tests/bench/dossiers.mjs sqlite|postgres
//
// DOSSIERS and ROUNDS make it shorter; PROFILE=FILE records the server with perf; with COUNT=1 the server
// runs under callgrind (tests/bench/where), whose counts begin with the first round.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, engine, freshDatabase, startServer, stopServer } from '../lib/server.mjs';

const CLIENTS = 64, ROUNDS = Number(process.env.ROUNDS ?? 5);
const PER_ROUND = Number(process.env.DOSSIERS ?? 3200), WARM_UP = Math.min(640, PER_ROUND);
const TOOLS = process.env.YIMEN_BENCH_TOOLS ?? 'build/obj/tests/bench';

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** The raw request of a JSON POST with a session, as bytes with their length in front. */
function post(path, session, body, key) {
  const text = JSON.stringify(body);
  const request = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n`
    + `Content-Type: application/json\r\nCookie: ${session.cookie}\r\nX-CSRF-Token: ${session.csrf}\r\n`
    + `Idempotency-Key: ${key}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  return `${Buffer.byteLength(request)}\n${request}`;
}

async function session(server, login) {
  const client = await new Client(server).login(login, 'demo-2026');
  const answer = await client.get('/healthz', { headers: { accept: 'application/json' } });
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const shown = await client.get('/my', { headers: { accept: 'application/json' } });
  return { client, cookie, csrf: answer.headers.get('x-csrf-token') ?? shown.headers.get('x-csrf-token') };
}

function load(server, folder, requests) {
  const file = join(folder, 'requests'), answers = join(folder, 'answers');
  writeFileSync(file, requests.join(''));
  const done = spawnSync(`${TOOLS}/httpload`, [new URL(server.url).port, String(CLIENTS), file, answers],
    { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`httpload: ${done.stderr}`);
  const [count, seconds, , p50, p99, failed, cpu] = done.stdout.trim().split(' ').map(Number);
  if (failed) throw new Error(`${failed} requests failed: ${done.stderr.slice(0, 800)}`);
  return { count, seconds, p50, p99, cpu, lines: readFileSync(answers, 'utf8').trim().split('\n') };
}

function raw(folder) {
  const done = spawnSync(`${TOOLS}/rawcommit`, [join(folder, 'raw.db'), '0.6'], { encoding: 'utf8' });
  return Number(done.stdout);
}

/** Fields of /proc/PID/stat behind the name: state, ppid, ... utime and stime at 11 and 12, in ticks of 10 ms. */
function stat(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  } catch { return []; } /* it has ended */
}

/** Processor time in ms of a process, or of PostgreSQL with its backends and its log writer. */
function processorTime(pid, withChildren = false) {
  const used = (fields) => fields.length ? (Number(fields[11]) + Number(fields[12])) * 10 : 0;
  if (!withChildren) return used(stat(pid));
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(stat)
    .filter((fields) => fields[1] === String(pid)).reduce((sum, fields) => sum + used(fields), 0);
}

/** The first process of the PostgreSQL server on this machine, found by the folder of its socket. */
function postmaster() {
  const folder = process.env.YIMEN_TEST_PG?.match(/[?&]host=([^&]*)/)?.[1];
  return engine === 'postgres' ? Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]) : 0;
}

/** The open tasks of the officer's unit: number -> task. */
async function tasks(officer) {
  const found = new Map();
  let query = '';
  do {
    const page = (await officer.client.get(`/desk${query}`, { headers: { accept: 'application/json' } })).json;
    for (const one of page.tasks) found.set(one.number, one.task);
    query = page.pager.next_query ? `?${page.pager.next_query}` : '';
  } while (query);
  return found;
}

const answers = { business_name: '青溪县小满面馆', business_scope: '餐饮服务', premises: '青溪县人民路1号' };
const form = JSON.parse(process.env.APPLY_FORM ?? 'null')
  ?? JSON.parse(readFileSync('tests/bench/sole-trader.json', 'utf8')) ?? answers;
const complete = JSON.parse(readFileSync('tests/bench/sole-trader-complete.json', 'utf8'));

const database = freshDatabase();
const server = await startServer({ database });
const profiler = process.env.PROFILE
  ? spawn('perf', ['record', '-q', '-F', '999', '-g', '-o', process.env.PROFILE, '-p', String(server.pid)], { stdio: 'inherit' }) : null;
const metric = async (name) => Number((await (await fetch(`${server.url}/metrics`)).text())
  .match(new RegExp(`^yimen_${name} (\\d+)`, 'm'))?.[1] ?? 0);
try {
  const applicant = await session(server, '13800000001'), officer = await session(server, 'm001');
  const database_pid = postmaster();
  let used = [0, 0, 0]; /* of this round: ms of server, database, load */
  const measured = (file, requests) => {
    const times = () => [processorTime(server.pid), database_pid ? processorTime(database_pid, true) : 0];
    const before = times(), done = load(server, file, requests), after = times();
    used = [used[0] + after[0] - before[0], used[1] + after[1] - before[1], used[2] + done.cpu];
    return done;
  };
  const costs = []; /* ms a dossier, of each round */
  const rates = [], raws = [], starts = [], ends = [], p99s = [];
  const before = { rows: await metric('rows_written_total'), commands: await metric('commands_total'),
    commits: await metric('commits_total'), retries: await metric('retries_total') };
  for (let round = -1; round < ROUNDS; round++) {
    const count = round < 0 ? WARM_UP : PER_ROUND;
    if (round === 0 && process.env.COUNT)
      spawnSync('callgrind_control', ['-z', String(server.pid)]);
    raws.push(raw(database.folder));
    const filed = measured(database.folder, Array.from({ length: count }, (_, i) =>
      post('/apply/sole-trader', applicant, { form, material: [] }, `bench-${round + 1}-${i}-file`)));
    const open = await tasks(officer);
    const done = measured(database.folder, filed.lines.map((line, i) => {
      const number = line.split(' ')[3].split('/').pop();
      return post(`/dossiers/${number}/tasks/${open.get(number)}/complete`, officer, { form: complete, seen: [] },
        `bench-${round + 1}-${i}-done`);
    }));
    if (round < 0) { raws.pop(); used = [0, 0, 0]; continue; }
    costs.push(used.map((ms) => ms / count));
    used = [0, 0, 0];
    rates.push(count / (filed.seconds + done.seconds));
    starts.push(count / filed.seconds); ends.push(count / done.seconds);
    p99s.push(Math.max(filed.p99, done.p99));
  }
  const after = { rows: await metric('rows_written_total'), commands: await metric('commands_total'),
    commits: await metric('commits_total'), retries: await metric('retries_total') };
  const commands = after.commands - before.commands;
  console.log(`dossiers on ${engine}: ${median(rates).toFixed(0)} a second (start ${median(starts).toFixed(0)}, `
    + `complete ${median(ends).toFixed(0)} commands a second), p99 ${median(p99s).toFixed(1)} ms`);
  console.log(`  raw one-row FULL commits: ${median(raws).toFixed(0)} a second; ratio ${(median(rates) / median(raws)).toFixed(2)}`
    + ` (samples ${Math.min(...raws).toFixed(0)} to ${Math.max(...raws).toFixed(0)}; floor ${engine === 'sqlite' ? '0.55' : '0.35'}, p99 < 25 ms)`);
  console.log(`  rows a command ${((after.rows - before.rows) / commands).toFixed(1)}, `
    + `commands a commit ${(commands / (after.commits - before.commits)).toFixed(1)}, `
    + `run again ${after.retries - before.retries}`);
  const sum = (list) => list.reduce((a, b) => a + b, 0), sums = costs.map(sum);
  const [own, databases, loads] = [0, 1, 2].map((i) => median(costs.map((cost) => cost[i])).toFixed(3));
  console.log(`  processor time a dossier: ${median(sums).toFixed(3)} ms, least ${Math.min(...sums).toFixed(3)} (server ${own}, `
    + `database ${databases}, load ${loads}); load average ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`);
} finally {
  profiler?.kill('SIGINT');
  await stopServer(server);
}
