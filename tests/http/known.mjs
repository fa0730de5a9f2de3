// known.mjs - every fact is entered once: what a person or firm told before stands in the next form with its source, for
// those alone whom a window verified, and for whom the application is.
//
//     node tests/http/known.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, firmAtWindow, foodLicence, hotelHygiene, soleTrader } from '../lib/hall.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';

const clock = new TestClock('2026-11-23T09:30:00+08:00'); /* a Monday */
const ZHAO = '11010519491231002X', FIRM = firmAtWindow.identity_number;
let server, description, window, officer, zhao, firm;

async function register(phone, name) {
  const program = new Program(server, { description });
  assert.equal((await program.post('/register', { name, phone, password: 'a long one' })).status, 201);
  return program.login(phone, 'a long one');
}

/** A window sees who the holder of an account is. */
async function verify(phone, name, number) {
  const { parties: [{ id }] } = (await window.post('/people', { phone })).json;
  const body = { party_kind: 'resident_id', party_number: number, party_name: name, is_original_seen: true };
  assert.equal((await window.post(`/people/${id}/verify`, body)).status, 200);
  return (await window.post('/people', { phone })).json.parties[0].id;
}

/** What stands in the fields of a page, by key: [value, source]. */
function filled({ json }) {
  const all = json.fields.map((one) => [one.name.replace('form.', ''), [one.value ?? one.choices?.find((choice) => choice.is_chosen)?.value, one.source]]);
  return Object.fromEntries(all.filter(([, [, source]]) => source));
}

const valuesOf = (page) => Object.fromEntries(Object.entries(filled(page)).map(([key, [value]]) => [key, value]));

async function file(program, code, form, more = {}) {
  const answer = await program.post(`/apply/${code}`, { form, ...more });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.number;
}

test('nothing is filled in for somebody whom no window verified, whatever he told', async () => {
  zhao = await register('13900000061', '赵满仓');
  const number = await file(zhao, 'sole-trader', { ...soleTrader, operator_name: '赵满仓', operator_phone: '13900000061' });
  const page = await zhao.get('/apply/food-licence');
  assert.deepEqual([filled(page), page.json.has_known], [{}, false]);
  await complete(officer, number, { outcome: 'approve', opinion: '材料齐全，准予登记。' });
});

test('once verified: identity and the last application fill in the next form, each with its source', async () => {
  await verify('13900000061', '赵满仓', ZHAO);
  const again = filled(await zhao.get('/apply/sole-trader'));
  assert.deepEqual(again.operator_name, ['赵满仓', '取自窗口核验过的身份信息']);
  assert.deepEqual([again.operator_id_number[0], again.operator_phone[0]], [ZHAO, '13900000061']);
  const page = await zhao.get('/apply/food-licence');
  assert.equal(page.json.has_known, true);
  assert.deepEqual(filled(page), {
    business_name: [soleTrader.business_name, '取自2026-11-23申请“个体工商户设立登记”时填写的内容'],
    address: [soleTrader.premises_address, '取自2026-11-23申请“个体工商户设立登记”时填写的内容'],
    phone: ['13900000061', '取自窗口核验过的身份信息'] });
  const english = await new Program(server, { description, language: 'en' }).login('13900000061', 'a long one');
  assert.match(filled(await english.get('/apply/food-licence')).address[1], /^From the application of 2026-11-23: /);
});

test('the newest word counts, what was changed stays, and what was refused is no source', async () => {
  await clock.set('2026-11-23T09:40:00+08:00');
  await file(zhao, 'food-licence', { ...foodLicence, address: '青溪县新街8号', phone: '13900000061' });
  assert.equal(valuesOf(await zhao.get('/apply/sole-trader')).premises_address, '青溪县新街8号');
  const wrong = await zhao.post('/apply/sole-trader', { form: { ...soleTrader, premises_address: '' } });
  assert.equal(wrong.status, 422);
  assert.deepEqual(wrong.json.errors.map((one) => one.field), ['form.premises_address']);
  const number = await file(zhao, 'sole-trader', { ...soleTrader, premises_address: '青溪县老街9号' });
  assert.equal(valuesOf(await zhao.get('/apply/sole-trader')).premises_address, '青溪县老街9号');
  await complete(officer, number, { outcome: 'deny', opinion: '经营场所不符合要求。' });
  assert.equal(valuesOf(await zhao.get('/apply/sole-trader')).premises_address, '青溪县新街8号');
});

test('for a firm by its letter: the firm\'s own facts, and the person\'s again when that is chosen', async () => {
  const taken = await window.post('/intake/hotel-hygiene', firmAtWindow);
  assert.equal(taken.status, 201, taken.text);
  firm = (await window.post('/people', { identity_kind: 'credit_code', identity_number: FIRM })).json.parties[0].id;
  const letter = { agent_kind: 'resident_id', agent_number: ZHAO, agent_name: '赵满仓', letter_no: '委2026-61', valid_until: '2027-12-31',
    letter_item: ['food-licence'] };
  assert.equal((await window.post(`/people/${firm}/letters`, letter)).status, 201);
  const first = await zhao.get('/apply/food-licence');
  const own = first.json.known_for;
  assert.deepEqual([valuesOf(first).address, own === firm], ['青溪县新街8号', false]);
  const typed = { business_name: '我改过的店名', address: valuesOf(first).address, credit_code: '', floor_area: '' };
  const chosen = await zhao.post('/apply/food-licence/refresh', { applicant: firm, known_for: own, form: typed });
  assert.equal(chosen.status, 200, chosen.text);
  const { json } = chosen;
  assert.equal(json.known_for, firm);
  assert.equal(json.fields.find((one) => one.name === 'form.business_name').value, '我改过的店名', 'typed words stay');
  assert.deepEqual([valuesOf(chosen).address, valuesOf(chosen).credit_code, valuesOf(chosen).legal_name],
    [hotelHygiene.address, FIRM, hotelHygiene.legal_name]);
  const back = await zhao.post('/apply/food-licence/refresh', { applicant: own, known_for: firm,
    form: { business_name: '我改过的店名', address: hotelHygiene.address, credit_code: FIRM } });
  assert.deepEqual([valuesOf(back).address, valuesOf(back).credit_code], ['青溪县新街8号', foodLicence.credit_code]);
});

