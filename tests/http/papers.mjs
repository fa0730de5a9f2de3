// papers.mjs - what an office hands out on paper: numbered, dated, visible as its dossier is, the same
// on the screen and in the PDF, verified by its code, and rated by whoever holds the receipt.
//
//     node tests/http/papers.mjs sqlite|postgres
//
// YIMEN_PAPERS=folder keeps the PDFs, to be looked at.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { acceptedHotel, complete, completedSoleTrader, file, openTask } from '../lib/hall.mjs';

const MORNING = '2026-11-23T09:30:00+08:00'; /* a Monday */

let server, description, clock, minutes = 0;
const people = {}, kept = process.env.YIMEN_PAPERS;
const hasPoppler = spawnSync('pdftotext', ['-v']).status === 0;

/* The limit of look-ups runs by the server's clock. */
async function wait() {
  await clock.set(`2026-11-23T09:${30 + ++minutes}:00+08:00`);
}

async function papersOf(who, number) {
  const answer = await who.get(`/dossiers/${number}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.papers;
}

async function paperOf(who, number, kind) {
  const line = (await papersOf(who, number)).find((one) => one.kind === kind);
  assert.ok(line, `${number} has no ${kind}`);
  const answer = await who.get(`/dossiers/${number}/documents/${line.id}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

/** The bytes of a PDF, checked, and its text without blanks (null without poppler). */
async function pdfOf(who, path, name) {
  const cookie = [...who.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
  const answer = await fetch(new URL(path, server.url), { headers: { cookie } });
  assert.equal(answer.status, 200, path);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  assert.match(answer.headers.get('content-disposition'), /^inline; filename\*=UTF-8''.*\.pdf$/);
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  if (kept) { mkdirSync(kept, { recursive: true }); writeFileSync(join(kept, `${name}.pdf`), bytes); }
  if (!hasPoppler) return { bytes, text: null };
  const read = spawnSync('pdftotext', ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' });
  return { bytes, text: read.stdout.replace(/\s/g, '') };
}

const wordsOf = (html) => html.replace(/<svg.*?<\/svg>/gs, '').replace(/<[^>]*>/g, '').replace(/\s/g, '');
const tokenOf = (paper) => paper.content.match(/\/rate\/([0-9a-f]{42})/)[1];

async function verify(code, who = people.anyone) {
  const answer = await who.get(`/verify/${encodeURIComponent(code)}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

/* ---- handed out ------------------------------------------------------------------------------ */

test('a promised application gets a receipt when it is filed and an acceptance when it is accepted', async () => {
  people.hotel = await file(people.owner, 'hotel-hygiene');
  assert.deepEqual((await papersOf(people.owner, people.hotel)).map((one) => one.kind), ['receipt']);
  await complete(people.window, people.hotel, { outcome: 'accept', opinion: '材料齐全，予以受理。' });
  const papers = await papersOf(people.owner, people.hotel);
  assert.deepEqual(papers.map((one) => one.kind), ['receipt', 'acceptance']);
  assert.match(papers[0].number, /^青溪收〔2026〕第\d{6}号$/);
  assert.match(papers[1].number, /^青溪受〔2026〕第\d{6}号$/);
});

test('what is done on the spot is neither received nor accepted on paper', async () => {
  const number = await completedSoleTrader(people.owner, people.market);
  assert.deepEqual(await papersOf(people.owner, number), []);
});

test('numbers go on one by one', async () => {
  const numbers = [];
  for (let i = 0; i < 2; i++) {
    const number = await file(people.owner, 'hotel-hygiene');
    numbers.push((await papersOf(people.owner, number))[0].number);
  }
  const [first, second] = numbers.map((one) => Number(one.match(/第(\d+)号/)[1]));
  assert.equal(second, first + 1);
});

test('the acceptance prints the promised date that the page shows, and every day up to it', async () => {
  const { json } = await people.owner.get(`/dossiers/${people.hotel}`);
  const paper = await paperOf(people.owner, people.hotel, 'acceptance');
  const text = wordsOf(paper.content);
  const [year, month, day] = json.clock.due_on.split('-').map(Number);
  assert.ok(text.includes(`承诺办结日期为${year}年${month}月${day}日`), text);
  for (const one of json.clock.days) {
    const [y, m, d] = one.date.split('-').map(Number);
    assert.ok(text.includes(`${y}年${m}月${d}日`), `${one.date} is not explained`);
  }
  assert.equal((text.match(/\d{4}年\d+月\d+日星期/g) ?? []).length, json.clock.days.length);
});

test('the PDF says what the page says, and comes out the same each time', async () => {
  for (const { id, kind, title } of await papersOf(people.owner, people.hotel)) {
    const path = `/dossiers/${people.hotel}/documents/${id}.pdf`;
    const { bytes, text } = await pdfOf(people.owner, path, kind);
    assert.ok(bytes.equals((await pdfOf(people.owner, path, kind)).bytes), `${kind} differs`);
    const page = await people.owner.get(`/dossiers/${people.hotel}/documents/${id}`);
    assert.equal(page.json.pdf, path);
    if (text === null) continue;
    assert.ok(text.includes(title) && text.includes(page.json.number), text);
    assert.ok(text.includes('第1页'), text);
  }
});

test('many PDFs at once come out as one does', async () => {
  const [{ id }] = await papersOf(people.owner, people.hotel);
  const path = `/dossiers/${people.hotel}/documents/${id}.pdf`;
  const [first, ...others] = await Promise.all(Array.from({ length: 12 }, () => pdfOf(people.owner, path, 'receipt')));
  for (const other of others) assert.ok(first.bytes.equals(other.bytes));
});

test('a paper is as visible as its dossier', async () => {
  const [{ id }] = await papersOf(people.owner, people.hotel);
  const other = await file(people.other, 'hotel-hygiene');
  const expected = { owner: 200, window: 200, reviewer: 200, supervisor: 200, other: 404, market: 404, admin: 404, anyone: 401 };
  for (const ending of ['', '.pdf'])
    for (const [who, status] of Object.entries(expected))
      assert.equal((await people[who].get(`/dossiers/${people.hotel}/documents/${id}${ending}`)).status, status, who + ending);
  assert.equal((await people.other.get(`/dossiers/${other}/documents/${id}`)).status, 404, 'by another dossier');
  for (const name of ['0', 'x', `${id}.png`, '.pdf', '-1', '99999999999999999999'])
    assert.equal((await people.owner.get(`/dossiers/${people.hotel}/documents/${name}`)).status, 404, name);
});

test('what people typed stands on the paper as text', async () => {
  const person = new Program(server, { description });
  const made = await person.post('/register', { name: '<b>&"\'{{x}}', phone: '13911112222', password: 'a long password' });
  assert.equal(made.status, 201, made.text);
  await person.login('13911112222', 'a long password');
  const number = await file(person, 'hotel-hygiene');
  const paper = await paperOf(person, number, 'receipt');
  assert.ok(paper.content.includes('&lt;b&gt;&amp;&quot;&#39;{{x}}'), paper.content.slice(0, 300));
  const [{ id }] = await papersOf(person, number);
  await pdfOf(person, `/dossiers/${number}/documents/${id}.pdf`, 'typed');
});

/* ---- refusals, notices, fees ----------------------------------------------------------------- */

const REMEDIES = ['六十日内', '《中华人民共和国行政复议法》', '六个月内', '《中华人民共和国行政诉讼法》'];

test('a refusal to accept gives the reason and the remedies', async () => {
  const number = await file(people.owner, 'hotel-hygiene');
  await complete(people.window, number, { outcome: 'refuse', opinion: '不属于本机关职权范围，请向市级机关提出。' });
  const text = wordsOf((await paperOf(people.owner, number, 'non_acceptance')).content);
  for (const words of ['不予受理决定书', '不属于本机关职权范围', ...REMEDIES]) assert.ok(text.includes(words), words);
  const id = (await papersOf(people.owner, number)).find((one) => one.kind === 'non_acceptance').id;
  await pdfOf(people.owner, `/dossiers/${number}/documents/${id}.pdf`, 'non_acceptance');
});

test('a denial gives the reason, the law by its title, and the remedies; no article that nobody has read', async () => {
  const number = await acceptedHotel(people.owner, people.window);
  await complete(people.reviewer, number, { outcome: 'pass', opinion: '现场符合要求。' });
  await complete(people.decider, number, { outcome: 'deny', opinion: '集中空调检测不合格。\n请整改后重新申请。' });
  const text = wordsOf((await paperOf(people.owner, number, 'denial')).content);
  for (const words of ['不予行政许可决定书', '集中空调检测不合格', '《公共场所卫生管理条例》', ...REMEDIES])
    assert.ok(text.includes(words), words);
  const { json } = await people.owner.get('/items/hotel-hygiene');
  for (const basis of json.basis.filter((one) => !one.is_checked && one.article))
    assert.ok(!text.includes(basis.article), `${basis.article} is printed`);
  const id = (await papersOf(people.owner, number)).find((one) => one.kind === 'denial').id;
  await pdfOf(people.owner, `/dossiers/${number}/documents/${id}.pdf`, 'denial');
});

test('a one-time notice lists what is missing and how to mend it', async () => {
  const number = await acceptedHotel(people.owner, people.window);
  const task = await openTask(people.reviewer, number);
  const sent = await people.reviewer.post(`/dossiers/${number}/tasks/${task}/notice`,
    { missing: { 'field.room_count': '客房数与平面图不一致' }, mend: { 'field.room_count': '请按平面图更正' } });
  assert.equal(sent.status, 200, sent.text);
  const paper = await paperOf(people.owner, number, 'one_time_notice');
  const text = wordsOf(paper.content);
  for (const words of ['一次性告知书', '客房数与平面图不一致', '请按平面图更正']) assert.ok(text.includes(words), words);
  assert.match(paper.number, /^青溪告〔2026〕第\d{6}号$/);
  const id = (await papersOf(people.owner, number)).find((one) => one.kind === 'one_time_notice').id;
  await pdfOf(people.owner, `/dossiers/${number}/documents/${id}.pdf`, 'one_time_notice');
});

test('a fee that is due comes with a slip: the amount in figures and in words', async () => {
  const number = await file(people.owner, 'real-estate-first');
  await untilPaper(number, 'payment_slip');
  const text = wordsOf((await paperOf(people.owner, number, 'payment_slip')).content);
  assert.match(text, /¥\d+\.\d\d/);
  assert.match(text, /人民币[零壹贰叁肆伍陆柒捌玖拾佰仟万元角分整]+/);
  const id = (await papersOf(people.owner, number)).find((one) => one.kind === 'payment_slip').id;
  await pdfOf(people.owner, `/dossiers/${number}/documents/${id}.pdf`, 'payment_slip');
});

/* Every officer of the land office does what is there to do until the paper is handed out. */
async function untilPaper(number, kind) {
  const words = [{ outcome: 'accept' }, { outcome: 'pass' }, { outcome: 'approve' }];
  for (let step = 0; step < 6; step++) {
    if ((await papersOf(people.owner, number)).some((one) => one.kind === kind)) return;
    for (const officer of people.land) {
      const { json, status } = await officer.get(`/dossiers/${number}`);
      if (status !== 200 || !json.has_task) continue;
      const choices = json.fields.find((one) => one.name === 'form.outcome').choices.map((one) => one.value);
      const outcome = words.find((one) => choices.includes(one.outcome)) ?? { outcome: choices[0] };
      const answer = await officer.post(`/dossiers/${number}/tasks/${json.task}/complete`,
        { form: { ...outcome, opinion: '材料齐全，符合要求。' } });
      assert.equal(answer.status, 200, answer.text);
    }
  }
  assert.fail(`${number} got no ${kind}`);
}

/* ---- certificates ---------------------------------------------------------------------------- */

test('a licence comes as PDF with a code that anybody can ask about', async () => {
  const number = await completedSoleTrader(people.owner, people.market);
  const { json } = await people.owner.get(`/dossiers/${number}/certificate`);
  assert.match(json.code, /^[0-9A-HJKMNP-TV-Z]{20}$/);
  assert.match(json.content, /<svg viewBox/);
  const { text } = await pdfOf(people.owner, json.pdf, 'certificate');
  if (text !== null) assert.ok(text.includes('营业执照') && text.includes(json.number), text);
  const shown = await verify(json.code);
  assert.equal(shown.is_genuine, true);
  assert.equal(shown.number, json.number);
  assert.equal((await people.other.get(json.pdf)).status, 404);
});

/* ---- verifying ------------------------------------------------------------------------------- */

test('a code shows what is genuine, and of the holder only a part of the name', async () => {
  const paper = await paperOf(people.owner, people.hotel, 'acceptance');
  const shown = await verify(paper.code);
  const { json } = await people.owner.get(`/dossiers/${people.hotel}`);
  assert.deepEqual([shown.is_genuine, shown.title, shown.number, shown.issuer],
    [true, paper.title, paper.number, json.unit]);
  assert.match(shown.holder, /^.\*+.?$/);
  assert.ok(!JSON.stringify(shown).includes(json.applicant) && !JSON.stringify(shown).includes(people.hotel));
  const typed = paper.code.toLowerCase().match(/.{5}/g).join('-');
  assert.equal((await verify(typed)).number, paper.number, 'as people type it');
});

test('a guessed code gets the same calm answer as one that cannot be', async () => {
  await wait();
  const paper = await paperOf(people.owner, people.hotel, 'acceptance');
  const near = (paper.code[0] === 'A' ? 'B' : 'A') + paper.code.slice(1);
  const answers = [];
  for (const code of [near, '00000000000000000000', 'abc', "' OR 1=1 --", '查验码', 'U'.repeat(20)]) {
    const answer = await people.anyone.get(`/verify/${encodeURIComponent(code)}`);
    assert.equal(answer.status, 200, code);
    answers.push(JSON.stringify({ ...answer.json, code: null }));
  }
  assert.deepEqual([...new Set(answers)].length, 1);
  assert.equal(JSON.parse(answers[0]).is_genuine, false);
  assert.equal(JSON.parse(answers[0]).number, null);
});

test('a person without scripts types the code', async () => {
  await wait();
  const person = new Client(server);
  const paper = await paperOf(people.owner, people.hotel, 'receipt');
  const found = await person.post('/verify', { code: paper.code });
  assert.equal(found.status, 200);
  assert.ok(found.text.includes(paper.number) && found.text.includes('出具'), found.text.slice(0, 500));
  const none = await person.post('/verify', { code: 'nothing' });
  assert.ok(none.text.includes('没有查到'));
  const english = new Client(server, { language: 'en' });
  assert.match((await english.get(`/verify/${paper.code}`)).text, /This paper was issued here/);
});

test('who asks too often has to wait', async () => {
  await wait();
  await wait();
  let refused = 0;
  for (let i = 0; i < 80 && !refused; i++)
    refused = (await people.anyone.get('/verify/00000000000000000000')).status === 429;
  assert.ok(refused);
  await clock.set('2026-11-23T10:30:00+08:00');
  assert.equal((await people.anyone.get('/verify/00000000000000000000')).status, 200);
});

/* ---- rating by the receipt ------------------------------------------------------------------- */

test('the holder of the receipt rates once, without logging in; an officer never', async () => {
  const number = await acceptedHotel(people.owner, people.window);
  const path = `/rate/${tokenOf(await paperOf(people.owner, number, 'receipt'))}`;
  const early = await people.anyone.get(path);
  assert.deepEqual([early.status, early.json.is_open], [200, false]);
  assert.equal((await people.anyone.post(path, { grade: 1 })).status, 409);
  await complete(people.reviewer, number, { outcome: 'pass', opinion: '符合要求。' });
  await complete(people.decider, number, { outcome: 'approve', opinion: '准予许可。' });
  const open = (await people.anyone.get(path)).json;
  assert.equal(open.is_open, true);
  assert.deepEqual(open.grades.map((one) => one.label), ['非常满意', '满意', '基本满意', '不满意', '非常不满意']);
  const officer = await people.market.post(path, { grade: 1 });
  assert.deepEqual([officer.status, officer.json.code], [403, 'rating.officer']);
  assert.equal((await people.market.get(path)).json.is_officer, true);
  assert.equal((await people.anyone.post(path, { grade: 6 })).status, 422);
  assert.equal((await people.anyone.post(path, { grade: 2, comment: '好' })).status, 200);
  const again = await people.anyone.post(path, { grade: 5 });
  assert.deepEqual([again.status, again.json.code], [409, 'dossier.rated_already']);
  const { json } = await people.owner.get(`/dossiers/${number}`);
  assert.deepEqual([json.grade, json.grade_text, json.can_rate], [2, '满意', false]);
});

test('by forms: the page of the receipt rates, too', async () => {
  const number = await file(people.owner, 'hotel-hygiene');
  const path = `/rate/${tokenOf(await paperOf(people.owner, number, 'receipt'))}`;
  await complete(people.window, number, { outcome: 'refuse', opinion: '不属于受理范围。' });
  const person = new Client(server);
  const nothing = await person.post(path, { comment: '' });
  assert.equal(nothing.status, 422);
  const done = await person.post(path, { grade: '4', comment: '说得清楚' });
  assert.equal(done.status, 303);
  assert.ok((await person.get(path)).text.includes('感谢'));
});

test('a token that is not ours rates nothing', async () => {
  const number = await file(people.owner, 'hotel-hygiene');
  const token = tokenOf(await paperOf(people.owner, number, 'receipt'));
  const last = token.at(-1) === '0' ? '1' : '0';
  for (const wrong of [token.slice(0, -1) + last, token.slice(0, -1), `${token}0`, 'x', '0'.repeat(42), 'z'.repeat(42)]) {
    assert.equal((await people.anyone.get(`/rate/${wrong}`)).status, 404, wrong);
    assert.equal((await people.anyone.post(`/rate/${wrong}`, { grade: 1 })).status, 404, wrong);
  }
});

if (!isAvailable) {
  skipAll(`papers on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  clock = new TestClock(MORNING);
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  const logins = { owner: '13800000002', other: '13800000001', window: 'w001', reviewer: 'h001', decider: 'h002', market: 'm001',
    supervisor: 's001', admin: 'admin' };
  for (const [role, login] of Object.entries(logins)) people[role] = await new Program(server, { description }).login(login);
  people.anyone = new Program(server, { description });
  people.land = [people.window];
  for (const login of ['n001', 'n002', 'n003']) people.land.push(await new Program(server, { description }).login(login));
  await runTests(() => stopServer(server));
}
