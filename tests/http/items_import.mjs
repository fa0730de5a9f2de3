// items_import.mjs - a centre's catalogue comes in from a workbook: 519 services looked at row by row, kept as
// drafts, published together with their limits, found and applied for; and every kind of wrong row.
//
//     node tests/http/items_import.mjs sqlite|postgres
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, PROGRAM, startServer, stopServer } from '../lib/server.mjs';
import { Description, newKey, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, file, openTask } from '../lib/hall.mjs';
import { errorFields, formTo, submit, wordsOf } from '../lib/page.mjs';
import { multipart, sendForm } from '../lib/upload.mjs';
import { basisOf, catalogueOf, itemOf, itemsWorkbook, ITEM_HEADINGS, materialsOf, workbookOf } from '../lib/workbook.mjs';
import { rowsOf } from '../lib/xlsx.mjs';

const IMPORT = '/workbench/items/import', COUNT = 519;
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const answers = { applicant_name: '林小满', phone: '13800000001', by_agent: 'no', matter: '在滨河路办一次活动' };
const clock = new TestClock('2026-11-23T09:30:00+08:00');
const people = {};
let server, description;

const upload = (data, who = people.editor, key = newKey()) => who.send('POST', IMPORT, {
  raw: multipart([], [{ name: 'workbook', title: '事项.xlsx', type: SHEET, data }]), headers: { 'x-csrf-token': who.csrf, 'idempotency-key': key } });
const countsOf = (plan) => Object.fromEntries(plan.counts.map((one) => [one.change, one.count]));

