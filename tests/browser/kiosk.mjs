// kiosk.mjs - a touch screen in a hall, by taps alone: a service found by its first letter, by a life event and by its
// department, its guide read, the progress of an application by keys on the screen, and back to the start when nobody
// touches it any more. No key of a keyboard is pressed. With scripts and without, upright and across, in both languages.
//
//     node tests/browser/kiosk.mjs sqlite|postgres
//
// On PostgreSQL it is skipped: pages are the same there.
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock } from '../lib/clock.mjs';
import { file } from '../lib/hall.mjs';
import { Program } from '../lib/program.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

const clock = new TestClock('2026-11-23T09:00:00+08:00');
const APPLICANT = '13800000001', TARGET_PX = 60;
let server;

const words = {
  'zh-CN': { found: /食品经营许可/, bring: /要带/, steps: /您提交了申请/, asks: /您还在吗/ },
  en: { found: /Food/, bring: /bring/i, steps: /You (filed|applied|sent)/, asks: /Are you still there/ },
};

/** Somebody before the screen; counts keys, so that none goes unseen. */
async function before(options) {
  const person = await Person.open(server, options);
  await person.page.setViewportSize(options.screen);
  await person.page.addInitScript(() => addEventListener('keydown', () => { sessionStorage.keys = Number(sessionStorage.keys ?? 0) + 1; }));
  await person.go('/kiosk/on');
  return person;
}

const tap = async (person, selector) => {
  await Promise.all([person.page.waitForNavigation(), person.page.locator(selector).first().click()]);
};

/** What can be touched and is too small for a finger. */
const smallTargets = (person) => person.page.evaluate((least) => [...document.querySelectorAll('main a, main button, .topbar a')]
  .filter((one) => one.offsetParent && !one.closest('p:not(.actions):not(.back), .steps, dd'))
  .map((one) => [one.textContent.trim(), Math.round(one.getBoundingClientRect().height)]).filter(([, height]) => height < least), TARGET_PX);

for (const [language, scripts, screen] of [['zh-CN', true, { width: 1080, height: 1920 }], ['en', false, { width: 1920, height: 1080 }]])
  test(`found, read and followed by taps (${language}, ${scripts ? 'with' : 'without'} scripts, ${screen.width} by ${screen.height})`, async () => {
    const say = words[language];
    const number = await file(await new Program(server).login(APPLICANT), 'hotel-hygiene');
    const person = await before({ language, scripts, screen });
    assert.equal(person.path, '/');
    assert.equal(await person.page.locator('input:not([type=hidden]), textarea, select').count(), 0, 'nothing to type into');
    assert.deepEqual(await smallTargets(person), []);
    await tap(person, '.key[href$="q=S"]');
    assert.match(await person.words(), say.found);
    await tap(person, '.topbar a[href="/"]');
    await tap(person, 'a.tile[href*="unit=HEALTH"]');
    await tap(person, 'a[href="/items/hotel-hygiene"]');
    assert.match(await person.words(), say.bring);
    assert.equal(await person.page.locator('a[href^="/apply/"], a[href^="/login"]').count(), 0, 'nothing that takes an account');
    assert.deepEqual(await smallTargets(person), []);

    await tap(person, '.topbar a[href="/"]');
    await tap(person, 'a[href="/track"]');
    for (const digit of `${number}9`) await tap(person, `button[name=tap][value="${digit}"]`);
    assert.match(await person.text('.key-field'), new RegExp(number), 'no more digits than a number has');
    await tap(person, 'button[name=field][value=phone]');
    for (const digit of `${APPLICANT}5`) await tap(person, `button[name=tap][value="${digit}"]`);
    await tap(person, 'button[name=tap][value=back]');
    assert.ok(!person.page.url().includes(APPLICANT), 'no phone in an address');
    assert.deepEqual(await smallTargets(person), []);
    await tap(person, 'form[action="/track"] button');
    assert.match(await person.words(), say.steps);
    await tap(person, 'main a[href="/"]');
    assert.equal(person.path, '/');
    assert.equal(await person.page.evaluate(() => sessionStorage.keys ?? null), null, 'no key was pressed');
    await person.close();
  });

test('a wrong number says so and keeps the keys; the number typed stays', async () => {
  const person = await before({ screen: { width: 1080, height: 1920 } });
  await tap(person, 'a[href="/track"]');
  for (const digit of '2026') await tap(person, `button[name=tap][value="${digit}"]`);
  await tap(person, 'form[action="/track"] button');
  assert.ok(await person.has('.errors, [role=alert], .error-summary'), 'told what is wrong');
  assert.match(await person.text('.key-field'), /2026/);
  await tap(person, 'button[name=tap][value=clear]');
  assert.doesNotMatch(await person.text('.key-field'), /2026/);
  await person.close();
});

test('left alone it asks after a minute, and half a minute later it starts anew', async () => {
  const person = await before({ screen: { width: 1080, height: 1920 } });
  await person.page.clock.install();
  await person.go('/items/hotel-hygiene');
  await person.page.clock.fastForward(59_000);
  assert.equal(person.path, '/items/hotel-hygiene');
  await Promise.all([person.page.waitForURL('**/kiosk/still-there**'), person.page.clock.fastForward(2_000)]);
  assert.match(await person.words(), words['zh-CN'].asks);
  await tap(person, 'main a.btn-primary');
  assert.equal(person.path, '/items/hotel-hygiene');
  await Promise.all([person.page.waitForURL('**/kiosk/still-there**'), person.page.clock.fastForward(61_000)]);
  await Promise.all([person.page.waitForURL((url) => url.pathname === '/'), person.page.clock.fastForward(31_000)]);
  await person.close();
});

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`a touch screen on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  await runTests(async () => {
    await closeBrowser();
    await stopServer(server);
  });
}
