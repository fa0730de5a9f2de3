// workbench.mjs - an official changes the fee of a registration: draft, checks, publication from the
// first of next month, the version before it again; on a set clock.
//
//     node tests/http/workbench.mjs sqlite|postgres
import { readFileSync } from 'node:fs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { errorFields, submit, wordsOf } from '../lib/page.mjs';

const FEES = '/workbench/table/fees';
const clock = new TestClock('2026-11-23T09:30:00+08:00');
const read = (file) => readFileSync(`packs/service-hall/${file}`, 'utf8');
const fees = read('tables/fees.dmn'), english = read('tables/fees.en.json');
const scenarios = read('scenarios/fees.feature');
const dearerScenarios = scenarios.replace(/(住宅 +\| 1 +\| )80/, '$190').replace(/(住宅 +\| 2 +\| )90/, '$1100').replace(/(储藏室 \| 1 +\| )80/, '$190');
const dearer = fees.replaceAll('80 + further', '90 + further');
let server, description, revision;
const people = {};

async function signIn() {
  for (const [who, login] of Object.entries({ editor: 'e001', officer: 'm001', admin: 'admin' }))
    people[who] = await new Program(server, { description }).login(login);
  people.browser = await new Client(server).login('e001', 'demo-2026');
  people.english = await new Client(server, { language: 'en' }).login('e001', 'demo-2026');
}

const versions = async () => (await people.editor.get(FEES)).json.versions;

async function save(source, seen = revision) {
  const answer = await people.editor.post(`${FEES}/draft`, { revision: seen, source, english });
  if (answer.status === 200) ({ revision } = answer.json);
  return answer;
}

test('every kind is listed, and every definition opens', async () => {
  for (const kind of ['item', 'process', 'form', 'table', 'template', 'grounds', 'papers', 'rating', 'scenario']) {
    const { definitions } = (await people.editor.get(`/workbench?kind=${kind}`)).json;
    assert.ok(definitions.length >= 1, kind);
    for (const one of definitions) {
      const page = await people.editor.get(`/workbench/${kind}/${one.code}`);
      assert.equal(page.status, 200, one.code);
      assert.equal(page.json.versions.length, 1);
      assert.equal(page.json.versions[0].state, 'now');
      const shown = (await people.browser.get(`/workbench/${kind}/${one.code}/draft`)).text;
      assert.ok(shown.includes('<textarea'), one.code);
    }
  }
});

test('a file comes out as it went in', async () => {
  const [first] = await versions();
  assert.equal((await people.editor.get(`/workbench/versions/${first.id}/file`)).text, fees);
  const overlay = await people.editor.get(`/workbench/versions/${first.id}/english`);
  assert.equal(overlay.text, english);
  assert.match(overlay.headers.get('content-disposition'), /fees\.en\.json/);
});

test('nobody else may look or write', async () => {
  for (const who of ['officer', 'admin']) {
    assert.equal((await people[who].get(FEES)).status, 403);
    assert.equal((await people[who].post(`${FEES}/draft`, { source: fees })).status, 403);
  }
  for (const path of ['/workbench/table/no-such', '/workbench/roles/roles', '/workbench/table/Fees', '/workbench/rating/other/draft'])
    assert.equal((await people.editor.get(path)).status, 404, path);
});

test('a draft with mistakes is kept, each mistake with its place, and cannot be published', async () => {
  const wrong = fees.replace('80 + further', '80 + + further').replace('name="real-estate-standard"', 'name="other"')
    .replace('"住宅"', '"住宅');
  assert.equal((await save(wrong, undefined)).status, 200);
  const { problems } = (await people.editor.get(`${FEES}/draft`)).json;
  assert.ok(problems.length >= 2, JSON.stringify(problems));
  for (const one of problems) assert.ok(one.file === 'fees.dmn' && one.line > 0 && one.text, JSON.stringify(one));
  const refused = await people.editor.post(`${FEES}/publish`, { revision, from: '2026-12-01', reason: '调整' });
  assert.equal(refused.status, 422);
  assert.equal(refused.json.errors.length, problems.length);
  assert.equal((await versions()).length, 1);
});

test('a table that a process asks for may not lose its decision', async () => {
  await save(fees.replaceAll('real-estate-standard"', 'other-fee"'));
  const { problems } = (await people.editor.get(`${FEES}/draft`)).json;
  assert.ok(problems.some((one) => one.file === 'real-estate-first.bpmn'), JSON.stringify(problems));
  assert.match(problems[0].text, /[\u4e00-\u9fff]/);
});

