// restaurant.mjs - opening a restaurant as one thing, as everybody who has to do with it lives it: the
// manager on a phone without scripts, window, departments, supervisor and leader at a desk with them.
// Three departments work side by side, the clock stands still as the law lets it, the supervisor has a
// late department put right before the promise breaks, and three certificates come out that anybody can
// verify. Told in Chinese and in English, each time on a server of its own and a clock that is set.
//
//     node tests/browser/restaurant.mjs sqlite|postgres
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock, until } from '../lib/clock.mjs';
import { asFields, restaurant } from '../lib/hall.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { pdf, png } from '../lib/upload.mjs';

const MORNING = '2026-11-23T09:30:00+08:00'; /* a Monday: accepted then, ten working days end on 7 December */
const INSPECTED = '2026-11-26T09:30:00+08:00'; /* two working days later are not counted: 9 December */
const LAST_DAY = '2026-12-09T09:30:00+08:00';
const PHONE = { width: 390, scripts: false }, DESK = { width: 1280, scripts: true };
const MANAGER = '13800000003';

/** What people read, where the story depends on it. */
const words = {
  'zh-CN': { search: '开饭店', accepted: '已受理', approved: '准予许可', due: '2026年12月7日', moved: '2026年12月9日',
    ground: '现场', closed: '已办结', licence: '食品经营许可证', genuine: '这份文书由本政务服务平台出具' },
  en: { search: 'restaurant', accepted: 'Accepted', approved: 'Approved', due: '7 December 2026', moved: '9 December 2026',
    ground: 'inspection', closed: 'Closed', licence: 'Food business licence', genuine: 'This paper was issued here' },
};

/** One telling of the story: a server, a clock, a language. */
class Telling {
  constructor(language) {
    this.language = language;
    this.say = words[language];
    this.clock = new TestClock(MORNING);
  }

  async begin() {
    this.server = await startServer({ clock: this.clock.file });
  }

  open(how) {
    return Person.open(this.server, { ...how, language: this.language });
  }

  async signIn(login, how = DESK) {
    return (await this.open(how)).signIn(login);
  }

  get page() {
    return `/dossiers/${this.number}`;
  }

  /** What somebody does from the log-in to the log-out. */
  async as(login, how, act) {
    const person = login ? await this.signIn(login, how) : await this.open(how);
    const found = await act(person);
    await person.close();
    return found;
  }

  /** An officer finds the dossier on the desk, opens it, and completes the step. */
  complete(login, answers) {
    return this.as(login, DESK, async (officer) => {
      await officer.go('/desk');
      await officer.follow(`a[href="${this.page}"]`);
      const action = await officer.page.locator('form[action$="/complete"]').getAttribute('action');
      assert.equal(await officer.send(action, { 'form.opinion': '符合要求。', ...answers }), 200, await officer.words());
      assert.ok(!(await officer.has(`form[action="${action}"]`)), `${login} has done it`);
    });
  }

  pass(login) {
    return this.complete(login, { 'form.outcome': 'pass' });
  }

  agree(login) {
    return this.complete(login, { 'form.outcome': 'agree', 'form.opinion': '同意。' });
  }

  /** Which of these have it on their desk now. */
  async busy(...logins) {
    const found = [];
    for (const login of logins)
      await this.as(login, DESK, async (officer) => {
        await officer.go('/desk');
        if (await officer.has(`a[href="${this.page}"]`)) found.push(login);
      });
    return found;
  }

  /** The numbers of the leader's board: figures and stages. */
  board() {
    return this.as('l001', DESK, async (leader) => {
      await leader.go('/board?from=2026-11-01&to=2026-12-31');
      return leader.page.locator('.figure').evaluateAll((all) => Object.fromEntries(all.map((one) =>
        [one.querySelector('summary').innerText.match(/S\d\d/)[0], one.querySelector('.figure-value').innerText])));
    });
  }
}

/* ---- the manager ----------------------------------------------------------------------------- */

async function findAndApply(it, manager) {
  await manager.go('/');
  await manager.page.locator('main input[name=q]').fill(it.say.search);
  await manager.follow('main form[role=search] button');
  await manager.follow('a[href="/items/open-restaurant"]');
  assert.equal(await manager.page.locator('dl.glance dd', { hasText: /证|书|licen|permit|opinion/i }).count(), 3, 'three certificates');
  await manager.follow('a[href="/apply/open-restaurant"]');
  assert.match(manager.path, /^\/login/);
  await manager.signIn(MANAGER);
  assert.equal(manager.path, '/apply/open-restaurant');
  const first = ['has_sign', 'premises_owned', 'fire_way', 'by_agent'];
  await manager.fill(asFields(Object.fromEntries(first.map((key) => [key, restaurant[key]]))));
  await manager.follow('button[formaction$="/refresh"]');
  assert.equal(await manager.page.locator('[name=material]').count(), 7, 'what is asked for follows from the answers');
}

