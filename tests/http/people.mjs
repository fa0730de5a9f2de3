// people.mjs - persons and firms over HTTP: taken in at a window without phone or account, with a
// guardian, by letter of a firm; verified, found, masked, shown whole once and written down; and every
// wrong number with what is said about it.
//
//     node tests/http/people.mjs sqlite|postgres
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { brokenPacks } from '../lib/packs.mjs';
import { errorFields, formTo, submit, wordsOf } from '../lib/page.mjs';
import { asFields, complete, forms, hotelHygiene, soleTrader } from '../lib/hall.mjs';

const MORNING = '2026-11-23T09:30:00+08:00'; /* a Monday */
const NUMBERS = { zhao: '11010519491231002X', girl: '440524201808100019', mother: '440524188001010014', firm: '91350100M000100Y43' };
let server, description, clock;
const people = {};

/** A citizen number with its check digit (GB 11643). */
function citizen(seventeen) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, at) => all + weight * Number(seventeen[at]), 0);
  return seventeen + '10X98765432'[sum % 11];
}

NUMBERS.girl = citizen('44052420180810001');
NUMBERS.lin = citizen('11010519900101002');

async function person(login, language) {
  return new Program(server, { description, language }).login(login);
}

/** Registers an account and logs in. */
async function register(phone, name, more = {}) {
  const program = new Program(server, { description });
  const answer = await program.post('/register', { name, phone, password: 'a long one', ...more });
  assert.equal(answer.status, 201, answer.text);
  return program.login(phone, 'a long one');
}

const zhao = { identity_number: NUMBERS.zhao, identity_kind: 'resident_id', party_name: '赵满仓', is_original_seen: true,
  form: { ...soleTrader, operator_name: '赵满仓' }, material: ['id-card'] };

async function takeIn(body = {}, code = 'sole-trader') {
  const answer = await people.window.post(`/intake/${code}`, { ...zhao, ...body });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.number;
}

/** The party of a number or phone as a window finds it. */
async function found(search) {
  const answer = await people.window.post('/people', search);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.parties;
}

const errorsOf = (answer) => Object.fromEntries((answer.json.errors ?? []).map((one) => [one.field, one.detail]));

/* ---- without a phone or an account ----------------------------------------------------------- */

test('an applicant without a phone: taken in at a window, on the desk of the department, decided', async () => {
  const number = await takeIn();
  const { json } = await people.window.get(`/dossiers/${number}`);
  assert.equal(json.channel, 'window');
  assert.equal(json.applicant, '赵满仓');
  assert.deepEqual(json.people.map((one) => [one.role, one.name, one.number, one.phone, one.is_verified]),
    [['applicant', '赵满仓', '1101**********002X', null, true]]);
  assert.deepEqual(json.materials.map((one) => [one.code, one.is_brought, one.is_seen]),
    [['id-card', true, true], ['premises', false, false]]);
  await complete(people.officer, number, { outcome: 'approve', opinion: '材料齐全，准予登记。' });
  assert.equal((await people.window.get(`/dossiers/${number}`)).json.state, 'approved');
  people.number = number;
});

test('who has no account gets a receipt for what is done on the spot, too, and rates by it', async () => {
  const { papers } = (await people.window.get(`/dossiers/${people.number}`)).json;
  assert.deepEqual(papers.filter((one) => one.kind !== 'certificate').map((one) => one.kind), ['receipt']);
  const paper = (await people.window.get(`/dossiers/${people.number}/documents/${papers.find((one) => one.kind === 'receipt').id}`)).json;
  const path = paper.content.match(/\/rate\/[0-9a-f]{42}/)[0];
  assert.equal((await new Client(server, { language: 'zh-CN' }).get(path)).status, 200);
  const anyone = new Program(server, { description });
  assert.equal((await anyone.post(path, { grade: 1 })).status, 200);
  assert.equal((await people.window.get(`/dossiers/${people.number}`)).json.grade, 1);
});

