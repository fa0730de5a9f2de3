// rules.mjs - which version of a table decides: from a day on, in a place alone, rolled back; and what
// the dossier says of it afterwards.
//
//     node tests/http/rules.mjs sqlite|postgres
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, freshDatabase, isAvailable, PROGRAM, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, file } from '../lib/hall.mjs';

const NOVEMBER = '2026-11-23T09:30:00+08:00', DECEMBER = '2026-12-03T09:30:00+08:00', JANUARY = '2027-01-05T09:30:00+08:00';
const QINGSHI = '99/9901/990101';
const ACCEPT = { outcome: 'accept', opinion: '材料齐全，予以受理。' };
const PASS = { outcome: 'pass', opinion: '符合要求。' };
const tables = 'packs/service-hall/tables';
let database, server, clock;
const people = {}, folders = [], numbers = {};

/** A folder with one table of the pack, changed, and its scenarios, for everywhere. */
function changed(name, change, changeScenarios) {
  const folder = mkdtempSync(join(tmpdir(), 'yimen-tables-'));
  folders.push(folder);
  mkdirSync(join(folder, 'tables'));
  const text = readFileSync(join(tables, `${name}.dmn`), 'utf8'), after = change(text);
  writeFileSync(join(folder, 'tables', `${name}.dmn`), after);
  writeFileSync(join(folder, 'tables', `${name}.en.json`), readFileSync(join(tables, `${name}.en.json`)));
  if (changeScenarios) {
    mkdirSync(join(folder, 'scenarios'));
    writeFileSync(join(folder, 'scenarios', `${name}.feature`), changeScenarios(readFileSync(`packs/service-hall/scenarios/${name}.feature`, 'utf8')));
  }
  return folder;
}

function publish(folder, from, division) {
  return spawnSync(PROGRAM, ['publish', folder, '--db', database.url, '--keys', database.folder, '--from', from,
    ...(division === undefined ? [] : ['--division', division])], { encoding: 'utf8', timeout: 60000 });
}

async function open(instant) {
  clock = new TestClock(instant);
  server = await startServer({ database, clock: clock.file });
  const description = await Description.of(server);
  const logins = { villager: '13800000004', land: 'n001', bank: 'b001', qingshi: 'q001', baishui: 'x001', admin: 'admin' };
  for (const [name, login] of Object.entries(logins)) people[name] = await new Program(server, { description }).login(login);
}

/** Between two days somebody publishes; one process owns an embedded database. */
async function publishAndOpen(instant, ...publications) {
  await stopServer(server, { keep: true });
  for (const [folder, from, division] of publications) {
    const done = publish(folder, from, division);
    assert.equal(done.status, 0, done.stderr);
    assert.equal(done.stdout, division ? '1 definition published\n' : '2 definitions published\n');
  }
  await open(instant);
}

const dossierOf = async (person, number) => (await person.get(`/dossiers/${number}`)).json;
async function ruling(person, number, step) {
  const all = (await dossierOf(person, number)).rulings.filter((one) => one.step === step);
  assert.ok(all.length, `${number}: no table decided ${step}`);
  return all.at(-1);
}
const outputs = (one) => Object.fromEntries(one.outputs.map((each) => [each.label, each.value]));

async function charged(number) {
  await complete(people.land, number, ACCEPT);
  await complete(people.land, number, PASS);
  return (await dossierOf(people.villager, number)).fees.map((fee) => fee.amount);
}

