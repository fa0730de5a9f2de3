// complaints.mjs - complaints over HTTP, from a call to satisfaction: registered by phone or over the web, accepted or
// refused in time, the office answers without learning who complained, decided after somebody was heard, a correction
// notice, the reply, and how content the complainant is.
//
//     node tests/http/complaints.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { submit, wordsOf } from '../lib/page.mjs';
import { acceptedHotel } from '../lib/hall.mjs';

const MONDAY = '2026-11-23T10:00:00+08:00';
const LOGINS = { applicant: '13800000001', window: 'w001', inspector: 'h001', chief: 'h003', marketLeader: 'm004', supervisor: 's001' };
const PHONE = '13711112222', NAME = '何问津';
const WORDS = '周五下午到窗口办理，等了两个小时，没有人说还缺什么材料。';
let server, description, clock;
const people = {};

async function later(instant) {
  if (instant) await clock.set(instant);
  for (const [name, login] of Object.entries(LOGINS)) people[name] = await new Program(server, { description }).login(login);
  people.anybody = new Program(server, { description });
}

const matter = (changes = {}) => ({ name: NAME, phone: PHONE, unit: 'HEALTH', subject: 'delay', text: WORDS, ...changes });
const listOf = async (person, query = '') => (await person.get(`/complaints${query}`)).json.complaints;
const byNumber = async (person, number, query) => (await listOf(person, query)).find((one) => one.number === number);
const complaintOf = async (person, id) => (await person.get(`/complaints/${id}`)).json;
const act = (person, id, verb, data = {}) => person.post(`/complaints/${id}/${verb}`, data);
const track = (number, phone = PHONE) => people.anybody.post('/complaints/track', { number, phone });

async function register(changes) {
  const answer = await people.supervisor.post('/complaints', { channel: 'phone', ...matter(changes) });
  assert.equal(answer.status, 201, answer.text);
  return { number: answer.json.number, id: (await byNumber(people.supervisor, answer.json.number)).id };
}

test('a call is taken down: it has a number, and one working day to be accepted', async () => {
  people.hotel = await acceptedHotel(people.applicant, people.window);
  const answer = await people.supervisor.post('/complaints', { channel: 'phone', ...matter({ unit: '', number: people.hotel }) });
  assert.equal(answer.status, 201, answer.text);
  assert.match(answer.json.number, /^2026-\d{5}$/);
  assert.equal(answer.json.due_at, '2026-11-24T09:30:00.000Z', 'the closing hour of the next working day');
  const line = await byNumber(people.supervisor, answer.json.number);
  assert.deepEqual([line.state, line.channel, line.subject, line.unit, line.lamp.state], ['registered', 'phone', 'delay', '县卫生健康局', 'green']);
  Object.assign(people, { number: answer.json.number, id: line.id });
  const page = await complaintOf(people.supervisor, line.id);
  assert.deepEqual([page.name, page.phone, page.words, page.dossier], [NAME, PHONE, WORDS, people.hotel]);
});

test('nobody at the office sees it before it is accepted, and nobody else ever', async () => {
  assert.deepEqual(await listOf(people.chief), []);
  assert.equal((await people.chief.get(`/complaints/${people.id}`)).status, 404);
  for (const who of ['window', 'inspector', 'applicant']) assert.equal((await people[who].get('/complaints')).status, 403, who);
  assert.equal((await people.anybody.get('/complaints')).status, 401);
  assert.equal((await act(people.chief, people.id, 'accept')).status, 403);
});

test('accepted: five working days to reply; the head of the office reads the matter, not who complains', async () => {
  assert.equal((await act(people.supervisor, people.id, 'accept')).status, 200);
  assert.equal((await act(people.supervisor, people.id, 'accept')).json.code, 'complaint.moved_on');
  assert.equal((await complaintOf(people.supervisor, people.id)).due_at, '2026-11-30T09:30:00.000Z');
  const seen = await people.chief.get(`/complaints/${people.id}`);
  assert.deepEqual([seen.json.words, seen.json.name, seen.json.phone], [WORDS, null, null]);
  assert.ok(!seen.text.includes(NAME) && !seen.text.includes(PHONE), 'nothing of the person in the answer');
  assert.equal((await people.marketLeader.get(`/complaints/${people.id}`)).status, 404, 'another office sees nothing');
  const page = (await (await new Client(server).login('h003', 'demo-2026')).get(`/complaints/${people.id}`)).text;
  assert.ok(!page.includes(NAME) && !page.includes(PHONE));
});

test('the office answers, the supervisor hears and looks; nothing is decided before', async () => {
  assert.equal((await act(people.supervisor, people.id, 'decide', { finding: 'upheld', decision: '属实。' })).json.code, 'complaint.not_heard');
  assert.equal((await act(people.chief, people.id, 'state', { answer: '当日窗口只有一人，已调整。' })).status, 200);
  const empty = await act(people.supervisor, people.id, 'hear', { heard: '  ' });
  assert.deepEqual([empty.status, empty.json.errors[0].field], [422, 'heard']);
  assert.equal((await act(people.supervisor, people.id, 'hear', { heard: '调取了排队记录和录像，等候118分钟。' })).status, 200);
  const { acts, state } = await complaintOf(people.supervisor, people.id);
  assert.equal(state, 'investigated');
  assert.deepEqual(acts.map((one) => one.kind), ['registered', 'accepted', 'stated', 'heard']);
  const office = await complaintOf(people.chief, people.id);
  assert.deepEqual(office.acts.map((one) => [one.kind, one.words]), [['registered', null], ['accepted', null], ['stated', '当日窗口只有一人，已调整。']],
    'what others said may tell who complained');
});

