// bad_input.mjs - every field of every route with everything that may be wrong about it: the answer is
// a refusal that names the field, nothing is written, and a page keeps what was typed.
//
//     node tests/http/bad_input.mjs sqlite|postgres
import { readFileSync } from 'node:fs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, newKey, Program, sendBytes } from '../lib/program.mjs';
import { TestClock, until } from '../lib/clock.mjs';
import { brokenPacks } from '../lib/packs.mjs';
import { errorFields, formTo, wordsOf } from '../lib/page.mjs';
import { multipart } from '../lib/upload.mjs';
import { itemsWorkbook } from '../lib/workbook.mjs';
import { acceptedHotel, asFields, complete, file, firmAtWindow, firmWithLetter, forms, letterOfFirm, openTask } from '../lib/hall.mjs';

const MEBIBYTE = 1024 * 1024;
const WHO = { public: 'anyone', apply: 'applicant', signed_in: 'applicant', officer: 'officer', 'desk.read': 'reviewer', 'desk.work': 'reviewer', 'dossier.lead': 'chief',
  'supervise.read': 'supervisor', 'supervise.work': 'supervisor', 'board.read': 'leader', 'admin.read': 'admin', 'admin.work': 'admin',
  'calendar.work': 'admin', 'definition.work': 'editor' };
const LOGINS = { applicant: '13800000001', reviewer: 'h001', chief: 'h003', window: 'w001', officer: 'm001', supervisor: 's001',
  leader: 'l001', admin: 'admin', editor: 'e001' };
const clock = new TestClock('2026-11-23T09:30:00+08:00');
WHO['dossier.intake'] = WHO['party.unmask'] = 'window';
let server, description, at, drafts = 0, absences = 0;
const people = {};

/* ---- a good request of every route ----------------------------------------------------------- */

const review = { outcome: 'pass', opinion: '现场符合要求。' };

/** What each writing route takes when all is well. */
const GOOD = {
  '/login': () => ({ login: 'w002', password: 'demo-2026', next: '/desk' }),
  '/login/code': () => ({ second_code: '123456', next: '/desk' }),
  '/me/second-factor': () => ({}),
  '/me/second-factor/confirm': () => ({ second_code: '123456' }),
  '/register': () => ({ name: '陈小雨', phone: '13900000009', password: 'a long one', next: '/my' }),
  '/logout': () => ({}),
  '/apply/{code}': () => ({ form: forms['hotel-hygiene'], material: [] }),
  '/apply/{code}/refresh': () => ({ form: forms['hotel-hygiene'], material: [] }),
  '/intake/{code}': () => ({ ...firmAtWindow, material: [] }),
  '/intake/{code}/recall': () => ({ ...firmAtWindow, material: [] }),
  '/intake/{code}/refresh': () => ({ ...firmAtWindow, material: [] }),
  '/me': () => ({ identity_kind: 'resident_id', identity_number: '11010519491231002X' }),
  '/people': () => ({ identity_kind: 'resident_id', identity_number: '11010519491231002X', phone: '13800000001' }),
  '/people/{party}/verify': () => ({ party_kind: 'credit_code', party_number: firmAtWindow.identity_number,
    party_name: firmAtWindow.party_name, is_original_seen: true }),
  '/people/{party}/letters': () => letterOfFirm,
  '/people/{party}/revoke': () => ({ letter: at.mandate, revoke_reason: '换了经办人' }),
  '/people/{party}/unmask': () => ({ field: 'identity_number', reason: '与原件核对' }),
  '/dossiers/{number}/unmask': () => ({ what: '0.phone', reason: '与原件核对' }),
  '/track/tap': () => ({ number: '2026', phone: '', field: 'number', tap: '1' }),
  '/track': () => ({ number: at.number, phone: '13800000001' }),
  '/dossiers/{number}/certificate': () => ({}),
  '/dossiers/{number}/service': () => ADDRESS,
  '/dossiers/{number}/service/posted': () => ({ carrier: 'ems', tracking: '1234567890123', posted_on: '2026-11-23' }),
  '/dossiers/{number}/service/signed': () => ({ signed_on: '2026-11-23' }),
  '/dossiers/{number}/service/came-back': () => ({}),
  '/dossiers/{number}/service/collected': () => ({ collected_by: 'letter' }),
  '/service/sheet': () => ({}),
  '/dossiers/{number}/rating': () => ({ grade: 2, comment: '很好' }),
  '/verify': () => ({ code: '0'.repeat(20) }),
  '/rate/{token}': () => ({ grade: 2, comment: '很好' }),
  '/dossiers/{number}/tasks/{task}/claim': () => ({}),
  '/dossiers/{number}/tasks/{task}/release': () => ({}),
  '/dossiers/{number}/tasks/{task}/complete': () => ({ form: review, seen: [] }),
  '/dossiers/{number}/tasks/{task}/notice': () => ({ missing: { 'field.room_count': '不符' }, mend: { 'field.room_count': '请更正' },
    reason: '再次核对' }),
  '/dossiers/{number}/tasks/{task}/suspend': () => ({ ground: 'hearing', note: '听证' }),
  '/dossiers/{number}/tasks/{task}/resume': () => ({}),
  '/dossiers/{number}/tasks/{task}/extend': () => ({ extension_reason: '报告未到' }),
  '/cover/absences': () => freeDays(),
  '/cover/absences/{absence}/end': () => ({}),
  '/cover/posts/{post}': () => ({ holder_a: at.holders[0], holder_b: at.holders[1] }),
  '/extensions/{extension}/grant': () => ({ words: '同意' }),
  '/extensions/{extension}/refuse': () => ({ words: '不需要' }),
  '/dossiers/{number}/supplement': () => ({ form: forms['hotel-hygiene'], material: [], note: '已补正' }),
  '/dossiers/{number}/supplement/refresh': () => ({ form: forms['hotel-hygiene'], material: [] }),
  '/dossiers/{number}/withdraw': () => ({ withdraw_reason: '不办了' }),
  '/dossiers/{number}/withdraw-for': () => ({ who: at.party, how: 'representative_and_document', withdraw_reason: '不办了' }),
  '/dossiers/{number}/notices/{notice}/take-back': () => ({ why: '看错了材料。' }),
  '/corrections/{id}/take-back': () => ({ text: '发错了办件。' }),
  '/notices/{notice}/approve': () => ({ words: '同意' }),
  '/notices/{notice}/refuse': () => ({ words: '材料已经齐全' }),
  '/admin/authorisations': () => ({ login: 'm001', item: '*', element: '*', valid_from: '2026-11-01', valid_until: '2026-12-31',
    letter_no: '授〔2026〕1号' }),
  '/admin/authorisations/{letter}/end': () => ({}),
  '/corrections': () => ({ number: at.number, ground: 'overdue', text: '请说明。' }),
  '/corrections/{id}/reply': () => ({ text: '已经办理。' }),
  '/corrections/{id}/check': () => ({ verdict: 'insufficient', text: '请写明日期。' }),
  '/complaints': () => ({ ...COMPLAINT, number: at.number, unit: 'HEALTH', channel: 'visit' }),
  '/complaints/track': () => ({ number: at.complaints.replied.number, phone: COMPLAINT.phone }),
  '/complaints/rate': () => ({ number: at.complaints.replied.number, phone: COMPLAINT.phone, rating: 'fair', text: '还行。' }),
  '/complaints/{id}/accept': () => ({}),
  '/complaints/{id}/decide': () => ({ finding: 'partly', decision: '部分属实。' }),
  ...Object.fromEntries(Object.entries({ refuse: 'refusal', hear: 'heard', state: 'answer', reply: 'reply', correct: 'correction' })
    .map(([verb, field]) => [`/complaints/{id}/${verb}`, () => ({ [field]: '已核实。' })])),
  '/admin/incidents/{id}/mend': () => ({ variables: '{"outcome": "approve"}' }),
  '/admin/calendar': () => ({ code: '99-9901', csv: 'date,type,name\n2026-12-24,holiday,县庆\n' }),
  '/workbench/{kind}/{code}/draft': () => ({ revision: at.draft, source: grades() }),
  '/workbench/{kind}/{code}/publish': () => ({ revision: at.draft, from: '2027-01-01', reason: '统一用语' }),
  '/workbench/{kind}/{code}/draft/sheet': () => ({ revision: at.draft }),
  '/workbench/items/import': () => ({}),
  '/workbench/items/import/{id}/drafts': () => ({ right_only: true }),
  '/workbench/items/import/{id}/publish': () => ({ revision: at.importRevision, from: '2027-01-01', reason: '年度清理' }),
  '/workbench/items/import/{id}/discard': () => ({}),
  '/workbench/{kind}/{code}/discard': () => ({ revision: at.draft }),
  '/workbench/{kind}/{code}/return': () => ({ definition: at.firstVersion, from: '2027-01-01', reason: '暂缓执行' }),
};

