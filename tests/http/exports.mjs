// exports.mjs - lists as spreadsheets: all pages of what is filtered, behind the right of the page, with nothing
// of other units and nothing that the page does not show.
//
//     node tests/http/exports.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { acceptedHotel, completedSoleTrader, file } from '../lib/hall.mjs';
import { rowsOf } from '../lib/xlsx.mjs';

const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const LOGINS = { applicant: '13800000001', other: '13800000002', window: 'w001', market: 'm001', inspector: 'h001',
  supervisor: 's001', leader: 'l001' };
const people = {};
let server, description;

async function sheetOf(person, path) {
  const answer = await person.get(path);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers.get('content-type'), SHEET);
  assert.match(answer.headers.get('content-disposition'), /^attachment; filename\*=UTF-8''.+\.xlsx$/);
  const [filter, head, ...rows] = rowsOf(answer.bytes);
  return { filter: filter[0], head, rows };
}

/** The column of the sheet under a heading. */
const column = (sheet, name) => {
  assert.ok(sheet.head.includes(name), `${name} is one of ${sheet.head}`);
  return sheet.rows.map((row) => row[sheet.head.indexOf(name)]);
};

/* 55 for one department, three for another: more than a page of the desk. */
const traders = [];
let hotels;

test('the desk comes whole, in its order, as the page shows it', async () => {
  for (let i = 0; i < 55; i++)
    traders.push(await file(people.applicant, 'sole-trader', { business_name: i === 7 ? '=HYPERLINK("http://x")' : `青溪县第${i}小吃店` }));
  hotels = [await acceptedHotel(people.other, people.window), await acceptedHotel(people.other, people.window)];
  const listed = await people.market.all('/desk', 'tasks');
  const sheet = await sheetOf(people.market, '/desk.xlsx');
  assert.ok(listed.length >= 55);
  assert.deepEqual(column(sheet, '办件编号'), listed.map((one) => one.number));
  assert.deepEqual(column(sheet, '申请人'), listed.map((one) => one.applicant));
  assert.deepEqual(column(sheet, '事项'), listed.map((one) => one.item));
  assert.match(sheet.filter, /^筛选：.+，本单位全部，全部阶段。导出时间：2026-12-15 09:3\d$/);
});

test('what another unit has is not in it', async () => {
  const market = await sheetOf(people.market, '/desk.xlsx');
  const inspector = await sheetOf(people.inspector, '/desk.xlsx');
  for (const number of hotels) {
    assert.ok(!column(market, '办件编号').includes(number));
    assert.ok(column(inspector, '办件编号').includes(number));
  }
  assert.ok(!column(inspector, '办件编号').some((number) => traders.includes(number)));
});

test('what is filtered on the page is filtered in the file, and its first line says so', async () => {
  const review = await sheetOf(people.inspector, '/desk.xlsx?stage=review');
  assert.deepEqual([...column(review, '办件编号')].sort(), [...hotels].sort());
  assert.match(review.filter, /本单位全部，审核/);
  const mine = await sheetOf(people.inspector, '/desk.xlsx?mine=1&stage=review');
  assert.deepEqual(mine.rows, []);
  assert.match(mine.filter, /我在办，审核/);
  assert.equal((await people.market.get('/desk.xlsx?stage=nowhere')).status, 422);
});

test('the page links to the file of what it shows', async () => {
  const page = await people.market.get('/desk', { headers: { accept: 'text/html' } });
  const [, path] = page.text.match(/href="(\/desk\.xlsx[^"]*)"/);
  assert.equal((await people.market.get(path.replaceAll('&amp;', '&'))).status, 200);
});

test('the live list, in the language of whoever asks', async () => {
  const listed = await people.supervisor.all('/supervise?stage=review', 'dossiers');
  const sheet = await sheetOf(people.supervisor, '/supervise.xlsx?stage=review');
  assert.deepEqual(column(sheet, '办件编号'), listed.map((one) => one.number));
  assert.deepEqual(column(sheet, '承办单位'), listed.map((one) => one.unit));
  assert.match(sheet.filter, /全部在办，审核阶段/);
  const english = await sheetOf(await new Program(server, { description, language: 'en' }).login('s001'), '/supervise.xlsx');
  assert.match(english.filter, /^Filter: All open\. Exported: /);
  assert.equal(english.rows.length, (await people.supervisor.all('/supervise', 'dossiers')).length);
  assert.equal((await people.supervisor.get('/supervise.xlsx?show=completed&stage=review')).status, 422);
});

test('the dossiers behind a figure', async () => {
  const done = [await completedSoleTrader(people.applicant, people.market), await completedSoleTrader(people.applicant, people.market)];
  for (const [query, has] of [['figure=s01&part=counted', true], ['figure=s01&part=rest', false], ['figure=s09&part=base', true]]) {
    const listed = await people.leader.all(`/board/dossiers?${query}`, 'dossiers');
    const sheet = await sheetOf(people.leader, `/board/dossiers.xlsx?${query}`);
    assert.deepEqual(column(sheet, '办件编号'), listed.map((one) => one.number));
    for (const number of done) assert.equal(column(sheet, '办件编号').includes(number), has, `${query} ${number}`);
    assert.equal(sheet.head.length, query.startsWith('figure=s09') ? 12 : 10);
    assert.match(sheet.filter, /统计期间：2026-01-01至2026-12-15/);
  }
  assert.equal((await people.leader.get('/board/dossiers.xlsx?figure=s03&part=rest')).status, 422);
});

test('whoever may not see the page gets no file', async () => {
  for (const path of ['/desk.xlsx', '/supervise.xlsx', '/board/dossiers.xlsx?figure=s01']) {
    assert.equal((await people.applicant.get(path)).status, 403, path);
    assert.equal((await new Client(server, { json: true }).get(path)).status, 401, path);
  }
  for (const [who, path] of [['market', '/supervise.xlsx'], ['market', '/board/dossiers.xlsx?figure=s01'], ['supervisor', '/desk.xlsx']])
    assert.equal((await people[who].get(path)).status, 403, `${who} ${path}`);
});

if (!isAvailable) {
  skipAll(`exports on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  const clock = new TestClock('2026-12-15T09:30:00+08:00');
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
  await runTests(() => stopServer(server));
}
