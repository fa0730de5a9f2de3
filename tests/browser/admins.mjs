// admins.mjs - an officer puts a second factor on his account and signs in with it, in a browser: with scripts and
// without, in both languages, wide and narrow; every page of it looked at by axe.
//
//     node tests/browser/admins.mjs sqlite|postgres
//
// On PostgreSQL it is skipped: pages are the same there, and tests/http/admins.mjs runs on both.
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock } from '../lib/clock.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { excess, findings } from '../style/samples.mjs';
import { codeAt, wrongAt } from '../lib/telephone.mjs';

const clock = new TestClock('2026-11-23T09:00:00+08:00');
let server;

const later = (seconds) => clock.set(new Date(Date.parse(clock.now) + seconds * 1000).toISOString());

const words = {
  'zh-CN': { none: /还没有启用/, wrong: /验证码不正确/, kept: /每个只能用一次/, active: /已启用/, used: /已经用过/ },
  en: { none: /not switched on/, wrong: /code is not right/, kept: /once each/, active: /is switched on/, used: /used before/ },
};

/** Nothing is wider than the screen, and axe (where scripts run) finds nothing. */
async function look(person) {
  assert.ok(await excess(person.page) <= 0, `${person.path} is wider than the screen`);
  if (person.hasScripts) assert.deepEqual((await findings(person.page, [])).map(({ text }) => text), []);
}

async function enrol(person, say) {
  await person.go('/me');
  assert.match(await person.words(), say.none);
  await look(person);
  await person.follow('form[action="/me/second-factor"] button');
  const secret = (await person.text('.second-secret')).trim();
  assert.ok(await person.has('.second-picture svg[role=img]'), 'the picture for the telephone');
  await look(person);
  assert.equal(await person.send('/me/second-factor/confirm', { second_code: wrongAt(secret, clock.now) }), 422);
  assert.deepEqual(await person.errorFields(), ['second_code']);
  assert.match(await person.words(), say.wrong);
  assert.equal((await person.text('.second-secret')).trim(), secret, 'the secret stays');
  assert.equal(await person.send('/me/second-factor/confirm', { second_code: codeAt(secret, clock.now) }), 200);
  assert.match(await person.words(), say.kept);
  await look(person);
  const codes = await person.page.locator('.codes code').allInnerTexts();
  assert.equal(codes.length, 8);
  await person.follow('main a.btn-primary');
  assert.match(await person.words(), say.active);
  await look(person);
  return { secret, codes };
}

for (const [login, language, scripts, width] of [['m001', 'zh-CN', true, 1280], ['h001', 'en', false, 390]])
  test(`a second factor, from switching it on to signing in (${language}, ${scripts ? 'with' : 'without'} scripts, ${width} wide)`, async () => {
    const say = words[language];
    const person = await Person.open(server, { language, scripts, width, bypassCSP: true });
    await person.signIn(login);
    const { secret, codes } = await enrol(person, say);

    await later(60);
    const next = await Person.open(server, { language, scripts, width, bypassCSP: true });
    await next.go('/login?next=%2Fcover');
    await next.send('/login', { login, password: 'demo-2026' });
    assert.match(next.path, /^\/login\/code/);
    await look(next);
    assert.equal(await next.send('/login/code', { second_code: wrongAt(secret, clock.now) }), 422);
    assert.deepEqual(await next.errorFields(), ['second_code']);
    await next.send('/login/code', { second_code: codeAt(secret, clock.now) });
    assert.equal(next.path, '/cover');

    const lost = await Person.open(server, { language, scripts, width, bypassCSP: true });
    await lost.go('/login');
    await lost.send('/login', { login, password: 'demo-2026' });
    assert.equal(await lost.send('/login/code', { second_code: codeAt(secret, clock.now) }), 422);
    assert.match(await lost.words(), say.used);
    await lost.send('/login/code', { second_code: codes[0] });
    assert.ok(!lost.path.startsWith('/login'), 'a recovery code stands in');
    for (const one of [person, next, lost]) await one.close();
  });

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`administrators on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  await runTests(async () => {
    await closeBrowser();
    await stopServer(server);
  });
}
