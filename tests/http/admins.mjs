// admins.mjs - a second factor at log-in, over HTTP with a set clock: an officer enrols, the password alone opens
// nothing, a code is right once, wrong ones lock, recovery codes stand in.
//
//     node tests/http/admins.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { submit, wordsOf } from '../lib/page.mjs';
import { codeAt, wrongAt } from '../lib/telephone.mjs';

const clock = new TestClock('2026-11-23T09:00:00+08:00');
let server, description, officer, secret, codes;

const anyone = () => new Program(server, { description });
const later = (seconds) => clock.set(new Date(Date.parse(clock.now) + seconds * 1000).toISOString());
const shown = () => codeAt(secret, clock.now);

async function withPassword(login = 'm001') {
  const program = anyone();
  const answer = await program.post('/login', { login, password: 'demo-2026' });
  return { program, answer };
}

const withCode = (program, second_code, more = {}) => program.post('/login/code', { second_code, ...more });

test('an officer makes a secret, and it is asked for only once its first code was right', async () => {
  assert.equal((await officer.get('/me')).json.second.state, 'none');
  assert.equal((await officer.post('/me/second-factor/confirm', { second_code: '123456' })).json.code, 'identity.second_none');
  assert.equal((await officer.post('/me/second-factor')).status, 200);
  const { second } = (await officer.get('/me')).json;
  assert.equal(second.state, 'pending');
  assert.match(second.secret, /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  secret = second.secret;
  assert.match(second.uri, new RegExp(`^otpauth://totp/[^?]+:m001\\?secret=${secret.replaceAll(' ', '')}&issuer=[^&]+&algorithm=SHA1&digits=6&period=30$`));
  assert.equal((await withPassword()).answer.headers.get('location'), '/desk', 'not asked for yet');
  const wrong = await officer.post('/me/second-factor/confirm', { second_code: wrongAt(secret, clock.now) });
  assert.deepEqual([wrong.status, wrong.json.errors[0].field, wrong.json.code], [422, 'second_code', 'identity.second_first_wrong']);
  const right = await officer.post('/me/second-factor/confirm', { second_code: shown() });
  assert.equal(right.status, 200, right.text);
  codes = right.json.codes;
  assert.equal(new Set(codes).size, 8);
  const after = (await officer.get('/me')).json.second;
  assert.deepEqual([after.state, after.codes_left, after.secret, after.uri], ['active', 8, null, null]);
  assert.equal((await officer.post('/me/second-factor')).json.code, 'identity.second_active');
});

test('the password alone opens nothing', async () => {
  await later(60);
  const { program, answer } = await withPassword();
  assert.deepEqual([answer.status, answer.headers.get('location')], [200, '/login/code']);
  assert.equal((await program.get('/desk')).status, 401);
  assert.equal((await program.get('/me')).status, 401);
  const right = await withCode(program, shown());
  assert.deepEqual([right.status, right.headers.get('location')], [200, '/desk']);
  assert.equal((await program.get('/desk')).status, 200);
  assert.equal((await anyone().post('/login/code', { second_code: shown() })).json.code, 'identity.half_over');
});

test('a code is right once, one step early or late, and within five minutes of the password', async () => {
  const used = shown();
  const { program } = await withPassword();
  assert.equal((await withCode(program, used)).json.code, 'identity.second_used');
  await later(90);
  assert.equal((await withCode(program, used)).json.code, 'identity.second_wrong');
  const early = codeAt(secret, Date.parse(clock.now) - 30000);
  assert.equal((await withCode(program, early)).status, 200, 'a telephone that is 30 seconds slow');
  const other = (await withPassword()).program;
  await later(301);
  const over = await withCode(other, shown());
  assert.deepEqual([over.status, over.json.code], [409, 'identity.half_over']);
});

test('a recovery code stands in for the telephone, once', async () => {
  const { program } = await withPassword();
  assert.equal((await withCode(program, codes[2].toLowerCase())).status, 200);
  assert.equal((await program.get('/me')).json.second.codes_left, 7);
  const again = (await withPassword()).program;
  assert.equal((await withCode(again, codes[2])).json.code, 'identity.second_used');
  assert.equal((await withCode(again, shown())).status, 200);
});

test('five wrong codes lock the log-in, and a right password between them does not help', async () => {
  for (let i = 0; i < 5; i++) {
    await later(31);
    const { program } = await withPassword();
    const wrong = await withCode(program, wrongAt(secret, clock.now));
    assert.deepEqual([wrong.status, wrong.json.code], [422, 'identity.second_wrong']);
    if (i === 4) assert.equal((await withCode(program, shown())).json.code, 'identity.code_locked');
  }
  assert.equal((await withPassword()).answer.json.code, 'identity.locked');
  await later(15 * 60);
  const { program } = await withPassword();
  assert.equal((await withCode(program, shown())).status, 200);
});

test('another telephone takes the place of the first by a right code alone, and its recovery codes are others', async () => {
  await later(60);
  const { program } = await withPassword();
  assert.equal((await withCode(program, shown())).status, 200);
  await program.get('/me'); /* brings the token for writes */
  const wrong = await program.post('/me/second-factor', { second_code: wrongAt(secret, clock.now) });
  assert.deepEqual([wrong.status, wrong.json.code], [422, 'identity.second_wrong']);
  await later(30);
  assert.equal((await program.post('/me/second-factor', { second_code: shown() })).status, 200);
  const first = secret;
  secret = (await program.get('/me')).json.second.secret;
  assert.notEqual(secret, first);
  const confirmed = await program.post('/me/second-factor/confirm', { second_code: shown() });
  assert.equal(confirmed.status, 200, confirmed.text);
  assert.ok(!confirmed.json.codes.some((one) => codes.includes(one)));
  const again = (await withPassword()).program;
  assert.equal((await withCode(again, codes[5])).json.code, 'identity.second_wrong', 'a recovery code of the first');
});

test('pages without scripts: the code on a second page, then where one was going', async () => {
  await later(60);
  const browser = new Client(server);
  const second = await submit(browser, '/login?next=%2Fcover', '/login', { login: 'm001', password: 'demo-2026' });
  assert.equal(second.location, '/login/code?next=%2Fcover');
  const wrong = await submit(browser, second.location, '/login/code', { second_code: wrongAt(secret, clock.now) });
  assert.equal(wrong.status, 422);
  assert.match(wordsOf(wrong.text), /验证码不正确/);
  assert.ok(!wrong.text.includes(wrongAt(secret, clock.now)), 'what was typed is not shown again');
  const right = await submit(browser, second.location, '/login/code', { second_code: shown() });
  assert.equal(right.location, '/cover');
  assert.match(wordsOf((await new Client(server).get('/login/code')).text), /请重新登录/);
  assert.match(wordsOf((await new Client(server, { language: 'en' }).get('/login/code')).text), /Sign in again/);
});

if (!isAvailable) {
  skipAll(`second factor on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  officer = await new Program(server, { description }).login('m001');
  await runTests(() => stopServer(server));
}
