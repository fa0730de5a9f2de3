// web.mjs - what the web layer promises for every page and answer: statuses, header fields, static
// files, limits; and that nothing which people typed becomes part of a page.
//
//     node tests/http/web.mjs sqlite|postgres
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program, sendBytes } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { formTo, submit, wordsOf } from '../lib/page.mjs';
import { asFields, complete, file, soleTrader } from '../lib/hall.mjs';

const LOGINS = { applicant: '13800000001', officer: 'm001', window: 'w001', supervisor: 's001', leader: 'l001', admin: 'admin' };
const clock = new TestClock('2026-11-23T09:30:00+08:00');
const browsers = {}, programs = {};
let server, number;

const ask = (path, headers = {}, method = 'GET') => fetch(new URL(path, server.url), { method, headers, redirect: 'manual' });

/** Pages and who sees them. */
function pages() {
  return [['anyone', '/'], ['anyone', '/items'], ['anyone', '/items?q=开饭店'], ['anyone', '/items?q=没有的事'],
    ['anyone', '/items/sole-trader'], ['anyone', '/items/hotel-hygiene'], ['anyone', '/login'], ['anyone', '/register'],
    ['anyone', '/track'], ['anyone', '/no-such-page'], ['applicant', '/my'], ['applicant', '/apply/sole-trader'],
    ['applicant', '/apply/hotel-hygiene'], ['applicant', `/dossiers/${number}`], ['applicant', `/dossiers/${number}/certificate`],
    ['officer', '/desk'], ['officer', `/dossiers/${number}`], ['supervisor', '/supervise'], ['supervisor', '/supervise?show=completed'],
    ['supervisor', `/dossiers/${number}`], ['leader', '/board'], ['leader', '/board/dossiers?figure=s01'], ['admin', '/admin'],
    ['admin', '/admin/calendar'], ['admin', '/admin/definitions'], ['admin', '/admin/people'], ['applicant', '/desk']];
}

/* ---- statuses -------------------------------------------------------------------------------- */

test('health is told to everybody', async () => {
  const answer = await ask('/healthz');
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { status: 'ok' });
});

test('what is not there is 404, in the language asked for, as page or as problem', async () => {
  const [zh, en] = [await ask('/none', { accept: 'text/html', 'accept-language': 'zh' }),
    await ask('/none', { accept: 'text/html', 'accept-language': 'en-GB,zh;q=0.5' })];
  assert.deepEqual([zh.status, en.status], [404, 404]);
  assert.match(await zh.text(), /没有找到/);
  assert.match(await en.text(), /<html lang="en"[\s\S]*(not found|no such page|cannot find)/i);
  const json = await ask('/none', { accept: 'application/json' });
  assert.equal(json.headers.get('content-type'), 'application/problem+json');
  const problem = await json.json();
  assert.equal(problem.status, 404);
  assert.equal(problem.instance, '/none');
});

test('a method that a path does not have is 405 and names those that it has', async () => {
  for (const [method, path, allow] of [['DELETE', '/my', 'GET, HEAD'], ['POST', '/items', 'GET, HEAD'], ['GET', '/logout', 'POST'],
    ['PUT', '/login', 'GET, HEAD, POST'], ['PATCH', '/track', 'GET, HEAD, POST']]) {
    const answer = await ask(path, { accept: 'application/json' }, method);
    assert.equal(answer.status, 405, `${method} ${path}`);
    assert.equal(answer.headers.get('allow'), allow, `${method} ${path}`);
  }
});

test('what nobody offers is 406', async () => {
  assert.equal((await ask('/items', { accept: 'image/png' })).status, 406);
  assert.equal((await ask('/items', { accept: 'text/html;q=0, application/json;q=0' })).status, 406);
});

test('HTML and JSON by what the client likes better', async () => {
  for (const [accept, type] of [['text/html', 'text/html'], ['application/json', 'application/json'], ['*/*', 'text/html'],
    ['application/json;q=0.5, text/html', 'text/html'], ['text/html;q=0.5, application/json', 'application/json'],
    ['application/problem+json, application/json', 'application/json'], ['text/*', 'text/html']]) {
    const answer = await ask('/items', { accept });
    assert.ok(answer.headers.get('content-type').startsWith(type), `${accept}: ${answer.headers.get('content-type')}`);
    assert.match(answer.headers.get('vary'), /Accept/);
  }
});

test('HEAD answers as GET does, without the body', async () => {
  for (const path of ['/', '/items', '/none', '/healthz']) {
    const [head, get] = [await ask(path, {}, 'HEAD'), await ask(path)];
    assert.equal(head.status, get.status, path);
    assert.equal(head.headers.get('content-type'), get.headers.get('content-type'), path);
    assert.equal(await head.text(), '');
  }
});

