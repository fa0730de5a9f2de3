// stories.mjs - the two services as people live them, in a browser: from finding the guide to the
// rating, with scripts and without, in Chinese and in English, and by keyboard alone.
//
//     node tests/browser/stories.mjs sqlite|postgres
//
// On PostgreSQL a shorter part: pages are the same there, what they write is not.
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock } from '../lib/clock.mjs';
import { asFields, hotelHygiene, soleTrader } from '../lib/hall.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skip, test } from '../lib/tap.mjs';

const isWhole = engine === 'sqlite';
const clock = new TestClock('2026-11-23T09:00:00+08:00'); /* a Monday */
const MINUTE = 60000;
let server, moment = Date.parse(clock.now), phones = 13900000000;

const newPhone = () => String(++phones);

/** Work takes its time: the clock goes on between the parts of a story. */
async function later(minutes) {
  moment += minutes * MINUTE;
  await clock.set(new Date(moment).toISOString());
}

const open = (options) => Person.open(server, options);

async function staff(login, options) {
  const person = await open(options);
  await person.signIn(login);
  return person;
}

const numberOf = (person) => person.path.match(/^\/dossiers\/(\d+)/)?.[1];

/** What people read, where a story depends on it. */
const words = {
  'zh-CN': { search: ['开饭店', 'kfd'], spot: '当场办结', approved: '准予许可', denied: '不予许可', accepted: '已受理',
    steps: ['受理审查', '现场核查与审核', '决定'], rating: '非常满意' },
  en: { search: ['open a restaurant', 'restaurant'], spot: 'On the spot', approved: 'Approved', denied: 'Denied', accepted: 'Accepted',
    steps: ['Check the application', 'Inspect and review', 'Decide'], rating: 'Very satisfied' },
};

/* ---- on the spot ----------------------------------------------------------------------------- */

async function findGuide(newcomer, say) {
  await newcomer.go('/');
  for (const query of say.search) {
    await newcomer.page.locator('main input[name=q]').first().fill(query);
    await newcomer.follow('main form[role=search] button');
    assert.ok(await newcomer.has('a[href="/items/sole-trader"]'), `not found by ${query}`);
  }
  await newcomer.follow('a[href="/items/sole-trader"]');
  assert.match(await newcomer.text('dl.glance'), new RegExp(say.spot));
  const parts = await newcomer.page.locator('main section').evaluateAll((all) => all.map((one) => one.getAttribute('aria-labelledby')));
  assert.deepEqual(parts, ['can', 'bring', 'way', 'where', 'law'], 'a guide answers in this order');
}

async function register(newcomer, phone) {
  assert.match(newcomer.path, /^\/login\?next=%2Fapply%2Fsole-trader/);
  await newcomer.follow('main a[href^="/register"]');
  await newcomer.send('/register', { name: '沈小荷', phone, password: 'lotus in bloom' });
  assert.match(newcomer.path, /^\/login/);
  assert.ok(await newcomer.has('[role=status]'), 'told that the account is ready');
  await newcomer.signIn(phone, 'lotus in bloom');
}

async function decideOnTheSpot(officer, number, answers) {
  await officer.go('/desk');
  await officer.follow(`a[href="/dossiers/${number}"]`);
  const action = await officer.page.locator('form[action$="/complete"]').getAttribute('action');
  return officer.send(action, answers);
}

async function rate(person, number, grade) {
  await person.go(`/dossiers/${number}`);
  await person.send(`/dossiers/${number}/rating`, { grade: String(grade), comment: '很快，谢谢。' });
  assert.ok(await person.has('[role=status]'), 'thanked');
  assert.ok(!(await person.has('form[action$="/rating"]')), 'asked once');
}

