// rights.mjs - the matrix route x role x foreign id of tests/rights.txt against the server. A route
// without its line fails, and so does a line without its route.
//
//     node tests/http/rights.mjs sqlite|postgres [--print]     --print shows what is answered, for review
import { readFileSync } from 'node:fs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, newKey, Program } from '../lib/program.mjs';
import { multipart, pdf } from '../lib/upload.mjs';
import { TestClock } from '../lib/clock.mjs';
import { brokenPacks } from '../lib/packs.mjs';
import { acceptedHotel, asFields, complete, file, forms, firmAtWindow, firmWithLetter, hotelHygiene, letterOfFirm, openTask } from '../lib/hall.mjs';

const MATRIX = 'tests/rights.txt';
const LOGINS = { anonymous: null, owner: '13800000001', other: '13800000002', window: 'w001', handler: 'h001',
  foreign: 'm001', supervisor: 's001', leader: 'l001', admin: 'admin' };
const isPrinting = process.argv.includes('--print');
let server, description, clock, people, elsewhere, phones = 0, absences = 0;

/* ---- the file -------------------------------------------------------------------------------- */

/** Lines as { method, path, with: {name: value}, cells: [status...] }. */
function readMatrix(text) {
  const lines = text.split('\n').map((line, index) => ({ line, at: index + 1 }))
    .filter(({ line }) => line.trim() && !line.startsWith('#'));
  const [head, ...rest] = lines;
  const roles = head.line.split('|')[1].trim().split(/\s+/);
  return { roles, lines: rest.map(({ line, at }) => {
    const [left, right] = line.split('|').map((part) => part.trim());
    const [method, path, ...pairs] = left.split(/\s+/);
    const cells = right.split(/\s+/);
    if (cells.length !== roles.length) throw new Error(`${MATRIX}:${at}: ${cells.length} cells, not ${roles.length}`);
    return { at, name: left, method, path, given: Object.fromEntries(pairs.map((pair) => pair.split('='))), cells };
  }) };
}

/* ---- what stands in the database ------------------------------------------------------------- */

const POSTED = { carrier: 'ems', tracking: '1234567890123', posted_on: '2026-11-23' };
const ADDRESS = { delivery_way: 'post', recipient: '周知秋', recipient_phone: '13912345679', post_address: '滨河路11号' };

/** The owner's dossier, where the route can do something with it. */
async function fixtureFor(path) {
  if (path.includes('{file}')) return fixtureWithFile();
  if (path.startsWith('/corrections')) return fixtureWithNotice(path);
  if (path.startsWith('/complaints')) return fixtureWithComplaint(path);
  if (path.startsWith('/cover')) return fixtureWithAbsence();
  if (path.startsWith('/scores')) return fixtureWithScore(path);
  if (path.includes('{party}') || path.endsWith('/withdraw-for')) return firmWithLetter(people.window);
  const number = await acceptedHotel(people.owner, people.window);
  if (path.endsWith('/{letter}/end')) return { number, letter: await letter() };
  const isDecided = /certificate|rating|^\/rate|\/service(\/|$)/.test(path) && !path.endsWith('}/service');
  if (/supplement/.test(path)) await noticeOn(number);
  if (path.endsWith('/resume')) await suspend(number);
  if (path.includes('/notices/{notice}')) return { number, ...await noticeSent(number) };
  if (/service\/(posted|signed|came-back)/.test(path)) await people.owner.post(`/dossiers/${number}/service`, ADDRESS);
  if (isDecided) {
    await complete(people.handler, number, { outcome: 'pass', opinion: '符合要求。' });
    await complete(people.handler, number, { outcome: 'approve', opinion: '准予许可。' });
  }
  if (/service\/(signed|came-back)/.test(path)) await people.window.post(`/dossiers/${number}/service/posted`, POSTED);
  const paper = /documents|^\/verify|^\/rate/.test(path) ? await receiptOf(number) : {};
  return { number, notice: '1', extension: '1', task: isDecided ? '1' : await openTask(people.handler, number), code: 'hotel-hygiene', tag: 'en', screen: 'on',
    state: 'on', ...paper };
}

