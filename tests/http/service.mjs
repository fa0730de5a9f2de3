// service.mjs - service of certificates over HTTP: chosen by the applicant, due within ten working days of the
// decision, posted with a carrier's number, come back, signed for, or collected; supervisors read what is late.
//
//     node tests/http/service.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock, until } from '../lib/clock.mjs';
import { submit, wordsOf } from '../lib/page.mjs';
import { acceptedHotel, complete, file } from '../lib/hall.mjs';

const FRIDAY = '2026-11-20T10:00:00+08:00'; /* decided then: ten working days end on 2026-12-04, at half past five */
const LOGINS = { applicant: '13800000001', window: 'w001', inspector: 'h001', chief: 'h003', market: 'm001', supervisor: 's001', admin: 'admin' };
const ADDRESS = { delivery_way: 'post', recipient: '林小满', recipient_phone: '13912345678', post_address: '青溪县滨河路9号3栋502室' };
const NUMBER = '1234567890123';
let server, description, clock;
const people = {};

async function later(instant) {
  if (instant) await clock.set(instant);
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
}

const dossierOf = async (person, number) => (await person.get(`/dossiers/${number}`)).json;
const serviceOf = async (person, number) => (await dossierOf(person, number)).delivery;
const act = (person, number, what, body = {}) => person.post(`/dossiers/${number}/service${what}`, body);
const wordsFor = async (login, number, language) =>
  wordsOf((await (await new Client(server, { language }).login(login, 'demo-2026')).get(`/dossiers/${number}`)).text);

async function decide(number) {
  await complete(people.inspector, number, { outcome: 'pass', opinion: '现场符合要求。' });
  await complete(people.chief, number, { outcome: 'approve', opinion: '准予许可。' });
}

async function decided(choice) {
  const number = await acceptedHotel(people.applicant, people.window);
  if (choice) assert.equal((await act(people.applicant, number, '', choice)).status, 200);
  await decide(number);
  return number;
}

test('the applicant chooses the post and gives an address, which officers read masked', async () => {
  people.number = await acceptedHotel(people.applicant, people.window);
  const first = await serviceOf(people.applicant, people.number);
  assert.deepEqual([first.way, first.state, first.due_on], ['window', 'chosen', null]);
  const empty = await act(people.applicant, people.number, '', { delivery_way: 'post', recipient: '林小满', recipient_phone: '13912345678' });
  assert.deepEqual([empty.status, empty.json.errors[0].field], [422, 'post_address']);
  assert.equal((await act(people.applicant, people.number, '', ADDRESS)).status, 200);
  const own = await serviceOf(people.applicant, people.number);
  assert.deepEqual([own.way, own.recipient, own.address], ['post', '林小满', ADDRESS.post_address]);
  const seen = await serviceOf(people.window, people.number);
  assert.ok(!seen.address.includes('滨河路') && !seen.phone.includes('12345'), JSON.stringify(seen));
  assert.equal((await act(people.inspector, people.number, '', ADDRESS)).status, 403);
});

test('the decision makes it a task of the window, due on the tenth working day, by article 44', async () => {
  await decide(people.number);
  const own = await dossierOf(people.applicant, people.number);
  assert.deepEqual([own.delivery.state, own.delivery.due_on, own.delivery.due_at, own.delivery.unit],
    ['due', '2026-12-04', '2026-12-04T09:30:00.000Z', '综合窗口']);
  assert.match(await wordsFor('13800000001', people.number), /自作出决定之日起10个工作日内送达 行政许可法第四十四条/);
  assert.match(await wordsFor('13800000001', people.number, 'en'), /Within 10 working days of the decision Administrative Licensing Law, Articles 44/);
  assert.deepEqual(own.rulings.filter((one) => one.step === 'service').map((one) => one.table), ['service']);
  const [line] = (await people.window.get('/service')).json.deliveries.filter((one) => one.number === people.number);
  assert.deepEqual([line.way, line.due_on, line.lamp.state], ['post', '2026-12-04', 'green']);
  assert.deepEqual((await people.inspector.get('/service')).json.deliveries, []);
});

