// window.mjs - an item of the spot at a window: from the empty desk to the certificate in the applicant's hands, with
// every keydown and click counted in the page itself.
//
//     node tests/browser/window.mjs sqlite|postgres
//
// What counts: every click, and every keydown outside the applicant's data. Typing these data, and Tab or Enter from one
// of their fields to the next, is what a window cannot be spared; choosing and ticking is counted.
import { closeBrowser, Person } from '../lib/browser.mjs';
import { soleTrader } from '../lib/hall.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

const MOST = 12;
let server;

/** Counts in the browser, over all pages of a visit; a field for words is one that keys put words into. */
async function counting(person) {
  const events = [];
  await person.context.exposeBinding('tell', (_, event) => events.push(event));
  await person.context.addInitScript(() => {
    const isData = (element) => element.closest?.('#intake-form') && element.matches('input:not([type=radio]):not([type=checkbox]), textarea');
    for (const kind of ['keydown', 'click'])
      document.addEventListener(kind, (event) => {
        if (!event.isTrusted || (kind === 'keydown' && isData(event.target))) return;
        if (kind === 'click' && event.detail === 0) return; /* made by a key that was counted */
        window.tell(`${kind} ${event.key ?? ''} ${event.target.name || event.target.textContent.trim().slice(0, 12)}`);
      }, true);
  });
  return events;
}

test(`a business is registered on the spot in ${MOST} events beyond the applicant's data`, async () => {
  const clerk = await Person.open(server);
  await clerk.signIn('m005');
  await clerk.go('/desk');
  const events = await counting(clerk);
  await clerk.go('/desk'); /* begins to count: the visit's scripts are new */
  const { page } = clerk, { keyboard } = page;
  const follow = async (locator) => Promise.all([page.waitForNavigation(), locator.click()]);
  await follow(page.locator('nav a[href="/intake"]').first());
  await follow(page.locator('a[href="/intake/sole-trader"]'));
  assert.equal(await clerk.focused(), 'identity_number');
  for (const [field, text] of [['party_name', '11010519491231002X'], ['party_phone', '林小满'], ['is_original_seen', '13900000071']]) {
    await keyboard.type(text);
    await keyboard.press('Enter');
    assert.equal(await clerk.focused(), field);
  }
  await keyboard.press('Space');
  await page.locator('[name="form.business_name"]').click();
  await keyboard.type(soleTrader.business_name);
  await keyboard.press('Tab');
  await keyboard.type(soleTrader.business_scope);
  await keyboard.press('Tab');
  await keyboard.type(soleTrader.premises_address);
  await page.locator('[name="form.premises_owned"][value=rented]').click();
  await page.locator('[name="form.by_agent"][value=no]').click();
  await page.locator('[name=material][value=id-card]').click();
  await page.locator('[name=material][value=premises]').click();
  await follow(page.locator('#intake-form .actions button'));
  assert.match(clerk.path, /^\/dossiers\/\d{18}$/, await clerk.words());
  await page.locator('[name="form.outcome"][value=approve]').click();
  await follow(page.locator('form[action$="/complete"] button[type=submit]'));
  await follow(page.locator('a[href*="/certificate"], form[action$="/certificate"] button').first());
  assert.match(await clerk.text('article.sheet'), /营业执照[\s\S]*青溪县小满茶饮店[\s\S]*林小满/);
  assert.ok(events.length <= MOST, `${events.length} events:\n${events.join('\n')}`);
  await clerk.close();
});

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`the window's events on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({});
  await runTests(async () => { await closeBrowser(); await stopServer(server); });
}