/** The receipt of a dossier: its id, the code to verify it, and the token to rate with. */
async function receiptOf(number) {
  const { json } = await people.owner.get(`/dossiers/${number}`);
  const document = json.papers.find((one) => one.kind === 'receipt').id;
  const paper = (await people.owner.get(`/dossiers/${number}/documents/${document}`)).json;
  return { document, code: paper.code, token: paper.content.match(/\/rate\/([0-9a-f]+)/)[1] };
}

/* A second notice waits for a leader, whom this matrix has not: life.mjs tells of it. */
const NOTICE = { missing: { 'field.room_count': '不符' }, mend: { 'field.room_count': '请更正' } };

/** The applicant is asked to mend something. */
async function noticeOn(number) {
  const task = await openTask(people.handler, number);
  const answer = await people.handler.post(`/dossiers/${number}/tasks/${task}/notice`, NOTICE);
  assert.equal(answer.status, 200, answer.text);
}

/** A notice that its applicant has not answered. */
async function noticeSent(number) {
  await noticeOn(number);
  return { notice: (await people.handler.get(`/dossiers/${number}`)).json.notices[0].id };
}

async function suspend(number) {
  const task = await openTask(people.handler, number);
  const answer = await people.handler.post(`/dossiers/${number}/tasks/${task}/suspend`, { ground: 'hearing', note: '听证' });
  assert.equal(answer.status, 200, answer.text);
}

const LETTER = { login: 'm001', item: '*', element: '*', valid_from: '2026-11-01', valid_until: '2026-12-31', letter_no: '授1号' };

async function letter() {
  return (await people.admin.post('/admin/authorisations', LETTER)).json.id;
}

/** The owner's dossier with one uploaded file. */
async function fixtureWithFile() {
  const item = (await people.owner.get('/items/hotel-hygiene')).json;
  const answer = await people.owner.send('POST', '/apply/hotel-hygiene', {
    raw: multipart(Object.entries(asFields(hotelHygiene)), [{ name: `file.${item.materials[0].code}`, title: 'a.pdf', data: pdf('a') }]),
    headers: { 'x-csrf-token': people.owner.csrf, 'idempotency-key': newKey() } });
  assert.equal(answer.status, 201, answer.text);
  const { number } = answer.json;
  await complete(people.window, number, { outcome: 'accept', opinion: '材料齐全，予以受理。' });
  const page = (await people.handler.get(`/dossiers/${number}`)).json;
  return { number, file: page.materials.find((one) => one.files.length).files[0].id };
}

/** The owner's dossier with a correction notice to the handler's unit; for a check, replied to. */
async function fixtureWithNotice(path) {
  const number = await acceptedHotel(people.owner, people.window);
  const sent = await people.supervisor.post('/corrections', { number, ground: 'overdue', text: '请说明。' });
  assert.equal(sent.status, 201, sent.text);
  const { id } = sent.json;
  if (path.endsWith('/check')) {
    const replied = await people.handler.post(`/corrections/${id}/reply`, { text: '已经办理。' });
    assert.equal(replied.status, 200, replied.text);
  }
  return { number, id };
}

/** A complaint about the owner's dossier, as far as the route can do something with it. */
async function fixtureWithComplaint(path) {
  const number = await acceptedHotel(people.owner, people.window);
  const made = await people.supervisor.post('/complaints', { channel: 'phone', number, ...COMPLAINT });
  assert.equal(made.status, 201, made.text);
  const complaint = made.json.number;
  const { id } = (await people.supervisor.all('/complaints', 'complaints')).find((one) => one.number === complaint);
  const verb = path.split('/').at(-1);
  const steps = [['accept', {}], ['hear', { heard: '调取了记录。' }], ['decide', { finding: 'upheld', decision: '属实。' }], ['reply', { reply: '已整改。' }]];
  const done = { accept: 0, refuse: 0, decide: 2, reply: 3, correct: 3, rate: 4 }[verb] ?? 1;
  for (const [step, body] of steps.slice(0, done)) {
    const answer = await people.supervisor.post(`/complaints/${id}/${step}`, body);
    assert.equal(answer.status, 200, answer.text);
  }
  return { number, id, complaint, complaintPhone: COMPLAINT.phone };
}