test('withdrawn at the window for an applicant without an account: who asked, and how they were identified', async () => {
  const number = await takeIn();
  const path = `/dossiers/${number}/withdraw-for`;
  const [applicant] = (await people.window.get(`/dossiers/${number}`)).json.people;
  for (const [language, words] of [['zh-CN', ['申请人到窗口要求撤回', '核验方式与要求撤回的人不符']], ['en', ['asks at the window to withdraw', 'does not identify who asks']]]) {
    const person = await new Client(server, { language }).login('w001', 'demo-2026');
    const page = await person.get(`/dossiers/${number}`);
    assert.ok(wordsOf(page.text).includes(words[0]), language);
    const refused = await submit(person, `/dossiers/${number}`, path, { who: applicant.party, how: 'letter_and_document' });
    assert.equal(refused.status, 422);
    assert.deepEqual(errorFields(refused.text), ['how']);
    assert.ok(wordsOf(refused.text).includes(words[1]), language);
  }
  assert.equal((await people.officer.post(path, { who: applicant.party, how: 'identity_document' })).status, 403);
  assert.equal((await people.window.post(path, { who: '1', how: 'identity_document' })).json.code, 'withdrawal.who');
  const done = await people.window.post(path, { who: applicant.party, how: 'identity_document', withdraw_reason: '不开店了' });
  assert.equal(done.status, 200, done.text);
  const { json } = await people.officer.get(`/dossiers/${number}`);
  assert.deepEqual([json.state, json.reason, json.withdrawn_by, json.withdrawn_role, json.withdrawn_how, json.withdrawn_unit],
    ['withdrawn', '不开店了', '赵满仓', 'applicant', 'identity_document', (await people.window.get('/desk')).json.unit]);
  const shown = wordsOf((await (await new Client(server).login('w001', 'demo-2026')).get(`/dossiers/${number}`)).text);
  assert.match(shown, /窗口代为撤回 要求撤回的人 赵满仓/);
  assert.ok(shown.includes('本人身份证件原件'));
  assert.equal((await people.window.post(path, { who: applicant.party, how: 'identity_document' })).json.code, 'dossier.withdrawn_already');
});

test('the same number is the same party, and only the whole number finds it', async () => {
  const [first] = await found({ identity_number: NUMBERS.zhao });
  await takeIn();
  const again = await found({ identity_number: ' 110105-19491231-002x' });
  assert.deepEqual(again.map((one) => one.id), [first.id]);
  assert.equal(first.number, '1101**********002X');
  assert.deepEqual(await found({ identity_number: citizen('11010519491231003') }), []);
});

test('a name that differs from the one on file: refused with that name, taken once confirmed', async () => {
  const wrong = await people.window.post('/intake/sole-trader', { ...zhao, party_name: '赵满苍' });
  assert.equal(wrong.status, 422);
  assert.match(errorsOf(wrong).party_name, /赵满仓/);
  assert.match(errorsOf(wrong).party_name, /1101\*{10}002X/);
  const number = await takeIn({ party_name: '赵满苍', is_party_name_confirmed: true });
  assert.equal((await people.window.get(`/dossiers/${number}`)).json.applicant, '赵满苍');
  assert.equal((await found({ identity_number: NUMBERS.zhao }))[0].name, '赵满苍');
  await takeIn({ is_party_name_confirmed: true });
});