/** Days on which nobody is away yet, each time others. */
function freeDays() {
  const day = new Date(Date.UTC(2027, 0, 1 + 2 * absences++)).toISOString().slice(0, 10);
  return { away_from: day, away_to: day, reason: 'leave' };
}

/** The grades of a rating, each time another text. */
function grades() {
  drafts += 1;
  return readFileSync('packs/service-hall/rating.json', 'utf8') + ' '.repeat(drafts);
}

/** The path of a route with the ids of what stands in the database. */
function pathOf(path) {
  const decided = /certificate|rating/.test(path);
  const values = Object.assign(Object.create(at), { token: '0'.repeat(42) });
  if (decided) values.number = at.decided;
  if (path.includes('/supplement')) values.number = at.asked;
  if (path.includes('/service/')) values.number = at.serving?.[path.split('/').at(-1)];
  if (path.endsWith('/withdraw-for')) values.number = at.taken;
  if (path.endsWith('/resume')) [values.number, values.task] = at.stopped;
  if (path.startsWith('/notices')) values.notice = at.second;
  if (path.startsWith('/extensions')) values.extension = at.extension;
  if (path.endsWith('/notices/{notice}/take-back')) [values.number, values.notice] = at.told;
  if (path.startsWith('/corrections')) values.id = path.endsWith('/check') ? at.replied : at.notice;
  if (path.startsWith('/complaints')) values.id = at.complaints[COMPLAINT_FOR[path.split('/').at(-1)] ?? 'accepted'].id;
  if (path.startsWith('/workbench')) Object.assign(values, { kind: 'rating', code: 'rating', id: at.firstVersion });
  if (path.startsWith('/workbench/items')) values.id = path.endsWith('/publish') ? at.savedImport : at.import;
  return path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(values[name]));
}

/** Certificates are served by the window. */
const whoOf = (operation) => people[/^The (certificate|recipient) /.test(operation.summary) ? 'window' : WHO[operation['x-right']]];

/** The described fields of a write: name, schema, whether required. */
function bodyFields(operation) {
  const content = operation.requestBody?.content ?? {};
  const schema = (content['application/json'] ?? content['multipart/form-data'])?.schema;
  return Object.entries(schema?.properties ?? {}).map(([name, one]) =>
    ({ name, schema: one, isRequired: schema.required.includes(name) }));
}

/* ---- what may be wrong with a value ---------------------------------------------------------- */

const tooLong = (most) => '长'.repeat(most + 1);

