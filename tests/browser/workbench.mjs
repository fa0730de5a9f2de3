// workbench.mjs - an official changes a fee table in the editor: a scenario fails and publishing is
// refused; mended, it is published from the first of next month. A dossier of today keeps the old fee,
// one of next month gets the new, "why" leads to the very rule, and going back works.
//
//     node tests/browser/workbench.mjs sqlite|postgres
import { readFileSync } from 'node:fs';
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, file } from '../lib/hall.mjs';
import { brokenPacks } from '../lib/packs.mjs';
import { Program } from '../lib/program.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

const FEES = '/workbench/table/fees', SCENARIOS = '/workbench/scenario/fees';
const clock = new TestClock('2026-11-23T09:30:00+08:00');
let server, today;

/** The editor's watermark places itself by style attributes, which our policy refuses and our styles replace. */
async function leave(person) {
  person.faults = person.faults.filter((text) => !/inline style/.test(text));
  await person.close();
}

/** A house registration that is filed and reviewed now: its number, and the fee as its page says. */
async function charged() {
  const owner = await new Program(server).login('13800000004');
  const land = await new Program(server).login('n001');
  const number = await file(owner, 'real-estate-first');
  await complete(land, number, { outcome: 'accept', opinion: '材料齐全，予以受理。' });
  await complete(land, number, { outcome: 'pass', opinion: '符合要求。' });
  const [{ amount }] = (await owner.get(`/dossiers/${number}`)).json.fees;
  return { number, amount };
}

async function editor() {
  const person = await Person.open(server);
  await person.signIn('e001');
  return person;
}

/** What the dossier's page tells of its fee: the words, and where the rule leads. */
async function whyOf(person, number) {
  await person.go(`/dossiers/${number}`);
  const fee = person.page.locator('section[aria-labelledby="rulings"] details').filter({ has: person.page.locator('summary', { hasText: /^(收费|Fee) ·/ }) });
  await fee.locator('summary').click();
  const rule = fee.locator('.events a').first();
  return { words: await fee.innerText(), link: await rule.count() ? await rule.getAttribute('href') : null, rule };
}

/** Types into the output cell of a rule, counted from 1. */
async function setAmount(person, rule, text) {
  await person.page.locator('.dmn-editor td.output-cell').nth(rule - 1).click();
  await person.page.keyboard.press('Control+A');
  await person.page.keyboard.type(text);
  await person.page.waitForTimeout(300); /* the editor takes over what was typed */
}

test('a dossier of today is charged by the table of today', async () => {
  today = await charged();
  assert.equal(today.amount, '90.00'); /* a home and a second certificate */
});

test('the fee is changed in the table editor, and saved as a draft', async () => {
  const person = await editor();
  assert.equal(person.path, '/workbench');
  await person.go(`${FEES}/draft`);
  await person.page.locator('[data-editor="dmn"][data-ready]').waitFor();
  assert.match(await person.text('.dmn-editor'), /命中策略/);
  assert.ok(await person.page.locator('.dmn-editor .bjs-powered-by').first().isVisible(), 'the mark of bpmn.io is gone');
  await setAmount(person, 1, '90 + further_certificates');
  await setAmount(person, 2, '90 + further_certificates');
  await person.follow('#draft button[type=submit]');
  assert.match(await person.words(), /草稿已保存|有一份草稿/);
  await leave(person);
});

test('a scenario fails: publishing is refused with the reason', async () => {
  const person = await editor();
  await person.go(`${FEES}/draft`);
  assert.match(await person.words(), /fees\.feature.*应为 80，实为 90/);
  assert.equal(await person.send(`${FEES}/publish`, { reason: '省里调整收费标准' }), 422);
  assert.match(await person.text('.error-summary'), /场景未通过/);
  await leave(person);
});

test('with the scenarios mended it is published from the first of next month', async () => {
  const person = await editor();
  const text = readFileSync('packs/service-hall/scenarios/fees.feature', 'utf8')
    .replace(/(住宅 +\| 1 +\| )80/, '$190').replace(/(住宅 +\| 2 +\| )90/, '$1100').replace(/(储藏室 \| 1 +\| )80/, '$190');
  await person.go(`${SCENARIOS}/draft`);
  await person.send(`${SCENARIOS}/draft`, { source: text });
  await person.go(`${FEES}/draft`);
  assert.match(await person.words(), /没有发现问题/);
  assert.equal((await person.page.locator('input[name="from"]').inputValue()), '2026-12-01');
  await person.send(`${FEES}/publish`, { reason: '省里调整收费标准' });
  assert.equal(person.path, FEES);
  assert.match(await person.words(), /尚未生效[\s\S]*苏文澜[\s\S]*省里调整收费标准/);
  await leave(person);
});