test('registering with the same number opens nothing until a window has seen the original', async () => {
  const self = await register('13900000001', '赵满仓', { identity_number: NUMBERS.zhao });
  const other = await register('13900000002', '冒名者', { identity_number: NUMBERS.zhao });
  for (const who of [self, other]) {
    assert.deepEqual(await who.all('/my', 'dossiers'), []);
    assert.equal((await who.get(`/dossiers/${people.number}`)).status, 404);
    const me = (await who.get('/me')).json.party;
    assert.deepEqual([me.is_verified, me.number], [false, '1101**********002X']);
  }
  const [party] = await found({ phone: '13900000001' });
  assert.equal(party.is_verified, false);
  const body = { party_kind: 'resident_id', party_number: NUMBERS.zhao, party_name: '赵满仓' };
  assert.equal((await people.window.post(`/people/${party.id}/verify`, body)).status, 422, 'without the original');
  const verified = await people.window.post(`/people/${party.id}/verify`, { ...body, is_original_seen: true });
  assert.equal(verified.status, 200, verified.text);
  assert.ok((await self.all('/my', 'dossiers')).some((one) => one.number === people.number));
  assert.equal((await self.get(`/dossiers/${people.number}`)).status, 200);
  assert.equal((await self.get('/me')).json.party.is_verified, true);
  assert.deepEqual(await other.all('/my', 'dossiers'), []);
  assert.equal((await other.get(`/dossiers/${people.number}`)).status, 404);
  const change = await self.post('/me', { identity_kind: 'resident_id', identity_number: NUMBERS.mother });
  assert.equal(change.status, 409);
});

/* ---- following by number and phone ----------------------------------------------------------- */

test('followed by number and the phone that the window wrote down; every miss is answered alike', async () => {
  const number = await takeIn({ identity_number: NUMBERS.lin, party_name: '林有福', party_phone: '139 0000 0007' });
  const anyone = new Program(server, { description });
  const ask = async (body) => {
    await clock.set(new Date(Date.parse(clock.now) + 61000).toISOString());
    return anyone.post('/track', body);
  };
  const shown = await ask({ number, phone: '13900000007' });
  assert.equal(shown.status, 200, shown.text);
  assert.equal(shown.json.found_number, number);
  const misses = [await ask({ number, phone: '13900000008' }), await ask({ number: '202611225964187604', phone: '13900000007' }),
    await ask({ number: people.number, phone: '13900000007' })];
  for (const miss of misses) {
    assert.equal(miss.status, 422);
    assert.deepEqual(miss.json.errors, misses[0].json.errors);
  }
});

test('guessing is limited', async () => {
  const anyone = new Program(server, { description });
  let status = 0;
  for (let i = 0; i < 200 && status !== 429; i++)
    status = (await anyone.post('/track', { number: '202611225964187604', phone: '13900000007' })).status;
  assert.equal(status, 429);
  await clock.set(new Date(Date.parse(clock.now) + 600000).toISOString());
});

/* ---- guardian, letters ----------------------------------------------------------------------- */

test('a child with her mother as guardian', async () => {
  const number = await takeIn({ identity_number: NUMBERS.girl, party_name: '林小小', actor_role: 'guardian',
    agent_number: NUMBERS.mother, agent_name: '周知秋', agent_phone: '13900000005' });
  const { json } = await people.window.get(`/dossiers/${number}`);
  assert.deepEqual(json.people.map((one) => [one.role, one.name, one.number]),
    [['applicant', '林小小', `${NUMBERS.girl.slice(0, 4)}**********${NUMBERS.girl.slice(-4)}`],
      ['guardian', '周知秋', '4405**********0014']]);
  assert.equal(json.applicant, '林小小');
  people.child = number;
});

test('a firm needs somebody with its letter, named on the dossier', async () => {
  const firm = { identity_kind: 'credit_code', identity_number: NUMBERS.firm, party_name: '青溪县滨河宾馆', form: hotelHygiene,
    material: [] };
  const alone = await people.window.post('/intake/hotel-hygiene', { ...zhao, ...firm });
  assert.ok('actor_role' in errorsOf(alone), alone.text);
  const dateless = await people.window.post('/intake/hotel-hygiene', { ...zhao, ...firm, actor_role: 'by_letter',
    agent_number: NUMBERS.zhao, agent_name: '赵满仓' });
  assert.deepEqual(Object.keys(errorsOf(dateless)).sort(), ['letter_no', 'letter_until']);
  const number = await takeIn({ ...firm, actor_role: 'by_letter', agent_number: NUMBERS.zhao, agent_name: '赵满仓',
    letter_no: '委2026-7', letter_until: '2026-12-31' }, 'hotel-hygiene');
  const { json } = await people.window.get(`/dossiers/${number}`);
  assert.deepEqual(json.people.map((one) => [one.role, one.name, one.letter_no, one.valid_until]),
    [['applicant', '青溪县滨河宾馆', null, null], ['by_letter', '赵满仓', '委2026-7', '2026-12-31']]);
});

