// workbench.mjs - an official changes a fee table in the editor: a scenario fails and publishing is
// refused; mended, it is published from the first of next month. A dossier of today keeps the old fee,
// one of next month gets the new, and going back works.
//
//     node tests/browser/workbench.mjs sqlite|postgres
import { readFileSync } from 'node:fs';
import { closeBrowser, Person } from '../lib/browser.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, file } from '../lib/hall.mjs';
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
  await setAmount(person, 2, '90 + further_certificates');
  await setAmount(person, 3, '90 + further_certificates');
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
  server = await startServer({ clock: clock.file });
  await runTests(async () => {
    await closeBrowser();
    await stopServer(server);
  });
}