/** Values that no JSON client may send, by what is wrong with them. */
function badValues(schema, isRequired) {
  const isSecret = schema.format === 'password', bad = {};
  if (schema.type === 'string') {
    Object.assign(bad, { 'an array': ['a', 'b'], 'an object': { a: 1 }, 'a number': 5, 'a boolean': true });
    if (schema.maxLength) bad['too long'] = tooLong(schema.maxLength);
    if (schema.minLength) bad['too short'] = 'x'.repeat(schema.minLength - 1) || undefined;
    if (schema.pattern) Object.assign(bad, { 'another pattern': 'no such thing', 'too long': '1'.repeat(5000) });
    if (schema.enum) bad['not among the choices'] = 'no-such-choice';
    if (schema.format === 'date') Object.assign(bad, { 'no date': 'tomorrow', 'a day that is not': '2026-02-30' });
    if (schema.maxLength && !isSecret) bad['a control character'] = 'a\u0007b';
  }
  if (schema.type === 'integer') {
    Object.assign(bad, { 'a word': 'two', 'a fraction': 1.5, 'an array': [1, 2], 'an object': {}, 'a boolean': true,
      'beyond 64 bits': '99999999999999999999' });
    if ('minimum' in schema) bad['too small'] = schema.minimum - 1;
    if ('maximum' in schema) bad['too large'] = schema.maximum + 1;
  }
  if (schema.type === 'boolean') Object.assign(bad, { 'a word': 'maybe', 'a number': 7, 'an array': [true, false] });
  if (schema.type === 'array')
    Object.assign(bad, { 'an object': { a: 1 }, 'an array of objects': [{}], 'an array of arrays': [['a']],
      'a number inside': [5], 'too long inside': [tooLong(schema.items.maxLength)] });
  if (schema.type === 'object') Object.assign(bad, { 'a text': 'a', 'an array of texts': ['a', 'b'], 'a number': 5 });
  if (isRequired) Object.assign(bad, { missing: undefined, empty: '', null: null });
  if (isRequired && !isSecret && schema.type === 'string') bad.blank = ' 　\t ';
  return Object.entries(bad).filter(([what, value]) => value !== undefined || what === 'missing');
}

/** The same for one field of a form-js form, as a page describes it. */
function badAnswers(field) {
  const bad = { 'an object': { a: 1 }, 'an array of objects': [{}] };
  if (['text', 'lines', 'phone', 'date'].includes(field.type))
    Object.assign(bad, { 'an array': ['a', 'b'], 'a number': 5, 'a boolean': true, 'a control character': 'a\u0007b' });
  if (field.max_length) bad['too long'] = tooLong(field.max_length);
  if (field.type === 'phone') bad['no phone'] = '12';
  if (field.type === 'int') Object.assign(bad, { 'a word': 'many', negative: -1, 'a fraction': 1.5, huge: '9'.repeat(40) });
  if (field.type === 'number') Object.assign(bad, { 'a word': 'many', negative: -1, huge: '9'.repeat(40) });
  if (field.type === 'radio' || field.type === 'choice')
    Object.assign(bad, { 'not among the choices': 'no-such-choice', 'an array': field.choices.map((one) => one.value) });
  if (field.is_required) Object.assign(bad, { missing: undefined, empty: '', null: null, blank: ' 　 ' });
  return Object.entries(bad);
}

/* ---- what an answer has to be ---------------------------------------------------------------- */

/** A refusal that names the field, or the place in a text that cannot be read at all. */
function checkRefused(answer, field, what) {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json', what);
  if (answer.status === 413 && !answer.json.errors) return;
  const errors = answer.json.errors ?? [];
  const isNamed = errors.some((one) => one.field === field) || errors.some((one) => one.line > 0);
  assert.ok(isNamed, `${what}: does not name ${field}: ${answer.text.slice(0, 300)}`);
  for (const one of errors) assert.ok(one.detail && !/[{}]/.test(one.detail), `${what}: ${one.detail}`);
}

async function rowsWritten() {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(text.match(/^yimen_rows_written_total (\d+)/m)[1]);
}

/** Waits until jobs behind earlier writes have done theirs: folding, the rarest, comes every 5 s. */
async function settle() {
  let last = -1, since = Date.now();
  await until(async () => {
    const rows = await rowsWritten();
    if (rows !== last) [last, since] = [rows, Date.now()];
    return Date.now() - since > 5500;
  }, { seconds: 40, every: 100, what: 'quiet' });
}

/** Runs requests that may write nothing. */
async function withoutWrites(run) {
  const before = await rowsWritten();
  await run();
  assert.equal(await rowsWritten(), before, 'rows were written');
}

/* ---- requests -------------------------------------------------------------------------------- */

function sendForm(who, path, text, headers = {}) {
  return who.send('POST', path, { raw: text, headers: { 'content-type': 'application/x-www-form-urlencoded',
    ...(who.csrf ? { 'x-csrf-token': who.csrf } : {}), ...headers } });
}

/** A JSON body as pairs of a form; texts only. */
function pairsOf(body) {
  const pairs = [];
  for (const [name, value] of Object.entries(body))
    if (name === 'form') pairs.push(...Object.entries(asFields(value)));
    else for (const one of [value].flat()) pairs.push([name, String(one)]);
  return pairs;
}

const encoded = (pairs) => pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);

/** The good form, but with raw bytes (percent-encoded already) under one name. */
function formWith(body, name, raw) {
  const others = pairsOf(body).filter(([one]) => one !== name);
  return [...encoded(others), `${encodeURIComponent(name)}=${raw}`].join('&');
}

