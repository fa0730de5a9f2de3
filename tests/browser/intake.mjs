// intake.mjs - the window's form by keyboard alone: Enter moves on, a mistake takes the focus and loses
// nothing, Ctrl+Enter sends; and the same without scripts, in English.
//
//     node tests/browser/intake.mjs sqlite|postgres
import { closeBrowser, Person } from '../lib/browser.mjs';
import { asFields, soleTrader } from '../lib/hall.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

let server;

async function clerk(options) {
  const person = await Person.open(server, options);
  await person.signIn('w001');
  return person;
}

test('by keyboard: the search has the focus, Enter moves on, the first mistake takes the focus', async () => {
  const person = await clerk();
  const { keyboard } = person.page;
  await person.go('/intake');
  assert.equal(await person.focused(), 'q');
  await keyboard.type('gtgsh');
  await person.enter();
  await person.tabTo('a[data-row]');
  await person.enter();
  assert.match(person.path, /^\/intake\/sole-trader/);
  assert.equal(await person.focused(), 'identity_number');
  await keyboard.type('110105194912310021');
  await keyboard.press('Enter');
  assert.equal(await person.focused(), 'party_name');
  await keyboard.type('赵满仓');
  await keyboard.press('Enter');
  assert.equal(await person.focused(), 'party_phone');
  await keyboard.press('Enter');
  assert.equal(await person.focused(), 'is_original_seen');
  await keyboard.press('Space');
  await person.fill(asFields(soleTrader));
  await person.page.locator('#party_phone').focus();
  await Promise.all([person.page.waitForNavigation(), keyboard.press('Control+Enter')]);
  assert.deepEqual(await person.errorFields(), ['identity_number']);
  assert.equal(await person.focused(), 'identity_number');
  const kept = await person.values('/intake/sole-trader');
  assert.deepEqual([kept.party_name, kept['form.business_name'], kept.is_original_seen], ['赵满仓', soleTrader.business_name, ['true']]);
  await keyboard.press('Control+A');
  await keyboard.type('11010519491231002x');
  await Promise.all([person.page.waitForNavigation(), keyboard.press('Control+Enter')]);
  assert.match(person.path, /^\/dossiers\/\d{18}$/);
  assert.match(await person.words(), /1101\*{10}002X/);
  await person.close();
});

test('without scripts, in English, on a phone: taken in; a value is seen whole once', async () => {
  const person = await clerk({ language: 'en', scripts: false, width: 390 });
  await person.go('/intake/sole-trader');
  await person.send('/intake/sole-trader', { identity_kind: 'passport', identity_number: 'e12345678', party_name: 'Ada Byron',
    ...asFields(soleTrader) });
  assert.match(person.path, /^\/dossiers\/\d{18}$/, await person.words());
  const page = person.path;
  assert.match(await person.words(), /Passport\s+E1\*{5}78/);
  await person.page.locator('details.unmask summary').click();
  await person.send(`${page}/unmask`, { what: '0.identity_number', reason: 'compare with the passport' });
  assert.match(await person.words(), /E12345678/);
  await person.go(page);
  assert.ok(!(await person.page.content()).includes('E12345678'));
  await person.close();
});

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`the window's form on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({});
  await runTests(async () => { await closeBrowser(); await stopServer(server); });
}