async function onTheSpot(options) {
  const say = words[options.language], phone = newPhone();
  const newcomer = await open(options);
  await findGuide(newcomer, say);
  await newcomer.follow('a[href="/apply/sole-trader"]');
  await register(newcomer, phone);
  assert.equal(newcomer.path, '/apply/sole-trader', 'back where the log-in was asked for');
  await newcomer.send('/apply/sole-trader', { ...asFields({ ...soleTrader, operator_name: '沈小荷', operator_phone: phone }),
    material: ['id-card', 'premises'] });
  const number = numberOf(newcomer);
  assert.ok(number, `filed, but at ${newcomer.path}`);
  assert.ok(await newcomer.has('[role=status]'));
  await later(5);

  const officer = await staff('m001', options);
  await decideOnTheSpot(officer, number, { seen: ['id-card', 'premises'], 'form.outcome': 'approve', 'form.opinion': '材料齐全，准予登记。' });
  assert.ok(await officer.has('[role=status]'));
  await officer.close();

  await newcomer.go('/my');
  assert.match(await newcomer.text('ul.rows'), new RegExp(say.approved));
  await newcomer.follow(`a[href="/dossiers/${number}"]`);
  await newcomer.send(`/dossiers/${number}/certificate`);
  assert.equal(newcomer.path, `/dossiers/${number}/certificate?part=certificate`);
  const sheet = await newcomer.text('article.sheet');
  assert.match(sheet, /营业执照[\s\S]*GT2026\d{6}[\s\S]*青溪县小满茶饮店[\s\S]*县市场监督管理局\s*2026年11月\d+日/);
  await rate(newcomer, number, 1);
  assert.match(await newcomer.words(), new RegExp(say.rating));
  await newcomer.close();

  const anyone = await open(options);
  await anyone.go('/track');
  await anyone.send('/track', { number, phone });
  assert.match(await anyone.text('section'), new RegExp(say.approved));
  await anyone.close();
}

/* ---- with a promise -------------------------------------------------------------------------- */

/** What the supervisor sees of a dossier; in one of the stories without touching the page. */
async function supervisorSees(supervisor, number, step, { language, scripts }) {
  if (!scripts || language === 'en') await supervisor.go('/supervise');
  const row = supervisor.page.locator(`tr:has(a[href="/dossiers/${number}"])`);
  if (step) await row.filter({ hasText: step }).waitFor({ timeout: 8000 });
  else await row.waitFor({ state: 'detached', timeout: 8000 });
}

async function completeTask(login, number, answers, options) {
  const officer = await staff(login, options);
  await officer.go('/desk');
  await officer.follow(`a[href="/dossiers/${number}"]`);
  await officer.follow('form[action$="/claim"] button');
  assert.ok(await officer.has('form[action$="/release"]'), `${login} has the task`);
  const action = await officer.page.locator('form[action$="/complete"]').getAttribute('action');
  assert.equal(await officer.send(action, answers), 200);
  assert.ok(!(await officer.has(`form[action="${action}"]`)), `${login} has done it`);
  await officer.close();
}

/** The counts of the board by service, as the leader reads them. */
async function boardRow(leader, name) {
  await leader.go('/board');
  const row = leader.page.locator('table.ranking tr', { hasText: name });
  return (await row.count()) ? row.first().innerText() : '';
}

async function withPromise(options) {
  const say = words[options.language];
  const item = options.language === 'en' ? 'Hygiene permit' : '公共场所卫生许可';
  const supervisor = await staff('s001', options), leader = await staff('l001', options);
  const before = await boardRow(leader, item);
  await supervisor.go('/supervise');

  const applicant = await staff('13800000002', options);
  await applicant.go('/items/hotel-hygiene');
  await applicant.follow('a[href="/apply/hotel-hygiene"]');
  await applicant.send('/apply/hotel-hygiene', asFields(hotelHygiene));
  const number = numberOf(applicant);
  assert.ok(number, `filed, but at ${applicant.path}`);
  await supervisorSees(supervisor, number, say.steps[0], options);
  assert.ok(!(await applicant.has('dl.glance')), 'no promise before acceptance');

  await later(10);
  await completeTask('w001', number, { seen: ['legal-id', 'floor-plan', 'hygiene-report', 'hygiene-rules'],
    'form.outcome': 'accept', 'form.opinion': '材料齐全，予以受理。' }, options);
  await supervisorSees(supervisor, number, say.steps[1], options);
  await applicant.go(`/dossiers/${number}`);
  assert.match(await applicant.text('dl.glance'), options.language === 'en' ? /7 December 2026|2026-12-07|Dec/ : /2026年12月7日/);
  await applicant.page.locator('summary').first().click();
  assert.ok(await applicant.page.locator('ol.days > li').count() >= 10, 'why this date, day by day');

  await later(60);
  await completeTask('h001', number, { 'form.outcome': 'pass', 'form.opinion': '现场符合要求。' }, options);
  await supervisorSees(supervisor, number, say.steps[2], options);
  await later(60);
  await completeTask('h002', number, { 'form.outcome': 'approve', 'form.opinion': '符合条件，准予许可。' }, options);
  await supervisorSees(supervisor, number, null, options);
  await supervisor.go('/supervise?show=completed');
  assert.ok(await supervisor.has(`a[href="/dossiers/${number}"]`));
  await supervisor.follow(`a[href="/dossiers/${number}"]`);
  assert.ok(!(await supervisor.has('main form[method=post]')), 'a supervisor changes nothing');
  await supervisor.close();

  await applicant.go(`/dossiers/${number}`);
  await applicant.send(`/dossiers/${number}/certificate`);
  assert.match(await applicant.text('article.sheet'), /公共场所卫生许可证[\s\S]*青溪县滨河宾馆[\s\S]*县卫生健康局/);
  await rate(applicant, number, 2);
  await applicant.close();
  assert.notEqual(await boardRow(leader, item), before, 'the board has moved');
  await leader.close();
}