test('a sheet of addresses is for the window, and every look stands in the auditor\'s list', async () => {
  const client = await new Client(server).login('w001', 'demo-2026');
  const sheet = await submit(client, '/service', '/service/sheet', {});
  assert.equal(sheet.status, 200);
  assert.match(sheet.headers.get('content-type'), /spreadsheet/);
  const looks = (await people.admin.get('/admin/unmaskings')).json.unmaskings;
  assert.ok(looks.some((one) => one.dossier === people.number), JSON.stringify(looks));
});

test('posted: carrier from the list and a number of its form; the applicant and who tracks it read both', async () => {
  const wrong = await act(people.window, people.number, '/posted', { carrier: 'ems', tracking: '12', posted_on: '2026-11-20' });
  assert.deepEqual([wrong.status, wrong.json.errors[0].field], [422, 'tracking']);
  assert.equal((await act(people.market, people.number, '/posted', { carrier: 'ems', tracking: NUMBER, posted_on: '2026-11-20' })).status, 404);
  const done = await act(people.window, people.number, '/posted', { carrier: 'ems', tracking: NUMBER, posted_on: '2026-11-20' });
  assert.equal(done.status, 200, done.text);
  const own = await serviceOf(people.applicant, people.number);
  assert.deepEqual([own.state, own.carrier, own.tracking], ['posted', '邮政特快专递（EMS）', NUMBER]);
  const track = await new Program(server, { description }).post('/track', { number: people.number, phone: '13800000001' });
  assert.equal(track.json.tracking, NUMBER, track.text);
  assert.equal((await act(people.applicant, people.number, '', { delivery_way: 'window' })).json.code, 'service.on_its_way');
});

test('what came back is a task again; signed for, it is served', async () => {
  assert.equal((await act(people.window, people.number, '/came-back')).status, 200);
  assert.deepEqual(await serviceOf(people.applicant, people.number).then((one) => [one.state, one.returns]), ['due', 1]);
  await act(people.window, people.number, '/posted', { carrier: 'registered', tracking: 'XA12345678901', posted_on: '2026-11-20' });
  const signed = await act(people.window, people.number, '/signed', { signed_on: '2026-11-20' });
  assert.equal(signed.status, 200, signed.text);
  assert.deepEqual(await serviceOf(people.applicant, people.number).then((one) => [one.state, one.served_how]), ['served', 'signed']);
});

test('nobody came for it: an early warning on the last day, then an overdue one, until it is collected', async () => {
  const number = await decided();
  const warned = async (person) => (await person.get('/corrections')).json.warnings.filter((one) => one.number === number).map((one) => one.kind);
  await later('2026-12-04T09:30:00+08:00');
  await until(async () => (await warned(people.supervisor)).includes('service_early'), { what: 'the early warning' });
  await later('2026-12-07T09:30:00+08:00');
  await until(async () => (await warned(people.supervisor)).includes('service_overdue'), { what: 'the overdue warning' });
  assert.ok((await warned(people.window)).includes('service_overdue'));
  assert.equal((await act(people.window, number, '/collected', { collected_by: 'letter' })).status, 200);
  assert.deepEqual(await serviceOf(people.applicant, number).then((one) => [one.state, one.served_on, one.served_how]), ['served', '2026-12-07', 'letter']);
  assert.deepEqual(await warned(people.supervisor), []);
});

test('what has no certificate to serve offers no choice', async () => {
  const number = await file(people.applicant);
  assert.equal((await serviceOf(people.applicant, number)).way, null);
  assert.equal((await act(people.applicant, number, '', ADDRESS)).json.code, 'service.none');
});

if (!isAvailable) {
  skipAll(`service on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock(FRIDAY);
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await later();
  await runTests(() => stopServer(server));
}