async function uploadAndSubmit(it, manager) {
  const upload = (code, name, mimeType, buffer) =>
    manager.page.locator(`[name="file.${code}"]`).setInputFiles({ name, mimeType, buffer });
  await upload('layout', '平面图.pdf', 'application/pdf', pdf('kitchen and exits'));
  await upload('sign-drawing', '招牌效果图.png', 'image/png', png);
  await manager.send('/apply/open-restaurant', asFields(restaurant));
  it.number = manager.path.match(/^\/dossiers\/(\d{18})/)?.[1];
  assert.ok(it.number, `filed, but at ${manager.path}: ${await manager.words()}`);
  assert.ok(await manager.has('[role=status]'), 'told that it was filed');
  assert.match(await manager.words(), /平面图\.pdf[\s\S]*招牌效果图\.png/);
}

/** The receipt: by its token the story ends. */
async function readReceipt(it, manager) {
  await manager.follow(`a[href^="${it.page}/documents/"]:not([href$=".pdf"])`);
  assert.match(await manager.text('article.sheet'), /收件回执/);
  it.rating = (await manager.page.content()).match(/\/rate\/[0-9a-f]+/)[0];
}

async function applies(it) {
  it.before = await it.board();
  await it.as(null, PHONE, async (manager) => {
    await findAndApply(it, manager);
    await uploadAndSubmit(it, manager);
    await readReceipt(it, manager);
  });
}

/* ---- the window, three departments, the clock ------------------------------------------------ */

async function accepts(it) {
  await it.as('w001', DESK, async (clerk) => {
    await clerk.go('/desk');
    await clerk.follow(`a[href="${it.page}"]`);
    await clerk.page.locator('a[data-view="application/pdf"]').click();
    await clerk.page.locator('#viewer iframe').waitFor();
    await clerk.page.locator('#viewer button').click();
    const action = await clerk.page.locator('form[action$="/complete"]').getAttribute('action');
    await clerk.send(action, { seen: ['legal-id', 'layout', 'premises', 'food-rules', 'sign-drawing', 'sign-consent', 'fire-rules'],
      'form.outcome': 'accept', 'form.opinion': '材料齐全，予以受理。' });
    assert.ok(await clerk.has('[role=status]'), await clerk.words());
  });
  assert.deepEqual(await it.busy('m001', 'c001', 'f001', 'h001'), ['m001', 'c001', 'f001'], 'three at once, a fourth knows nothing');
  await it.as(MANAGER, PHONE, async (manager) => {
    await manager.go(it.page);
    assert.match(await manager.words(), new RegExp(it.say.accepted));
    assert.ok((await manager.text('dl.glance')).includes(it.say.due), await manager.text('dl.glance'));
  });
}

/** Fire and rescue inspects: the clock stands, and the promise moves by just those days. */
async function standsAndRuns(it) {
  await it.pass('m001');
  await it.pass('c001');
  await it.pass('f001');
  const isStopped = () => it.as(MANAGER, PHONE, async (manager) => {
    await manager.go(it.page);
    return manager.has('dl.glance .lamp-grey');
  });
  assert.ok(await isStopped(), 'an inspection is not counted');
  await it.clock.set(INSPECTED);
  await it.pass('f001');
  assert.ok(!(await isStopped()));
  await it.as(MANAGER, PHONE, async (manager) => {
    await manager.go(it.page);
    assert.ok((await manager.text('dl.glance')).includes(it.say.moved), await manager.text('dl.glance'));
    await manager.page.locator('details:has(ol.days) summary').first().click();
    const days = await manager.page.locator('ol.days > li').evaluateAll((all) => all.map((one) => one.innerText));
    assert.equal(days.filter((day) => new RegExp(it.say.ground, 'i').test(day)).length, 2, days.join('\n'));
  });
  await it.agree('f002');
  await it.agree('c002');
  assert.deepEqual(await it.busy('m001', 'c001', 'f001'), ['m001'], 'market regulation alone has it still');
}

/* ---- the supervisor -------------------------------------------------------------------------- */

async function warns(it) {
  await it.clock.set(LAST_DAY);
  await it.as('m001', DESK, async (officer) => {
    await until(async () => {
      await officer.go('/corrections');
      return officer.has(`section[aria-labelledby=warnings] a[href="${it.page}"]`);
    }, { seconds: 20, every: 500, what: 'the warning' });
  });
}