test('nobody reads a stranger\'s facts by naming him', async () => {
  const stranger = await register('13900000062', '生人');
  await verify('13900000062', '生人', '110105199001010029');
  for (const body of [{ applicant: firm }, { applicant: firm, known_for: firm }, { known_for: firm }]) {
    const page = await stranger.post('/apply/food-licence/refresh', { ...body, form: {} });
    assert.equal(page.status, 200, page.text);
    assert.ok(!page.text.includes(hotelHygiene.address) && !page.text.includes(FIRM), JSON.stringify(body));
  }
});

test('at the window what the applicant section says need not be typed again, and a mistake in it is told once', async () => {
  const { operator_name, operator_id_number, operator_phone, ...rest } = soleTrader;
  const applicant = { identity_kind: 'resident_id', identity_number: '440524188001010014', party_name: '周知秋', party_phone: '13900000063',
    is_original_seen: true };
  const page = await window.get('/intake/sole-trader');
  const offered = page.json.fields.filter((one) => one.source);
  assert.deepEqual(offered.map((one) => [one.name, one.is_required, one.source]),
    ['operator_name', 'operator_id_number', 'operator_phone'].map((key) => [`form.${key}`, false, '与申请人信息相同的，不用再填']));
  const firms = await window.post('/intake/hotel-hygiene/refresh', { identity_kind: 'credit_code', form: {} });
  assert.deepEqual(firms.json.fields.filter((one) => one.source).map((one) => one.name), ['form.unit_name', 'form.credit_code', 'form.phone']);
  const wrong = await window.post('/intake/sole-trader', { ...applicant, identity_number: '440524188001010015', party_phone: '1390', form: rest });
  assert.equal(wrong.status, 422);
  assert.deepEqual(wrong.json.errors.map((one) => one.field).sort(), ['identity_number', 'party_phone']);
  const missing = await window.post('/intake/sole-trader', { ...applicant, party_phone: undefined, form: rest });
  assert.deepEqual(missing.json.errors.map((one) => one.field), ['form.operator_phone']);
  const taken = await window.post('/intake/sole-trader', { ...applicant, form: rest });
  assert.equal(taken.status, 201, taken.text);
  const { json } = await officer.get(`/dossiers/${taken.json.number}`);
  const answers = Object.fromEntries(json.answers.map((one) => [one.label, one.value ?? one.masked]));
  assert.equal(answers.经营者姓名, '周知秋', JSON.stringify(json.answers));
});

test('a window recalls what a returning applicant told, after a look at the original, and the look is on record', async () => {
  const recall = (more) => window.post('/intake/food-licence/recall', { identity_kind: 'resident_id', identity_number: ZHAO, is_original_seen: true,
    form: { business_name: '', floor_area: '20' }, ...more });
  const fieldOf = (answer) => answer.json.errors.map((one) => [one.field, one.code]);
  assert.deepEqual(fieldOf(await recall({ is_original_seen: false })), [['is_original_seen', 'intake.recall_unseen']]);
  assert.deepEqual(fieldOf(await recall({ identity_number: '110105194905310029' })), [['identity_number', 'identity.number_check']]);
  assert.deepEqual(fieldOf(await recall({ identity_number: '110105194106120037' })), [['identity_number', 'intake.recall_unknown']]);
  const page = await recall();
  assert.equal(page.status, 200, page.text);
  assert.equal(page.json.has_known, true);
  assert.equal(page.json.party_name.value, '赵满仓');
  const found = filled(page);
  assert.deepEqual(found.address, ['青溪县新街8号', '取自2026-11-23申请“食品经营许可”时填写的内容']);
  assert.equal(found.business_name[0], foodLicence.business_name, 'what was left empty is filled in');
  assert.equal(page.json.fields.find((one) => one.name === 'form.floor_area').value, '20', 'what was typed stays');
  const auditor = await new Program(server, { description }).login('admin');
  const { json } = await auditor.get('/admin/unmaskings');
  const looks = Object.values(json).find(Array.isArray).filter((one) => one.reason === '窗口收件：食品经营许可');
  assert.deepEqual(looks.map((one) => [one.login, one.field]), [['w001', '以前填写的内容']]);
  assert.equal((await zhao.post('/intake/food-licence/recall', {})).status, 403);
});

if (!isAvailable) {
  skipAll(`what is known on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  window = await new Program(server, { description }).login('w001');
  officer = await new Program(server, { description }).login('m001');
  await runTests(() => stopServer(server));
}