/** Uploads a workbook and looks at what it would do. */
async function planOf(data, show = 'all') {
  const sent = await upload(data);
  assert.equal(sent.status, 201, sent.text);
  const answer = await people.editor.get(`${IMPORT}/${sent.json.import}?show=${show}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

/** Saves what was planned and publishes it from today. */
async function publish(plan, body = {}) {
  const saved = await people.editor.post(`${IMPORT}/${plan.id}/drafts`, body);
  assert.equal(saved.status, 200, saved.text);
  const { revision, problems } = (await people.editor.get(`${IMPORT}/${plan.id}`)).json;
  assert.deepEqual(problems, []);
  const done = await people.editor.post(`${IMPORT}/${plan.id}/publish`, { revision, from: '2026-11-23', reason: '年度事项清理' });
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json.count, saved.json.count);
  return done.json;
}

/** The table of limits, a rule for each service by now, is still one that people edit on its page. */
async function editLimits(version) {
  const path = '/workbench/table/limits', page = await people.browser.get(`${path}/draft`);
  const form = formTo(page.text, `${path}/draft`);
  assert.ok(form.value('source').includes('"svc-518"'));
  const saved = await sendForm(people.browser, form, { _key: newKey(), file: null, english_file: null });
  assert.equal(saved.status, 303, wordsOf(saved.text).slice(0, 400));
  const { revision, problems } = (await people.editor.get(`${path}/draft`)).json;
  assert.deepEqual(problems, []);
  const source = (await people.editor.get(`/workbench/versions/${version}/file`)).text;
  const again = await people.editor.post(`${path}/draft`, { revision, source, english: (await people.editor.get(`/workbench/versions/${version}/english`)).text });
  assert.equal(again.status, 200, again.text);
  assert.equal((await people.editor.get(`${path}/draft/sheet.xlsx`)).status, 200);
  await people.editor.post(`${path}/discard`, { revision: again.json.revision });
}

const one = (n, changes = {}) => ({ ...itemOf(n), ...changes });
const bookOf = (items, more = {}) => itemsWorkbook({ items, materials: items.flatMap((_, i) => materialsOf(900 + i)),
  bases: items.map((_, i) => basisOf(900 + i)), ...more });

test('the template explains every column and takes in nothing', async () => {
  const answer = await people.editor.get(`${IMPORT}/template.xlsx`);
  assert.equal(answer.headers.get('content-type'), SHEET);
  assert.deepEqual(rowsOf(answer.bytes, 0)[0].slice(0, ITEM_HEADINGS.length), ITEM_HEADINGS);
  assert.equal(rowsOf(answer.bytes, 0)[1][0], 'example');
  const values = rowsOf(answer.bytes, 4).map((row) => row.join(' '));
  for (const value of ['CITY', 'general-promised', 'general-application', 'working_days 工作日'])
    assert.ok(values.some((row) => row.includes(value)), value);
  const english = await new Program(server, { description, language: 'en' }).login('e001');
  assert.equal(rowsOf((await english.get(`${IMPORT}/template.xlsx`)).bytes, 0)[0][0], 'Code');
  const nothing = await upload(answer.bytes);
  assert.equal(nothing.status, 422);
  assert.match(nothing.text, /没有要导入的行/);
});

test('other files are refused, each with its reason', async () => {
  const whole = catalogueOf(3);
  const cases = [[Buffer.from('a,b\n1,2\n'), /不是 xlsx/], [whole.subarray(0, whole.length - 300), /xlsx|损坏|不完整/],
    [workbookOf([{ name: 'Sheet1', rows: [['a']] }]), /没有“事项”表/],
    [workbookOf([{ name: '事项', rows: [['事项编码', '颜色']] }]), /没有“颜色”这一列/],
    [workbookOf([{ name: '事项', rows: [[...ITEM_HEADINGS, '事项名称']] }]), /“事项名称”这一列有两个/],
    [workbookOf([{ name: '事项', rows: [ITEM_HEADINGS.slice(1)] }]), /缺少“事项编码”/],
    [workbookOf([{ name: '事项', rows: [ITEM_HEADINGS, [{ formula: '1/0', value: '' }]] }]), /没有要导入的行/],
    [itemsWorkbook({ items: Array.from({ length: 1001 }, (_, n) => itemOf(n)) }), /超过1000行/]];
  for (const [data, why] of cases) {
    const answer = await upload(data);
    assert.ok(answer.status === 422 || answer.status === 413, `${answer.status} ${answer.text}`);
    assert.equal(answer.json.errors[0].field, 'workbook');
    assert.match(answer.text, why);
  }
  const big = await upload(Buffer.alloc(5 * 1024 * 1024, 1));
  assert.ok([413, 422].includes(big.status), big.text);
});

/** What is wrong with one cell of one row, and what is said about it. */
const wrong = [
  [{ 事项编码: 'Bad Code' }, 'A2', /不能作编码/], [{ 事项编码: '' }, 'A2', /请填写“事项编码”/], [{ 事项名称: '' }, 'B2', /请填写“事项名称”/],
  [{ '事项名称（英文）': '' }, 'C2', /没有英文/], [{ 事项简介: '长'.repeat(1001) }, 'D2', /超过1000个字/], [{ 办理部门: '火星局' }, 'F2', /没有“火星局”这个部门/],
  [{ 办件类型: '急件' }, 'I2', /只能填其中之一：即办件、承诺件、联办件/], [{ 主题: '天文' }, 'J2', /只能填其中之一/], [{ 网上可办: '也许' }, 'K2', /是、否/],
  [{ 法定时限: '二十' }, 'L2', /整数/], [{ 法定时限: '-3' }, 'L2', /整数/], [{ 承诺时限: 30 }, 'M2', /不得超过法定时限（20）/], [{ 时限单位: '世纪' }, 'N2', /工作日、自然日/],
  [{ '申请条件（英文）': 'Only one line' }, 'T2', /中文有2条/], [{ '办理步骤（英文）': '' }, 'V2', /没有英文/], [{ 办理流程: 'no-such' }, 'W2', /没有编码为“no-such”/],
  [{ 申请表单: 'no-such' }, 'X2', /没有编码为“no-such”/], [{ 办件类型: '联办件' }, 'W2', /请填写“办理流程”/],
  [{ 事项名称: { formula: 'A1', value: '算出来的' } }, 'B2', /公式/],
];

test('every kind of wrong row is told by sheet and cell, and nothing is stored', async () => {
  for (const [changes, cell, why] of wrong) {
    const plan = await planOf(bookOf([one(900, changes)]));
    const [line] = plan.lines;
    assert.equal(line.change, 'wrong', JSON.stringify(changes));
    assert.ok(line.problems.some(({ text }) => text.includes(`工作表“事项”${cell}：`) && why.test(text)), `${cell} ${JSON.stringify(line.problems)}`);
    assert.equal((await people.editor.post(`${IMPORT}/${plan.id}/drafts`, {})).status, 422);
  }
  const lists = await people.editor.get('/workbench?kind=item');
  assert.ok(lists.json.definitions.every((each) => !each.has_draft));
});

test('codes that are there twice, materials and bases that are wrong, merged cells, blank rows', async () => {
  const [card, letter] = materialsOf(900), item = one(900), basis = basisOf(900);
  const told = async (book, cell, why) => {
    const { lines } = await planOf(itemsWorkbook(book));
    const texts = lines.flatMap((line) => line.problems.map(({ text }) => text));
    assert.ok(texts.some((text) => text.includes(cell) && why.test(text)), `${cell}: ${JSON.stringify(texts)}`);
  };
  await told({ items: [item, item], bases: [basis] }, '“事项”A3', /与A2重复/);
  await told({ items: [item], materials: [card, card], bases: [basis] }, '“材料”B3', /与B2重复/);
  await told({ items: [item], materials: [{ ...card, 事项编码: 'other' }], bases: [basis] }, '“材料”A2', /没有编码为“other”的行/);
  await told({ items: [item], bases: [basis, { ...basis, 事项编码: 'other' }] }, '“设立依据”A3', /没有编码为“other”的行/);
  await told({ items: [item], materials: [{ ...letter, 什么情况需要: '=by_agent = (' }], bases: [basis] }, '“材料”J2', /判断式/);
  await told({ items: [item], materials: [{ ...card, '材料名称（英文）': '' }], bases: [basis] }, '“材料”D2', /没有英文/);
  await told({ items: [item], materials: [{ ...card, 材料形式: '照片' }], bases: [basis] }, '“材料”G2', /原件、复印件/);
  await told({ items: [item], materials: [{ ...card, 份数: 1.5 }], bases: [basis] }, '“材料”H2', /整数/);
  await told({ items: [item], bases: [{ ...basis, 核对日期: 45000 }] }, '“设立依据”F2', /“45000”不是日期/);
  await told({ items: [item] }, '“事项”A2', /至少写一条/);
  await told({ items: [item, one(901)], bases: [basis, basisOf(901)], itemMerges: ['F2:F3'] }, '“事项”F3', /合并的单元格/);
  await told({ items: [{ ...item, 事项编码: 'open-restaurant', 证照名称: '甲', 证照模板: 'sign-permit' }], headings: [...ITEM_HEADINGS, '证照模板', '证照编号字头', '证照名称', '证照名称（英文）'] },
    '“事项”Y2', /发几种证照/);
  const blank = await planOf(itemsWorkbook({ items: [{}, item, {}], bases: [{}, basis] }));
  assert.deepEqual([blank.lines.length, blank.lines[0].row, blank.lines[0].change], [1, 3, 'new']);
});

test('sent twice with one key it is kept once', async () => {
  const key = newKey(), data = bookOf([one(900)]);
  const first = await upload(data, people.editor, key), second = await upload(data, people.editor, key);
  assert.equal(first.status, 201, first.text);
  assert.deepEqual([second.status, second.text], [first.status, first.text]);
  assert.equal((await people.editor.get(IMPORT)).json.imports.length, 1);
});

test('an English reader is told in English', async () => {
  const english = await new Program(server, { description, language: 'en' }).login('e001');
  const { json } = await upload(bookOf([one(900, { 承诺时限: 30 })]), english);
  const [line] = (await english.get(`${IMPORT}/${json.import}`)).json.lines;
  assert.match(line.problems[0].text, /^Sheet "事项", M2: the promise may not be more than the statutory limit \(20\)/);
});

test('519 services: looked at in seconds, published in one go, and nothing before', async () => {
  const began = Date.now();
  const plan = await planOf(catalogueOf(COUNT));
  const looked = Date.now();
  assert.deepEqual(countsOf(plan), { all: COUNT, new: COUNT, changed: 0, same: 0, wrong: 0 });
  assert.equal((await people.editor.get('/items/svc-001')).status, 404);
  const done = await publish(plan);
  assert.equal(done.count, COUNT + 1, 'the table of limits goes with them');
  process.stdout.write(`# looked at in ${looked - began} ms, saved and published in ${Date.now() - looked} ms\n`);
  const limits = (await people.editor.get('/workbench/table/limits')).json.versions;
  await editLimits(limits[0].id);
  assert.deepEqual([limits[0].version, limits[0].state, limits[0].reason], [2, 'now', '年度事项清理']);
  assert.equal((await people.editor.get(`${IMPORT}/${plan.id}`)).status, 404);
  assert.equal((await people.editor.get('/workbench/item/svc-518')).json.versions[0].officer, '苏文澜');
});

