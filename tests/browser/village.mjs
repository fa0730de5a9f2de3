// village.mjs - a village clerk files for a resident who has neither phone nor account, follows the application in the
// register of the point and reads the result out to him; with scripts and without, in both languages.
//
//     node tests/browser/village.mjs sqlite|postgres
//
// On PostgreSQL it is skipped: pages are the same there, and tests/http/village.mjs runs on both.
import { closeBrowser, Person } from '../lib/browser.mjs';
import { asFields, complete, forms } from '../lib/hall.mjs';
import { Program } from '../lib/program.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

let server;
const { applicant_name, id_number, by_agent, ...answers } = forms['elder-allowance'];
const words = {
  'zh-CN': { free: /村级代办不收取任何费用/, approved: /准予许可/ },
  en: { free: /free of charge/, approved: /Approved/ },
};

const say = async (login, number, outcome) => complete(await new Program(server).login(login), number, { outcome, opinion: '符合条件，材料齐全。' });

for (const [language, scripts, width] of [['zh-CN', true, 1280], ['en', false, 390]])
  test(`from the clerk's list to the result (${language}, ${scripts ? 'with' : 'without'} scripts, ${width} wide)`, async () => {
    const clerk = await Person.open(server, { language, scripts, width });
    await clerk.signIn('k006');
    assert.equal(clerk.path, '/intake');
    await clerk.page.locator('#q').fill('glbt');
    await clerk.follow('main form[role=search] button');
    await clerk.follow('a[href="/intake/elder-allowance"]');
    await clerk.send('/intake/elder-allowance', { identity_number: '110105193805060016', party_name: '石老根', is_original_seen: ['true'],
      ...asFields({ ...answers, by_agent: 'no' }) });
    const number = clerk.path.match(/^\/dossiers\/(\d{18})/)?.[1];
    assert.ok(number, await clerk.words());
    await clerk.go('/intake/register');
    assert.match(await clerk.words(), words[language].free);
    assert.match(await clerk.text(`tr:has(a[href="/dossiers/${number}"])`), /石老根/);

    for (const [login, outcome] of [['x001', 'accept'], ['x001', 'pass'], ['v002', 'approve']]) await say(login, number, outcome);
    await clerk.go('/intake/register');
    assert.match(await clerk.text(`tr:has(a[href="/dossiers/${number}"])`), words[language].approved);
    await clerk.follow(`a[href="/dossiers/${number}"]`);
    assert.match(await clerk.words(), words[language].approved);
    assert.ok(!await clerk.has('form[action$="/complete"]'), 'a village clerk decides nothing');
    await clerk.close();

    const other = await Person.open(server, { language, scripts, width });
    await other.signIn('k007');
    assert.equal(await other.go(`/dossiers/${number}`), 404);
    await other.close();
  });

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`village clerks on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({});
  await runTests(async () => { await closeBrowser(); await stopServer(server); });
}
