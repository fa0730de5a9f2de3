// places.mjs - a table that a township has for itself: published there from a day, in force there and
// nowhere else, listed, compared, tried, taken back; on a set clock.
//
//     node tests/http/places.mjs sqlite|postgres
import { readFileSync } from 'node:fs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, file } from '../lib/hall.mjs';
import { errorFields, submit, wordsOf } from '../lib/page.mjs';

const LIMITS = '/workbench/table/limits', QINGSHI = '99/9901/990101';
const clock = new TestClock('2026-11-23T09:30:00+08:00');
const limits = readFileSync('packs/service-hall/tables/limits.dmn', 'utf8');
const english = readFileSync('packs/service-hall/tables/limits.en.json', 'utf8');
const promised = (days) => limits.replace(/(id="Rule_homestead_promised">\s*<text>)15/, (_, head) => head + days);
const ACCEPT = { outcome: 'accept', opinion: '材料齐全，予以受理。' };
let server, description;
const people = {};

async function signIn() {
  for (const [who, login] of Object.entries({ editor: 'e001', villager: '13800000004', qingshi: 'q001', baishui: 'x001' }))
    people[who] = await new Program(server, { description }).login(login);
  people.browser = await new Client(server).login('e001', 'demo-2026');
  people.english = await new Client(server, { language: 'en' }).login('e001', 'demo-2026');
}

const versions = async () => (await people.editor.get(LIMITS)).json.versions;
const told = async () => (await versions()).map((one) => [one.version, one.place, one.effective_from, one.state]);

async function save(source) {
  const { revision } = (await people.editor.get(`${LIMITS}/draft`)).json;
  const saved = await people.editor.post(`${LIMITS}/draft`, { ...(revision !== '0' && { revision }), source, english });
  assert.equal(saved.status, 200, saved.text);
  return saved.json.revision;
}

const publish = (revision, more) => people.editor.post(`${LIMITS}/publish`, { revision, from: '2026-12-01', reason: '镇里提速', ...more });

test('a place that there is not, and a kind that no place has for itself, are refused by name', async () => {
  const revision = await save(promised(12));
  for (const place of ['99/9901/990199', '99', '青石镇', '99/9901/990101/']) {
    const refused = await publish(revision, { place });
    assert.equal(refused.status, 422, place);
    assert.deepEqual(refused.json.errors.map((one) => one.field), ['place'], place);
  }
  const form = readFileSync('packs/service-hall/forms/homestead.json', 'utf8'), overlay = readFileSync('packs/service-hall/forms/homestead.en.json', 'utf8');
  const made = await people.editor.post('/workbench/form/homestead/draft', { source: `${form}\n`, english: overlay });
  const refused = await people.editor.post('/workbench/form/homestead/publish', { revision: made.json.revision, from: '2026-12-01', reason: 'x', place: QINGSHI });
  assert.deepEqual([refused.status, refused.json.code, refused.json.errors[0].field], [422, 'pack.only_tables', 'place']);
  const told = readFileSync('packs/service-hall/scenarios/limits.feature', 'utf8');
  await people.editor.post('/workbench/scenario/limits/draft', { source: `${told}\n` });
  const both = await publish(revision, { place: QINGSHI, with: ['scenario:limits'] });
  assert.deepEqual([both.status, both.json.code], [422, 'pack.only_tables']);
  assert.equal((await versions()).length, 1);
});

test('without scripts: an official chooses the township, and what was typed stays when something is wrong', async () => {
  const page = (await people.browser.get(`${LIMITS}/draft`)).text;
  assert.match(page, /<option value="99\/9901\/990101"[^>]*>青石镇人民政府</);
  const refused = await submit(people.browser, `${LIMITS}/draft`, `${LIMITS}/publish`, { place: QINGSHI, reason: '', with: [] });
  assert.deepEqual(errorFields(refused.text), ['reason']);
  assert.match(refused.text, /<option value="99\/9901\/990101" selected>/);
  const done = await submit(people.browser, `${LIMITS}/draft`, `${LIMITS}/publish`, { place: QINGSHI, reason: '镇里提速', with: [] });
  assert.equal(done.status, 303, wordsOf(done.text).slice(0, 400));
  assert.deepEqual(await told(), [[1, null, '2024-01-01', 'now'], [2, '青石镇人民政府', '2026-12-01', 'later']]);
  const shown = wordsOf((await people.browser.get(LIMITS)).text);
  assert.match(shown, /适用范围/);
  assert.match(wordsOf((await people.english.get(LIMITS)).text), /Qingshi/);
});

test('from its day it holds there and not elsewhere, and a dossier says whose version it was', async () => {
  await clock.set('2026-12-03T09:30:00+08:00');
  await signIn();
  const limitOf = async (officer, township) => {
    const number = await file(people.villager, 'homestead', { township });
    await complete(officer, number, ACCEPT);
    const why = (await people.villager.get(`/dossiers/${number}`)).json.rulings.filter((one) => one.step === 'limits').at(-1);
    return [why.version, why.place, why.outputs.find((one) => one.label === '承诺时限').value];
  };
  assert.deepEqual(await limitOf(people.qingshi, 'TOWN-QINGSHI'), [2, '青石镇人民政府', '12']);
  assert.deepEqual(await limitOf(people.baishui, 'TOWN-BAISHUI'), [1, null, '15']);
});

test('versions of the place are compared, tried and taken back there alone', async () => {
  const done = await publish(await save(promised(11)), { place: QINGSHI, from: '2026-12-03' });
  assert.deepEqual([done.status, done.json.version, done.json.division], [201, 3, QINGSHI]);
  const again = await publish(await save(promised(11)), { place: QINGSHI, from: '2026-12-04' });
  assert.equal(again.json.code, 'workbench.nothing_new');
  const [county, newest, first] = await versions();
  const changes = (await people.editor.get(`${LIMITS}/difference?before=${first.id}&after=${newest.id}`)).json.changes;
  assert.deepEqual(changes.map((one) => [one.before, one.after]), [['12', '11']]);
  assert.match(wordsOf((await people.browser.get(`${LIMITS}/difference`)).text), /第3版（青石镇人民政府，2026-12-03起）/);
  const tried = (await people.editor.get(`${LIMITS}/trial?of=${newest.id}&decision=limits&run=true&inputs.item=homestead`)).json;
  assert.match(JSON.stringify(tried.tables[0].rules.filter((one) => one.is_marked)), /"11"/);
  const back = await people.editor.post(`${LIMITS}/return`, { definition: first.id, from: '2026-12-03', reason: '试行结束' });
  assert.deepEqual([back.status, back.json.division], [201, QINGSHI], back.text);
  assert.deepEqual(await told(), [[1, null, '2024-01-01', 'now'], [4, '青石镇人民政府', '2026-12-03', 'now'],
    [3, '青石镇人民政府', '2026-12-03', 'past'], [2, '青石镇人民政府', '2026-12-01', 'past']]);
  assert.equal((await people.editor.get(`/workbench/versions/${county.id}/file`)).text, limits);
});

if (!isAvailable) {
  skipAll(`places on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await signIn();
  await runTests(() => stopServer(server));
}
