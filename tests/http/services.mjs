// services.mjs - the other services of the hall over HTTP, each to its end: what only a letter allows,
// what is returned, what a township takes in and decides, what a bank confirms.
//
//     node tests/http/services.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { wordsOf } from '../lib/page.mjs';
import { complete, file, openTask } from '../lib/hall.mjs';

const LOGINS = { applicant: '13800000001', villager: '13800000004', window: 'w001', market: 'm002', chief: 'm003', marketLeader: 'm004', city: 'c001',
  cityChief: 'c002', cityLeader: 'c003',
  land: 'n001', planner: 'n002', agri: 'a001', qingshi: 'q001', qingshiLeader: 'q002', baishui: 'x001', bank: 'b001', health: 'h001' };
const ACCEPT = { outcome: 'accept', opinion: '材料齐全，予以受理。' };
const GRANT = { outcome: 'approve', opinion: '符合条件，准予许可。' };
const PASS = { outcome: 'pass', opinion: '符合要求。' };
let server, description, clock;
const people = {};

const dossierOf = async (person, number) => (await person.get(`/dossiers/${number}`)).json;
const isOnDesk = async (officer, number) => (await officer.all('/desk', 'tasks')).some((one) => one.number === number);

async function tryComplete(officer, number, form) {
  const task = await openTask(officer, number);
  return officer.post(`/dossiers/${number}/tasks/${task}/complete`, { form });
}

async function certificateOf(person, number) {
  const { certificates } = await dossierOf(person, number);
  assert.equal(certificates.length, 1);
  const page = await person.get(`/dossiers/${number}/certificate`);
  assert.equal(page.status, 200, page.text);
  return { ...certificates[0], content: page.json.content };
}

/* ---- food licence ---------------------------------------------------------------------------- */

test('food licence: inspected, returned to the review, decided by who holds the letter', async () => {
  const number = await file(people.applicant, 'food-licence');
  await complete(people.window, number, ACCEPT);
  await complete(people.market, number, { outcome: 'inspect', opinion: '要看操作间。' });
  await complete(people.market, number, { outcome: 'return', opinion: '图纸与现场不一致。' });
  await complete(people.market, number, { outcome: 'decide', opinion: '已重新审核图纸。' });
  const refused = await tryComplete(people.market, number, GRANT);
  assert.equal(refused.status, 403);
  assert.equal(refused.json.code, 'authorisation.missing');
  await complete(people.chief, number, GRANT);
  const { number: licence, content } = await certificateOf(people.applicant, number);
  assert.match(licence, /^JY2026\d{6}$/);
  assert.ok(content.includes('餐饮服务经营者') && content.includes('自制饮品制售；'), content);
});

test('food licence: beyond the letter only the head of the department decides, and the page says by which rule', async () => {
  const number = await file(people.applicant, 'food-licence', { floor_area: '500.5' });
  await complete(people.window, number, ACCEPT);
  await complete(people.market, number, { outcome: 'decide', opinion: '材料符合要求。' });
  const refused = await tryComplete(people.chief, number, GRANT);
  assert.deepEqual([refused.status, refused.json.code], [403, 'authorisation.leader']);
  assert.equal((await dossierOf(people.chief, number)).task_refusal, 'authorisation.leader', 'told before he writes anything');
  assert.equal((await dossierOf(people.marketLeader, number)).task_refusal ?? null, null);
  assert.equal((await dossierOf(people.applicant, number)).state, 'accepted');
  await complete(people.marketLeader, number, GRANT);
  const { rulings } = await dossierOf(people.marketLeader, number);
  const { name, title, outputs, fired } = rulings.find((one) => one.step === 'authorisation/food-licence-authority');
  assert.deepEqual([name, title, outputs[0].value, fired[0].rule], ['授权范围', '授权范围', '单位负责人', 1]);
  assert.match(fired[0].basis, /超过500平方米/);
  assert.match((await certificateOf(people.applicant, number)).number, /^JY2026/);
});

test('food licence: a shop that sells loose food is asked for other things', async () => {
  const changes = { business_form: '食品销售经营者', operations: undefined, goods: ['散装食品销售'] };
  const number = await file(people.applicant, 'food-licence', changes);
  const { answers } = await dossierOf(people.applicant, number);
  const keys = answers.map((one) => one.key);
  assert.ok(keys.includes('goods') && !keys.includes('operations'), keys.join());
});

/* ---- sign ------------------------------------------------------------------------------------ */