test('next month a dossier gets the new fee; that of November keeps its own', async () => {
  await clock.set('2026-12-01T09:30:00+08:00');
  assert.equal((await charged()).amount, '100.00');
  const owner = await new Program(server).login('13800000004');
  const { json } = await owner.get(`/dossiers/${today.number}`);
  assert.equal(json.fees[0].amount, '90.00');
});

test('why: the dossier tells rule, version and legal basis; the rule leads to that version, where it is marked', async () => {
  const person = await Person.open(server);
  await person.signIn('n001'); /* here a window officer may work on definitions too */
  const later = await charged();
  for (const [number, version, amount] of [[today.number, 1, '80'], [later.number, 2, '90']]) {
    const { words, link, rule } = await whyOf(person, number);
    assert.match(words, new RegExp(`第${version}版`));
    assert.match(words, /第1条规则[\s\S]*住宅每件80元，每增加一本证书10元/);
    assert.match(link, /^\/workbench\/table\/fees\/trial\?of=\d+&decision=real-estate-standard&rule=1#rule$/);
    await rule.click();
    await person.page.waitForURL(/trial/);
    const marked = person.page.locator('tr.is-marked');
    assert.equal(await marked.count(), 1);
    assert.match(await marked.innerText(), new RegExp(`^1\\s+符合[\\s\\S]*${amount} \\+ further_certificates`));
    assert.equal(await person.page.locator('select[name="of"] option[selected]').innerText(), version === 1 ? '第1版（2024-01-01起）' : '第2版（2026-12-01起）');
  }
  await person.close();
});

test('what changed is read in words and side by side, and the draft is tried before it is published', async () => {
  const person = await editor();
  await person.go(FEES);
  await person.follow(`a[href="${FEES}/difference"]`);
  const [newest, first] = (await person.page.locator('select[name="before"] option').evaluateAll((all) => all.map((one) => one.value))).filter(Boolean);
  await person.go(`${FEES}/difference?before=${first}&after=${newest}`);
  assert.match(await person.words(), /第1条规则的“金额（元）”改了/);
  const removed = person.page.locator('table del').first(), added = person.page.locator('table ins').first();
  assert.match(await removed.evaluate((one) => getComputedStyle(one).textDecorationLine), /line-through/);
  assert.match(await added.evaluate((one) => getComputedStyle(one).textDecorationLine), /underline/);
  await person.go(`${FEES}/trial?of=${newest}&decision=real-estate-standard`);
  await person.page.locator('[name="inputs.answers.house_use"]').fill('住宅');
  await person.page.locator('[name="inputs.answers.certificate_count"]').fill('2');
  await person.follow('button:has-text("试算")');
  assert.match(await person.words(), /第1条规则符合 → 100/);
  assert.match(await person.page.locator('tr.is-marked').innerText(), /^1/);
  await person.close();
});

test('going back: the older table is in force again, with its scenarios', async () => {
  const person = await editor();
  await person.go(FEES);
  const definition = await person.page.locator('select[name="definition"] option').last().getAttribute('value');
  await person.send(`${FEES}/return`, { definition, from: '2026-12-01', reason: '暂缓执行' });
  assert.match(await person.words(), /恢复第1版/);
  await leave(person);
  assert.equal((await charged()).amount, '90.00');
});

test('without scripts the draft is a file and a text', async () => {
  const person = await Person.open(server, { scripts: false, width: 390 });
  await person.signIn('e001');
  await person.go(`${FEES}/draft`);
  assert.ok(!await person.page.locator('[data-editor]').isVisible());
  assert.ok(await person.page.locator('textarea[name="source"]').isVisible());
  await person.close();
});

if (!isAvailable) {
  skipAll(`the workbench on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  const packs = brokenPacks({}, { 'roles.json': (text) => text.replace('"dossier.intake",', '"dossier.intake", "definition.work",') });
  server = await startServer({ clock: clock.file, args: ['--packs', packs] });
  await runTests(async () => {
    await closeBrowser();
    await stopServer(server);
  });
}