test('who saves over a draft that he has not seen is told, and keeps what he typed', async () => {
  const page = await people.browser.get(`${FEES}/draft`);
  assert.ok(page.text.includes('苏文澜'));
  const stale = { revision: revision.replace(/.$/, (digit) => String((Number(digit) + 1) % 10)), source: dearer };
  assert.equal((await people.editor.post(`${FEES}/draft`, stale)).status, 409);
  const answer = await submit(people.browser, `${FEES}/draft`, `${FEES}/draft`, stale);
  assert.equal(answer.status, 409);
  assert.ok(wordsOf(answer.text).includes('90 + further') && wordsOf(answer.text).includes('别人保存过'), 'typed text or reason is lost');
});

test('a page without scripts: save, then publish from the first of next month with a reason', async () => {
  const saved = await submit(people.browser, `${FEES}/draft`, `${FEES}/draft`, { source: dearer, english });
  assert.equal(saved.status, 303, wordsOf(saved.text).slice(0, 400));
  const changed = (await people.editor.get(`${FEES}/difference`)).json;
  assert.equal(changed.after_version, 'draft');
  assert.deepEqual(changed.changes.map((one) => [one.kind, one.rule_after, one.before, one.after]), [1, 2].map((rule) =>
    ['cell_changed', rule, '80 + further_certificates', '90 + further_certificates']));
  assert.deepEqual(changed.tables[0].rules.map((one) => one.mark), ['changed', 'changed', 'same', 'same']);
  const difference = (await people.browser.get(`${FEES}/difference`)).text;
  assert.ok(/第1条规则的“金额（元）”改了/.test(wordsOf(difference)), wordsOf(difference).slice(0, 500));
  assert.match(difference, /<del[^>]*>80 \+ further_certificates<\/del> <ins[^>]*>90 \+ further_certificates<\/ins>/);
  const page = (await people.browser.get(`${FEES}/draft`)).text;
  assert.match(page, /name="from"[^>]*value="2026-12-01"/);
  const refused = await submit(people.browser, `${FEES}/draft`, `${FEES}/publish`, { reason: '' });
  assert.equal(refused.status, 422);
  assert.deepEqual(errorFields(refused.text), ['reason']);
  const past = await submit(people.browser, `${FEES}/draft`, `${FEES}/publish`, { reason: 'x', from: '2026-11-01' });
  assert.deepEqual(errorFields(past.text), ['from']);
  const failing = await submit(people.browser, `${FEES}/draft`, `${FEES}/publish`, { reason: '省里调整收费标准' });
  assert.equal(failing.status, 422);
  assert.ok(/fees\.feature.*应为 80，实为 90/.test(wordsOf(failing.text)), wordsOf(failing.text).slice(0, 600));
  assert.equal((await people.editor.post('/workbench/scenario/fees/draft', { source: dearerScenarios })).status, 200);
  assert.deepEqual((await people.editor.get(`${FEES}/draft`)).json.problems, []);
  assert.match((await people.browser.get(`${FEES}/draft`)).text, /value="scenario:fees"[^>]*checked/);
  const done = await submit(people.browser, `${FEES}/draft`, `${FEES}/publish`, { reason: '省里调整收费标准' });
  assert.equal(done.status, 303, wordsOf(done.text).slice(0, 400));
  const [newest, first] = await versions();
  assert.deepEqual([newest.version, newest.effective_from, newest.state, newest.officer, newest.reason],
    [2, '2026-12-01', 'later', '苏文澜', '省里调整收费标准']);
  assert.equal(first.state, 'now');
  assert.equal((await people.editor.get(FEES)).json.has_draft, false);
  const told = (await people.editor.get('/workbench/scenario/fees')).json.versions;
  assert.deepEqual([told.length, told[0].effective_from, told[0].reason], [2, '2026-12-01', '省里调整收费标准']);
});

test('from its day the new version is in force', async () => {
  await clock.set('2026-12-01T09:30:00+08:00');
  await signIn();
  assert.deepEqual((await versions()).map((one) => one.state), ['now', 'past']);
});

test('the version before it comes back as the next one, with a reason', async () => {
  const first = (await versions()).at(-1);
  const body = { definition: first.id, from: '2026-12-01', reason: '暂缓执行' };
  assert.equal((await people.editor.post('/workbench/table/limits/return', body)).status, 404);
  const made = await people.editor.post(`${FEES}/return`, body);
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.version, 3);
  const [back] = await versions();
  assert.deepEqual([back.state, back.back_to, back.reason], ['now', 1, '暂缓执行']);
  assert.equal((await people.editor.get(`/workbench/versions/${back.id}/file`)).text, fees);
  const [told] = (await people.editor.get('/workbench/scenario/fees')).json.versions;
  assert.equal((await people.editor.get(`/workbench/versions/${told.id}/file`)).text, scenarios);
  assert.equal((await people.editor.post(`${FEES}/return`, { ...body })).status, 409);
});