test('sign: returned once, then granted; a large one asks for a statement on its structure', async () => {
  const number = await file(people.applicant, 'outdoor-ad', { sign_kind: '大型户外广告', premises_owned: 'rented' });
  const codes = (await dossierOf(people.applicant, number)).materials.map((one) => one.code);
  assert.ok(codes.includes('structure') && codes.includes('consent'), codes.join());
  await complete(people.window, number, ACCEPT);
  await complete(people.city, number, PASS);
  await complete(people.cityLeader, number, { outcome: 'return', opinion: '请补拍现场照片。' });
  await complete(people.city, number, PASS);
  await complete(people.cityLeader, number, GRANT);
  const { number: permit, content } = await certificateOf(people.applicant, number);
  assert.match(permit, /^GG2026/);
  assert.ok(content.includes('宽3米，高0.8米'), content);
});

test('sign: a small one is decided by the chief representative by letter, and by nobody else', async () => {
  const number = await file(people.applicant, 'outdoor-ad');
  await complete(people.window, number, ACCEPT);
  await complete(people.city, number, PASS);
  for (const other of [people.city, people.cityLeader]) {
    assert.equal((await dossierOf(other, number)).task_refusal, 'authorisation.missing');
    assert.equal((await tryComplete(other, number, GRANT)).json.code, 'authorisation.missing');
  }
  assert.equal((await dossierOf(people.cityChief, number)).task_refusal ?? null, null);
  await complete(people.cityChief, number, GRANT);
  assert.match((await certificateOf(people.applicant, number)).number, /^GG2026/);
});

/* ---- homestead ------------------------------------------------------------------------------- */

test('homestead: the township of the answers takes it in, two departments review it, one returns it', async () => {
  const number = await file(people.villager, 'homestead');
  assert.equal((await people.baishui.get(`/dossiers/${number}`)).status, 404, 'the other township does not know of it');
  assert.equal(await isOnDesk(people.window, number), false);
  await complete(people.qingshi, number, ACCEPT);
  await complete(people.qingshi, number, PASS);
  assert.ok(await isOnDesk(people.agri, number) && await isOnDesk(people.planner, number));
  await complete(people.agri, number, { outcome: 'return', opinion: '户口簿人数与申请不一致，请核实。' });
  await complete(people.planner, number, PASS);
  assert.equal(await isOnDesk(people.agri, number), false);
  await complete(people.qingshi, number, { outcome: 'done', opinion: '已核实，新生儿刚上户口。' });
  await complete(people.agri, number, PASS);
  await complete(people.qingshiLeader, number, GRANT);
  const approval = await certificateOf(people.villager, number);
  assert.match(approval.number, /^ZJ2026/);
  assert.equal(approval.unit, '青石镇人民政府');
  assert.ok(approval.content.includes('青石镇人民政府') && approval.content.includes('110平方米'), approval.content);
});

test('homestead: another township decides by its own leader', async () => {
  const number = await file(people.villager, 'homestead', { township: 'TOWN-BAISHUI' });
  assert.equal(await isOnDesk(people.qingshi, number), false);
  assert.ok(await isOnDesk(people.baishui, number));
});

/* ---- real estate ----------------------------------------------------------------------------- */

async function reviewed(changes) {
  const number = await file(people.villager, 'real-estate-first', changes);
  await complete(people.land, number, ACCEPT);
  await complete(people.land, number, PASS);
  return number;
}

test('real estate: the fee comes from the table, the bank confirms it, then it is registered', async () => {
  const number = await reviewed({});
  assert.equal(await isOnDesk(people.land, number), false, 'nobody at the window has the money');
  const silent = await tryComplete(people.bank, number, { outcome: 'paid', opinion: '到账。' });
  assert.equal(silent.status, 422);
  assert.deepEqual(silent.json.errors.map((one) => one.field), ['form.payment_reference']);
  await complete(people.bank, number, { outcome: 'paid', opinion: '到账。', payment_reference: '20261123000017' });
  await complete(people.land, number, { outcome: 'register', opinion: '已登簿。' });
  const { number: certificate, content } = await certificateOf(people.villager, number);
  assert.match(certificate, /^BDC2026/);
  assert.ok(content.includes('石望山') && content.includes('林小满'), content);
});