test('today the fee is that of the pack, and the dossier says why', async () => {
  numbers.first = await file(people.villager, 'real-estate-first');
  numbers.later = await file(people.villager, 'real-estate-first');
  assert.deepEqual(await charged(numbers.first), ['90.00']);
  for (const person of [people.villager, people.land]) {
    const why = await ruling(person, numbers.first, 'fee');
    assert.equal(why.table, 'fees');
    assert.equal(why.version, 1);
    assert.equal(why.effective_from, '2024-01-01');
    assert.equal(why.binds, 'filed');
    assert.equal(why.on, '2026-11-23');
    assert.equal(why.place, null);
    assert.deepEqual(why.inputs.map((one) => [one.label, one.value]), [['用途', '住宅']]);
    assert.equal(why.fired.length, 1);
    assert.equal(why.fired[0].rule, 1);
    assert.match(why.fired[0].basis, /^住宅每件80元/);
    assert.equal(why.fired[0].checked_on, null);
  }
});

test('the page tells it in words, in both languages, and links the table for who may read it', async () => {
  const page = await (await new Client(server).login('13800000004', 'demo-2026')).get(`/dossiers/${numbers.first}`);
  assert.equal(page.status, 200);
  for (const words of ['按什么规则定的', '第1条规则：', '依据条文待办理部门确认', '适用申请当日施行的版本'])
    assert.ok(page.text.includes(words), words);
  assert.ok(!page.text.includes('href="/admin/definitions"'));
  const english = await (await new Client(server, { language: 'en' }).login('13800000004', 'demo-2026')).get(`/dossiers/${numbers.first}`);
  for (const words of ['By which rules this was decided', 'Rule 1.', '80 yuan for a home'])
    assert.ok(english.text.includes(words), words);
});

test('a limit asked for at filing and again at acceptance is told once', async () => {
  const limits = (await dossierOf(people.villager, numbers.first)).rulings.filter((one) => one.step === 'limits');
  assert.equal(limits.length, 1);
  assert.equal(limits[0].binds, 'accepted');
  assert.deepEqual(limits[0].inputs.map((one) => one.value), ['不动产首次登记（房屋）'], 'the item by its name');
  assert.equal(limits[0].fired.length, 1);
});

/** What the section "why" of the dossier's page says of the fee. */
async function feeOnThePage(number) {
  const { status, text } = await (await new Client(server).login('13800000004', 'demo-2026')).get(`/dossiers/${number}`);
  assert.equal(status, 200);
  const details = text.split('<details>').filter((part) => part.includes('适用申请当日施行的版本') && /^\s*<summary>收费 /.test(part));
  assert.equal(details.length, 1, number);
  return details[0].split('</details>')[0];
}

test('a fee from the first of next month: what was filed before keeps the old one', async () => {
  const raise = (text) => text.replaceAll('80 + further_certificates', '100 + further_certificates');
  const dearer = changed('fees', raise, (text) => text.replace(/\| 80 /g, '| 100 ').replace(/\| 90 /g, '| 110 '));
  await stopServer(server, { keep: true });
  const untold = publish(changed('fees', raise), '2026-12-01');
  assert.equal(untold.status, 1);
  assert.match(untold.stderr, /fees\.feature.*expected 80, got 100/);
  await open(NOVEMBER);
  await publishAndOpen(DECEMBER, [dearer, '2026-12-01']);
  assert.deepEqual(await charged(numbers.later), ['90.00']);
  assert.equal((await ruling(people.villager, numbers.later, 'fee')).version, 1);
  numbers.december = await file(people.villager, 'real-estate-first');
  assert.deepEqual(await charged(numbers.december), ['110.00']);
  const why = await ruling(people.villager, numbers.december, 'fee');
  assert.equal(why.version, 2);
  assert.equal(why.effective_from, '2026-12-01');
  const old = await feeOnThePage(numbers.later), dear = await feeOnThePage(numbers.december);
  for (const [page, version, from, filed, amount] of [[old, '第1版', '2024-01-01', '2026-11-23', '90'], [dear, '第2版', '2026-12-01', '2026-12-03', '110']]) {
    assert.ok(page.includes(version), version);
    assert.ok(page.includes(`datetime="${from}"`), from);
    assert.ok(page.includes(`datetime="${filed}"`), filed);
    assert.match(page, new RegExp(`<summary>[^<]*\\b${amount}\\b`));
  }
});