test('they are found by words and by initials, and have their guides in both languages', async () => {
  for (const query of ['绿化备案', 'lhba', '绿化怎么办']) {
    const { items } = (await people.applicant.get(`/items?q=${encodeURIComponent(query)}`)).json;
    assert.ok(items.some((item) => item.code === 'svc-001'), `${query}: ${JSON.stringify(items.map((item) => item.code))}`);
  }
  const guide = (await people.applicant.get('/items/svc-001')).json;
  assert.deepEqual([guide.statutory_limit, guide.promised_limit, guide.limit_unit, guide.materials.length], [20, 2, 'working_days', 2]);
  const shown = wordsOf((await new Client(server, { language: 'en' }).get('/items/svc-001')).text);
  assert.match(shown, /Service 1 .*Administrative Licensing Law/);
  const rule = (await people.editor.get('/workbench/table/limits/draft/file')).status;
  assert.equal(rule, 404, 'the draft of the table is gone');
});

test('one is applied for, accepted by the window and decided by its department; one on the spot', async () => {
  const number = await file(people.applicant, 'svc-001', answers);
  await complete(people.window, number, { outcome: 'accept', opinion: '材料齐全，予以受理。' }, ['id-card']);
  await complete(people.market, number, { outcome: 'approve', opinion: '符合规定，予以办理。' });
  const done = (await people.applicant.get(`/dossiers/${number}`)).json;
  assert.equal(done.state, 'approved', JSON.stringify(done).slice(0, 400));
  const spot = await file(people.applicant, 'svc-000', answers);
  assert.ok(await openTask(people.city, spot));
  await complete(people.city, spot, { outcome: 'deny', opinion: '不在本县范围内。' });
  assert.equal((await people.applicant.get(`/dossiers/${spot}`)).json.state, 'denied');
});