test('a person files online for a firm by its letter; scope, last day and taking back are heeded', async () => {
  const [firm] = await found({ identity_kind: 'credit_code', identity_number: NUMBERS.firm });
  const self = await person2('13900000001');
  const file = (code, applicant = firm.id) => self.post(`/apply/${code}`,
    { applicant, form: code === 'hotel-hygiene' ? hotelHygiene : soleTrader });
  assert.equal((await file('hotel-hygiene')).status, 403, 'no letter');
  const letter = await people.window.post(`/people/${firm.id}/letters`, { agent_kind: 'resident_id', agent_number: NUMBERS.zhao,
    agent_name: '赵满仓', letter_no: '委2026-8', valid_until: '2026-11-30', letter_item: ['hotel-hygiene'] });
  assert.equal(letter.status, 201, letter.text);
  assert.equal((await file('sole-trader')).status, 403, 'another item');
  const page = await self.get('/apply/hotel-hygiene');
  assert.deepEqual(page.json.applicant.choices.map((one) => one.label), ['赵满仓', '青溪县滨河宾馆']);
  assert.equal((await self.get('/apply/sole-trader')).json.has_applicant_choice, false);
  const filed = await file('hotel-hygiene');
  assert.equal(filed.status, 201, filed.text);
  const { number } = filed.json;
  const { json } = await self.get(`/dossiers/${number}`);
  assert.equal(json.applicant, '青溪县滨河宾馆');
  assert.deepEqual(json.people.map((one) => [one.role, one.name, one.letter_no]),
    [['applicant', '青溪县滨河宾馆', null], ['by_letter', '赵满仓', '委2026-8']]);
  assert.ok((await self.all('/my', 'dossiers')).some((one) => one.number === number));
  const stranger = await file('hotel-hygiene', '4611686018427387904');
  assert.equal(stranger.status, 403);
  const unverified = await person2('13900000002');
  assert.equal((await unverified.post('/apply/hotel-hygiene', { applicant: firm.id, form: hotelHygiene })).status, 403);
  const before = clock.now;
  await clock.set('2026-12-01T09:30:00+08:00');
  const late = await (await person2('13900000001')).post('/apply/hotel-hygiene', { applicant: firm.id, form: hotelHygiene });
  assert.equal(late.status, 403);
  assert.match(JSON.stringify(late.json), /2026-11-30/);
  await clock.set(before);
  const fresh = await person2('13900000001');
  const { letters } = (await people.window.get(`/people/${firm.id}`)).json;
  const back = await people.window.post(`/people/${firm.id}/revoke`, { letter: letters[0].id, revoke_reason: '换了经办人' });
  assert.equal(back.status, 200, back.text);
  assert.equal((await fresh.post('/apply/hotel-hygiene', { applicant: firm.id, form: hotelHygiene })).status, 403);
  assert.equal((await fresh.get(`/dossiers/${number}`)).status, 404, 'the firm took its letter back');
  assert.ok(!(await fresh.all('/my', 'dossiers')).some((one) => one.number === number));
  assert.equal((await people.window.post(`/people/${firm.id}/revoke`, { letter: letters[0].id, revoke_reason: '再次' })).status, 409);
});

async function person2(phone) {
  return new Program(server, { description }).login(phone, 'a long one');
}