test('real estate: a small firm pays nothing, and the bank does not hear of it', async () => {
  const number = await reviewed({ owner_kind: 'firm', owner_name: undefined, owner_id_number: undefined, firm_name: '青溪县知味餐饮店',
    credit_code: '91350100M000100Y43', is_small_firm: 'yes', house_use: '非住宅', is_shared: 'no', co_owners: undefined,
    certificate_count: undefined });
  assert.equal(await isOnDesk(people.bank, number), false);
  const why = (await dossierOf(people.villager, number)).rulings.find((one) => one.step === 'fee_reduction');
  assert.deepEqual([why.table, why.title, why.inputs[0].label, why.inputs[0].value], ['fee-reductions', '规费减免', '是小微企业', '是'],
    'the table and the answer are told by their names, not by their codes');
  const [fee] = (await dossierOf(people.villager, number)).fees;
  assert.deepEqual([fee.standard, fee.reduction, fee.amount, fee.state, fee.reduction_ground],
    ['550.00', '550.00', '0.00', 'waived', '小微企业、个体工商户']);
  await complete(people.land, number, { outcome: 'register', opinion: '已登簿。' });
  assert.ok((await certificateOf(people.villager, number)).content.includes('青溪县知味餐饮店'));
});

test('real estate: who shows a disability certificate pays half: standard, reduction, ground and basis stand on page and slip', async () => {
  const number = await reviewed({ fee_relief: 'disabled' });
  const { fees: [fee], rulings, materials } = await dossierOf(people.villager, number);
  assert.deepEqual([fee.standard, fee.reduction, fee.amount, fee.state, fee.reduction_ground], ['90.00', '45.00', '45.00', 'due', '残疾人']);
  assert.match(fee.basis, /^住宅每件80元/);
  assert.match(fee.reduction_basis, /^残疾人凭残疾人证，不动产登记费减半收取（.*待办理部门确认）。$/);
  assert.ok(materials.some((one) => one.code === 'relief-proof'), 'the certificate is asked for');
  const why = rulings.find((one) => one.step === 'fee_reduction');
  assert.deepEqual([why.name, why.binds, why.fired[0].rule], ['收费减免', 'filed', 4]);
  assert.deepEqual(why.outputs.map((one) => [one.label, one.value]), [['情形', '残疾人'], ['减免份额', '0.5']]);

  const browser = await new Client(server).login(LOGINS.villager, 'demo-2026');
  const page = wordsOf((await browser.get(`/dossiers/${number}`)).text);
  for (const words of ['收费标准 ¥90.00 住宅每件80元', '减免 −¥45.00 残疾人 残疾人凭残疾人证', '应缴 ¥45.00'])
    assert.ok(page.includes(words), `${words}: ${page}`);
  const english = await new Client(server, { language: 'en' }).login(LOGINS.villager, 'demo-2026');
  const told = wordsOf((await english.get(`/dossiers/${number}`)).text);
  for (const words of ['Standard ¥90.00 80 yuan for a home', 'Reduction −¥45.00 Disabled persons Who shows a disability certificate pays half', 'To pay ¥45.00',
    'Fee reduction · ground Disabled persons · share taken off 0.5'])
    assert.ok(told.includes(words), `${words}: ${told}`);

  const { papers } = await dossierOf(people.villager, number);
  const slip = papers.find((one) => one.kind === 'payment_slip');
  const { content } = (await people.villager.get(`/dossiers/${number}/documents/${slip.id}`)).json;
  for (const words of ['按标准应收¥90.00', '减免金额¥45.00', '减免情形残疾人', '减免依据残疾人凭残疾人证', '应缴（小写）¥45.00', '人民币肆拾伍元整'])
    assert.ok(wordsOf(content).replaceAll(' ', '').includes(words), `${words}: ${wordsOf(content)}`);
});

test('real estate: on village land a notice is published first; an objection leads back to the review', async () => {
  const number = await reviewed({ land_kind: 'collective', house_use: '农村住宅' });
  await complete(people.land, number, { outcome: 'objection', opinion: '邻居对界址提出异议。' });
  await complete(people.land, number, { outcome: 'pass', opinion: '界址已重新确认。' });
  await complete(people.land, number, { outcome: 'none', opinion: '公告期满，没有异议。' });
  assert.ok(await isOnDesk(people.bank, number));
});

test('real estate: what is not fit is not registered, and nothing is charged', async () => {
  const number = await file(people.villager, 'real-estate-first');
  await complete(people.land, number, ACCEPT);
  await complete(people.land, number, { outcome: 'fail', opinion: '没有规划许可。' });
  const seen = await dossierOf(people.villager, number);
  assert.equal(seen.state, 'denied');
  assert.equal(seen.reason, '没有规划许可。');
  assert.equal(await isOnDesk(people.bank, number), false);
});

if (!isAvailable) {
  skipAll(`services on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock('2026-11-23T09:30:00+08:00'); /* a Monday */
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
  await runTests(() => stopServer(server));
}