const COMPLAINT = { name: '何问津', phone: '13711112222', subject: 'delay', text: '等了两个小时。' };

/** Days on which nobody is away yet, each time others. */
function freeDays() {
  const day = new Date(Date.UTC(2027, 0, 1 + 2 * absences++)).toISOString().slice(0, 10);
  return { away_from: day, away_to: day, reason: 'leave' };
}

/** An absence of the handler, and the owner's dossier beside it. */
async function fixtureWithAbsence() {
  const number = await acceptedHotel(people.owner, people.window);
  const days = freeDays();
  const noted = await people.handler.post('/cover/absences', days);
  assert.equal(noted.status, 200, noted.text);
  const { absences: rows } = (await people.handler.get('/cover')).json;
  return { number, absence: rows.find((one) => one.from === days.away_from).id, post: '1' };
}

/** The owner's dossier decided by the handler: his score, or the entry behind its newest point. */
async function fixtureWithScore(path) {
  const number = await acceptedHotel(people.owner, people.window);
  await complete(people.handler, number, { outcome: 'pass', opinion: '符合要求。' });
  await complete(people.handler, number, { outcome: 'approve', opinion: '准予许可。' });
  const { own } = (await people.handler.get('/scores')).json;
  const { points } = (await people.handler.get(`/scores/persons/${own}`)).json;
  return { number, by: 'persons', id: path.startsWith('/scores/entries') ? points[0].entry : own };
}

/** An open incident of the owner's dossier: the sole trader's process is broken here. */
async function incident() {
  const number = await file(people.owner);
  await complete(people.foreign, number, { outcome: 'approve', opinion: '准予登记。' });
  const rows = await people.admin.all('/admin', 'incidents');
  return { number, id: rows.find((row) => row.number === number).id };
}

/** Somebody else's dossier and its task, in another department. */
async function makeElsewhere() {
  const number = await file(people.other);
  const task = await openTask(people.foreign, number);
  return { number, task, after: task, phone: '13800000002' };
}

const UNKNOWN = { letter: '4611686018427387904', number: '202611225964187604', file: '4611686018427387904', task: '4611686018427387904', id: '4611686018427387904',
  code: 'no-such-item', after: '4611686018427387904' };

UNKNOWN.party = UNKNOWN.document = UNKNOWN.absence = UNKNOWN.task;
UNKNOWN.complaint = '2026-99999';
UNKNOWN.complaintPhone = '13799999999';
UNKNOWN.token = '0'.repeat(42);

/* ---- asking ---------------------------------------------------------------------------------- */

