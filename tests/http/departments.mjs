// departments.mjs - the services of the departments over HTTP, each to every end that its process draws: examined
// at the hospital, reviewed side by side, referred from township to county, published for days, filed in one go.
//
//     node tests/http/departments.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock, until } from '../lib/clock.mjs';
import { complete, file, openTask } from '../lib/hall.mjs';

const LOGINS = { applicant: '13800000001', manager: '13800000003', villager: '13800000004', window: 'w001', hospital: 'y001', health: 'h001',
  housing: 'j001', housingLeader: 'j002', land: 'n002', transport: 't001', transportLeader: 't002', civil: 'v001', civilLeader: 'v002',
  disabled: 'd001', insurance: 'r001', tourism: 'u001', qingshi: 'q001', baishui: 'x001' };
const people = {};
let server, clock, description;

const dossierOf = async (person, number) => (await person.get(`/dossiers/${number}`)).json;
const isOnDesk = async (officer, number) => (await officer.all('/desk', 'tasks')).some((one) => one.number === number);
const say = (officer, number, outcome, opinion = '已核对，情况如上。') => complete(people[officer], number, { outcome, opinion });

/** Follows [officer, outcome] one after the other. */
async function follow(number, ...steps) {
  for (const [officer, outcome] of steps) await say(officer, number, outcome);
}

async function isGranted(person, number, series, words) {
  const { state, certificates } = await dossierOf(person, number);
  assert.equal(state, 'approved');
  assert.equal(certificates.length, 1);
  assert.match(certificates[0].number, new RegExp(`^${series}2026\\d{6}$`));
  const { content } = (await person.get(`/dossiers/${number}/certificate`)).json;
  for (const word of words) assert.ok(content.includes(word), `${word} in ${content}`);
  return certificates[0];
}

async function isRefused(person, number, state, reason = '已核对，情况如上。') {
  const seen = await dossierOf(person, number);
  assert.deepEqual([seen.state, seen.reason, seen.certificates.length], [state, reason, 0]);
}

/** A township's and a department's intake may refuse; nothing follows. */
async function isNotAccepted(person, code, officer, changes = {}) {
  const number = await file(person, code, changes);
  await say(officer, number, 'refuse');
  await isRefused(person, number, 'not_accepted');
}

async function logIn(...names) {
  for (const name of names) people[name] = await new Program(server, { description }).login(LOGINS[name]);
}

/** Days pass; who goes on logs in again. Then the publicity is over, and the officer has the task. */
async function publicised(officer, number, day) {
  assert.equal(await isOnDesk(people[officer], number), false, 'it is still published');
  await clock.set(`${day}T09:30:00+08:00`);
  await logIn('villager', 'qingshi', 'disabled', 'hospital', 'civil', 'civilLeader');
  await until(() => isOnDesk(people[officer], number), { what: `the end of the publicity of ${number}` });
}

/* ---- first those that need no time --------------------------------------------------------------- */

test('health certificate: examined again, then fit; the hospital issues it', async () => {
  const number = await file(people.villager, 'health-certificate');
  assert.equal(await isOnDesk(people.window, number), false);
  await follow(number, ['hospital', 'again'], ['hospital', 'fit']);
  const { unit } = await isGranted(people.villager, number, 'JK', ['石望山', '餐饮服务']);
  assert.equal(unit, '县人民医院体检中心（定点）');
});

test('health certificate: not fit', async () => {
  const number = await file(people.villager, 'health-certificate', { is_renewal: 'yes' });
  assert.ok((await dossierOf(people.villager, number)).materials.some((one) => one.code === 'old'));
  await say('hospital', number, 'unfit');
  await isRefused(people.villager, number, 'denied');
});