function multipartOf(pairs, spoiled) {
  const boundary = 'border-of-parts';
  const parts = pairs.filter(([name]) => name !== spoiled.name)
    .map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${spoiled.name}"${spoiled.isFile
    ? '; filename="a.txt"\r\nContent-Type: text/plain' : ''}\r\n\r\n`;
  return { type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(parts.join('') + head), Buffer.from(spoiled.bytes), Buffer.from(`\r\n--${boundary}--\r\n`)]) };
}

/* ---- every field of every write -------------------------------------------------------------- */

async function tryBodies(one, fields, wrong) {
  const path = pathOf(one.path), who = whoOf(one.operation), good = GOOD[one.path]();
  for (const { name, field, bodies } of fields(good, wrong))
    for (const [what, body] of bodies)
      checkRefused(await who.post(path, body), field, `${one.path} ${name}: ${what}`);
}

/** Bodies that are good but for one field. */
function spoiledBodies(good, { name, schema, isRequired }) {
  return { name, field: name, bodies: badValues(schema, isRequired).map(([what, value]) => [what, { ...good, [name]: value }]) };
}

/** The fields of a form that the page of this route shows. */
async function formFields(one) {
  const page = one.path.startsWith('/apply') ? `/apply/${at.code}`
    : one.path.includes('/supplement') ? `/dossiers/${at.asked}/supplement` : `/dossiers/${at.number}`;
  const answer = await whoOf(one.operation).get(page);
  return answer.json.fields.filter((field) => field.name.startsWith('form.'));
}

/** A refresh shows the form again, and so does what fills it in: neither checks the answers. */
const onlyShows = (one) => /\/(refresh|recall)$/.test(one.path);

async function checkJson(one) {
  const fields = bodyFields(one.operation);
  const forForm = fields.some(({ name }) => name === 'form') ? await formFields(one) : [];
  await tryBodies(one, function* all(good) {
    for (const field of fields) if (field.schema.format !== 'binary') yield spoiledBodies(good, field);
    for (const { name, schema } of onlyShows(one) ? [] : fields)
      if (schema.type === 'array') yield { name, field: name, bodies: [['of another item', { ...good, [name]: ['agent-letter'] }]] };
    for (const field of onlyShows(one) ? [] : forForm) {
      const key = field.name.slice('form.'.length);
      yield { name: field.name, field: field.name,
        bodies: badAnswers(field).map(([what, value]) => [what, { ...good, form: { ...good.form, [key]: value } }]) };
    }
    if (forForm.length && !onlyShows(one))
      yield { name: 'form', field: 'form.no_such_key', bodies: [['an unknown key', { ...good, form: { ...good.form, no_such_key: 'x' } }]] };
    yield { name: 'no_such_field', field: 'no_such_field', bodies: [['unknown', { ...good, no_such_field: 'x' }]] };
  });
}

/** Names that a form would send, with what is described of them. */
async function formNames(one) {
  const plain = bodyFields(one.operation).filter(({ name }) => name !== 'form').map((field) => field.name);
  const hasForm = bodyFields(one.operation).some(({ name }) => name === 'form');
  return [...plain, ...(hasForm ? (await formFields(one)).map((field) => field.name) : [])];
}

const RAW = { NUL: 'a%00b', 'bytes that are no UTF-8': 'a%FF%FE', 'half a character': '%E4%B8', 'an overlong form': '%C0%AF',
  'a surrogate': '%ED%A0%80' };

async function checkForms(one) {
  const path = pathOf(one.path), who = whoOf(one.operation), good = GOOD[one.path]();
  for (const name of await formNames(one)) {
    for (const [what, raw] of Object.entries(RAW)) {
      const answer = await sendForm(who, path, formWith(good, name, raw));
      checkRefused(answer, name, `${one.path} ${name} as a form: ${what}`);
      const spoiled = multipartOf(pairsOf(good), { name, bytes: decodeURIComponentBytes(raw) });
      checkRefused(await sendForm(who, path, spoiled.body, { 'content-type': spoiled.type }), name,
        `${one.path} ${name} in parts: ${what}`);
    }
    const json = JSON.stringify(good).replace('{', `{"no_such_field":"a\\u0000b",`);
    checkRefused(await who.send('POST', path, { body: json, headers: { 'content-type': 'application/json',
      ...(who.csrf ? { 'x-csrf-token': who.csrf } : {}) } }), null, `${one.path}: NUL in JSON`);
  }
}

function decodeURIComponentBytes(text) {
  return Buffer.from(text.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1');
}

/** Bodies that cannot be read at all. */
async function checkUnreadable(one) {
  const path = pathOf(one.path), who = whoOf(one.operation);
  const csrf = who.csrf ? { 'x-csrf-token': who.csrf } : {};
  const bodies = { 'cut off': '{"a":', 'no object': '[1,2]', 'a text': '"a"', nothing: '', 'twice the same name': '{"a":1,"a":2}',
    deep: `{"a":${'['.repeat(100000)}${']'.repeat(100000)}}`, 'half a surrogate': '{"a":"\\ud800"}', NaN: '{"a":NaN}' };
  for (const [what, body] of Object.entries(bodies)) {
    const answer = await who.send('POST', path, { body, headers: { ...csrf, 'content-type': 'application/json' } });
    assert.ok(answer.status === 400 || answer.status === 422 || answer.status === 413, `${one.path} ${what}: ${answer.status}`);
  }
  for (const type of ['text/plain', 'application/xml', 'application/jsonx', 'multipart/form-data']) {
    const answer = await who.send('POST', path, { body: 'a=1', headers: { ...csrf, 'content-type': type } });
    assert.ok(answer.status === 415 || answer.status === 400, `${one.path} ${type}: ${answer.status}`);
  }
  const pairs = Array.from({ length: 20000 }, (_, i) => `a${i}=1`).join('&');
  const answer = await sendForm(who, path, pairs);
  assert.equal(answer.status, 413, `${one.path} 20000 pairs: ${answer.text.slice(0, 200)}`);
}

async function checkKeys(one) {
  const who = whoOf(one.operation);
  for (const key of ['short', 'with blank s', 'x'.repeat(65), 'ü'.repeat(8), '../../etc/passwd', '"'])
    checkRefused(await who.post(pathOf(one.path), GOOD[one.path](), { key }), '_key', `${one.path} key ${key}`);
}

/** The head of a request that declares a body, with the session and the token. */
function headOf(who, path, length, type = 'application/json') {
  const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return `POST ${path} HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nAccept: application/json\r\nContent-Type: ${type}\r\n`
    + `${cookie ? `Cookie: ${cookie}\r\nX-CSRF-Token: ${who.csrf}\r\n` : ''}${length}\r\n\r\n`;
}

async function checkSizes(one) {
  const who = whoOf(one.operation), path = pathOf(one.path);
  const declared = await sendBytes(server, headOf(who, path, 'Content-Length: 1073741824'));
  assert.equal(declared.status, 413, `${one.path} 1 GB declared: ${declared.head}`);
  const fields = bodyFields(one.operation);
  const large = Buffer.concat([Buffer.from(`{"${fields[0]?.name ?? 'a'}":"`), Buffer.alloc(10 * MEBIBYTE, 'x'), Buffer.from('"}')]);
  const sent = await sendBytes(server, Buffer.concat([Buffer.from(headOf(who, path, `Content-Length: ${large.length}`)), large]));
  assert.ok(sent.status === 413 || sent.status === 422, `${one.path} 10 MB field: ${sent.head}`);
  const chunk = Buffer.concat([Buffer.from(`${(2 * MEBIBYTE).toString(16)}\r\n`), Buffer.alloc(2 * MEBIBYTE, 'x'), Buffer.from('\r\n0\r\n\r\n')]);
  const chunked = await sendBytes(server, Buffer.concat([Buffer.from(headOf(who, path, 'Transfer-Encoding: chunked')), chunk]));
  assert.ok([400, 413, 422].includes(chunked.status), `${one.path} 2 MB in chunks: ${chunked.head}`);
}