test('metrics are for this machine, and count', async () => {
  const text = await (await ask('/metrics')).text();
  const [, commands] = text.match(/^yimen_commands_total (\d+)$/m);
  await file(programs.applicant);
  const later = await (await ask('/metrics')).text();
  assert.ok(Number(later.match(/^yimen_commands_total (\d+)$/m)[1]) > Number(commands));
  for (const line of text.split('\n').filter(Boolean)) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+ -?\d+)$/);
});

/* ---- header fields --------------------------------------------------------------------------- */

test('every answer forbids framing, sniffing and foreign scripts', async () => {
  for (const [who, path] of pages()) {
    const { headers } = await browsers[who].get(path);
    const policy = headers.get('content-security-policy');
    assert.match(policy, /default-src 'self'/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|\*/, path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    assert.ok(headers.get('referrer-policy'), path);
  }
});

test('no shared cache keeps a page of somebody', async () => {
  for (const [who, path] of pages()) {
    const cache = (await browsers[who].get(path)).headers.get('cache-control');
    assert.match(cache, who === 'anyone' ? /private|no-store/ : /no-store/, `${who} ${path}`);
  }
});

test('pages hold to their policy: no scripts or styles inside, no foreign addresses', async () => {
  for (const [who, path] of pages()) {
    const { text } = await browsers[who].get(path);
    assert.doesNotMatch(text, /<script(?![^>]* src=)[^>]*>/, `${path}: a script inside`);
    assert.doesNotMatch(text, /<style|\sstyle=|\son[a-z]+="/, `${path}: a style or handler inside`);
    for (const [, address] of text.matchAll(/(?:src|href|action)="([^"]*)"/g))
      assert.match(address, /^(\/(?!\/)|#|\?|tel:|data:image)/, `${path}: ${address}`);
  }
});

test('a session is in a cookie that scripts and other sites do not get', async () => {
  const answer = await new Program(server).post('/login', { login: LOGINS.leader, password: 'demo-2026' });
  const cookie = answer.headers.get('set-cookie');
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Lax/);
  assert.match(cookie, /Path=\//);
  assert.doesNotMatch(answer.text, /[A-Za-z0-9_-]{40}/);
});

/* ---- static files ---------------------------------------------------------------------------- */

async function assets() {
  const found = new Set();
  for (const [who, path] of pages())
    for (const [, address] of (await browsers[who].get(path)).text.matchAll(/"(\/static\/[^"#]+)/g)) found.add(address);
  return [...found];
}

test('static files: named by their content, compressed, kept for ever, not sent twice', async () => {
  const files = await assets();
  assert.ok(files.length >= 4, files.join());
  for (const path of files) {
    const plain = await ask(path, { 'accept-encoding': 'identity' });
    assert.equal(plain.status, 200, path);
    assert.match(plain.headers.get('cache-control'), /immutable/);
    assert.match(path, /\.[0-9a-f]{8,}\.\w+$/);
    const body = Buffer.from(await plain.arrayBuffer());
    const tag = plain.headers.get('etag');
    assert.equal((await ask(path, { 'if-none-match': tag })).status, 304);
    for (const [encoding, decode] of [['br', brotliDecompressSync], ['gzip', gunzipSync]]) {
      const raw = await sendBytes(server, `GET ${path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ${encoding}\r\n\r\n`);
      assert.equal(raw.status, 200);
      if (raw.head.toLowerCase().includes(`content-encoding: ${encoding}`)) {
        const answer = await rawBody(path, encoding);
        assert.deepEqual(decode(answer), body, `${path} as ${encoding}`);
      }
    }
  }
});

/** Bytes of a body as they came, not decoded. */
async function rawBody(path, encoding) {
  const { get } = await import('node:http');
  return new Promise((resolve, reject) => {
    get(new URL(path, server.url), { headers: { 'accept-encoding': encoding } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts)));
    }).on('error', reject);
  });
}

for (const path of ['/static/', '/static/none.css', '/static/../yimen.keys', '/static/%2e%2e/yimen.keys', '/static/app.css'])
  test(`no such static file: ${path}`, async () => {
    const answer = await sendBytes(server, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.ok(answer.status === 404 || answer.status === 400, answer.head);
  });

/* ---- limits ---------------------------------------------------------------------------------- */

test('log-ins and look-ups from one address are limited; it is said when to come again', async () => {
  const anyone = new Program(server);
  let limited = null;
  for (let i = 0; i < 80 && !limited; i++) {
    const answer = await anyone.post('/track', { number, phone: '13800000002' });
    if (answer.status === 429) limited = answer;
    else assert.equal(answer.status, 422);
  }
  assert.ok(limited, 'eighty guesses were answered');
  assert.ok(Number(limited.headers.get('retry-after')) > 0);
  assert.equal((await anyone.post('/login', { login: LOGINS.admin, password: 'demo-2026' })).status, 429);
  await clock.set('2026-11-23T09:40:00+08:00');
  assert.equal((await anyone.post('/track', { number, phone: '13800000001' })).status, 200);
});

test('heads without end, nonsense and half requests are refused', async () => {
  const cases = [[`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(60000)}\r\n\r\n`, [400, 413, 414, 431]],
    [`GET /${'x'.repeat(60000)} HTTP/1.1\r\nHost: x\r\n\r\n`, [400, 413, 414, 431]],
    ['POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', [400]],
    ['POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', [400, 413]],
    ['POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n', [400, 413]]];
  for (const [bytes, statuses] of cases) {
    const answer = await sendBytes(server, bytes).catch((error) => ({ status: 400, head: String(error) }));
    assert.ok(statuses.includes(answer.status), `${bytes.slice(0, 60)}: ${answer.head}`);
  }
  assert.equal((await ask('/healthz')).status, 200);
});

/* ---- what people type ------------------------------------------------------------------------ */

const EVIL = '<script>alert(1)</script>"\'&<img src=x onerror=alert(2)>{{1}}';

test('what people type is shown as they typed it, on every page, and is no part of the page', async () => {
  const anyone = new Program(server);
  assert.equal((await anyone.post('/register', { name: EVIL.slice(0, 60), phone: '13900000011', password: 'a long one' })).status, 201);
  const evil = await new Program(server).login('13900000011', 'a long one');
  const filed = await file(evil, 'sole-trader', { business_name: EVIL.slice(0, 60), business_scope: EVIL, operator_name: EVIL.slice(0, 50) });
  const shown = [[await new Client(server).login('13900000011', 'a long one'), ['/my', `/dossiers/${filed}`, '/apply/sole-trader']],
    [browsers.officer, ['/desk', `/dossiers/${filed}`]], [browsers.supervisor, ['/supervise', `/dossiers/${filed}`]],
    [browsers.leader, ['/board/dossiers?figure=s01']], [browsers.admin, ['/admin/people']]];
  const look = async () => {
    for (const [browser, paths] of shown)
      for (const path of paths) {
        const { text, status } = await browser.get(path);
        assert.equal(status, 200, path);
        assert.doesNotMatch(text, /<script>|<img src=x/, path);
      }
  };
  await look();
  assert.ok(wordsOf((await browsers.officer.get(`/dossiers/${filed}`)).text).includes('<script>alert(1)</script>'), 'shown as typed');
  await complete(programs.officer, filed, { outcome: 'approve', opinion: EVIL });
  await look();
  const sheet = await evil.get(`/dossiers/${filed}/certificate`);
  assert.equal(sheet.status, 200, sheet.text);
  assert.doesNotMatch(sheet.json.content, /<script>|<img src=x/);
});

test('what is searched for is shown as text', async () => {
  const { text } = await browsers.anyone.get(`/items?q=${encodeURIComponent(EVIL.slice(0, 50))}`);
  assert.doesNotMatch(text, /<script>|<img src=x/);
  assert.equal(formTo(text, '/items').value('q'), EVIL.slice(0, 50));
});

/* ---- behind a proxy -------------------------------------------------------------------------- */

test('behind TLS: cookies are secure and bound to the host; the visitor’s address counts', async () => {
  const tls = await startServer({ args: ['--behind-tls'] });
  try {
    const page = await fetch(`${tls.url}/login`, { headers: { accept: 'text/html' } });
    assert.match(page.headers.get('set-cookie'), /^__Host-.*Secure/);
    const answer = await new Program(tls).post('/login', { login: LOGINS.leader, password: 'demo-2026' });
    assert.match(answer.headers.get('set-cookie'), /^__Host-yimen_session=.*Secure/);
    assert.equal((await fetch(`${tls.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status, 404);
    assert.equal((await fetch(`${tls.url}/metrics`)).status, 200);
  } finally {
    await stopServer(tls);
  }
});

test('a form without scripts files an application in English as well', async () => {
  const browser = await new Client(server, { language: 'en' }).login('13800000001', 'demo-2026');
  const answer = await submit(browser, '/apply/sole-trader', '/apply/sole-trader', asFields(soleTrader));
  assert.equal(answer.status, 303);
  assert.match((await browser.get(answer.location)).text, /<html lang="en"/);
});

if (!isAvailable) {
  skipAll(`web on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  const description = await Description.of(server);
  browsers.anyone = new Client(server);
  for (const [who, login] of Object.entries(LOGINS)) {
    browsers[who] = await new Client(server).login(login, 'demo-2026');
    programs[who] = await new Program(server, { description }).login(login);
  }
  number = await file(programs.applicant);
  await complete(programs.officer, number, { outcome: 'approve', opinion: '准予登记。' });
  await file(programs.applicant, 'hotel-hygiene');
  await runTests(() => stopServer(server));
}