const BODIES = {
  'POST /login': () => ({ login: 'w002', password: 'demo-2026' }),
  'POST /login/code': () => ({ second_code: '000000' }),
  'POST /me/second-factor/confirm': () => ({ second_code: '000000' }),
  'POST /register': () => ({ name: '陈小雨', phone: `1390000${String(1000 + phones++)}`, password: 'a long one' }),
  'POST /apply/{code}': () => ({ form: hotelHygiene }),
  'POST /apply/{code}/refresh': () => ({ form: hotelHygiene }),
  'POST /intake/{code}': () => firmAtWindow,
  'POST /intake/{code}/recall': () => firmAtWindow,
  'POST /intake/{code}/refresh': () => firmAtWindow,
  'POST /me': () => ({ identity_kind: 'resident_id', identity_number: '11010519491231002X' }),
  'POST /people': () => ({ phone: '13800000001' }),
  'POST /people/{party}/verify': () => ({ party_kind: 'credit_code', party_number: firmAtWindow.identity_number,
    party_name: firmAtWindow.party_name, is_original_seen: true }),
  'POST /people/{party}/letters': () => letterOfFirm,
  'POST /people/{party}/revoke': (at) => ({ letter: at.letter, revoke_reason: '换了经办人' }),
  'POST /people/{party}/unmask': () => ({ field: 'identity_number', reason: '与原件核对' }),
  'POST /dossiers/{number}/unmask': () => ({ what: '0.phone', reason: '与原件核对' }),
  'POST /track': (at) => ({ number: at.number, phone: at.phone ?? '13800000001' }),
  'POST /track/tap': (at) => ({ number: at.number, field: 'phone', tap: '1' }),
  'POST /dossiers/{number}/service': () => ({ delivery_way: 'window' }),
  'POST /dossiers/{number}/service/posted': () => POSTED,
  'POST /dossiers/{number}/service/signed': () => ({ signed_on: '2026-11-23' }),
  'POST /dossiers/{number}/service/collected': () => ({ collected_by: 'applicant' }),
  'POST /dossiers/{number}/rating': () => ({ grade: 1 }),
  'POST /verify': (at) => ({ code: at.code }),
  'POST /rate/{token}': () => ({ grade: 1 }),
  'POST /dossiers/{number}/tasks/{task}/complete': () => ({ form: { outcome: 'pass', opinion: '符合要求。' } }),
  'POST /dossiers/{number}/tasks/{task}/notice': () => NOTICE,
  'POST /dossiers/{number}/tasks/{task}/suspend': () => ({ ground: 'hearing', note: '听证' }),
  'POST /dossiers/{number}/supplement': () => ({ form: hotelHygiene }),
  'POST /dossiers/{number}/supplement/refresh': () => ({ form: hotelHygiene }),
  'POST /dossiers/{number}/withdraw-for': (at) => ({ who: at.party, how: 'representative_and_document' }),
  'POST /admin/authorisations': () => LETTER,
  'POST /dossiers/{number}/tasks/{task}/extend': () => ({ extension_reason: '报告未到' }),
  'POST /cover/absences': () => freeDays(),
  'POST /corrections': (at) => ({ number: at.number, ground: 'overdue', text: '请说明。' }),
  'POST /corrections/{id}/reply': () => ({ text: '已经办理。' }),
  'POST /corrections/{id}/take-back': () => ({ text: '发错了办件。' }),
  'POST /dossiers/{number}/notices/{notice}/take-back': () => ({ why: '看错了材料。' }),
  'POST /corrections/{id}/check': () => ({ verdict: 'sufficient' }),
  'POST /complaints': (at) => ({ number: at.number, ...COMPLAINT }),
  'POST /complaints/track': (at) => ({ number: at.complaint, phone: at.complaintPhone }),
  'POST /complaints/rate': (at) => ({ number: at.complaint, phone: at.complaintPhone, rating: 'fair' }),
  'POST /complaints/{id}/decide': () => ({ finding: 'partly', decision: '部分属实。' }),
  ...Object.fromEntries(Object.entries({ refuse: 'refusal', hear: 'heard', state: 'answer', reply: 'reply', correct: 'correction' })
    .map(([verb, field]) => [`POST /complaints/{id}/${verb}`, () => ({ [field]: '已核实。' })])),
  'POST /admin/calendar': () => ({ code: '99-9901', csv: 'date,type,name\n2026-12-24,holiday,县庆\n' }),
  'POST /admin/incidents/{id}/mend': () => ({ variables: '{"outcome": "approve"}' }),
};

/** A page of one's own list begins behind an id, one of the desk and of supervision behind a moment and an id. */
function elsewhereOf(line, name) {
  return name === 'after' && line.path !== '/my' ? `0.${elsewhere.after}` : elsewhere[name];
}