function addWrites() {
  for (const one of description.operations.filter(({ method }) => method === 'POST')) {
    test(`POST ${one.path}: every field, as JSON`, () => withoutWrites(() => checkJson(one)));
    test(`POST ${one.path}: bytes that are no text, as a form and in parts`, () => withoutWrites(() => checkForms(one)));
    test(`POST ${one.path}: what cannot be read`, () => withoutWrites(() => checkUnreadable(one)));
    test(`POST ${one.path}: keys that are none`, () => withoutWrites(() => checkKeys(one)));
    test(`POST ${one.path}: a body of 1 GB, a field of 10 MB, chunks without end`, () => withoutWrites(() => checkSizes(one)));
  }
}

test('every writing route has a good request here', () => {
  const writes = description.operations.filter(({ method }) => method === 'POST').map(({ path }) => path);
  assert.deepEqual(writes.filter((path) => !GOOD[path]), []);
});

/* ---- every field of every query and path ----------------------------------------------------- */

const QUERY = { figure: 's01', kind: 'item', code: 'food-licence' };

function addReads() {
  for (const one of description.operations.filter(({ method }) => method === 'GET')) {
    const query = one.operation.parameters.filter((parameter) => parameter.in === 'query');
    for (const parameter of query)
      test(`GET ${one.path}?${parameter.name}=`, () => withoutWrites(() => checkQuery(one, parameter)));
    if (one.path.includes('{'))
      test(`GET ${one.path}: a path that is none`, () => withoutWrites(() => checkPath(one)));
  }
}

async function checkQuery(one, { name, schema, required }) {
  const who = whoOf(one.operation);
  const others = one.operation.parameters.filter((other) => other.in === 'query' && other.required && other.name !== name)
    .map((other) => `${other.name}=${QUERY[other.name]}`);
  const ask = (raw) => who.get(`${pathOf(one.path)}?${[...others, raw].join('&')}`);
  for (const [what, raw] of Object.entries(RAW)) checkRefused(await ask(`${name}=${raw}`), name, `${one.path} ${name}: ${what}`);
  const good = QUERY[name] ?? schema.enum?.[0] ?? { boolean: 'true' }[schema.type] ?? '1';
  checkRefused(await ask(`${name}=${good}&${name}=${good}`), name, `${one.path} ${name}: twice`);
  const bad = badValues(schema, required).filter(([, value]) => typeof value === 'string' && value !== '5');
  for (const [what, value] of bad)
    checkRefused(await ask(`${name}=${encodeURIComponent(value)}`), name, `${one.path} ${name}: ${what}`);
  if (required) checkRefused(await ask('a=1'), name, `${one.path} ${name}: missing`);
  if (name === 'after' && schema.pattern) checkRefused(await ask('after=no%20such%20place'), name, `${one.path} ${name}: no place`);
}

async function checkPath(one) {
  const who = whoOf(one.operation);
  for (const part of ['%00', 'a%00b', '%ff%fe', 'x'.repeat(3000), '..%2f..%2fetc%2fpasswd', '%20', '-1', '0', '1e9',
    '99999999999999999999', "'%20OR%20'1'='1", '%3Cscript%3E']) {
    const path = one.path.replace(/\{[^}]+\}/g, part);
    const answer = await sendBytes(server, headOf(who, path, 'X-Nothing: 1').replace('POST', 'GET'));
    /* Whatever is asked of /verify, the answer is the same: no paper has this code. */
    const isCalm = one.path === '/verify/{code}' && answer.status === 200;
    assert.ok(isCalm || answer.status >= 400 && answer.status < 500, `${path}: ${answer.head}`);
  }
}

/* ---- pages keep what was typed --------------------------------------------------------------- */

