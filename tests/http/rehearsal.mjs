// rehearsal.mjs - before forms, tables or scenarios are published, the scenarios of the whole program
// that concern them are played with them in force; on a set clock.
//
//     node tests/http/rehearsal.mjs sqlite|postgres
import { readFileSync } from 'node:fs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { submit, wordsOf } from '../lib/page.mjs';

const clock = new TestClock('2026-11-23T09:30:00+08:00');
const read = (file) => readFileSync(`packs/service-hall/${file}`, 'utf8');
const FROM = { from: '2026-12-01', reason: '按通知调整' };
let server, editor, browser;

const versions = async (kind, code) => (await editor.get(`/workbench/${kind}/${code}`)).json.versions;
const file = async (version) => (await editor.get(`/workbench/versions/${version.id}/file`)).text;

/* Saves a draft over the one that is there and gives its revision. */
async function save(kind, code, source, english) {
  const { revision } = (await editor.get(`/workbench/${kind}/${code}/draft`)).json;
  const saved = await editor.post(`/workbench/${kind}/${code}/draft`, { ...(revision !== '0' && { revision }), source, ...(english && { english }) });
  assert.equal(saved.status, 200, saved.text);
  return saved.json.revision;
}

const publish = (kind, code, revision, more = {}) => editor.post(`/workbench/${kind}/${code}/publish`, { revision, ...FROM, ...more });

const form = read('forms/sole-trader.json'), formEnglish = read('forms/sole-trader.en.json');
const stricter = form.replace(/("key": "premises_address"[^]*?"minLength": )5/, '$130');
const scenario = read('scenarios/sole-trader.feature');
const longer = scenario.replace('青溪县滨河路12号', '青溪县青溪镇滨河社区滨河路12号滨河花园临街商铺一层东侧第三间之二');

test('a form that its scenarios cannot fill in any more is refused, with the step and what came', async () => {
  assert.notEqual(stricter, form);
  const revision = await save('form', 'sole-trader', stricter, formEnglish);
  assert.deepEqual((await editor.get('/workbench/form/sole-trader/draft')).json.problems, []);
  const refused = await publish('form', 'sole-trader', revision);
  assert.equal(refused.status, 422, refused.text);
  assert.equal(refused.json.errors.length, 2, 'both scenarios of the file');
  assert.match(refused.json.errors[0].detail, /sole-trader\.feature.*applies for.*422/);
  assert.equal((await versions('form', 'sole-trader')).length, 1);
  const page = await submit(browser, '/workbench/form/sole-trader/draft', '/workbench/form/sole-trader/publish', FROM);
  assert.equal(page.status, 422);
  assert.match(wordsOf(page.text), /场景未通过，步骤“.*applies for "sole-trader" with”/);
});

test('with the scenario that was mended it is published, both from one day', async () => {
  const revision = await save('form', 'sole-trader', stricter, formEnglish);
  await save('scenario', 'sole-trader', longer);
  assert.match((await browser.get('/workbench/form/sole-trader/draft')).text, /value="scenario:sole-trader"[^>]*checked/);
  const done = await publish('form', 'sole-trader', revision, { with: ['scenario:sole-trader'] });
  assert.equal(done.status, 201, done.text);
  for (const kind of ['form', 'scenario'])
    assert.deepEqual((await versions(kind, 'sole-trader')).map((one) => [one.version, one.effective_from]),
      [[2, '2026-12-01'], [1, '2024-01-01']], kind);
});

test('the older form comes back with the scenario of its time', async () => {
  const first = (await versions('form', 'sole-trader')).at(-1);
  const made = await editor.post('/workbench/form/sole-trader/return', { definition: first.id, ...FROM });
  assert.equal(made.status, 201, made.text);
  assert.equal(await file((await versions('form', 'sole-trader'))[0]), form);
  assert.equal(await file((await versions('scenario', 'sole-trader'))[0]), scenario);
});

const limits = read('tables/limits.dmn'), limitsEnglish = read('tables/limits.en.json');
const hotel = read('scenarios/hotel-hygiene.feature');

test('a shorter limit is refused by a scenario that names no table, only an item that has it', async () => {
  const shorter = limits.replace(/(id="Rule_hotel_hygiene_promised">\s*<text>)10/, '$19');
  assert.notEqual(shorter, limits);
  const revision = await save('table', 'limits', shorter, limitsEnglish);
  const refused = await publish('table', 'limits', revision);
  assert.equal(refused.status, 422, refused.text);
  const told = refused.json.errors.map((one) => one.detail);
  assert.match(told[0], /hotel-hygiene\.feature.*due on 2026-12-07.*2026-12-04/);
  assert.match(told.at(-1), /window\.feature.*2026-12-04/, 'taken in at a window, the same');
  assert.equal((await versions('table', 'limits')).length, 1);
});

test('a scenario that does not hold is not published by itself either; one that holds is', async () => {
  const wrong = await save('scenario', 'hotel-hygiene', hotel.replace('due on 2026-12-09', 'due on 2026-12-10'));
  const refused = await publish('scenario', 'hotel-hygiene', wrong);
  assert.equal(refused.status, 422, refused.text);
  assert.deepEqual(refused.json.errors.map((one) => one.line), [hotel.split('\n').findIndex((line) => line.includes('2026-12-09')) + 1]);
  const right = await save('scenario', 'hotel-hygiene', `${hotel}\n# read again\n`);
  assert.equal((await publish('scenario', 'hotel-hygiene', right)).status, 201);
});

test('one rehearsal at a time: who comes second is told, and loses nothing', async () => {
  const forms = ['sole-trader', 'hotel-hygiene'];
  const revisions = [];
  for (const code of forms) revisions.push(await save('form', code, `${read(`forms/${code}.json`)}\n`, read(`forms/${code}.en.json`)));
  const answers = await Promise.all(forms.map((code, i) => publish('form', code, revisions[i])));
  assert.deepEqual(answers.map((one) => one.status).sort(), [201, 503], answers.map((one) => one.text).join('\n'));
  const second = answers.findIndex((one) => one.status === 503);
  assert.equal(answers[second].json.code, 'rehearsal.busy');
  assert.equal((await publish('form', forms[second], revisions[second])).status, 201);
});

if (!isAvailable) {
  skipAll(`rehearsal on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  editor = await new Program(server, { description: await Description.of(server) }).login('e001');
  browser = await new Client(server).login('e001', 'demo-2026');
  await runTests(() => stopServer(server));
}
