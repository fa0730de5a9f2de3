// pieces.mjs - the shared pieces of pages in a browser: access, keyboard, large text, no scripts.
// No server and no database: the sample pages of tests/style under our content security policy.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, runTests, skip, test } from '../lib/tap.mjs';
import { excess, findings, launch, serveSamples } from '../style/samples.mjs';

if (process.argv[2] === 'postgres') {
  skip('shared pieces', 'they hold no data');
  await runTests();
  process.exit();
}

const folder = mkdtempSync(join(tmpdir(), 'yimen-pieces-'));
const made = spawnSync('tests/style/render', [folder], { encoding: 'utf8' });
if (made.status !== 0) throw new Error(made.stderr);
const samples = await serveSamples(folder);
const browser = await launch();

async function open(name, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.errors = [];
  page.on('console', (message) => message.type() === 'error' && page.errors.push(message.text()));
  page.on('pageerror', (error) => page.errors.push(error.message));
  await page.goto(`${samples.url}/${name}.html`);
  return page;
}
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute('href'));

for (const name of samples.names)
  test(`${name}: axe finds nothing serious, nothing breaks the policy, all fits 320 px`, async () => {
    const page = await open(name, { viewport: { width: 320, height: 800 } });
    assert.deepEqual(page.errors, []);
    assert.ok(await excess(page) <= 0, `wider than 320 by ${await excess(page)}`);
    await page.close();
    const wide = await open(name, { bypassCSP: true });
    const rules = name.endsWith('elder') ? ['color-contrast-enhanced'] : [];
    const found = (await findings(wide, rules)).filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(found.map(({ text }) => text), []);
    await wide.close();
  });

test('the first tab stops are the skip link and the large text mode', async () => {
  const page = await open('home-zh-CN-plain');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), '#main');
  assert.ok(await page.locator('.skip-link').evaluate((link) => link.getBoundingClientRect().top >= 0));
  await page.keyboard.press('Tab');
  assert.match(await focused(page), /^\/elder\/on\?next=/);
  await page.close();
});

test('large text: every text is at least 24 px, lines are 1.6 apart', async () => {
  for (const name of samples.names.filter((each) => each.endsWith('elder'))) {
    const page = await open(name);
    const small = await page.evaluate(() => {
      const found = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (!node.data.trim() || parent.closest('.visually-hidden, script, dialog:not([open])')) continue;
        const size = parseFloat(getComputedStyle(parent).fontSize);
        if (size < 24) found.push(`${node.data.trim().slice(0, 20)}: ${size}`);
      }
      const body = getComputedStyle(document.body);
      if (parseFloat(body.lineHeight) / parseFloat(body.fontSize) < 1.599) found.push(`line height ${body.lineHeight}`);
      return found;
    });
    assert.deepEqual(small, [], name);
    await page.close();
  }
});

for (const javaScriptEnabled of [true, false])
  test(`each line of the error summary leads to its field, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const page = await open('form-en-plain', { javaScriptEnabled });
    if (javaScriptEnabled) assert.equal(await focused(page), 'errors');
    const links = page.locator('.error-summary a');
    assert.equal(await links.count(), 3);
    for (let at = 0; at < 3; at++) {
      const id = (await links.nth(at).getAttribute('href')).slice(1);
      await links.nth(at).focus();
      await page.keyboard.press('Enter');
      if (javaScriptEnabled) assert.equal(await focused(page), id);
      else assert.ok(page.url().endsWith(`#${id}`));
      assert.equal(await page.locator(`[id="${id}"]`).count(), 1);
    }
    await page.close();
  });

test('labels, hints and errors belong to their control', async () => {
  const page = await open('form-en-plain');
  const wrong = await page.evaluate(() => {
    const found = [];
    for (const control of document.querySelectorAll('form:not(.topbar-form) :is(input:not([type=hidden]), select, textarea)'))
      if (!control.labels.length) found.push(`${control.id}: no label`);
    for (const element of document.querySelectorAll('[aria-describedby], [aria-labelledby]'))
      for (const attribute of ['aria-describedby', 'aria-labelledby'])
        for (const id of (element.getAttribute(attribute) ?? '').split(' ').filter(Boolean))
          if (!document.getElementById(id)) found.push(`${element.id}: ${attribute} ${id}`);
    return found;
  });
  assert.deepEqual(wrong, []);
  assert.equal(await page.locator('#password').inputValue(), '');
  assert.equal(await page.locator('#rooms').inputValue(), 'twelve');
  assert.equal(await page.locator('#closed').inputValue(), 'soon');
  assert.equal(await page.locator('#about').inputValue(), '\n1\n2');
  assert.equal(await page.locator('input[name=secret]').inputValue(), '"quoted"');
  await page.close();
});

test('j and k move through the rows, Enter opens, ? shows the keys', async () => {
  const page = await open('desk-zh-CN-plain');
  const rows = page.locator('a[data-row]');
  const at = () => page.evaluate(() => [...document.querySelectorAll('a[data-row]')].indexOf(document.activeElement));
  await page.keyboard.press('j');
  assert.equal(await at(), 0);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  assert.equal(await at(), 2);
  await page.keyboard.press('k');
  assert.equal(await at(), 1);
  for (let times = 0; times < 9; times++) await page.keyboard.press('j');
  assert.equal(await at(), await rows.count() - 1);
  await page.keyboard.press('?');
  assert.ok(await page.locator('dialog#keys').isVisible());
  await page.keyboard.press('Escape');
  assert.ok(!(await page.locator('dialog#keys').isVisible()));
  await rows.nth(0).focus();
  const opened = page.waitForRequest(/\/dossiers\/330100-2026-000123$/);
  await page.keyboard.press('Enter');
  await opened;
  await page.close();
});

test('letters typed into a field are letters', async () => {
  const page = await open('form-zh-CN-plain');
  await page.locator('#name').fill('');
  await page.locator('#name').pressSequentially('jk?');
  assert.equal(await page.locator('#name').inputValue(), 'jk?');
  await page.close();
});

test('lamps differ in shape as well as colour', async () => {
  const page = await open('desk-en-plain');
  const shapes = await page.locator('.lamp use').evaluateAll((uses) => uses.map((use) => use.getAttribute('href').split('#')[1]));
  assert.deepEqual([...new Set(shapes)].sort(), ['lamp-green', 'lamp-grey', 'lamp-red', 'lamp-yellow']);
  const colours = await page.locator('.lamp-shape').evaluateAll((all) => new Set(all.map((one) => getComputedStyle(one).color)).size);
  assert.equal(colours, 4);
  await page.close();
});

test('paper shows the content alone', async () => {
  const page = await open('track-zh-CN-plain');
  await page.emulateMedia({ media: 'print' });
  for (const hidden of ['.topbar', '.nav-site', '.demo-note', '.flash'])
    assert.ok(!(await page.locator(hidden).isVisible()), hidden);
  assert.ok(await page.locator('.steps-line').isVisible());
  await page.close();
});

await runTests(async () => {
  await browser.close();
  samples.close();
  rmSync(folder, { recursive: true, force: true });
});