/** Path, query and body of a line for one fixture. */
function requestOf(line, fixture) {
  const at = { ...fixture };
  for (const [name, value] of Object.entries(line.given))
    at[name] = value === 'own' ? fixture[name] : value === 'elsewhere' ? elsewhereOf(line, name) : value === 'unknown' ? UNKNOWN[name] : value;
  const used = new Set();
  const path = line.path.replace(/\{([^}]+)\}/g, (_, name) => {
    used.add(name);
    return encodeURIComponent(at[name]);
  });
  const query = line.method === 'GET'
    ? Object.keys(line.given).filter((name) => !used.has(name)).map((name) => `${name}=${encodeURIComponent(at[name])}`)
    : [];
  return { path: query.length ? `${path}?${query.join('&')}` : path, body: BODIES[`${line.method} ${line.path}`]?.(at) };
}

/** Whether a list shows the dossier, on whichever of its pages. */
async function shows(who, line, path, answer, number) {
  if (answer.text.includes(number)) return true;
  const next = line.method === 'GET' && answer.status === 200 && answer.text.startsWith('{')
    ? answer.json.pager?.next_query : null;
  if (!next) return false;
  const page = `${path.split('?')[0]}?${next}`;
  return shows(who, line, page, await who.get(page), number);
}

async function ask(line, role, fixture) {
  const { path, body } = requestOf(line, fixture);
  const who = people[role];
  const kept = { cookies: new Map(who.cookies), csrf: who.csrf };
  const answer = line.method === 'GET' ? await who.get(path) : await who.post(path, body ?? {});
  const isShown = await shows(who, line, path, answer, fixture.number);
  if (line.path === '/logout' && LOGINS[role]) await who.login(LOGINS[role]);
  else Object.assign(who, kept);
  return { answer, isShown };
}

/** What a refused caller may not read in the answer. */
function checkSilence(answer, fixture, line, role) {
  const secrets = [hotelHygiene.unit_name, hotelHygiene.legal_name, forms['sole-trader'].business_name, '林小满'];
  for (const secret of secrets)
    assert.ok(!answer.text.includes(secret), `${line.name} as ${role}: a refusal tells "${secret}"`);
}

/** Follows one line through all roles; what was answered, as cells. */
async function follow(line, roles) {
  const needsIncident = line.path.startsWith('/admin/incidents/');
  const make = () => (needsIncident ? incident() : fixtureFor(line.path));
  const isWriting = line.method === 'POST';
  let fixture = await make();
  const found = [];
  for (const role of roles) {
    const before = isWriting ? (await people.supervisor.get(`/dossiers/${fixture.number}`)).text : null;
    const { answer, isShown } = await ask(line, role, fixture);
    assert.ok(answer.status < 500, `${line.name} as ${role}: ${answer.status} ${answer.text}`);
    if (answer.status >= 400) {
      checkSilence(answer, fixture, line, role);
      if (isWriting)
        assert.equal((await people.supervisor.get(`/dossiers/${fixture.number}`)).text, before,
          `${line.name} as ${role}: refused, and yet something changed`);
    } else if (isWriting) {
      fixture = await make();
    }
    found.push({ status: answer.status, isShown });
  }
  return found;
}

function checkCells(line, roles, found) {
  roles.forEach((role, index) => {
    const [, status, sign] = line.cells[index].match(/^(\d+)([+-]?)$/);
    const one = found[index];
    assert.equal(one.status, Number(status), `${MATRIX}:${line.at}: ${line.name} as ${role}`);
    if (sign) assert.equal(one.isShown, sign === '+', `${MATRIX}:${line.at}: ${line.name} as ${role} shows the dossier`);
  });
}

/* ---- the tests ------------------------------------------------------------------------------- */

const { roles, lines } = readMatrix(readFileSync(MATRIX, 'utf8'));

test('every route has its line, every line its route', () => {
  const routes = new Set(description.operations.map((one) => `${one.method} ${one.path}`));
  const listed = new Set(lines.map((line) => `${line.method} ${line.path}`));
  assert.deepEqual([...routes].filter((route) => !listed.has(route)), [], 'routes without a line');
  assert.deepEqual([...listed].filter((route) => !routes.has(route)), [], 'lines without a route');
});