test('upheld: a correction notice goes to the office, linked with the complaint', async () => {
  assert.equal((await act(people.supervisor, people.id, 'correct', { correction: '请整改。' })).json.code, 'complaint.moved_on');
  assert.equal((await act(people.supervisor, people.id, 'decide', { finding: 'upheld', decision: '等候时间过长，一次告知没有做到，投诉属实。' })).status, 200);
  assert.equal((await act(people.supervisor, people.id, 'correct', { correction: '请增开窗口，落实一次性告知。' })).status, 200);
  assert.equal((await act(people.supervisor, people.id, 'correct', { correction: '再发一次。' })).json.code, 'complaint.corrected_already');
  const { correction } = await complaintOf(people.supervisor, people.id);
  const notice = (await people.supervisor.get(`/corrections/${correction}`)).json;
  assert.deepEqual([notice.number, notice.acts[0].text], [people.hotel, '请增开窗口，落实一次性告知。']);
});

test('the complainant follows by number and phone, and reads what is for him: not what others said', async () => {
  assert.equal((await track(people.number, '13799999999')).json.code, 'complaint.not_found');
  assert.equal((await track('2026-99999')).json.code, 'complaint.not_found');
  assert.equal((await track('x')).json.code, 'complaint.not_found');
  const waiting = (await track(people.number)).json;
  assert.deepEqual([waiting.state, waiting.finding, waiting.can_rate], ['decided', null, false]);
  assert.equal((await act(people.supervisor, people.id, 'reply', { reply: '您反映的情况属实，已要求增开窗口。' })).status, 200);
  const answered = (await track(people.number)).json;
  assert.deepEqual([answered.state, answered.finding, answered.can_rate], ['replied', 'upheld', true]);
  assert.deepEqual(answered.acts.map((one) => one.kind), ['registered', 'accepted', 'replied']);
  assert.equal(answered.acts[2].words, '您反映的情况属实，已要求增开窗口。');
});

test('he says once how content he is', async () => {
  const rate = (changes) => people.anybody.post('/complaints/rate', { number: people.number, phone: PHONE, rating: 'satisfied', text: '很快。', ...changes });
  assert.equal((await rate({ phone: '13799999999' })).json.code, 'complaint.not_found');
  assert.equal((await rate({ rating: 'great' })).json.errors[0].field, 'rating');
  assert.equal((await rate()).status, 200);
  assert.equal((await rate({ rating: 'dissatisfied' })).json.code, 'complaint.moved_on');
  const line = await byNumber(people.supervisor, people.number, '?show=ended');
  assert.deepEqual([line.state, line.grade], ['rated', 'satisfied']);
});

test('one that is not accepted is told why', async () => {
  const { number, id } = await register({ subject: 'other' });
  assert.equal((await act(people.supervisor, id, 'refuse', { refusal: '' })).json.errors[0].field, 'refusal');
  assert.equal((await act(people.supervisor, id, 'refuse', { refusal: '所反映的事项正在诉讼中。' })).status, 200);
  const told = (await track(number)).json;
  assert.deepEqual([told.state, told.acts[1].words, told.can_rate], ['refused', '所反映的事项正在诉讼中。', false]);
  assert.ok(!(await listOf(people.chief, '?show=ended')).some((one) => one.number === number), 'the office never hears of it');
});

test('what is late stands first and red', async () => {
  const late = await register({ subject: 'delay' });
  await later('2026-11-26T10:00:00+08:00');
  const fresh = await register({ subject: 'delay' });
  const [first] = await listOf(people.supervisor);
  assert.deepEqual([first.number, first.lamp.state], [late.number, 'red']);
  assert.ok((await byNumber(people.supervisor, fresh.number)).lamp.state !== 'red');
});

test('over the web, without logging in and without scripts: every wrong field is named, nothing is lost', async () => {
  const anybody = new Client(server);
  const wrong = await submit(anybody, '/complaints/new', '/complaints', { ...matter({ phone: '12', unit: '' }) });
  assert.equal(wrong.status, 422);
  assert.ok(wrong.text.includes(WORDS), 'what was typed stays');
  const none = await submit(anybody, '/complaints/new', '/complaints', matter({ unit: '' }));
  assert.match(wordsOf(none.text), /请选择被投诉单位，或者填写办件编号/);
  const unknown = await submit(anybody, '/complaints/new', '/complaints', matter({ number: '123' }));
  assert.equal(unknown.status, 422);
  const sent = await submit(anybody, '/complaints/new', '/complaints', matter({ subject: 'attitude' }));
  assert.equal(sent.status, 303);
  const page = await anybody.get(sent.headers.get('location'));
  const [number] = /2026-\d{5}/.exec(page.text);
  assert.equal((await byNumber(people.supervisor, number)).channel, 'web');
  assert.equal((await submit(anybody, '/complaints/track', '/complaints/track', { number, phone: PHONE })).status, 200);
  assert.equal((await anybody.get('/complaints/received/abc')).status, 404);
});

if (!isAvailable) {
  skipAll(`complaints on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock(MONDAY);
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await later();
  await runTests(() => stopServer(server));
}
