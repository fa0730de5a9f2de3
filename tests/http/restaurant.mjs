// restaurant.mjs - opening a restaurant as one thing, over HTTP: one form, one window, three departments
// side by side, a return inside a branch, one joint decision, three certificates, one rating.
//
//     node tests/http/restaurant.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, file, openTask, restaurant } from '../lib/hall.mjs';

const LOGINS = { manager: '13800000003', other: '13800000002', window: 'w001', market: 'm001', marketChief: 'm003', marketLeader: 'm004',
  city: 'c001', cityChief: 'c002', fire: 'f001', fireLeader: 'f002', health: 'h001', observer: 'o001' };
const ACCEPT = { outcome: 'accept', opinion: '材料齐全，予以受理。' };
const PASS = { outcome: 'pass', opinion: '符合要求。' };
const AGREE = { outcome: 'agree', opinion: '同意。' };
let server, description, clock;
const people = {};

const dossierOf = async (person, number) => (await person.get(`/dossiers/${number}`)).json;
const isOnDesk = async (officer, number) => (await officer.all('/desk', 'tasks')).some((one) => one.number === number);

/** Another day: sessions have ended meanwhile, so everybody logs in again. */
async function later(instant) {
  await clock.set(instant);
  await logIn();
}

async function logIn() {
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
}

/** Which of the departments have something to do for it now. */
async function busy(number) {
  const found = [];
  for (const name of ['market', 'city', 'fire', 'health'])
    if (await isOnDesk(people[name], number)) found.push(name);
  return found;
}

async function tryComplete(officer, number, form) {
  const task = await openTask(officer, number);
  return officer.post(`/dossiers/${number}/tasks/${task}/complete`, { form });
}

async function accepted(changes) {
  const number = await file(people.manager, 'open-restaurant', changes);
  await complete(people.window, number, ACCEPT);
  return number;
}

async function marketAgrees(number) {
  await complete(people.market, number, PASS);
  await complete(people.market, number, PASS);
  await complete(people.marketChief, number, AGREE);
}

async function cityAgrees(number) {
  await complete(people.city, number, PASS);
  await complete(people.cityChief, number, AGREE);
}

/* ---- the guide ------------------------------------------------------------------------------- */

test('the guide names three departments, three certificates, and who needs which document', async () => {
  const { json } = await people.manager.get('/items/open-restaurant');
  assert.equal(json.kind, 'joint');
  assert.equal(json.unit, '县市场监督管理局、县城市管理和综合执法局、县消防救援大队');
  assert.deepEqual(json.certificates.map((one) => [one.code, one.unit]), [['food-licence', '县市场监督管理局'],
    ['sign-permit', '县城市管理和综合执法局'], ['fire-opinion', '县消防救援大队']]);
  const needed = Object.fromEntries(json.materials.map((one) => [one.code, one.units]));
  assert.equal(needed.layout, '县市场监督管理局、县消防救援大队');
  assert.equal(needed['food-rules'], '县市场监督管理局');
});

test('it stands first among the services, and is found by what people say', async () => {
  const home = (await people.manager.get('/')).json;
  assert.equal(home.items[0].code, 'open-restaurant');
  for (const words of ['开饭店', '我想开一家餐馆', 'kfd', 'restaurant']) {
    const found = (await people.manager.get(`/items?q=${encodeURIComponent(words)}`)).json.items;
    assert.equal(found[0]?.code, 'open-restaurant', words);
  }
});

/* ---- with a sign, inspected: all three ------------------------------------------------------- */

test('filed once: what is asked for follows from the answers', async () => {
  people.number = await file(people.manager, 'open-restaurant');
  const { materials } = await dossierOf(people.manager, people.number);
  assert.deepEqual(materials.map((one) => one.code).sort(),
    ['fire-rules', 'food-rules', 'layout', 'legal-id', 'premises', 'sign-consent', 'sign-drawing']);
  assert.deepEqual(await busy(people.number), []);
});

