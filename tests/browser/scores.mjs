// scores.mjs - a promise breaks, in a browser: the warning, the correction notice, its reply and check, and the score of
// the department before and after, with the entries that made the difference. With scripts and without, in both
// languages, wide and narrow, on a set clock.
//
//     node tests/browser/scores.mjs sqlite|postgres
//
// On PostgreSQL it is skipped: pages are the same there, and tests/http/scores.mjs runs on both.
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock, until } from '../lib/clock.mjs';
import { acceptedHotel } from '../lib/hall.mjs';
import { Program } from '../lib/program.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

let clock, server;

async function staff(login, options) {
  const person = await Person.open(server, options);
  await person.signIn(login);
  return person;
}

const words = {
  'zh-CN': { health: '县卫生健康局', warned: /超期/, sent: '收到纠错通知', closed: /整改到位/, sealed: /已封存|待封存/, own: /我的得分/ },
  en: { health: 'County Health Bureau', warned: /Overdue/i, sent: 'Correction notice sent', closed: /Correction closed/, sealed: /sealed/, own: /My score/ },
};

for (const [language, scripts, width] of [['zh-CN', true, 1280], ['en', false, 390]])
  test(`a promise breaks (${language}, ${scripts ? 'with' : 'without'} scripts, ${width} wide)`, async () => {
    const options = { language, scripts, width };
    clock = new TestClock('2026-12-01T09:30:00+08:00');
    server = await startServer({ clock: clock.file });
    const number = await acceptedHotel(await new Program(server).login('13800000001'), await new Program(server).login('w001'));
    const lines = (await (await new Program(server).login('s001')).get('/supervise')).json.dossiers;
    const due = Date.parse(lines.find((one) => one.number === number).due_at);
    const row = (person) => person.page.locator('tbody tr', { hasText: words[language].health });
    const before = async () => {
      const leader = await staff('l001', options);
      await leader.follow('nav a[href="/scores"]');
      return (await row(leader).locator('a').innerText()).trim();
    };
    assert.equal(await before(), '100');

    await clock.set(new Date(due + 60000).toISOString());
    const inspector = await staff('h001', options);
    await until(async () => { await inspector.go('/corrections'); return (await inspector.words()).includes(number) && words[language].warned.test(await inspector.words()); },
      { seconds: 20, every: 500, what: 'the overdue warning' });

    const supervisor = await staff('s001', options);
    await supervisor.go(`/dossiers/${number}`);
    await supervisor.follow(`a[href="/corrections/new?number=${number}"]`);
    assert.equal(await supervisor.send('/corrections', { ground: 'overdue', text: '承诺时限已过，请说明原因。' }), 200);
    const notice = supervisor.path;
    await inspector.go(notice);
    assert.equal(await inspector.send(`${notice}/reply`, { text: '今日办结。' }), 200);
    await supervisor.go(notice);
    assert.equal(await supervisor.send(`${notice}/check`, { verdict: 'sufficient' }), 200);

    await supervisor.follow('nav a[href="/scores"]');
    assert.equal((await row(supervisor).locator('a').innerText()).trim(), '98');
    await row(supervisor).locator('a').click();
    await supervisor.page.waitForLoadState();
    assert.match(await supervisor.words(), words[language].closed);
    assert.equal(await supervisor.page.locator('a[href^="/scores/entries/"]').count(), 3, 'the warning, the notice, and what was put right');
    const sent = supervisor.page.locator('tbody tr', { hasText: words[language].sent, has: supervisor.page.locator(`a[href="${notice}"]`) });
    await sent.locator('a[href^="/scores/entries/"]').click();
    await supervisor.page.waitForLoadState();
    const entry = await supervisor.words();
    assert.ok(entry.includes('correction.sent') && entry.includes(number) && words[language].sealed.test(entry), entry.slice(0, 600));

    await inspector.follow('nav a[href="/scores"]');
    assert.match(await inspector.words(), words[language].own);
    assert.equal(await inspector.page.locator('table').count(), 0, 'the ranking is not for her');
    await stopServer(server);
  });

if (!isAvailable || engine === 'postgres') {
  skipAll(`scores in a browser on ${engine}`, isAvailable ? 'the pages are the same; tests/http/scores.mjs runs there' : 'no server of this engine');
  await runTests();
} else {
  await runTests(closeBrowser);
}