test('every role is in the matrix', () => {
  assert.deepEqual(roles, Object.keys(LOGINS));
});

/* Log-ins and look-ups are limited by the minute. */
const isLimited = (line) => ['/login', '/complaints'].some((start) => line.path.startsWith(start)) || line.path.endsWith('/confirm') ||
  line.path === '/track' || line.path === '/logout';

for (const line of lines)
  test(line.name, async () => {
    if (isLimited(line)) await clock.set(new Date(Date.parse(clock.now) + 120000).toISOString());
    const found = await follow(line, roles);
    if (isPrinting) {
      const cells = found.map((one, i) => `${one.status}${line.cells[i].match(/[+-]$/) ? (one.isShown ? '+' : '-') : ''}`);
      console.log(`#print ${line.name.padEnd(76)}| ${cells.map((cell) => cell.padEnd(5)).join(' ')}`);
    }
    checkCells(line, roles, found);
  });

test('a task of another unit, one of another dossier, and one that is none get the same answer', async () => {
  const number = await acceptedHotel(people.owner, people.window);
  const task = await openTask(people.handler, number);
  const own = await file(people.owner);
  const answers = [];
  for (const verb of ['claim', 'release', 'complete'])
    for (const [at, id] of [[number, task], [own, task], [number, '1'], ['202611230000000000', task], ['202611230000000000', '1']]) {
      const form = verb === 'complete' ? { form: { outcome: 'approve', opinion: '准予登记。' } } : {};
      const { status, json } = await people.foreign.post(`/dossiers/${at}/tasks/${id}/${verb}`, form);
      answers.push(JSON.stringify({ status, code: json.code, type: json.type, title: json.title, detail: json.detail }));
    }
  assert.deepEqual([...new Set(answers)], [answers[0]]);
  assert.match(answers[0], /"status":404/);
});

test('a session of another kind of account has none of the rights of the first', async () => {
  const program = new Program(server, { description });
  await program.login(LOGINS.supervisor);
  assert.equal((await program.get('/supervise')).status, 200);
  await program.login(LOGINS.owner);
  assert.equal((await program.get('/supervise')).status, 403);
});

test('a forged, cut or foreign session opens nothing', async () => {
  const [name, token] = [...people.owner.cookies].find(([key]) => key.includes('session'));
  for (const forged of ['', 'x', token.slice(0, -1), `${token}x`, token.toUpperCase(), '%00', "' OR 1=1 --"]) {
    const program = new Program(server, { description });
    program.cookies.set(name, forged);
    assert.equal((await program.get('/my')).status, 401, JSON.stringify(forged));
  }
});

test('a write without the token of the session, or with another one, is refused', async () => {
  const { csrf } = people.owner;
  for (const token of [undefined, '', 'x', people.other.csrf, csrf.slice(0, -1)]) {
    const answer = await people.owner.send('POST', '/apply/hotel-hygiene', { body: JSON.stringify({ form: hotelHygiene }),
      headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { 'x-csrf-token': token }) } });
    assert.equal(answer.status, 403, JSON.stringify(token));
  }
});

for (const headers of [{ origin: 'http://example.com' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
  test(`a write from another site is refused, with the right token too: ${JSON.stringify(headers)}`, async () => {
    const answer = await people.owner.post('/apply/hotel-hygiene', { form: hotelHygiene }, { headers });
    assert.equal(answer.status, 403);
  });

if (!isAvailable) {
  skipAll(`rights on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock('2026-11-23T09:30:00+08:00');
  const packs = brokenPacks({ 'sole-trader': (text) => text.replace('=outcome = "approve"', '=null')
    .replace('=outcome = "deny"', '=null') });
  server = await startServer({ clock: clock.file, args: ['--packs', packs] });
  description = await Description.of(server);
  people = {};
  for (const [role, login] of Object.entries(LOGINS)) {
    people[role] = new Program(server, { description });
    if (login) await people[role].login(login);
  }
  elsewhere = await makeElsewhere();
  await runTests(() => stopServer(server));
}