test('construction permit: surveyed, reviewed side by side, returned to the review, then granted', async () => {
  const number = await file(people.manager, 'construction-permit');
  await follow(number, ['window', 'accept'], ['housing', 'ready']);
  assert.ok(await isOnDesk(people.housing, number) && await isOnDesk(people.land, number));
  await say('land', number, 'fail');
  await say('housing', number, 'pass');
  await say('housingLeader', number, 'return');
  await say('housing', number, 'pass');
  assert.equal(await isOnDesk(people.housing, number), false, 'it waits for the other department');
  await follow(number, ['land', 'pass'], ['housingLeader', 'approve']);
  await isGranted(people.manager, number, 'SG', ['知味大厦', '5200', '青溪建工']);
});

test('construction permit: denied; not accepted', async () => {
  const number = await file(people.manager, 'construction-permit');
  await follow(number, ['window', 'accept'], ['housing', 'not_ready'], ['housing', 'fail'], ['land', 'pass'], ['housing', 'deny']);
  await isRefused(people.manager, number, 'denied');
  await isNotAccepted(people.manager, 'construction-permit', 'window');
});

test('road transport: mended and checked again; only who holds the letter decides', async () => {
  const number = await file(people.manager, 'road-transport');
  await follow(number, ['window', 'accept'], ['transport', 'repair'], ['transportLeader', 'pass']);
  const task = await openTask(people.transportLeader, number);
  const refused = await people.transportLeader.post(`/dossiers/${number}/tasks/${task}/complete`, { form: { outcome: 'approve', opinion: '准予。' } });
  assert.deepEqual([refused.status, refused.json.code], [403, 'authorisation.missing']);
  await say('transport', number, 'approve');
  await isGranted(people.manager, number, 'YS', ['闽A12345', '普通货车']);
});

test('road transport: a lorry of more than 40 tonnes is for the head of the department', async () => {
  const number = await file(people.manager, 'road-transport', { gross_mass: '40001' });
  await follow(number, ['window', 'accept'], ['transport', 'pass']);
  const task = await openTask(people.transport, number);
  const refused = await people.transport.post(`/dossiers/${number}/tasks/${task}/complete`, { form: { outcome: 'approve', opinion: '准予。' } });
  assert.deepEqual([refused.status, refused.json.code], [403, 'authorisation.leader']);
  await say('transportLeader', number, 'approve');
  await isGranted(people.manager, number, 'YS', ['闽A12345', '普通货车']);
});

test('road transport: denied; not accepted', async () => {
  const number = await file(people.manager, 'road-transport');
  await follow(number, ['window', 'accept'], ['transport', 'fail'], ['transport', 'deny']);
  await isRefused(people.manager, number, 'denied');
  await isNotAccepted(people.manager, 'road-transport', 'window');
});

test('birth registration: on the spot in the township, or referred to the county', async () => {
  const spot = await file(people.applicant, 'birth-registration');
  assert.equal(await isOnDesk(people.baishui, spot), false);
  await say('qingshi', spot, 'approve');
  const { unit } = await isGranted(people.applicant, spot, 'SY', ['林小满', '第1个孩子']);
  assert.equal(unit, '青石镇人民政府');
  for (const [outcome, state] of [['approve', 'approved'], ['deny', 'denied']]) {
    const number = await file(people.applicant, 'birth-registration');
    await follow(number, ['qingshi', 'refer'], ['health', outcome]);
    assert.equal((await dossierOf(people.applicant, number)).state, state);
  }
  const denied = await file(people.applicant, 'birth-registration');
  await say('qingshi', denied, 'deny');
  await isRefused(people.applicant, denied, 'denied');
});

test('flexible worker: registered at once, or not', async () => {
  const number = await file(people.villager, 'flexible-insurance');
  assert.ok((await dossierOf(people.villager, number)).materials.some((one) => one.code === 'residence'));
  await say('insurance', number, 'approve');
  await isGranted(people.villager, number, 'SB', ['基本养老保险；', '个体经营']);
  const other = await file(people.villager, 'flexible-insurance');
  await say('insurance', other, 'deny');
  await isRefused(people.villager, other, 'denied');
});