const ways = [];
for (const language of isWhole ? ['zh-CN', 'en'] : ['zh-CN'])
  for (const scripts of isWhole ? [true, false] : [true]) ways.push({ language, scripts });

for (const way of ways) {
  const how = `in ${way.language}, ${way.scripts ? 'with' : 'without'} scripts`;
  test(`a newcomer registers a business on the spot, ${how}`, () => onTheSpot(way));
  test(`a hotel gets its permit while supervisor and leader look on, ${how}`, () => withPromise(way));
}

/* ---- wrong input ----------------------------------------------------------------------------- */

/** Everything wrong at once: each field is named, the summary leads to it, all of it is kept. */
async function refused(person, action, answers, wrong, { selector } = {}) {
  const form = selector ?? action;
  await person.fill(answers, `form[action="${form}"]`);
  const typed = await person.values(form);
  const status = await person.follow(`form[action="${form}"] button[type=submit]:not([formaction])`);
  assert.equal(status, 422, `${form}: ${status}`);
  assert.deepEqual(await person.errorFields(), wrong);
  const kept = await person.values(form);
  for (const [name, value] of Object.entries(typed))
    assert.deepEqual(kept[name], name === 'password' ? '' : value, `${form}: ${name} is kept`);
  if (person.hasScripts) assert.equal(await person.focused(), 'errors', `${form}: the summary has the focus`);
  for (const [at, id] of wrong.entries()) {
    const field = person.page.locator(`[id="${id}"]`);
    assert.equal(await field.count(), 1, `${form}: #${id} is one field`);
    assert.ok(await person.page.locator(`.has-error:has([id="${id}"]) .field-error`).count(), `${form}: ${id} says what to do`);
    if (!person.hasScripts) continue;
    await person.page.locator('.error-summary a').nth(at).focus();
    await person.page.keyboard.press('Enter');
    assert.equal(await person.focused(), id, `${form}: the summary leads to ${id}`);
  }
}

const form = (...keys) => keys.map((key) => `form.${key}`);

async function wrongApplications(options) {
  const person = await staff('13800000001', options);
  await person.go('/apply/sole-trader');
  await refused(person, '/apply/sole-trader', {}, form('business_name', 'business_scope', 'premises_address', 'premises_owned',
    'operator_name', 'operator_id_number', 'operator_phone', 'by_agent'));
  await refused(person, '/apply/sole-trader', { ...asFields({ business_name: '一', business_scope: '茶'.repeat(501),
    premises_address: '<b>12</b>', premises_owned: 'rented', operator_name: '"', operator_id_number: '11010519491231002Y',
    operator_phone: '12345', by_agent: 'yes' }), material: ['premises'] },
  form('business_name', 'business_scope', 'operator_name', 'operator_id_number', 'operator_phone', 'agent_name'));
  await person.go('/apply/hotel-hygiene');
  await person.fill(asFields({ air_conditioning: 'central' }));
  if (person.hasScripts) await person.page.locator('[name="form.ac_cleaned_on"]').waitFor();
  else await person.follow('button[formaction$="/refresh"]');
  await refused(person, '/apply/hotel-hygiene', asFields({ unit_name: '旅', credit_code: '91350100M000100Y44', address: '路',
    legal_name: '周', phone: '电话', room_count: '四十八', floor_area: '很大', water_supply: 'mains' }),
  form('unit_name', 'credit_code', 'address', 'legal_name', 'phone', 'room_count', 'floor_area', 'ac_cleaned_on'));
  await person.go('/my');
  assert.ok(await person.has('.empty-state, ul.rows'));
  await person.close();
}