test('one window accepts; three departments have it at the same time, a fourth does not know of it', async () => {
  await complete(people.window, people.number, ACCEPT);
  assert.deepEqual(await busy(people.number), ['market', 'city', 'fire']);
  assert.equal((await people.health.get(`/dossiers/${people.number}`)).status, 404);
  const seen = await dossierOf(people.manager, people.number);
  assert.equal(seen.state, 'accepted');
  assert.equal(seen.clock.due_on, '2026-12-07', 'ten working days');
});

test('an observer sees it and may change nothing', async () => {
  assert.equal((await people.observer.get('/supervise')).status, 200);
  assert.equal((await people.observer.get('/desk')).status, 403);
  const task = await openTask(people.market, people.number);
  const answer = await people.observer.post(`/dossiers/${people.number}/tasks/${task}/complete`, { form: PASS });
  assert.equal(answer.status, 403);
});

test('market regulation: only who holds the letter gives the opinion of the department', async () => {
  await complete(people.market, people.number, PASS);
  await complete(people.market, people.number, { outcome: 'pass', opinion: '厨房布局与图纸一致。' });
  const refused = await tryComplete(people.market, people.number, AGREE);
  assert.equal(refused.status, 403);
  assert.equal(refused.json.code, 'authorisation.missing');
  assert.ok(await isOnDesk(people.market, people.number), 'what was refused changes nothing');
  await complete(people.marketChief, people.number, AGREE);
  assert.deepEqual(await busy(people.number), ['city', 'fire']);
});

test('fire and rescue: a site inspection is not counted, and moves the promised date by just that', async () => {
  await complete(people.fire, people.number, PASS);
  assert.equal((await dossierOf(people.manager, people.number)).clock.is_suspended, true);
  await later('2026-11-26T09:30:00+08:00');
  await complete(people.fire, people.number, { outcome: 'pass', opinion: '疏散通道畅通。' });
  const { clock: moved } = await dossierOf(people.manager, people.number);
  assert.equal(moved.is_suspended, false);
  assert.deepEqual(moved.spans.map((one) => one.ground), ['site_inspection']);
  assert.equal(moved.due_on, '2026-12-09', 'the two working days between are not counted');
});

test('fire and rescue: returned inside the branch with an opinion, and nothing is lost', async () => {
  await complete(people.fireLeader, people.number, { outcome: 'return', opinion: '灭火器数量请再核对。' });
  assert.deepEqual(await busy(people.number), ['city', 'fire']);
  const { tasks } = await dossierOf(people.fire, people.number);
  const opinions = tasks.map((one) => one.opinion);
  for (const said of ['厨房布局与图纸一致。', '疏散通道畅通。', '灭火器数量请再核对。'])
    assert.ok(opinions.includes(said), `${said} of ${opinions}`);
  await complete(people.fire, people.number, { outcome: 'pass', opinion: '已核对，共六具。' });
  await complete(people.fire, people.number, PASS);
  await complete(people.fireLeader, people.number, AGREE);
  assert.deepEqual(await busy(people.number), ['city']);
});

test('city management agrees: the joint decision opens, at the leading department alone', async () => {
  assert.equal(await isOnDesk(people.marketLeader, people.number), false);
  await cityAgrees(people.number);
  assert.deepEqual(await busy(people.number), ['market']);
});

test('one decision, three certificates, each of its department', async () => {
  await complete(people.marketLeader, people.number, { outcome: 'approve', opinion: '各部门都同意，准予许可。' });
  const { state, reason, certificates } = await dossierOf(people.manager, people.number);
  assert.equal(state, 'approved');
  assert.equal(reason, '各部门都同意，准予许可。');
  assert.deepEqual(certificates.map((one) => [one.part, one.number.slice(0, 6), one.unit]).sort(),
    [['fire-opinion', 'XF2026', '县消防救援大队'], ['food-licence', 'JY2026', '县市场监督管理局'],
      ['sign-permit', 'GG2026', '县城市管理和综合执法局']]);
});

