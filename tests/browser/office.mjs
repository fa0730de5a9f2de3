// office.mjs - what officers arrange among themselves, in a browser: one is away and the other holder of the post
// acts for him; a case needs more time and the head of the unit grants it. With scripts and without, in both languages.
//
//     node tests/browser/office.mjs sqlite|postgres
//
// On PostgreSQL it is skipped: pages are the same there, and tests/http/cover.mjs and extension.mjs run on both.
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock } from '../lib/clock.mjs';
import { acceptedHotel } from '../lib/hall.mjs';
import { Program } from '../lib/program.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

const clock = new TestClock('2026-11-23T09:00:00+08:00'); /* a Monday */
let server;

async function staff(login, options) {
  const person = await Person.open(server, options);
  await person.signIn(login);
  return person;
}

const newHotel = async () => acceptedHotel(await new Program(server).login('13800000001'), await new Program(server).login('w001'));

const words = {
  'zh-CN': { away: /不在岗/, acting: /代.+办理，至/, gap: /A岗、B岗都不在岗/, waiting: /有1件延期等待您审批/, extended: /办理期限已延长 10个工作日/ },
  en: { away: /Away/, acting: /Acting for .+ until/, gap: /Nobody holds this post/, waiting: /1 extension waits for your decision/,
    extended: /The limit was extended by 10 working days/ },
};

for (const [language, scripts] of [['zh-CN', true], ['en', false]])
  test(`A is away, B acts: from the desk to the finished step (${language}, ${scripts ? 'with' : 'without'} scripts)`, async () => {
    const say = words[language];
    const number = await newHotel();
    const a = await staff('h001', { language, scripts });
    await a.go(`/dossiers/${number}`);
    await a.follow('form[action$="/claim"] button');
    await a.go('/desk');
    await a.follow('a[href="/cover"]');
    await a.send('/cover/absences', { away_from: '2026-11-23', away_to: '2026-11-25', reason: 'training' });
    assert.equal(a.path, '/cover');
    assert.match(await a.words(), say.away);

    const b = await staff('h002', { language, scripts });
    assert.match(await b.text('.toolbar'), say.acting);
    await b.follow('a.chip[href*="for="]');
    await b.follow(`a[href="/dossiers/${number}"]`);
    const action = await b.page.locator('form[action$="/complete"]').getAttribute('action');
    assert.equal(await b.send(action, { 'form.outcome': 'pass', 'form.opinion': '代为核查，现场符合要求。' }), 200);
    assert.ok(await b.has('[role=status]'), 'told that it is done');

    await b.go('/cover');
    await b.send('/cover/absences', { away_from: '2026-11-24', away_to: '2026-11-24', reason: 'trip' });
    const head = await staff('h003', { language, scripts });
    await head.go('/cover');
    assert.match(await head.words(), say.gap);
    await a.go('/cover');
    await a.follow('form[action$="/end"] button');
    await b.go('/cover');
    await b.follow('form[action$="/end"] button');
    await head.go('/cover');
    assert.doesNotMatch(await head.words(), say.gap);
    for (const person of [a, b, head]) await person.close();
  });

for (const [language, scripts, width] of [['zh-CN', true, 1280], ['en', false, 390]])
  test(`more time: asked, granted, told (${language}, ${scripts ? 'with' : 'without'} scripts, ${width} wide)`, async () => {
    const say = words[language];
    const number = await newHotel();
    const officer = await staff('h001', { language, scripts, width });
    await officer.go(`/dossiers/${number}`);
    const action = await officer.page.locator('form[action$="/extend"]').getAttribute('action');
    await officer.page.locator('details', { has: officer.page.locator('form[action$="/extend"]') }).locator('summary').click();
    assert.equal(await officer.send(action, { extension_reason: '' }), 422);
    assert.equal(await officer.send(action, { extension_reason: '检测报告下周送到。' }), 200);

    const head = await staff('h003', { language, scripts, width });
    assert.match(await head.words(), say.waiting);
    await head.follow('.notes a[href="/extensions"]');
    await head.follow('form[action$="/grant"] button');
    assert.equal(head.path, '/extensions');

    const applicant = await staff('13800000001', { language, scripts, width });
    await applicant.go(`/dossiers/${number}`);
    assert.match(await applicant.words(), say.extended);
    assert.match(await applicant.words(), /检测报告下周送到。/);
    await officer.go(`/dossiers/${number}`);
    assert.ok(!await officer.has('form[action$="/extend"]'), 'once only');
    for (const person of [officer, head, applicant]) await person.close();
  });

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`the office on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  await runTests(async () => {
    await closeBrowser();
    await stopServer(server);
  });
}