test('two versions are compared by meaning; what is no version of the table is refused', async () => {
  const [newest, middle, first] = await versions();
  const between = async (before, after) => (await people.editor.get(`${FEES}/difference?before=${before.id ?? before}&after=${after.id ?? after}`));
  assert.deepEqual((await between(first, newest)).json.changes, []);
  assert.equal((await between(first, middle)).json.changes.length, 2);
  const other = (await people.editor.get('/workbench/table/limits')).json.versions[0];
  for (const wrong of [other.id, 'draft', 'x', '0', '-1', '99999999999999999999'])
    assert.equal((await between(first, wrong)).status, 404, wrong);
  assert.equal((await people.editor.get('/workbench/form/hotel-hygiene/difference')).status, 404);
});

const TRIAL = `${FEES}/trial`, asQuery = (inputs) => Object.entries(inputs).map(([name, value]) => `inputs.${name}=${encodeURIComponent(value)}`).join('&');

test('a table is tried on typed inputs: what it asks, what it answers, which rules fired and why', async () => {
  const [, middle, first] = await versions();
  const asked = (await people.editor.get(`${TRIAL}?of=${first.id}&decision=real-estate-standard`)).json;
  assert.deepEqual(asked.asks.map((one) => one.path), ['answers.house_use', 'answers.certificate_count']);
  assert.deepEqual(asked.asks.map((one) => one.label), ['用途', 'answers.certificate_count']);
  assert.equal(asked.is_run, false);
  const inputs = asQuery({ 'answers.house_use': '住宅', 'answers.certificate_count': '3' });
  const run = async (of) => (await people.editor.get(`${TRIAL}?of=${of}&decision=real-estate-standard&run=true&${inputs}`)).json;
  const old = await run(first.id);
  assert.equal(old.value, '100');
  assert.deepEqual(old.tables[0].rules.filter((one) => one.is_marked).map((one) => one.rule), [1]);
  assert.match(old.steps.find((one) => one.is_table).fired[0].notes[0], /住宅每件80元/);
  assert.equal((await run(middle.id)).value, '110');
  const page = await people.browser.get(`${TRIAL}?of=${first.id}&decision=real-estate-standard&run=true&${inputs}`);
  assert.ok(/第1条规则符合 → 100/.test(wordsOf(page.text)), wordsOf(page.text).slice(0, 600));
  assert.match(page.text, /<tr class="is-marked">/);
  assert.match(page.text, /name="inputs\.answers\.house_use"[^>]*value="住宅"/);
  const marked = (await people.editor.get(`${TRIAL}?of=${first.id}&decision=real-estate-standard&rule=3`)).json;
  assert.deepEqual(marked.tables[0].rules.filter((one) => one.is_marked).map((one) => one.rule), [3]);
});

const TYPED = `<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="t" namespace="t">
  <decision id="d" name="d"><decisionTable hitPolicy="FIRST">
  <input label="面积"><inputExpression typeRef="number"><text>area</text></inputExpression></input>
  <input label="日期"><inputExpression typeRef="date"><text>day</text></inputExpression></input>
  <input label="小微"><inputExpression typeRef="boolean"><text>small</text></inputExpression></input>
  <input label="用途"><inputExpression typeRef="string"><text>use</text></inputExpression><inputValues><text>"住宅","商铺"</text></inputValues></input>
  <output name="fee" typeRef="number"/>
  <rule><inputEntry><text>&gt; 10</text></inputEntry><inputEntry><text>&gt; date("2026-01-01")</text></inputEntry><inputEntry><text>true</text></inputEntry><inputEntry><text>"商铺"</text></inputEntry><outputEntry><text>area * 2</text></outputEntry></rule>
  </decisionTable></decision></definitions>`;

test('wrong inputs are named, and what was typed stays', async () => {
  await people.editor.post('/workbench/table/typed/draft', { source: TYPED });
  const path = '/workbench/table/typed/trial?run=true';
  const { asks } = (await people.editor.get('/workbench/table/typed/trial')).json;
  assert.deepEqual(asks.map((one) => [one.label, one.type]), [['面积', 'number'], ['日期', 'date'], ['小微', 'boolean'], ['用途', 'choice']]);
  const good = { area: '12', day: '2026-02-01', small: 'true', use: '商铺' };
  const done = (await people.editor.get(`${path}&${asQuery(good)}`)).json;
  assert.deepEqual([done.value, done.tables[0].rules[0].is_marked], ['24', true]);
  for (const [name, value] of Object.entries({ area: 'twelve', day: '2026-02-30', small: 'perhaps', use: '车库' })) {
    const query = `${path}&${asQuery({ ...good, [name]: value })}`;
    const refused = await people.editor.get(query);
    assert.equal(refused.status, 422, name);
    assert.deepEqual(refused.json.errors.map((one) => one.field), [`inputs.${name}`]);
    const page = (await people.browser.get(query)).text;
    assert.deepEqual(errorFields(page), [`inputs.${name}`]);
    if (name === 'area' || name === 'day') assert.ok(page.includes(`value="${value}"`), `${name}: what was typed is gone`);
    assert.ok(!/class="is-marked"/.test(page));
  }
  const nothing = (await people.editor.get(`${path}&inputs.area=`)).json;
  assert.ok(nothing.value === '没有结果' && nothing.findings.length > 0, JSON.stringify(nothing.findings));
  const both = await people.editor.get(`${path}&inputs.area=x&inputs.day=y`);
  assert.equal(both.json.errors.length, 2);
});

