// complaints.mjs - a complaint in a browser, from the street to satisfaction: somebody without an account complains,
// the supervisor accepts, hears, decides and replies, the head of the office answers, the complainant reads the reply
// and says how content he is. With scripts and without, in both languages, wide and narrow.
//
//     node tests/browser/complaints.mjs sqlite|postgres
//
// On PostgreSQL it is skipped: pages are the same there, and tests/http/complaints.mjs runs on both.
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock } from '../lib/clock.mjs';
import { acceptedHotel } from '../lib/hall.mjs';
import { Program } from '../lib/program.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

const clock = new TestClock('2026-11-23T09:00:00+08:00'); /* a Monday */
const PHONE = '13711112222', WORDS = '等了两个小时，没有人说还缺什么材料。';
let server;

async function staff(login, options) {
  const person = await Person.open(server, options);
  await person.signIn(login);
  return person;
}

/** Opens the folded form that posts to a path, and sends it. */
async function unfold(person, ending, fields) {
  const form = person.page.locator(`form[action$="${ending}"]`);
  await person.page.locator('details', { has: form }).locator('summary').click();
  return person.send(await form.getAttribute('action'), fields);
}

const words = {
  'zh-CN': { received: /投诉已登记/, looked: /已受理，正在调查/, upheld: /部分属实/, thanks: /谢谢您的评价/ },
  en: { received: /Your complaint is registered/, looked: /it is being looked into/, upheld: /Upheld in part/, thanks: /Thank you/ },
};

for (const [language, scripts, width] of [['zh-CN', true, 1280], ['en', false, 390]])
  test(`from the street to satisfaction (${language}, ${scripts ? 'with' : 'without'} scripts, ${width} wide)`, async () => {
    const say = words[language];
    const hotel = await acceptedHotel(await new Program(server).login('13800000001'), await new Program(server).login('w001'));
    const somebody = await Person.open(server, { language, scripts, width });
    await somebody.go('/');
    await somebody.follow('a[href="/complaints/new"]');
    assert.equal(await somebody.send('/complaints', { subject: 'delay', text: WORDS, name: '何问津', phone: '137' }), 422);
    assert.equal(await somebody.page.locator('[name="text"]').inputValue(), WORDS, 'what was typed stays');
    assert.equal(await somebody.send('/complaints', { subject: 'delay', number: hotel, text: WORDS, name: '何问津', phone: PHONE }), 200);
    assert.match(await somebody.words(), say.received);
    const [number] = /2026-\d{5}/.exec(await somebody.words());

    const supervisor = await staff('s001', { language, scripts, width });
    await supervisor.go('/complaints');
    await supervisor.page.locator('a[data-row]', { hasText: number }).click();
    await supervisor.follow('form[action$="/accept"] button');
    assert.equal(await unfold(supervisor, '/hear', { heard: '调取了排队记录，等候118分钟。' }), 200);

    const chief = await staff('h003', { language, scripts, width });
    await chief.go('/complaints');
    await chief.page.locator('a[data-row]', { hasText: number }).click();
    await chief.page.waitForLoadState();
    assert.doesNotMatch(await chief.words(), /何问津|13711112222|118/);
    assert.equal(await unfold(chief, '/state', { answer: '当日窗口只有一人，已调整。' }), 200);

    await supervisor.go(supervisor.path);
    assert.equal(await unfold(supervisor, '/decide', { finding: 'partly', decision: '等候时间过长属实。' }), 200);
    assert.equal(await unfold(supervisor, '/reply', { reply: '已要求增开窗口。' }), 200);

    await somebody.go('/complaints/track');
    assert.equal(await somebody.send('/complaints/track', { number, phone: PHONE }), 200);
    assert.match(await somebody.words(), say.looked);
    assert.match(await somebody.words(), say.upheld);
    assert.match(await somebody.words(), /已要求增开窗口。/);
    assert.doesNotMatch(await somebody.words(), /118/);
    assert.equal(await somebody.send('/complaints/rate', { text: '很快' }), 422, 'how content has to be said');
    assert.match(await somebody.words(), /已要求增开窗口。/, 'the complaint is still there');
    assert.equal(await somebody.send('/complaints/rate', { rating: 'satisfied', text: '很快' }), 200);
    assert.match(await somebody.words(), say.thanks);
    for (const person of [somebody, supervisor, chief]) await person.close();
  });

if (!isAvailable || engine === 'postgres') {
  skipAll(`complaints in a browser on ${engine}`, isAvailable ? 'the pages are the same; tests/http/complaints.mjs runs there' : 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  await runTests(async () => { await closeBrowser(); await stopServer(server); });
}