test('what an item asks to know of who applies: a number, or a verified one', async () => {
  const nameless = await register('13900000003', '无名氏');
  const file = (who, code) => who.post(`/apply/${code}`, { form: forms[code] });
  const [first, second] = [await file(nameless, 'outdoor-ad'), await file(nameless, 'food-licence')];
  assert.deepEqual([first.status, second.status], [422, 403], first.text);
  assert.match(first.text, /我的身份/);
  await nameless.post('/me', { identity_kind: 'passport', identity_number: 'G12345678' });
  assert.equal((await file(nameless, 'outdoor-ad')).status, 201);
  assert.equal((await file(nameless, 'food-licence')).status, 403);
  const [{ id }] = await found({ phone: '13900000003' });
  const verified = await people.window.post(`/people/${id}/verify`, { party_kind: 'passport', party_number: 'g12345678', party_name: '无名氏',
    is_original_seen: true });
  assert.equal(verified.status, 200, verified.text);
  assert.equal((await file(nameless, 'food-licence')).status, 201);
  assert.equal((await file(nameless, 'sole-trader')).status, 201, 'asks for nothing');
});

/* ---- masked, and whole once ------------------------------------------------------------------ */

test('numbers are masked for everybody, shown whole once to whom it is given, and written down', async () => {
  for (const who of ['window', 'officer', 'supervisor']) {
    const { text } = await people[who].get(`/dossiers/${people.number}`);
    assert.ok(!text.includes(NUMBERS.zhao) && !text.includes(soleTrader.operator_phone), who);
  }
  const path = `/dossiers/${people.number}/unmask`;
  const { json: page } = await people.officer.get(`/dossiers/${people.number}`);
  assert.equal(page.can_unmask, true);
  const whole = await people.officer.post(path, { what: '0.identity_number', reason: '与许可证副本核对' });
  assert.equal(whole.status, 200, whole.text);
  assert.equal(whole.json.value, NUMBERS.zhao);
  const answer = await people.officer.post(path, { what: 'answer.operator_phone', reason: '电话通知取照' });
  assert.equal(answer.json.value, soleTrader.operator_phone);
  for (const [what, status] of [['9.phone', 422], ['answer.business_name', 422], ['x', 422], ['0.name', 422]])
    assert.equal((await people.officer.post(path, { what, reason: '看看而已' })).status, status, what);
  assert.equal((await people.officer.post(`/dossiers/${people.child}/unmask`, { what: '0.phone', reason: '没有手机' })).status, 404);
  assert.equal((await people.officer.post(path, { what: '0.identity_number', reason: '' })).status, 422);
  assert.equal((await people.supervisor.post(path, { what: '0.identity_number', reason: '与许可证副本核对' })).status, 403);
  assert.ok(!(await people.officer.get(`/dossiers/${people.number}`)).text.includes(NUMBERS.zhao), 'hidden again');
  const lines = await people.admin.all('/admin/unmaskings', 'unmaskings');
  assert.deepEqual(lines.slice(0, 2).map((one) => [one.login, one.party, one.dossier, one.reason]), [
    ['m001', '赵满仓', people.number, '电话通知取照'], ['m001', '赵满仓', people.number, '与许可证副本核对']]);
  assert.equal((await people.window.get('/admin/unmaskings')).status, 403);
});

test('the same as a page, without scripts: opened, a reason asked for, shown, gone', async () => {
  const browser = await new Client(server).login('m001', 'demo-2026');
  const page = await browser.get(`/dossiers/${people.number}`);
  assert.ok(page.text.includes('1101**********002X'));
  const form = formTo(page.text, '/unmask');
  const body = (changes) => new URLSearchParams({ ...Object.fromEntries(form.fields), ...changes });
  const refused = await browser.send('POST', form.action, { body: body({ what: '0.identity_number', reason: '' }) });
  assert.equal(refused.status, 422);
  assert.deepEqual(errorFields(refused.text), ['reason']);
  const shown = await browser.send('POST', form.action, { body: body({ what: '0.identity_number', reason: '与副本核对' }) });
  assert.equal(shown.status, 200);
  assert.ok(shown.text.includes(NUMBERS.zhao));
  assert.equal(shown.headers.get('cache-control'), 'no-store');
});

/* ---- the form of the window ------------------------------------------------------------------ */