test('tourism filing: accepted and filed in one go, or not accepted', async () => {
  const number = await file(people.manager, 'tourism-filing');
  await say('tourism', number, 'accept');
  await isGranted(people.manager, number, 'LY', ['知味旅行社青溪分社']);
  await isNotAccepted(people.manager, 'tourism-filing', 'tourism');
});

test('marriage appointment: booked, or full', async () => {
  const number = await file(people.villager, 'marriage-appointment');
  await say('civil', number, 'approve');
  await isGranted(people.villager, number, 'HY', ['林小满', '上午']);
  const full = await file(people.villager, 'marriage-appointment');
  await say('civil', full, 'deny');
  await isRefused(people.villager, full, 'denied');
});

test('elderly allowance: straight to the county, or after a visit; returned to the visit', async () => {
  const straight = await file(people.villager, 'elder-allowance');
  await follow(straight, ['baishui', 'accept'], ['baishui', 'pass'], ['civil', 'return'], ['baishui', 'pass'], ['civilLeader', 'approve']);
  await isGranted(people.villager, straight, 'GL', ['石老根', '1938']);
  const visited = await file(people.villager, 'elder-allowance');
  await follow(visited, ['baishui', 'accept'], ['baishui', 'recheck'], ['baishui', 'fail'], ['civil', 'deny']);
  await isRefused(people.villager, visited, 'denied');
  await isNotAccepted(people.villager, 'elder-allowance', 'baishui');
});

test('minimum living and disability certificate: not accepted; not up to the standard', async () => {
  await isNotAccepted(people.villager, 'minimum-living', 'qingshi');
  await isNotAccepted(people.villager, 'disability-certificate', 'disabled');
  const number = await file(people.villager, 'disability-certificate');
  await follow(number, ['disabled', 'accept'], ['hospital', 'not_met']);
  await isRefused(people.villager, number, 'denied');
});

/* ---- then those that are published ---------------------------------------------------------------- */

test('minimum living and disability certificate: published for the days of the table, then decided', async () => {
  const family = await file(people.villager, 'minimum-living'), poor = await file(people.villager, 'minimum-living');
  const disabled = await file(people.villager, 'disability-certificate');
  for (const number of [family, poor]) await follow(number, ['qingshi', 'accept'], ['qingshi', 'pass']);
  await follow(disabled, ['disabled', 'accept'], ['hospital', 'assessed']);
  /* Five days for the one, seven for the other, from Monday 23 November. */
  await publicised('disabled', disabled, '2026-11-28');
  await publicised('qingshi', family, '2026-11-30');
  await say('disabled', disabled, 'return');
  await follow(family, ['qingshi', 'objection'], ['qingshi', 'pass']);
  await follow(poor, ['qingshi', 'none'], ['civil', 'return'], ['qingshi', 'fail']);
  await say('hospital', disabled, 'assessed');
  await publicised('disabled', disabled, '2026-12-05');
  await publicised('qingshi', family, '2026-12-07');
  await say('disabled', disabled, 'approve');
  await follow(family, ['qingshi', 'none'], ['civilLeader', 'approve']);
  await follow(poor, ['qingshi', 'none'], ['civil', 'deny']);
  await isGranted(people.villager, disabled, 'CJ', ['石望山']);
  await isGranted(people.villager, family, 'DB', ['农村低保', '3人']);
  await isRefused(people.villager, poor, 'denied');
});

test('disability certificate: denied after the publicity', async () => {
  const number = await file(people.villager, 'disability-certificate');
  await follow(number, ['disabled', 'accept'], ['hospital', 'assessed']);
  await publicised('disabled', number, '2026-12-12');
  await say('disabled', number, 'deny');
  await isRefused(people.villager, number, 'denied');
});

if (!isAvailable) {
  skipAll(`departments on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock('2026-11-23T09:30:00+08:00'); /* a Monday */
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  await logIn(...Object.keys(LOGINS));
  await runTests(() => stopServer(server));
}
