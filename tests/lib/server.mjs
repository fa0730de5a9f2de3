// server.mjs - a yimen of one's own for a test: a fresh database with the demonstration county, a
// free port, stopped by its own process id.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The program under test; another build of it may be named. */
export const PROGRAM = process.env.YIMEN_PROGRAM ?? 'build/yimen';
let databases = 0;

/** "sqlite" or "postgres", from the command line of the test. */
export const engine = process.argv[2] ?? 'sqlite';

/** True when this machine can run the asked engine. */
export const isAvailable = engine === 'sqlite' || Boolean(process.env.YIMEN_TEST_PG);

/** A fresh database of the engine: its url, and the folder that holds keys. */
export function freshDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'yimen-story-'));
  if (engine === 'sqlite')
    return { folder, url: join(folder, 'hall.db') };
  const name = `story_${process.pid}_${++databases}`;
  const made = spawnSync('psql', [process.env.YIMEN_TEST_PG, '-qc', `CREATE DATABASE ${name}`]);
  if (made.status !== 0)
    throw new Error(`cannot make a database: ${made.stderr}`);
  /* The host may be empty, which URL refuses. */
  return { folder, url: process.env.YIMEN_TEST_PG.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`) };
}

/** Starts the server and waits until it says where it listens. */
export async function startServer({ database = freshDatabase(), clock, args = [], env = {} } = {}) {
  const child = spawn(PROGRAM, ['serve', '--demo', '--db', database.url, '--keys', database.folder,
    '--listen', '127.0.0.1:0', ...(clock ? ['--clock', clock] : []), ...args],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, database, pid: child.pid, log: '', output: '' };
  child.stderr.on('data', (text) => { server.log += text; });
  server.ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  server.url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no address after 60 s: ${server.log}`)), 60000);
    child.stdout.on('data', (text) => {
      server.output += text;
      const found = server.output.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) { clearTimeout(late); resolve(found[0]); }
    });
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${server.log}`)));
  });
  return server;
}

/** Stops it gracefully; its files go too unless keep is set. */
export async function stopServer(server, { keep = false, signal = 'SIGTERM' } = {}) {
  server.child.kill(signal);
  const end = await server.ended;
  if (process.env.YIMEN_TEST_LOG)
    appendFileSync(process.env.YIMEN_TEST_LOG, server.log);
  if (!keep)
    rmSync(server.database.folder, { recursive: true, force: true });
  return end;
}

/** As browsers do: once more where the server had just closed a connection that was kept open. */
async function fetchAgain(url, options) {
  try {
    return await fetch(url, options);
  } catch (failure) {
    if (!['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(failure.cause?.code)) throw failure;
    return fetch(url, options);
  }
}

/** A browser-like client: keeps cookies, reads forms, follows nothing unless told. */
export class Client {
  constructor(server, { json = false, language = 'zh-CN' } = {}) {
    this.base = server.url;
    this.cookies = new Map();
    this.headers = { accept: json ? 'application/json' : 'text/html', 'accept-language': language };
  }

  async send(method, path, { body, headers = {}, raw } = {}) {
    const cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    const answer = await fetchAgain(new URL(path, this.base), {
      method, redirect: 'manual',
      headers: { ...this.headers, ...(cookie ? { cookie } : {}), ...headers },
      body: raw ?? (body instanceof URLSearchParams || typeof body === 'string' ? body
        : body === undefined ? undefined : new URLSearchParams(body)),
    });
    for (const set of answer.headers.getSetCookie?.() ?? [answer.headers.get('set-cookie')].filter(Boolean)) {
      const [pair] = set.split(';');
      const at = pair.indexOf('=');
      const value = pair.slice(at + 1);
      if (value === '' || /max-age=0/i.test(set)) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), value);
    }
    const bytes = Buffer.from(await answer.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    return { status: answer.status, headers: answer.headers, text, bytes, location: answer.headers.get('location'),
      get json() { return JSON.parse(text); } };
  }

  get(path, options) {
    return this.send('GET', path, options);
  }

  /** Posts a form the way a browser does: hidden fields of the page at `page` go along. */
  async post(path, body, { page = path, headers } = {}) {
    const shown = await this.send('GET', page, { headers: { accept: 'text/html' } });
    const hidden = Object.fromEntries([...shown.text.matchAll(
      /<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
      tag.match(/name="([^"]*)"/)?.[1], tag.match(/value="([^"]*)"/)?.[1] ?? '']));
    const form = new URLSearchParams({ _csrf: hidden._csrf ?? '', _key: hidden._key ?? '' });
    for (const [name, value] of Object.entries(body))
      for (const one of [value].flat()) form.append(name, one);
    return this.send('POST', path, { body: form, headers });
  }

  /** Logs in with a form; throws when it is refused. */
  async login(login, password) {
    const answer = await this.post('/login', { login, password });
    if (answer.status !== 303)
      throw new Error(`log-in of ${login} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    return this;
  }
}
