// sheets.mjs - an official changes rates in a spreadsheet: down, changed as an office program would, up into the
// draft; what is wrong is told by its cell and nothing is stored.
//
//     node tests/http/sheets.mjs sqlite|postgres
import { readFileSync } from 'node:fs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, newKey, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { formTo, wordsOf } from '../lib/page.mjs';
import { multipart, sendForm } from '../lib/upload.mjs';
import { partsOf, rowsOf, zipOf } from '../lib/xlsx.mjs';

const FEES = '/workbench/table/fees';
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const source = readFileSync('packs/service-hall/tables/fees.dmn', 'utf8');
const people = {};
let server, description, revision;

const down = async (path) => {
  const answer = await people.editor.get(path);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers.get('content-type'), SHEET);
  return answer.bytes;
};
/** The file with the text of its sheets changed, packed again. */
const changed = (bytes, change) => zipOf(Object.fromEntries(Object.entries(partsOf(bytes)).map(([name, text]) =>
  [name, name.startsWith('xl/worksheets/') ? change(text) : text])));
const up = (bytes, seen = revision, key = newKey()) => people.editor.send('POST', `${FEES}/draft/sheet`, {
  raw: multipart(seen ? [['revision', seen]] : [], [{ name: 'sheet', title: 'fees.xlsx', type: SHEET, data: bytes }]),
  headers: { 'x-csrf-token': people.editor.csrf, 'idempotency-key': key } });
const draftText = async () => (await people.editor.get(`${FEES}/draft/file`)).text;

test('the newest version comes with a guide and a sheet for each table', async () => {
  const bytes = await down(`${FEES}/draft/sheet.xlsx`);
  const [{ id }] = (await people.editor.get(FEES)).json.versions;
  assert.deepEqual(rowsOf(await down(`/workbench/versions/${id}/sheet.xlsx`), 1), rowsOf(bytes, 1));
  assert.equal(rowsOf(bytes, 0)[0][0], '填写说明');
  const first = rowsOf(bytes, 1);
  assert.match(first[0][0], /^table:/);
  assert.equal(first[1][1], '规则序号');
  const english = await new Program(server, { description, language: 'en' }).login('e001');
  assert.equal(rowsOf((await english.get(`${FEES}/draft/sheet.xlsx`)).bytes, 0)[0][0], 'How to fill it in');
});

test('what was not changed makes a draft that is the file itself', async () => {
  const answer = await up(await down(`${FEES}/draft/sheet.xlsx`), null);
  assert.equal(answer.status, 200, answer.text);
  ({ revision } = answer.json);
  assert.equal(await draftText(), source);
});

test('a changed rate is in the draft, and nothing else changed; its scenarios tell', async () => {
  const bytes = changed(await down(`${FEES}/draft/sheet.xlsx`), (xml) => xml.replaceAll('80 + further', '90 + further'));
  const key = newKey();
  const answer = await up(bytes, revision, key);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual((await up(bytes, revision, key)).json, answer.json, 'sent twice, done once');
  ({ revision } = answer.json);
  assert.equal(await draftText(), source.replaceAll('80 + further', '90 + further'));
  const { problems } = (await people.editor.get(`${FEES}/draft`)).json;
  assert.ok(problems.length > 0 && problems.every((one) => one.file.includes('fees')), JSON.stringify(problems));
});

test('a wrong cell is told by sheet and place, and nothing is stored', async () => {
  const before = await draftText();
  const bytes = changed(await down(`${FEES}/draft/sheet.xlsx`), (xml) => xml.replaceAll('90 + further', '90 + + further'));
  const answer = await up(bytes);
  assert.equal(answer.status, 422, answer.text);
  const [first] = answer.json.errors;
  assert.equal(first.field, 'sheet');
  assert.match(JSON.stringify(first), /工作表“.+”[A-Z]\d+：这一格无法读取/);
  assert.equal(await draftText(), before);
});

test('an official sees the same on the page, and another file is refused by name', async () => {
  const page = await people.browser.get(`${FEES}/draft`);
  const form = formTo(page.text, `${FEES}/draft/sheet`);
  const send = (data, title) => sendForm(people.browser, form, { sheet: null, _key: newKey() }, [{ name: 'sheet', title, data }]);
  const csv = await send('a,b\n1,2\n', 'fees.csv');
  assert.equal(csv.status, 422);
  assert.match(wordsOf(csv.text), /这不是 xlsx 表格文件/);
  const other = await people.editor.get('/workbench/table/project-class/draft/sheet.xlsx');
  const wrong = await send(other.bytes, 'project-class.xlsx');
  assert.equal(wrong.status, 422);
  assert.match(wordsOf(wrong.text), /草稿中没有决策表/);
  const nothing = await sendForm(people.browser, form, { sheet: null, _key: newKey() });
  assert.match(wordsOf(nothing.text), /请选择要上传的电子表格/);
});

test('who saw another draft, or has no right, changes nothing', async () => {
  const bytes = await down(`${FEES}/draft/sheet.xlsx`);
  assert.equal((await up(bytes, '1')).status, 409);
  assert.equal((await people.officer.get(`${FEES}/draft/sheet.xlsx`)).status, 403);
  assert.equal((await people.editor.get('/workbench/rating/rating/draft/sheet.xlsx')).status, 404);
  assert.equal((await new Client(server, { json: true }).get(`${FEES}/draft/sheet.xlsx`)).status, 401);
});

if (!isAvailable) {
  skipAll(`sheets on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  const clock = new TestClock('2026-11-23T09:30:00+08:00');
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  people.editor = await new Program(server, { description }).login('e001');
  people.officer = await new Program(server, { description }).login('m001');
  people.browser = await new Client(server).login('e001', 'demo-2026');
  await runTests(() => stopServer(server));
}
