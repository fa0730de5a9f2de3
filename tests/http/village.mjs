// village.mjs - village points: a clerk there takes in for a resident who has no phone, follows it in the register of the
// point, and sees nothing of any other point; registers of windows are the same.
//
//     node tests/http/village.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, forms } from '../lib/hall.mjs';
import { rowsOf } from '../lib/xlsx.mjs';

const clock = new TestClock('2026-11-23T09:30:00+08:00');
const resident = { identity_kind: 'resident_id', identity_number: '110105193805060016', party_name: '石老根', is_original_seen: true };
let server, description, number;
const people = {};

const say = (person, outcome) => complete(person, number, { outcome, opinion: '符合条件。' });

test('a village clerk has the pages of taking in, and no desk', async () => {
  const page = await new Client(server).login('k006', 'demo-2026');
  const intake = await page.get('/intake');
  assert.match(intake.text, /href="\/intake\/register"/);
  assert.ok(!intake.text.includes('href="/desk"'));
  for (const path of ['/desk', '/supervise', '/board', '/admin', '/archive'])
    assert.equal((await people.clerk.get(path)).status, 403, path);
  const register = await page.get('/intake/register');
  assert.match(register.text, /村级代办不收取任何费用/);
  assert.match(register.text, /还没有代收过申请/);
});

test('taken in for a resident without a phone, it stands in the register of that point alone', async () => {
  const taken = await people.clerk.post('/intake/elder-allowance', { ...resident, form: { ...forms['elder-allowance'], by_agent: 'no' }, material: [] });
  assert.equal(taken.status, 201, taken.text);
  number = taken.json.number;
  const { json } = await people.clerk.get('/intake/register');
  assert.equal(json.is_village, true);
  assert.deepEqual(json.dossiers.map((one) => [one.number, one.item, one.applicant, one.officer, one.state]),
    [[number, '高龄补贴', '石老根', '蔡春生', 'filed']]);
  assert.deepEqual((await people.neighbour.get('/intake/register')).json.dossiers, []);
  assert.deepEqual((await people.window.get('/intake/register')).json.dossiers, []);
  assert.equal((await people.clerk.get(`/dossiers/${number}`)).status, 200);
  assert.equal((await people.neighbour.get(`/dossiers/${number}`)).status, 404);
  assert.equal((await people.applicant.get('/intake/register')).status, 403);
});

test('the township works on it, the register follows, and is a spreadsheet', async () => {
  await say(people.township, 'accept');
  const { json } = await people.clerk.get('/intake/register');
  assert.deepEqual([json.dossiers[0].state, json.dossiers[0].lamp.state], ['accepted', 'green']);
  const page = await new Client(server).login('k006', 'demo-2026');
  const sheet = await page.get('/intake/register.xlsx');
  assert.equal(sheet.status, 200);
  const rows = rowsOf(sheet.bytes);
  assert.ok(rows.some((row) => row.includes(number) && row.includes('石老根') && row.includes('已受理')), JSON.stringify(rows));
});

test('a window has the same register, page by page', async () => {
  for (let i = 0; i < 3; i++)
    assert.equal((await people.window.post('/intake/elder-allowance', { ...resident, form: { ...forms['elder-allowance'], by_agent: 'no' } })).status, 201);
  const { json } = await people.window.get('/intake/register');
  assert.deepEqual([json.dossiers.length, json.is_village], [3, false]);
  const below = await people.window.get(`/intake/register?after=${json.dossiers[0].id}`);
  assert.deepEqual(below.json.dossiers.map((one) => one.number), json.dossiers.slice(1).map((one) => one.number));
  assert.equal((await people.window.get('/intake/register?after=x')).status, 422);
});

if (!isAvailable) {
  skipAll(`village clerks on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  for (const [who, login] of Object.entries({ clerk: 'k006', neighbour: 'k007', window: 'w001', township: 'x001', applicant: '13800000001' }))
    people[who] = await new Program(server, { description }).login(login);
  await runTests(() => stopServer(server));
}
