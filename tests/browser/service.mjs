// service.mjs - a home is registered as everybody lives it: the fee, the bank's confirmation, the certificate by
// post, the rating by the link on the receipt; in both languages, the owner on a phone without scripts.
//
//     node tests/browser/service.mjs sqlite|postgres
//
// On PostgreSQL it is skipped: pages are the same there, and tests/http/service.mjs runs on both.
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock } from '../lib/clock.mjs';
import { file } from '../lib/hall.mjs';
import { Program } from '../lib/program.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

const OWNER = '13800000004', NUMBER = 'XA12345678901';
const words = {
  'zh-CN': { due: /送达期限\s+2026年12月7日/, sent: /已寄出[^]*邮政挂号信\s+XA12345678901/, served: /收件人已签收/ },
  en: { due: /To be served by\s+(\w+,? )?7 December 2026/, sent: /The certificate was sent by\s+Registered letter, China Post\s+XA12345678901/, served: /Signed for by the recipient/ },
};
let server;

for (const language of ['zh-CN', 'en'])
  test(`fee, bank, certificate, post, rating (${language})`, async () => {
    const say = words[language];
    const as = async (login, act, how = { scripts: true, width: 1280 }) => {
      const person = await Person.open(server, { language, ...how });
      if (login) await person.signIn(login);
      await act(person);
      await person.close();
    };
    const owner = (act) => as(OWNER, act, { scripts: false, width: 390 });
    let page;
    const complete = (login, answers) => as(login, async (officer) => {
      await officer.go(page);
      const action = await officer.page.locator('form[action$="/complete"]').getAttribute('action');
      assert.equal(await officer.send(action, { 'form.opinion': '符合要求。', ...answers }), 200, await officer.words());
    });

    page = `/dossiers/${await file(await new Program(server).login(OWNER), 'real-estate-first')}`;
    await owner(async (person) => {
      await person.go(page);
      assert.equal(await person.send(`${page}/service`, { delivery_way: 'post', recipient: '石望山', recipient_phone: OWNER, post_address: '青石镇石桥村三组' }), 200, await person.words());
    });
    await complete('n001', { 'form.outcome': 'accept' });
    await complete('n001', { 'form.outcome': 'pass' });
    await complete('b001', { 'form.outcome': 'paid', 'form.payment_reference': '20261123000017' });
    await complete('n001', { 'form.outcome': 'register' });
    await owner(async (person) => {
      await person.go(page);
      assert.match(await person.words(), say.due);
    });

    await as('n001', async (officer) => {
      await officer.go('/service');
      await officer.follow(`a[href^="${page}"]`);
      assert.equal(await officer.send(`${page}/service/posted`, { carrier: 'registered', tracking: NUMBER, posted_on: '2026-11-23' }), 200, await officer.words());
    });
    await owner(async (person) => {
      await person.go(page);
      assert.match(await person.words(), say.sent);
    });
    await as('n001', async (officer) => {
      await officer.go(page);
      assert.equal(await officer.send(`${page}/service/signed`, { signed_on: '2026-11-23' }), 200, await officer.words());
      assert.match(await officer.words(), say.served);
    });

    const program = await new Program(server).login(OWNER);
    const receipt = (await program.get(page)).json.papers.find((one) => one.kind === 'receipt');
    const { content } = (await program.get(`${page}/documents/${receipt.id}`)).json;
    const link = content.match(/\/rate\/[0-9a-f]+/)[0];
    await as(null, async (person) => {
      await person.go(link);
      await person.send(link, { grade: '1' });
      assert.ok(!await person.has('form#rate'), 'rated once');
    }, { scripts: false, width: 390 });
  });

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`service on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({ clock: new TestClock('2026-11-23T09:30:00+08:00').file });
  await runTests(async () => { await closeBrowser(); await stopServer(server); });
}