test('the window form keeps what was typed, names every mistake, and asks to confirm a name', async () => {
  const browser = await new Client(server).login('w001', 'demo-2026');
  const list = await browser.get(`/intake?q=${encodeURIComponent('个体户')}`);
  assert.ok(list.text.includes('/intake/sole-trader'), wordsOf(list.text));
  const form = formTo((await browser.get('/intake/sole-trader')).text, '/intake/sole-trader');
  const send = (changes) => browser.send('POST', form.action, { body: new URLSearchParams({
    ...Object.fromEntries(form.fields), identity_kind: 'resident_id', is_original_seen: 'true', ...asFields(soleTrader), ...changes }) });
  const bad = await send({ identity_number: '110105194912310021', party_name: '', party_phone: '12', 'form.operator_phone': '1' });
  assert.equal(bad.status, 422);
  for (const typed of ['110105194912310021', soleTrader.business_name, soleTrader.premises_address])
    assert.ok(bad.text.includes(`value="${typed}"`), typed);
  const named = errorFields(bad.text);
  assert.deepEqual(named, ['identity_number', 'party_name', 'party_phone', 'form.operator_phone'], 'every mistake at once');
  const other = await send({ identity_number: NUMBERS.zhao, party_name: '赵满昌' });
  assert.deepEqual(errorFields(other.text), ['party_name']);
  assert.ok(other.text.includes('is_party_name_confirmed'));
  const done = await send({ identity_number: NUMBERS.zhao, party_name: '赵满仓' });
  assert.equal(done.status, 303, wordsOf(done.text));
  assert.match(done.location, /^\/dossiers\/\d{18}$/);
});

/** What is said about each wrong number, wherever it is typed. */
const WRONG = [
  ['resident_id', '110105491231002', /15位/], ['resident_id', '1101051949123100', /16位/],
  ['resident_id', '11010519491331002X', /出生日期/], ['resident_id', citizen('11010520991231002'), /还没有到/],
  ['resident_id', '110105194912310021', /校验码/], ['resident_id', '810000199408230021', /居住证/],
  ['resident_id', '1101051949I231002X', /数字/], ['passport', 'E1', /护照/], ['hk_macao_permit', 'A12345678', /字母H或者M/],
  ['taiwan_permit', '123', /8位数字/], ['residence_permit', NUMBERS.zhao, /81、82、83/],
];
const WRONG_CODES = [['credit_code', '91350100M000100Y44', /校验码/], ['credit_code', '9135010OM000100Y43', /“O”/],
  ['credit_code', '91350100M000100Y4', /17位/]];

test('a wrong number on every field is refused there, with what is wrong', async () => {
  const [party] = await found({ identity_number: NUMBERS.zhao });
  const [firm] = await found({ identity_kind: 'credit_code', identity_number: NUMBERS.firm });
  const self = await person2('13900000002');
  const letter = { agent_name: '赵满仓', letter_no: '委9', valid_until: '2026-12-31' };
  const places = [
    ['identity_number', true, (kind, number) => people.window.post('/people', { identity_kind: kind, identity_number: number })],
    ['identity_number', true, (kind, number) => people.window.post('/intake/sole-trader',
      { ...zhao, identity_kind: kind, identity_number: number, actor_role: 'by_letter' })],
    ['party_number', true, (kind, number) => people.window.post(`/people/${party.id}/verify`,
      { party_kind: kind, party_number: number, party_name: '赵满仓', is_original_seen: true })],
    ['agent_number', false, (kind, number) => people.window.post('/intake/sole-trader',
      { ...zhao, actor_role: 'guardian', agent_kind: kind, agent_number: number, agent_name: '周知秋' })],
    ['agent_number', false, (kind, number) => people.window.post(`/people/${firm.id}/letters`,
      { ...letter, agent_kind: kind, agent_number: number })],
    ['identity_number', false, (kind, number) => self.post('/me', { identity_kind: kind, identity_number: number })],
    ['identity_number', false, (kind, number) => self.post('/register', { name: '陈小雨', phone: '13900000055', password: 'a long one',
      identity_kind: kind, identity_number: number })],
  ];
  for (const [field, takesFirms, send] of places)
    for (const [kind, number, said] of [...WRONG, ...(takesFirms ? WRONG_CODES : [])]) {
      const answer = await send(kind, number);
      assert.equal(answer.status, 422, `${field} ${kind} ${number}: ${answer.text.slice(0, 300)}`);
      assert.match(errorsOf(answer)[field] ?? '', said, `${field} ${kind} ${number}: ${answer.text.slice(0, 300)}`);
    }
  assert.deepEqual(await found({ phone: '13900000055' }), []);
});