async function wrongElsewhere(options) {
  const person = await open(options);
  await person.go('/register');
  await refused(person, '/register', {}, ['name', 'phone', 'password']);
  await refused(person, '/register', { name: '名'.repeat(200), phone: '138000', password: 'short' }, ['name', 'phone', 'password']);
  await person.go('/login');
  await refused(person, '/login', { login: 'nobody', password: 'wrong' }, ['login']);
  await person.go('/track');
  await refused(person, '/track', { number: '', phone: 'abc' }, ['number', 'phone']);
  await refused(person, '/track', { number: '202611230000000000', phone: '13800000001' }, ['number']);
  await person.close();
  const leader = await staff('l001', options);
  await leader.go('/board?from=2026-11-30&to=2026-11-01');
  assert.ok((await leader.errorFields()).length, 'a period that ends before it begins is told');
  await leader.close();
}

/** On a dossier: a denial without its reason, a rating without its grade. */
async function wrongDecisions(options) {
  const say = words[options.language];
  const applicant = await staff('13800000001', options);
  await applicant.go('/apply/sole-trader');
  await applicant.send('/apply/sole-trader', asFields(soleTrader));
  const number = numberOf(applicant);
  const officer = await staff('m001', options);
  await officer.go(`/dossiers/${number}`);
  const action = await officer.page.locator('form[action$="/complete"]').getAttribute('action');
  await refused(officer, action, { seen: ['id-card'], 'form.opinion': '' }, form('outcome', 'opinion'));
  await refused(officer, action, { 'form.outcome': 'deny', 'form.opinion': ' ' }, form('opinion'));
  assert.deepEqual((await officer.values(action)).seen, ['id-card'], 'ticked materials are kept');
  await officer.send(action, { 'form.opinion': '名称与已登记的商户相同，请换一个名称。' });
  assert.ok(!(await officer.has('form[action$="/complete"]')));
  await officer.close();
  await applicant.go(`/dossiers/${number}`);
  assert.match(await applicant.words(), new RegExp(say.denied));
  assert.match(await applicant.words(), /名称与已登记的商户相同/);
  assert.ok(!(await applicant.has('form[action$="/certificate"]')), 'no certificate');
  await refused(applicant, `/dossiers/${number}/rating`, { comment: '差'.repeat(501) }, ['grade', 'comment']);
  await applicant.close();
}

if (isWhole)
  for (const way of ways) {
    const how = `in ${way.language}, ${way.scripts ? 'with' : 'without'} scripts`;
    test(`wrong input in applications is kept and named, ${how}`, () => wrongApplications(way));
    if ((way.language === 'en') === way.scripts) continue; /* each language and each way once is enough here */
    test(`wrong input elsewhere is kept and named, ${how}`, () => wrongElsewhere(way));
    test(`a denial needs its reason, a rating its grade, ${how}`, () => wrongDecisions(way));
  }

test('a question that an answer brings keeps everything typed, and the place', async () => {
  const person = await staff('13800000001', {});
  await person.go('/apply/sole-trader');
  await person.fill({ ...asFields({ business_name: '青溪县小满茶饮店', premises_owned: 'own' }), material: ['id-card'] });
  await person.page.locator('[name="form.by_agent"][value=yes]').focus();
  await person.page.keyboard.press('Space');
  await person.page.locator('[name="form.agent_name"]').waitFor();
  assert.equal(await person.page.evaluate(() => document.activeElement.name), 'form.by_agent');
  assert.ok(await person.has('[name=material][value=agent-letter]'), 'the letter is asked for too');
  const kept = await person.values('/apply/sole-trader');
  assert.equal(kept['form.business_name'], '青溪县小满茶饮店');
  assert.equal(kept['form.premises_owned'], 'own');
  assert.deepEqual(kept.material, ['id-card']);
  await person.fill(asFields({ by_agent: 'no' }));
  await person.page.locator('[name="form.agent_name"]').waitFor({ state: 'detached' });
  await person.close();
});