test('the same workbook again changes nothing; a changed cell tells which column', async () => {
  const same = await planOf(catalogueOf(COUNT));
  assert.deepEqual(countsOf(same), { all: COUNT, new: 0, changed: 0, same: COUNT, wrong: 0 });
  assert.equal((await people.editor.post(`${IMPORT}/${same.id}/drafts`, {})).status, 422);
  const bare = { 事项编码: 'svc-003' };
  const plan = await planOf(itemsWorkbook({ items: [{ ...bare, 承诺时限: 2, 法定时限: 20, 时限单位: 'working_days', 收费说明: '工本费5元', '收费说明（英文）': '5 yuan' }] }));
  assert.deepEqual(plan.lines[0].changes.map(({ column }) => column).sort(), ['收费说明', '收费说明（英文）', '时限'].sort());
  await publish(plan);
  const guide = (await people.applicant.get('/items/svc-003')).json;
  assert.deepEqual([guide.version, guide.promised_limit, guide.fee, guide.materials.length], [2, 2, '工本费5元', 2]);
});

test('limits that several rules decide, and drafts of others, are left alone', async () => {
  const source = readFileSync('packs/service-hall/items/sole-trader.json', 'utf8');
  const { json } = await people.editor.post('/workbench/item/sole-trader/draft', { source, english: readFileSync('packs/service-hall/items/sole-trader.en.json', 'utf8') });
  const plan = await planOf(itemsWorkbook({ items: [{ 事项编码: 'sole-trader', 收费说明: '免费', '收费说明（英文）': 'Free' }] }));
  assert.match(plan.lines[0].problems[0].text, /已有没发布的草稿/);
  await people.editor.post('/workbench/item/sole-trader/discard', { revision: json.revision });
});

test('a page without scripts: upload, wrong rows left out by choice, published with a reason', async () => {
  const page = await people.browser.get(IMPORT);
  assert.ok((await people.browser.get('/workbench')).text.includes(`href="${IMPORT}"`), 'linked from the list');
  const form = formTo(page.text, IMPORT);
  const nothing = await sendForm(people.browser, form, { workbook: null, _key: newKey() });
  assert.equal(nothing.status, 422);
  assert.deepEqual(errorFields(nothing.text), ['workbook']);
  const data = itemsWorkbook({ items: [one(700), one(701, { 承诺时限: 90 })], bases: [basisOf(700), basisOf(701)] });
  const sent = await sendForm(people.browser, form, { workbook: null, _key: newKey() }, [{ name: 'workbook', title: '事项.xlsx', data }]);
  assert.equal(sent.status, 303, wordsOf(sent.text).slice(0, 400));
  const path = new URL(sent.location, server.url).pathname;
  const shown = wordsOf((await people.browser.get(path)).text);
  assert.ok(/有1行填写有误/.test(shown) && /M3：承诺时限不得超过法定时限/.test(shown), shown.slice(0, 800));
  const refused = await submit(people.browser, path, `${path}/drafts`);
  assert.equal(refused.status, 422);
  assert.deepEqual(errorFields(refused.text), ['right_only']);
  const saved = await submit(people.browser, path, `${path}/drafts`, { right_only: 'true' });
  assert.equal(saved.status, 303, wordsOf(saved.text).slice(0, 400));
  assert.match(wordsOf((await people.browser.get(IMPORT)).text), /已存为草稿，待发布/);
  const other = await planOf(bookOf([one(900)]));
  assert.match(JSON.stringify(other.problems), /时限表（limits）有没发布的草稿/);
  const early = await submit(people.browser, path, `${path}/publish`, { reason: '', from: '2026-11-01' });
  assert.deepEqual(errorFields(early.text), ['reason']);
  const done = await submit(people.browser, path, `${path}/publish`, { reason: '补录', from: '2026-11-23' });
  assert.equal(done.status, 303, wordsOf(done.text).slice(0, 600));
  assert.equal((await people.editor.get('/items/svc-700')).status, 200);
  assert.equal((await people.editor.get('/items/svc-701')).status, 404);
});