test('good numbers of every kind are taken in', async () => {
  const kinds = [['passport', 'E12345678', 'E1*****78'], ['hk_macao_permit', 'h1234567801', 'H1*****78'],
    ['taiwan_permit', '12345678', '12****78'], ['residence_permit', '830000199201300022', '8300**********0022']];
  for (const [kind, number, masked] of kinds) {
    const filed = await takeIn({ identity_kind: kind, identity_number: number, party_name: `来客${kind}` });
    const { json } = await people.window.get(`/dossiers/${filed}`);
    assert.deepEqual([json.people[0].identity_kind, json.people[0].number], [kind, masked]);
  }
});

/* ---- a stolen database ----------------------------------------------------------------------- */

/** Every byte that the database holds, without the key file. */
function stolen() {
  if (engine === 'sqlite')
    return Buffer.concat(readdirSync(server.database.folder).filter((name) => name.startsWith('hall.db'))
      .map((name) => join(server.database.folder, name)).filter((name) => statSync(name).isFile())
      .map((name) => readFileSync(name)));
  const tables = spawnSync('psql', [server.database.url, '-qXAtc',
    "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"], { encoding: 'utf8' });
  assert.equal(tables.status, 0, tables.stderr);
  return Buffer.concat(tables.stdout.trim().split('\n').map((table) => {
    const dump = spawnSync('psql', [server.database.url, '-qXAtc', `COPY ${table} TO STDOUT`], { maxBuffer: 1 << 28 });
    assert.equal(dump.status, 0, String(dump.stderr));
    return dump.stdout;
  }));
}

test('a stolen database without the key file shows no identity number and no phone', () => {
  const bytes = stolen();
  assert.ok(bytes.includes('赵满仓'), 'the dump holds the county');
  const hidden = [...Object.values(NUMBERS), 'E12345678', 'H12345678', '830000199201300022', '13900000001', '13900000002', '13900000007',
    '13900000005', '13800000001', soleTrader.operator_phone, soleTrader.operator_id_number];
  for (const value of hidden) {
    assert.ok(!bytes.includes(value), `${value} stands in the database`);
    assert.ok(!bytes.includes(Buffer.from(value).toString('hex')), `${value} stands in the database as hex`);
    assert.ok(!bytes.includes(Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -1)), `${value} as base64`);
  }
});

test('nothing of it stands in the log', () => {
  for (const value of [...Object.values(NUMBERS), '13900000007']) assert.ok(!server.log.includes(value), value);
});

if (!isAvailable) {
  skipAll(`people on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock(MORNING);
  /* Here advertising asks for a number, and the food licence for a verified one. */
  const asking = (what) => (text) => text.replace('"kind":', `"identity": "${what}", "kind":`);
  const packs = brokenPacks({}, { 'items/outdoor-ad.json': asking('given'), 'items/food-licence.json': asking('verified') });
  // The scenarios tell of the same invented people, and what is published is sealed nowhere.
  rmSync(join(packs, 'service-hall/scenarios'), { recursive: true });
  server = await startServer({ clock: clock.file, args: ['--packs', packs] });
  description = await Description.of(server);
  for (const [role, login] of Object.entries({ window: 'w001', officer: 'm001', supervisor: 's001', admin: 'admin' }))
    people[role] = await person(login);
  await runTests(() => stopServer(server));
}