/** The forms of pages: who fills them in, where they are, and good values for what they ask. */
const PAGES = [
  { who: null, page: '/login', action: '/login', good: { login: 'w002', password: 'demo-2026' }, secret: ['password'] },
  { who: null, page: '/register', action: '/register', secret: ['password'],
    good: { name: '陈小雨 <b>&"', phone: '13900000010', password: 'a long one', identity_kind: 'passport', identity_number: 'e1234567' } },
  { who: null, page: '/track', action: '/track', good: () => ({ number: at.number, phone: '13800000001' }) },
  { who: 'applicant', page: '/apply/sole-trader', action: '/apply/sole-trader', optional: ['material'],
    depending: { 'form.by_agent': 'form.agent_name' },
    good: { ...asFields({ ...forms['sole-trader'], by_agent: 'yes', agent_name: '王小<明>' }), material: ['id-card'] } },
  { who: 'applicant', page: '/apply/hotel-hygiene', action: '/apply/hotel-hygiene', optional: ['material'],
    good: asFields({ ...forms['hotel-hygiene'], unit_name: '"宾馆" & <店>' }) },
  { who: 'window', page: '/intake/hotel-hygiene', action: '/intake/hotel-hygiene', optional: ['material', 'is_original_seen'],
    good: () => { const { form, ...who } = firmAtWindow;
      return { ...who, party_phone: '13900000011', agent_phone: '13900000012', is_original_seen: 'true', ...asFields(form) }; } },
  { who: 'window', page: '/people', action: '/people', good: { identity_kind: 'passport', identity_number: 'e1234567', phone: '13900000011' } },
  { who: 'window', page: () => `/people/${at.party}`, action: '/letters', good: { ...letterOfFirm, agent_name: '赵 <满> &"仓"' }, optional: ['letter_item'] },
  { who: 'window', page: () => `/people/${at.party}`, action: '/revoke', good: () => ({ letter: at.mandate, revoke_reason: '换了 <经办人>' }) },
  { who: 'window', page: () => `/people/${at.party}`, action: '/unmask', good: { field: 'phone', reason: '与原件 <核对> &' } },
  { who: 'window', page: () => `/people/${at.stranger}`, action: '/verify', optional: ['is_original_seen'],
    good: { party_kind: 'resident_id', party_number: '11010519491231002x', party_name: '林 <小> 满', is_original_seen: 'true' } },
  { who: 'window', page: () => `/dossiers/${at.number}`, action: '/unmask', good: { what: '0.phone', reason: '与原件 <核对> &' } },
  { who: 'applicant', page: '/me', action: '/me', good: { identity_kind: 'passport', identity_number: 'e1234567' } },
  { who: 'reviewer', page: () => `/dossiers/${at.number}`, action: '/complete', good: { ...asFields(review), seen: [] }, optional: ['seen'] },
  { who: 'applicant', page: () => `/dossiers/${at.decided}`, action: '/rating', good: { grade: '2', comment: '好\n很好' } },
  { who: 'admin', page: () => `/admin/incidents/${at.id}`, action: '/mend', good: { variables: '{"outcome": "approve"}' } },
  { who: 'applicant', page: () => `/dossiers/${at.number}`, action: '/withdraw', good: { withdraw_reason: '不办了\n"店" <关>' } },
  { who: 'admin', page: '/admin/authorisations', action: '/admin/authorisations',
    good: { login: 'm001', item: '*', element: '*', valid_from: '2026-11-01', valid_until: '2026-12-31', letter_no: '授<1>' } },
  { who: 'admin', page: '/admin/calendar', action: '/admin/calendar', optional: ['file'],
    good: { code: '99-9901', csv: 'date,type,name\n2026-12-24,holiday,"县""庆"\n' } },
];

/** What is too long, or no choice, for any field. */
const SPOILED = { grade: '9', code: 'no code', variables: '{"outcome": ', csv: 'date,type,name\n2026-13-01,holiday,x\n' };

function spoil(name, good) {
  if (SPOILED[name]) return SPOILED[name];
  if (/outcome|owned|by_agent|air_|water|_kind|_role|^field$|^what$|^letter$/.test(name)) return 'no-such-choice';
  if (/phone/.test(name)) return `${good}9`;
  if (/count|area/.test(name)) return 'many';
  return tooLong(2999);
}

async function browserOf(who) {
  const client = new Client(server);
  if (who) await client.login(LOGINS[who], 'demo-2026');
  return client;
}

async function sendPage(browser, form, typed) {
  const body = new URLSearchParams(form.fields.filter(([name]) => name.startsWith('_')));
  for (const [name, value] of Object.entries(typed)) for (const one of [value].flat()) body.append(name, one);
  return browser.send('POST', form.action, { body });
}

function checkKept(answer, entry, typed, name) {
  const form = formTo(answer.text, entry.action);
  for (const [field, value] of Object.entries(typed)) {
    if (entry.depending?.[name] === field) continue; /* asked only for one of the choices */
    if (entry.secret?.includes(field)) assert.equal(form.value(field), '', `${field} is shown again`);
    else if (field === name && /choice|^9$/.test(value)) assert.ok(!form.value(field), `${field}: a choice that is none`);
    else if (Array.isArray(value)) assert.deepEqual(form.values(field), value, `${entry.action} ${name}: ${field} is lost`);
    else assert.equal(form.value(field)?.replace(/\r\n/g, '\n'), value, `${entry.action} ${name}: ${field} is lost`);
  }
}

async function tryPage(entry, browser) {
  const good = typeof entry.good === 'function' ? entry.good() : entry.good;
  const page = typeof entry.page === 'function' ? entry.page() : entry.page;
  const form = formTo((await browser.get(page)).text, entry.action);
  const asked = form.fields.map(([name]) => name).filter((name) => !name.startsWith('_') && !name.startsWith('file.') && name !== 'next');
  assert.deepEqual(asked.filter((name) => !(name in good) && !entry.optional?.includes(name)), [], 'fields of the page');
  for (const name of Object.keys(good).filter((one) => !entry.optional?.includes(one))) {
    const typed = { ...good, [name]: spoil(name, good[name]) };
    const answer = await sendPage(browser, form, typed);
    assert.equal(answer.status, 422, `${entry.action} ${name}: ${wordsOf(answer.text).slice(0, 300)}`);
    assert.ok(errorFields(answer.text).includes(name), `${entry.action}: ${name} is not named: ${errorFields(answer.text)}`);
    assert.match(answer.text, new RegExp(`id="${name.replace('.', '\\.')}"`), `the summary leads nowhere: ${name}`);
    checkKept(answer, entry, typed, name);
  }
}

function addPages() {
  for (const entry of PAGES)
    test(`the page of ${entry.action} keeps what was typed, whichever field is wrong`, async () => {
      const browser = await browserOf(entry.who);
      await withoutWrites(() => tryPage(entry, browser));
    });
}

/* ---- twice, and too late --------------------------------------------------------------------- */

/** Writes whose answer is not kept: tokens are never stored. */
/* A rating's token stands on paper, spreadsheets are files: papers.mjs, sheets.mjs and items_import.mjs send them twice. */
const KEEPS_NOTHING = ['/login', '/login/code', '/logout', '/me/second-factor/confirm', '/service/sheet', '/track', '/track/tap', '/verify', '/rate/{token}', '/apply/{code}/refresh', '/dossiers/{number}/supplement/refresh',
  '/workbench/{kind}/{code}/draft/sheet', '/workbench/items/import'];