test('a trial is bounded, and what it cannot try is refused', async () => {
  const endless = TYPED.replace('area * 2', 'sum(for i in 1..100000, k in 1..100000 return i * k)');
  const { revision: seen } = (await people.editor.get('/workbench/table/typed/draft')).json;
  await people.editor.post('/workbench/table/typed/draft', { revision: seen, source: endless });
  const good = asQuery({ area: '12', day: '2026-02-01', small: 'true', use: '商铺' });
  const began = Date.now(), done = (await people.editor.get(`/workbench/table/typed/trial?run=true&${good}`)).json;
  assert.ok(Date.now() - began < 10000);
  assert.ok(done.findings.some((one) => one.code === 'feel.limit'), JSON.stringify(done.findings));
  for (const path of ['/workbench/form/hotel-hygiene/trial', '/workbench/table/nothing/trial', `${TRIAL}?of=draft`, `${TRIAL}?of=1`,
    `${TRIAL}?decision=nobody`])
    assert.equal((await people.editor.get(path)).status, 404, path);
  assert.equal((await people.officer.get(TRIAL)).status, 403);
});

test('a draft is thrown away by who saved it, after a question', async () => {
  const made = await people.editor.post(`${FEES}/draft`, { source: dearer, english });
  assert.equal(made.status, 200, made.text);
  const page = (await people.browser.get(`${FEES}/draft`)).text;
  assert.ok(/确定放弃吗/.test(wordsOf(page)), 'nothing is asked');
  assert.equal((await people.editor.post(`${FEES}/discard`, { revision: '1' })).status, 409);
  assert.equal((await people.officer.post(`${FEES}/discard`, { revision: made.json.revision })).status, 403);
  const done = await submit(people.browser, `${FEES}/draft`, `${FEES}/discard`, {});
  assert.equal(done.status, 303, wordsOf(done.text).slice(0, 300));
  assert.equal((await people.editor.get(FEES)).json.has_draft, false);
  assert.equal((await people.editor.post(`${FEES}/discard`, { revision: made.json.revision })).status, 409);
  assert.equal((await versions()).length, 3);
});

test('a definition that is new begins as a draft', async () => {
  const page = await people.browser.get('/workbench/new?kind=table&code=parking-fee');
  assert.equal(page.status, 200);
  const made = await people.editor.post('/workbench/table/parking-fee/draft', { source: fees, english });
  assert.equal(made.status, 200, made.text);
  const { definitions } = (await people.editor.get('/workbench?kind=table')).json;
  const line = definitions.find((one) => one.code === 'parking-fee');
  assert.deepEqual([line.version, line.has_draft, line.draft_by], [0, true, '苏文澜']);
  assert.equal((await people.editor.post('/workbench/table/parking-fee/publish',
    { revision: made.json.revision, from: '2027-01-01', reason: '新设' })).status, 201);
});

test('a definition is listed and headed by the name that it gives itself, in the page\'s language', async () => {
  const listed = async (person, kind, code) =>
    (await person.get(`/workbench?kind=${kind}`)).json.definitions.find((one) => one.code === code).name;
  assert.equal(await listed(people.editor, 'table', 'fees'), '收费标准');
  assert.equal(await listed(people.editor, 'process', 'food-licence'), '食品经营许可');
  assert.ok(await listed(people.editor, 'item', 'food-licence'));
  assert.ok(!await listed(people.editor, 'form', 'food-licence'), 'a form has none');
  assert.match(wordsOf((await people.english.get('/workbench?kind=table')).text), /Fees · fees/);
  assert.match(wordsOf((await people.english.get(`${FEES}/draft`)).text), /Edit Fees · fees/);
});

test('pages speak both languages', async () => {
  for (const path of ['/workbench', '/workbench?kind=table', FEES, `${FEES}/draft`, `${FEES}/difference`, `${TRIAL}?run=true`]) {
    const shown = wordsOf((await people.english.get(path)).text);
    assert.ok(!/workbench\.[a-z]/.test(shown), `${path} shows a key: ${shown.slice(0, 300)}`);
  }
});

if (!isAvailable) {
  skipAll(`workbench on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await signIn();
  await runTests(() => stopServer(server));
}