test('an import is thrown away with its drafts, by who uploaded it alone; nobody else sees it', async () => {
  const plan = await planOf(itemsWorkbook({ items: [one(702)], bases: [basisOf(702)] }));
  assert.equal((await people.editor.post(`${IMPORT}/${plan.id}/drafts`, {})).status, 200);
  assert.equal((await people.editor.post(`${IMPORT}/${plan.id}/drafts`, {})).status, 409);
  assert.equal((await people.editor.post(`${IMPORT}/${plan.id}/publish`, { revision: '1', from: '2026-12-01', reason: 'x' })).status, 409);
  for (const who of [people.market, people.applicant]) {
    assert.equal((await who.get(IMPORT)).status, 403);
    assert.equal((await who.get(`${IMPORT}/${plan.id}`)).status, 403);
  }
  assert.equal((await people.editor.post(`${IMPORT}/${plan.id}/discard`, {})).status, 200);
  assert.equal((await people.editor.get(`${IMPORT}/${plan.id}`)).status, 404);
  assert.equal((await people.editor.get('/workbench/table/limits')).json.has_draft, false);
});

test('the command line: told row by row, published, and told by exit codes', async () => {
  const good = join(server.database.folder, 'good.xlsx'), bad = join(server.database.folder, 'bad.xlsx');
  writeFileSync(good, itemsWorkbook({ items: [one(800)], bases: [basisOf(800)] }));
  writeFileSync(bad, itemsWorkbook({ items: [one(801), one(802, { 承诺时限: 90 })], bases: [basisOf(801), basisOf(802)] }));
  await stopServer(server, { keep: true });
  const run = (...args) => spawnSync(PROGRAM, ['items', ...args, '--db', server.database.url, '--keys', server.database.folder], { encoding: 'utf8' });
  assert.equal(run('import').status, 2);
  assert.equal(run('export', good).status, 2);
  assert.equal(run('import', good, '--from', 'tomorrow').status, 2);
  assert.equal(run('import', join(server.database.folder, 'none.xlsx')).status, 1);
  const dry = run('import', good, '--dry-run');
  assert.equal(dry.status, 0, dry.stderr);
  assert.match(dry.stdout, /1 new, 0 changed, 0 unchanged, 0 wrong/);
  const refused = run('import', bad, '--json');
  assert.equal(refused.status, 1, refused.stderr);
  const told = JSON.parse(refused.stdout);
  assert.deepEqual([told.new, told.wrong, told.published], [1, 1, 0]);
  assert.match(told.rows[1].problems[0], /M3: the promise may not be more/);
  const done = run('import', good, '--json');
  assert.equal(done.status, 0, done.stderr);
  assert.equal(JSON.parse(done.stdout).published, 2);
  assert.match(run('import', good, '--dry-run').stdout, /0 new, 0 changed, 1 unchanged, 0 wrong/);
  assert.equal(run('import', bad, '--right-only').status, 0);
  assert.equal(run('template', join(server.database.folder, 'template.xlsx')).status, 0);
  assert.equal(rowsOf(readFileSync(join(server.database.folder, 'template.xlsx')), 0)[0][0], '事项编码');
});

if (!isAvailable) {
  skipAll(`items from a workbook on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  for (const [who, login] of Object.entries({ editor: 'e001', window: 'w001', market: 'm001', city: 'c001', applicant: '13800000001' }))
    people[who] = await new Program(server, { description }).login(login);
  people.browser = await new Client(server).login('e001', 'demo-2026');
  await runTests(() => stopServer(server));
}