test('each certificate says what was applied for', async () => {
  const say = { 'food-licence': '热食类食品制售；冷食类食品制售；', 'sign-permit': '宽6米，高1.2米', 'fire-opinion': '180平方米' };
  for (const [part, words] of Object.entries(say)) {
    const page = await people.manager.get(`/dossiers/${people.number}/certificate?part=${part}`);
    assert.equal(page.status, 200, page.text);
    assert.ok(page.json.content.includes(words), `${part}: ${page.json.content}`);
    assert.equal((await people.other.get(`/dossiers/${people.number}/certificate?part=${part}`)).status, 404);
  }
});

test('rated once, by who applied', async () => {
  assert.equal((await people.manager.post(`/dossiers/${people.number}/rating`, { grade: 1, comment: '一次办好' })).status, 200);
  assert.equal((await people.manager.post(`/dossiers/${people.number}/rating`, { grade: 5 })).status, 409);
});

/* ---- without a sign, by commitment ----------------------------------------------------------- */

const PLAIN = { has_sign: 'no', sign_words: undefined, sign_width: undefined, sign_height: undefined, sign_is_lit: undefined,
  premises_owned: 'own', fire_way: 'commitment' };

test('without a sign city management is passed by, and two certificates come out', async () => {
  const number = await accepted(PLAIN);
  assert.deepEqual(await busy(number), ['market', 'fire']);
  const codes = (await dossierOf(people.manager, number)).materials.map((one) => one.code);
  assert.ok(codes.includes('fire-commitment') && !codes.includes('sign-drawing'), codes.join());
  await marketAgrees(number);
  await complete(people.fire, number, PASS);
  await complete(people.fireLeader, number, AGREE);
  await complete(people.marketLeader, number, { outcome: 'approve', opinion: '都同意。' });
  const { certificates } = await dossierOf(people.manager, number);
  assert.deepEqual(certificates.map((one) => one.part).sort(), ['fire-opinion', 'food-licence']);
  assert.equal((await people.manager.get(`/dossiers/${number}/certificate?part=sign-permit`)).status, 404);
});

/* ---- one department does not agree ----------------------------------------------------------- */

test('one does not agree: the departments consult, and only that one reviews again', async () => {
  const number = await accepted(PLAIN);
  await marketAgrees(number);
  await complete(people.fire, number, PASS);
  await complete(people.fireLeader, number, { outcome: 'disagree', opinion: '缺少应急照明。' });
  assert.deepEqual(await busy(number), ['market']);
  await complete(people.marketLeader, number, { outcome: 'again', opinion: '申请人已加装应急照明。' });
  assert.deepEqual(await busy(number), ['fire']);
  await complete(people.fire, number, PASS);
  await complete(people.fireLeader, number, AGREE);
  await complete(people.marketLeader, number, { outcome: 'approve', opinion: '整改后都同意。' });
  assert.equal((await dossierOf(people.manager, number)).state, 'approved');
});

test('what cannot be put right is denied, with its reason and without a certificate', async () => {
  const number = await accepted({});
  await cityAgrees(number);
  await marketAgrees(number);
  await complete(people.fire, number, PASS);
  await complete(people.fire, number, { outcome: 'fail', opinion: '只有一个安全出口。' });
  await complete(people.fireLeader, number, { outcome: 'disagree', opinion: '安全出口不足，无法整改。' });
  const silent = await tryComplete(people.marketLeader, number, { outcome: 'deny', opinion: '' });
  assert.equal(silent.status, 422);
  await complete(people.marketLeader, number, { outcome: 'deny', opinion: '安全出口不足，不符合消防要求。' });
  const seen = await dossierOf(people.manager, number);
  assert.equal(seen.state, 'denied');
  assert.equal(seen.reason, '安全出口不足，不符合消防要求。');
  assert.deepEqual(seen.certificates, []);
  assert.deepEqual(await busy(number), []);
});

test('answers that do not fit are refused before anything is filed', async () => {
  const answer = await people.manager.post('/apply/open-restaurant', { form: { ...restaurant, sign_width: undefined } });
  assert.equal(answer.status, 422);
  assert.deepEqual(answer.json.errors.map((one) => one.field), ['form.sign_width']);
});

if (!isAvailable) {
  skipAll(`restaurant on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock('2026-11-23T09:30:00+08:00'); /* a Monday */
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await logIn();
  await runTests(() => stopServer(server));
}