function addRepeats() {
  for (const one of description.operations.filter(({ method, path }) => method === 'POST' && !KEEPS_NOTHING.includes(path)))
    test(`POST ${one.path}: sent twice with one key is done once, and another body is refused`, async () => {
      at = { ...at, ...await makeFixture(namesFor(one)) };
      const who = whoOf(one.operation), key = newKey(), body = GOOD[one.path]();
      const [first, second] = [await who.post(pathOf(one.path), body, { key }), await who.post(pathOf(one.path), body, { key })];
      assert.ok(first.status === 200 || first.status === 201, first.text);
      assert.equal(second.status, first.status);
      assert.equal(second.text, first.text);
      assert.equal(second.headers.get('location'), first.headers.get('location'));
      const other = await who.post('/apply/sole-trader', { form: forms['sole-trader'] }, { key });
      if (who === people.applicant && one.path !== '/apply/{code}') checkRefused(other, '_key', one.path);
      const changed = Object.keys(body).find((name) => typeof body[name] === 'string' && name !== 'next' && name !== 'password');
      if (!changed) return;
      const third = await who.post(pathOf(one.path), { ...body, [changed]: `${body[changed]} `.trim() + (changed === 'phone' ? '' : '1') }, { key });
      if (third.status === 409) checkRefused(third, '_key', one.path);
      else assert.ok(third.status >= 400 || third.text === first.text, third.text);
    });
}

function addLate() {
  test('a session that is over: every route answers 401 to a program, and writes nothing', async () => {
    await clock.set('2026-11-25T09:30:00+08:00');
    await settle();
    await withoutWrites(async () => {
      for (const one of description.operations.filter(({ operation }) => operation['x-right'] !== 'public')) {
        const who = whoOf(one.operation);
        const answer = one.method === 'GET' ? await who.get(pathOf(one.path)) : await who.post(pathOf(one.path), GOOD[one.path]());
        assert.equal(answer.status, 401, `${one.method} ${one.path}`);
      }
    });
  });
}

/* ---- the server ------------------------------------------------------------------------------ */

async function decidedHotel() {
  const number = await acceptedHotel(people.applicant, people.window);
  await complete(people.reviewer, number, review);
  await complete(people.reviewer, number, { outcome: 'approve', opinion: '准予许可。' });
  return number;
}

const ADDRESS = { delivery_way: 'post', recipient: '周知秋', recipient_phone: '13912345679', post_address: '滨河路11号' };

/** Certificates that wait to be handed over, to be posted, and two in the post. */
async function makeServing() {
  const made = {};
  for (const act of ['collected', 'posted', 'signed', 'came-back']) {
    const number = made[act] = await decidedHotel();
    await done(await people.applicant.post(`/dossiers/${number}/service`, ADDRESS));
    if (act === 'signed' || act === 'came-back')
      await done(await people.window.post(`/dossiers/${number}/service/posted`, { carrier: 'ems', tracking: '1234567890123', posted_on: '2026-11-23' }));
  }
  return made;
}

const NOTICE = { missing: { 'field.room_count': '不符' }, mend: { 'field.room_count': '请更正' } };

async function done(answer) {
  assert.ok(answer.status < 300, answer.text);
  return answer.text ? answer.json : null;
}

/** A hotel's application under review that waits for the applicant. */
async function askedHotel() {
  const number = await acceptedHotel(people.applicant, people.window);
  const task = await openTask(people.reviewer, number);
  await done(await people.reviewer.post(`/dossiers/${number}/tasks/${task}/notice`, NOTICE));
  return { number, task };
}

/** A second notice that waits for the leader. */
async function secondNotice() {
  const { number, task } = await askedHotel();
  await done(await people.applicant.post(`/dossiers/${number}/supplement`, { form: forms['hotel-hygiene'] }));
  await done(await people.reviewer.post(`/dossiers/${number}/tasks/${task}/notice`,
    { ...NOTICE, visible: { 'field.room_count': 'yes' }, reason: '漏看' }));
  return (await people.chief.all('/notices', 'notices')).find((one) => one.number === number).id;
}

/** An extension that waits for the leader. */
async function askedExtension() {
  const number = await acceptedHotel(people.applicant, people.window);
  const task = await openTask(people.reviewer, number);
  await done(await people.reviewer.post(`/dossiers/${number}/tasks/${task}/extend`, { extension_reason: '报告未到' }));
  return (await people.chief.all('/extensions', 'extensions')).find((one) => one.number === number).id;
}

/** A post of the reviewer's unit, an absence of his, and two officers of it by id. */
async function posts() {
  await done(await people.reviewer.post('/cover/absences', freeDays()));
  const cover = (await people.chief.get('/cover')).json;
  return { post: cover.posts[0].id, absence: cover.absences.at(-1).id, holders: cover.staff.slice(0, 2).map((one) => one.id) };
}

/** A hotel's application whose clock stands still, and its task. */
async function stoppedHotel() {
  const number = await acceptedHotel(people.applicant, people.window);
  const task = await openTask(people.reviewer, number);
  await done(await people.reviewer.post(`/dossiers/${number}/tasks/${task}/suspend`, { ground: 'hearing', note: '听证' }));
  return [number, task];
}

/** A hotel's application whose applicant is asked, and the notice. */
async function toldHotel() {
  const { number } = await askedHotel();
  return [number, (await people.reviewer.get(`/dossiers/${number}`)).json.notices[0].id];
}

/** A firm with a letter, and the applicant's own party, whom no window has verified. */
async function makeParties() {
  const { party, letter, number: taken } = await firmWithLetter(people.window);
  const { parties: [{ id: stranger }] } = (await people.window.post('/people', { phone: LOGINS.applicant })).json;
  return { party, taken, mandate: letter, stranger };
}