test('on a slow line, what is typed while the form renews itself is kept', async () => {
  const person = await staff('13800000001', {});
  await person.go('/apply/sole-trader');
  await person.page.route('**/refresh', async (route) => {
    await new Promise((done) => { setTimeout(done, 400); });
    await route.continue();
  });
  await person.fill(asFields({ by_agent: 'yes' }));
  await person.fill(asFields({ business_name: '青溪县小满茶饮店', premises_owned: 'own' }));
  await person.page.locator('[name="form.agent_name"]').waitFor();
  const kept = await person.values('/apply/sole-trader');
  assert.deepEqual([kept['form.business_name'], kept['form.premises_owned'], kept['form.by_agent']], ['青溪县小满茶饮店', 'own', 'yes']);
  await person.close();
});

/* ---- by keyboard alone ----------------------------------------------------------------------- */

async function applyByKeys(person) {
  const field = (key) => `[name="form.${key}"]`;
  for (const key of ['business_name', 'business_scope', 'premises_address']) await person.typeInto(field(key), soleTrader[key]);
  await person.tickByKey(field('premises_owned'));
  for (const key of ['operator_name', 'operator_id_number', 'operator_phone']) await person.typeInto(field(key), soleTrader[key]);
  await person.tickByKey(field('by_agent'));
  await person.tickByKey('[name=material][value=id-card]');
  await person.enterBy('#apply-form .actions button');
}

test('Tab, Space and Enter are enough for an applicant, from the home page to the rating', async () => {
  const person = await open({}), phone = newPhone();
  await person.go('/');
  await person.typeInto('input[name=q]', '开饭店');
  await person.enter();
  for (const selector of ['a[href="/items/sole-trader"]', 'a[href="/apply/sole-trader"]', 'main a[href^="/register"]']) {
    await person.enterBy(selector);
  }
  await person.typeInto('#name', '沈小荷');
  await person.typeInto('#phone', phone);
  await person.typeInto('#password', 'lotus in bloom');
  await person.enter();
  await person.typeInto('#login', phone);
  await person.typeInto('#password', 'lotus in bloom');
  await person.enter();
  await applyByKeys(person);
  const number = numberOf(person);
  assert.ok(number, `filed, but at ${person.path}`);
  const officer = await staff('m001', {});
  await decideOnTheSpot(officer, number, { 'form.outcome': 'approve' });
  await officer.close();
  await person.enterBy('a[href="/my"]');
  await person.enterBy(`a[href="/dossiers/${number}"]`);
  await person.enterBy('form[action$="/certificate"] button');
  assert.match(await person.text('article.sheet'), /营业执照/);
  await person.enterBy('.back a');
  await person.tickByKey('[name=grade]');
  await person.enterBy('form[action$="/rating"] button');
  assert.match(await person.words(), /非常满意/);
  await person.close();
});

test('an officer finds, opens and leaves a case with j, k and Enter', async () => {
  const applicant = await staff('13800000001', {});
  for (let filed = 0; filed < 2; filed++) {
    await applicant.go('/apply/sole-trader');
    await applicant.send('/apply/sole-trader', asFields(soleTrader));
  }
  await applicant.close();
  const officer = await staff('m001', {});
  await officer.go('/desk');
  const rows = await officer.page.locator('a[data-row]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  assert.ok(rows.length >= 2);
  for (const key of ['j', 'j', 'k']) await officer.page.keyboard.press(key);
  await officer.enter();
  assert.equal(officer.path, rows[0]);
  await officer.close();
});

/* ---- language, large text -------------------------------------------------------------------- */

for (const scripts of [true, false])
  test(`language and large text keep the page, ${scripts ? 'with' : 'without'} scripts`, async () => {
    const person = await staff('13800000001', { scripts });
    for (const path of ['/', '/items?q=%E5%BC%80%E5%BA%97', '/items/hotel-hygiene', '/apply/sole-trader', '/my', '/track']) {
      await person.go(path);
      await person.switchTo('elder/on');
      assert.equal(person.path, path);
      assert.ok(await person.has('html.is-elder'));
      await person.switchTo('language/en');
      assert.equal(person.path, path);
      assert.ok(await person.has('html.is-elder[lang=en]'));
      await person.switchTo('language/zh-CN');
      await person.switchTo('elder/off');
      assert.equal(person.path, path);
      assert.ok(await person.has('html[lang=zh-CN]:not(.is-elder)'));
    }
    await person.close();
  });

/* ---- the end --------------------------------------------------------------------------------- */

if (!isAvailable) {
  skip(`stories on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  await runTests(async () => {
    await closeBrowser();
    await stopServer(server);
  });
}