test('an older fee published again is a version of its own, and what was decided stays', async () => {
  await publishAndOpen(JANUARY, [changed('fees', (text) => text, (text) => text), '2027-01-01']);
  const number = await file(people.villager, 'real-estate-first');
  assert.deepEqual(await charged(number), ['90.00']);
  assert.equal((await ruling(people.villager, number, 'fee')).version, 3);
  const before = await ruling(people.villager, numbers.december, 'fee');
  assert.equal(before.version, 2);
});

test('a township promises its own limit: there, and not elsewhere', async () => {
  const faster = changed('limits', (text) => text.replace(
    /(<outputEntry id="Rule_homestead_promised">\s*<text>)15/, (_, head) => `${head}12`));
  await publishAndOpen(JANUARY, [faster, '2027-01-01', QINGSHI]);
  const there = await file(people.villager, 'homestead', { township: 'TOWN-QINGSHI' });
  const elsewhere = await file(people.villager, 'homestead', { township: 'TOWN-BAISHUI' });
  await complete(people.qingshi, there, ACCEPT);
  await complete(people.baishui, elsewhere, ACCEPT);
  const own = await ruling(people.villager, there, 'limits'), county = await ruling(people.villager, elsewhere, 'limits');
  assert.equal(own.version, 2);
  assert.equal(own.place, '青石镇人民政府');
  assert.equal(outputs(own)['承诺时限'], '12');
  assert.equal(own.binds, 'accepted');
  assert.equal(county.version, 1);
  assert.equal(county.place, null);
  assert.equal(outputs(county)['承诺时限'], '15');
  const due = async (number) => (await dossierOf(people.villager, number)).clock.due_on;
  assert.ok(await due(there) < await due(elsewhere));
});

test('a personal answer that a table looks at is not told', async () => {
  const nosy = changed('fees', (text) => text.replace('<text>answers.house_use</text>', '<text>answers.owner_id_number</text>')
    .replace(/(<inputEntry id="Rule_home_use">\s*<text>)"住宅"/, (_, head) => `${head}-`),
  () => `Feature: A fee for whoever asks

  Scenario: by an answer that is personal
    Given the date is 2027-01-05
    When the decision "real-estate-standard" of "fees" is asked with
      | answers | {owner_id_number: "11010519491231002X", certificate_count: 1} |
    Then the answer is 80
`);
  await publishAndOpen(JANUARY, [nosy, '2027-01-02']);
  const number = await file(people.villager, 'real-estate-first');
  assert.deepEqual(await charged(number), ['90.00']);
  const { inputs } = await ruling(people.villager, number, 'fee');
  assert.deepEqual(inputs.map((one) => one.is_personal), [true]);
  assert.ok(!JSON.stringify(inputs).includes('11010519491231002X'));
});

test('what is no table, no day or no place is refused', async () => {
  await stopServer(server, { keep: true });
  assert.equal(publish('packs/service-hall', '2027-02-01').status, 1);
  const table = changed('fees', (text) => text), told = changed('fees', (text) => text, (text) => text);
  assert.equal(publish(table, '2027-02-30').status, 2);
  assert.match(publish(told, '2027-02-01', QINGSHI).stderr, /for one place tables alone/);
  for (const division of ['99//1', '/99', '99/', 'town']) {
    const done = publish(table, '2027-02-01', division);
    assert.equal(done.status, 1, division);
    assert.match(done.stderr, /division/i);
  }
  const verified = spawnSync(PROGRAM, ['verify', '--db', database.url, '--keys', database.folder], { encoding: 'utf8' });
  assert.equal(verified.status, 0, verified.stdout);
  await open(JANUARY);
});

if (!isAvailable) {
  skipAll(`rules on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  database = freshDatabase();
  await open(NOVEMBER);
  await runTests(async () => {
    await stopServer(server);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
}