/** A draft of the grades behind a second version. */
async function makeDraft() {
  const path = '/workbench/rating/rating', save = async () => {
    const { revision } = (await people.editor.get(`${path}/draft`)).json;
    return (await done(await people.editor.post(`${path}/draft`, { revision: revision ?? undefined, source: grades() }))).revision;
  };
  await done(await people.editor.post(`${path}/publish`, { revision: await save(), from: '2027-01-01', reason: '统一用语' }));
  const { versions } = (await people.editor.get(path)).json;
  return { draft: await save(), firstVersion: versions.at(-1).id };
}

/** A workbook that is looked at, and one whose rows are drafts; those of an earlier fixture are thrown away. */
async function makeImports() {
  const path = '/workbench/items/import';
  const send = async (code) => {
    const fee = `不收费，第${++drafts}次`, data = itemsWorkbook({ items: [{ 事项编码: code, 收费说明: fee, '收费说明（英文）': `Free, ${drafts}` }] });
    return (await done(await people.editor.send('POST', path, { raw: multipart([], [{ name: 'workbook', title: 'a.xlsx', data }]),
      headers: { 'x-csrf-token': people.editor.csrf, 'idempotency-key': newKey() } }))).import;
  };
  for (const { id } of (await people.editor.get(path)).json.imports) await done(await people.editor.post(`${path}/${id}/discard`));
  const saved = await send('elder-allowance');
  await done(await people.editor.post(`${path}/${saved}/drafts`));
  return { savedImport: saved, importRevision: (await people.editor.get(`${path}/${saved}`)).json.revision, import: await send('tourism-filing') };
}

const COMPLAINT = { name: '何问津', phone: '13711112222', subject: 'delay', text: '等了两个小时。' };
const COMPLAINT_FOR = { accept: 'registered', refuse: 'registered', decide: 'heard', reply: 'decided', correct: 'decided' };

/** A complaint in each state in which something may be done. */
async function makeComplaints(number) {
  const steps = [['accepted', 'accept', {}], ['heard', 'hear', { heard: '调取了记录。' }],
    ['decided', 'decide', { finding: 'upheld', decision: '属实。' }], ['replied', 'reply', { reply: '已整改。' }]];
  const made = {};
  for (let count = 0; count <= steps.length; count++) {
    const answer = await done(await people.supervisor.post('/complaints', { ...COMPLAINT, number, channel: 'phone' }));
    const { id } = (await people.supervisor.all('/complaints', 'complaints')).find((one) => one.number === answer.number);
    for (const [, verb, body] of steps.slice(0, count)) await done(await people.supervisor.post(`/complaints/${id}/${verb}`, body));
    made[count ? steps[count - 1][0] : 'registered'] = { id, number: answer.number };
  }
  return { complaints: made };
}

/** A hotel's application under review, with a correction notice and one that was replied to. */
async function makeHotel() {
  const number = await acceptedHotel(people.applicant, people.window);
  const send = () => people.supervisor.post('/corrections', { number, ground: 'overdue', text: '请说明。' });
  const [notice, replied] = [(await send()).json.id, (await send()).json.id];
  await people.reviewer.post(`/corrections/${replied}/reply`, { text: '已经办理。' });
  return { number, task: await openTask(people.reviewer, number), notice, replied };
}

async function makeIncident() {
  const broken = await file(people.applicant);
  await complete(people.officer, broken, { outcome: 'approve', opinion: '准予登记。' });
  return { id: (await people.admin.all('/admin', 'incidents')).find((row) => row.number === broken).id };
}

const LETTER = '/admin/authorisations';

/** What stands in the database for the requests: the names of each part, and how it is made. */
const PARTS = [
  [['number', 'task', 'notice', 'replied'], makeHotel],
  [['id'], makeIncident],
  [['decided'], async () => ({ decided: await decidedHotel() })],
  [['serving'], async () => ({ serving: await makeServing() })],
  [['asked'], async () => ({ asked: (await askedHotel()).number })],
  [['second'], async () => ({ second: await secondNotice() })],
  [['extension'], async () => ({ extension: await askedExtension() })],
  [['told'], async () => ({ told: await toldHotel() })],
  [['stopped'], async () => ({ stopped: await stoppedHotel() })],
  [['letter'], async () => ({ letter: (await done(await people.admin.post(LETTER, GOOD[LETTER]()))).id })],
  [['draft', 'firstVersion'], makeDraft],
  [['savedImport', 'importRevision', 'import'], makeImports],
  [['post', 'absence', 'holders'], posts],
  [['complaints'], (made) => makeComplaints(made.number ?? at.number)],
];

/** Makes all parts, or those that hold one of the names. */
async function makeFixture(names) {
  const made = { code: 'hotel-hygiene', tag: 'en', state: 'on' };
  for (const [keys, make] of PARTS)
    if (!names || keys.some((key) => names.has(key))) Object.assign(made, await make(made));
  return made;
}

/** Which names a good request of a route takes. */
function namesFor(one) {
  const names = new Set(), all = at;
  at = new Proxy(all, { get(target, name) { names.add(name); return target[name]; } });
  try {
    pathOf(one.path);
    GOOD[one.path]();
  } finally {
    at = all;
  }
  return names;
}

if (!isAvailable) {
  skipAll(`bad input on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  const packs = brokenPacks({ 'sole-trader': (text) => text.replace('=outcome = "approve"', '=null')
    .replace('=outcome = "deny"', '=null') }, { 'scenarios/sole-trader.feature': (text) => text.replace(/  Scenario: registered[^]*?(?=  Scenario: )/, '') });
  server = await startServer({ clock: clock.file, args: ['--packs', packs] });
  description = await Description.of(server);
  people.anyone = new Program(server, { description });
  await people.anyone.get('/login', { headers: { accept: 'text/html' } });
  people.anyone.csrf = people.anyone.cookies.get('yimen_csrf');
  for (const [role, login] of Object.entries(LOGINS)) people[role] = await new Program(server, { description }).login(login);
  at = { ...await makeFixture(), ...await makeParties() };
  await settle();
  addWrites();
  addReads();
  addPages();
  addRepeats();
  addLate();
  await runTests(() => stopServer(server));
}