async function corrects(it) {
  await it.as('s001', DESK, async (supervisor) => {
    await supervisor.go('/supervise?show=near');
    await supervisor.follow(`a[href="${it.page}"]`);
    await supervisor.follow(`a[href^="/corrections/new"]`);
    await supervisor.send('/corrections', { ground: 'other', text: '今日到期，贵单位还没有提出意见，请今日办理。' });
    it.notice = supervisor.path;
    assert.match(it.notice, /^\/corrections\/\d+$/, await supervisor.words());
  });
  await it.as('m001', DESK, async (officer) => {
    await officer.go('/corrections');
    await officer.follow(`a[href="${it.notice}"]`);
    await officer.send(`${it.notice}/reply`, { text: '今日完成核查，今日提出意见。' });
    assert.match(await officer.words(), /今日完成核查/);
  });
  await it.as('s001', DESK, async (supervisor) => {
    await supervisor.go('/corrections?state=replied');
    await supervisor.follow(`a[href="${it.notice}"]`);
    await supervisor.send(`${it.notice}/check`, { verdict: 'sufficient' });
    assert.match(await supervisor.text('dl.facts'), new RegExp(it.say.closed));
  });
}

/* ---- the end --------------------------------------------------------------------------------- */

async function decides(it) {
  await it.pass('m001');
  await it.agree('m003');
  await it.complete('m004', { 'form.outcome': 'approve', 'form.opinion': '各部门都同意，准予许可。' });
}

/** Three certificates, each with a number and a code. */
async function receives(it) {
  it.certificates = await it.as(MANAGER, PHONE, async (manager) => {
    const found = [];
    for (const [part, prefix] of [['food-licence', 'JY2026'], ['sign-permit', 'GG2026'], ['fire-opinion', 'XF2026']]) {
      await manager.go('/my');
      await manager.follow(`ul.rows a[href="${it.page}"]`);
      assert.match(await manager.words(), new RegExp(it.say.approved));
      await manager.follow(`form[action="${it.page}/certificate"]:has([value="${part}"]) button`);
      const sheet = await manager.text('article.sheet');
      const code = sheet.match(/[0-9A-Z]{5}(?:[ -][0-9A-Z]{5}){3}/)?.[0];
      const number = sheet.match(new RegExp(`${prefix}\\d+`))?.[0];
      assert.ok(number && code, sheet);
      found.push({ part, number, code });
    }
    return found;
  });
  assert.equal(new Set(it.certificates.map(({ code }) => code)).size, 3);
}

/** Anybody, without an account: from the home page, with the code as it is printed. */
const verifies = (it) => it.as(null, PHONE, async (anybody) => {
  const [{ number, code }] = it.certificates;
  await anybody.go('/');
  await anybody.follow('main a[href="/verify"]');
  await anybody.send('/verify', { code });
  const said = await anybody.words();
  assert.ok(said.includes(number) && said.includes(it.say.licence) && said.includes(it.say.genuine), said);
  assert.ok(!said.includes(restaurant.business_name) && !said.includes(restaurant.legal_name), 'of the holder only a part of the name');
});

const rates = (it) => it.as(null, PHONE, async (manager) => {
  await manager.go(it.rating);
  await manager.send(it.rating, { grade: '1', comment: '一次办好，谢谢。' });
  assert.ok(!(await manager.has('input[name=grade]')), 'asked once');
});

async function boardHasMoved(it) {
  const after = await it.board();
  assert.ok(Object.values(it.before).every((value) => value === '—'), `before: ${JSON.stringify(it.before)}`);
  for (const figure of ['S01', 'S02']) assert.match(after[figure], /100/, `${figure}: ${JSON.stringify(after)}`);
  await it.as('l001', DESK, async (leader) => {
    await leader.go('/board?from=2026-11-01&to=2026-12-31');
    await leader.follow('a[href^="/board/dossiers?figure=s02"]');
    assert.ok(await leader.has(`a[href="${it.page}"]`), 'the dossier behind the figure');
  });
}

const CHAPTERS = [
  ['the manager finds the guide, applies and uploads', applies],
  ['one window accepts; three departments have it at once', accepts],
  ['the clock stands during an inspection and runs again', standsAndRuns],
  ['the department is warned before the promise breaks', warns],
  ['the supervisor sends a notice, the department replies, the reply is checked', corrects],
  ['the last department agrees, and one decision is taken', decides],
  ['three certificates come out, with numbers and codes', receives],
  ['anybody verifies one by its code', verifies],
  ['who holds the receipt rates', rates],
  ['the leader\'s board has moved, and shows what moved it', boardHasMoved],
];

/** The chapters of one telling; the first also starts its server, and none goes on from a broken one. */
function tell(language) {
  const telling = new Telling(language);
  CHAPTERS.forEach(([name, act], at) => test(`${name}, in ${language}`, async () => {
    assert.equal(telling.told ?? 0, at, 'an earlier chapter failed');
    if (at === 0) await telling.begin();
    await act(telling);
    telling.told = at + 1;
  }));
  return telling;
}

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`a restaurant in the browser on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  const tellings = ['zh-CN', 'en'].map(tell);
  await runTests(async () => {
    await closeBrowser();
    for (const { server } of tellings) if (server) await stopServer(server);
  });
}
