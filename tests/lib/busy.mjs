// busy.mjs - a hall at work: cases at every step, and a list of every page with something to show on
// it. Whoever looks at pages (tests/browser/pages.mjs, tests/style/screens.mjs) starts from here.
import { readdirSync, readFileSync } from 'node:fs';
import { TestClock } from './clock.mjs';
import { acceptedHotel, asFields, complete, completedSoleTrader, file, firmAtWindow, firmWithLetter, hotelHygiene, openTask, restaurant, soleTrader } from './hall.mjs';
import { brokenPacks } from './packs.mjs';
import { newKey, Program } from './program.mjs';
import { startServer } from './server.mjs';
import { multipart } from './upload.mjs';
import { basisOf, itemOf, itemsWorkbook, materialsOf } from './workbook.mjs';

/** An officer who writes this meets a process that does not know how to go on. */
const STUCK = '流程无法继续';
const STUCK_PROCESS = { 'sole-trader': (text) => text.replace('=outcome = "approve"',
  `=if opinion = "${STUCK}" then null else outcome = "approve"`) };

/** A firm with a letter, a child with a guardian, and a number that was shown whole. */
async function takeIn(hall, window) {
  hall.firm = await firmWithLetter(window);
  const child = { identity_kind: 'residence_permit', identity_number: '830000199201300022', party_name: '陈小安', is_original_seen: true,
    actor_role: 'guardian', agent_number: '440524188001010014', agent_name: '陈守拙', form: { ...soleTrader, business_name: '青溪县小安书屋' } };
  hall.child = (await window.post('/intake/sole-trader', child)).json.number;
  await window.post(`/dossiers/${hall.child}/unmask`, { what: '0.identity_number', reason: '与居住证原件核对' });
}

const NOTICE = { missing: { 'material.floor-plan': '没有平面图', 'field.room_count': '客房数与现场不符' },
  mend: { 'material.floor-plan': '请补交平面图', 'field.room_count': '请按实际填写' } };

/** Cases that an applicant is asked to mend, that were mended and asked again, that stand still, that were withdrawn. */
async function onTheWay(hall, applicant, officer, window) {
  const send = async (number, more) => {
    hall.task = await openTask(officer, number);
    await officer.post(`/dossiers/${number}/tasks/${hall.task}/notice`, { ...NOTICE, ...more });
  };
  hall.asked = await acceptedHotel(applicant, window);
  await send(hall.asked);
  hall.mended = await acceptedHotel(applicant, window);
  await send(hall.mended);
  await applicant.post(`/dossiers/${hall.mended}/supplement`,
    { form: { ...hotelHygiene, room_count: '52' }, material: ['floor-plan'], note: '已按要求补正' });
  await send(hall.mended, { visible: { 'material.floor-plan': 'yes', 'field.room_count': 'no' }, reason: '第一次漏看了平面图' });
  hall.mendedTask = hall.task;
  hall.papers = (await applicant.get(`/dossiers/${hall.mended}`)).json.papers;
  await officer.post(`/dossiers/${hall.mended}/tasks/${hall.task}/suspend`, { ground: 'hearing', note: '申请人要求听证' });
  hall.withdrawn = await acceptedHotel(applicant, window);
  await applicant.post(`/dossiers/${hall.withdrawn}/withdraw`, { withdraw_reason: '改在别处开业' });
}

/** Officers of one department who are away: one alone, and both holders of a post on some days. */
async function away(program) {
  const note = async (login, from, to, reason) => (await program(login)).post('/cover/absences', { away_from: from, away_to: to, reason });
  await note('c001', '2026-11-23', '2026-12-02', 'training');
  await note('c002', '2026-12-01', '2026-12-04', 'trip');
}

const LATE = '检测机构的报告尚未出具，预计下周送到。';

/** More time to decide: asked for, and granted by the head of the unit. */
async function extend(hall, applicant, officer, window, head) {
  const ask = async () => {
    const number = await acceptedHotel(applicant, window);
    await officer.post(`/dossiers/${number}/tasks/${await openTask(officer, number)}/extend`, { extension_reason: LATE });
    return number;
  };
  hall.extended = await ask();
  const [{ id }] = (await head.get('/extensions')).json.extensions;
  await head.post(`/extensions/${id}/grant`, {});
  hall.extendable = await ask();
}

const PASS = { outcome: 'pass', opinion: '符合要求。' };
const AGREE = { outcome: 'agree', opinion: '同意。' };
const APPROVE = { outcome: 'approve', opinion: '各部门都同意，准予许可。' };

/** What the window sees of a restaurant's materials, and of a hotel's. */
const SEEN = ['legal-id', 'layout', 'premises', 'food-rules', 'sign-drawing', 'sign-consent', 'fire-rules'];
const SEEN_OF_HOTEL = ['legal-id', 'floor-plan', 'hygiene-report', 'hygiene-rules'];

/** Who does what next until a restaurant may open; three departments side by side. */
const RESTAURANT = [['w001', { outcome: 'accept', opinion: '材料齐全，予以受理。' }, SEEN], ['m001', PASS], ['c001', PASS], ['f001', PASS],
  ['m001', PASS], ['f001', PASS], ['m003', AGREE], ['c002', AGREE], ['f002', AGREE], ['m004', APPROVE]];

/** A restaurant in the hands of three departments at once, and one with its three certificates. */
async function openRestaurants(hall, program) {
  const manager = await program('13800000003');
  const work = async (number, steps) => {
    for (const [login, answers, seen] of steps) await complete(await program(login), number, answers, seen);
  };
  hall.joint = await file(manager, 'open-restaurant');
  await work(hall.joint, RESTAURANT.slice(0, 3));
  hall.opened = await file(manager, 'open-restaurant', { business_name: '青溪县知味小馆' });
  await work(hall.opened, RESTAURANT);
  await manager.post(`/dossiers/${hall.opened}/certificate`, { part: 'food-licence' });
}

/** Correction notices: to be answered, answered, returned and closed. */
async function correct(hall, supervisor, reviewer) {
  const send = async (number, ground, text) => (await supervisor.post('/corrections', { number, ground, text })).json.id;
  hall.correction = await send(hall.reviewed, 'overdue', CORRECTION.sent);
  hall.answered = await send(hall.mended, 'other', CORRECTION.sent);
  await reviewer.post(`/corrections/${hall.answered}/reply`, { text: CORRECTION.replied });
  hall.closed = await send(hall.asked, 'other', CORRECTION.sent);
  await reviewer.post(`/corrections/${hall.closed}/reply`, { text: CORRECTION.replied });
  await supervisor.post(`/corrections/${hall.closed}/check`, { verdict: 'insufficient', text: CORRECTION.returned });
  await reviewer.post(`/corrections/${hall.closed}/reply`, { text: CORRECTION.again });
  await supervisor.post(`/corrections/${hall.closed}/check`, { verdict: 'sufficient' });
}

/** Complaints: a new one, one that is looked into, one that is replied to. */
async function complain(hall, supervisor, chief) {
  const register = async (changes) => {
    const { number } = (await supervisor.post('/complaints', { channel: 'phone', ...COMPLAINT, ...changes })).json;
    const { id } = (await supervisor.all('/complaints', 'complaints')).find((one) => one.number === number);
    return { number, id };
  };
  const act = (one, verb, data = {}) => supervisor.post(`/complaints/${one.id}/${verb}`, data);
  hall.complaintNew = await register({ unit: 'HALL', subject: 'attitude' });
  for (const name of ['complaintHeard', 'complaintDone']) {
    hall[name] = await register({ number: hall.reviewed });
    await act(hall[name], 'accept');
    await chief.post(`/complaints/${hall[name].id}/state`, { answer: COMPLAINT_SAID.stated });
    await act(hall[name], 'hear', { heard: COMPLAINT_SAID.heard });
  }
  await act(hall.complaintDone, 'decide', { finding: 'partly', decision: COMPLAINT_SAID.decided });
  await act(hall.complaintDone, 'reply', { reply: COMPLAINT_SAID.replied });
}

/** Whose score is opened: the department with most points against it, the person and window with most for them. */
async function score(hall, supervisor) {
  const of = async (by) => (await supervisor.get(`/scores?by=${by}`)).json.lines;
  hall.scored = { department: (await of('departments')).at(-1).id, person: (await of('persons'))[0].id, window: (await of('windows'))[0].id };
  hall.scored.entry = (await supervisor.get(`/scores/departments/${hall.scored.department}`)).json.points[0].entry;
}

const COMPLAINT = { name: '何问津', phone: '13711112222', subject: 'delay', text: '等了两个小时，没有人说还缺什么材料。' };
const COMPLAINT_SAID = { stated: '当日窗口只有一人，已调整。', heard: '调取了排队记录，等候118分钟。', decided: '等候时间过长属实，材料已当场告知。',
  replied: '已要求增开窗口，谢谢您的监督。' };

const CORRECTION = { sent: '请说明原因并尽快办结。', replied: '正在办理。', returned: '请写明办结日期。', again: '已安排明日核查，后日办结。' };

/** The receipt of a dossier: the code to verify it by, and the token to rate with. */
async function receiptOf(owner, number) {
  const { id } = (await owner.get(`/dossiers/${number}`)).json.papers.find((one) => one.kind === 'receipt');
  const paper = (await owner.get(`/dossiers/${number}/documents/${id}`)).json;
  return { code: paper.code, token: paper.content.match(/\/rate\/([0-9a-f]+)/)[1] };
}

/** A hotel with its permit: what is on its receipt. */
async function permitted(zhou, program) {
  const number = await acceptedHotel(zhou, await program('w001'), SEEN_OF_HOTEL);
  await complete(await program('h001'), number, PASS);
  await complete(await program('h002'), number, APPROVE);
  return { number, ...await receiptOf(zhou, number) };
}

const ADDRESS = { delivery_way: 'post', recipient: '周知秋', recipient_phone: '13912345679', post_address: '青溪县滨河路11号3栋502室' };

/** Certificates to be posted, in the post, and come back once. */
async function serve(hall, zhou, program) {
  const window = await program('w001'), posted = { carrier: 'ems', tracking: '1234567890123', posted_on: '2026-11-23' };
  for (const name of ['toPost', 'posted', 'cameBack']) {
    hall[name] = (await permitted(zhou, program)).number;
    await zhou.post(`/dossiers/${hall[name]}/service`, ADDRESS);
    if (name !== 'toPost') await window.post(`/dossiers/${hall[name]}/service/posted`, posted);
  }
  await window.post(`/dossiers/${hall.cameBack}/service/came-back`);
}

/** A township that promises less time than its county. */
async function ownLimits(editor) {
  const read = (name) => readFileSync(`packs/service-hall/tables/${name}`, 'utf8');
  const source = read('limits.dmn').replace(/(id="Rule_homestead_promised">\s*<text>)15/, '$112');
  const { json: { revision } } = await editor.post('/workbench/table/limits/draft', { source, english: read('limits.en.json') });
  await editor.post('/workbench/table/limits/publish', { revision, from: '2026-12-01', place: '99/9901/990101', reason: '乡镇承诺提速，宅基地审批12个工作日办结。' });
}

/** A workbook whose rows are drafts, and one of a department in which some rows are wrong. */
async function workbooks(hall, editor) {
  const path = '/workbench/items/import';
  const send = async (title, book) => (await editor.send('POST', path, { raw: multipart([], [{ name: 'workbook', title, data: itemsWorkbook(book) }]),
    headers: { 'x-csrf-token': editor.csrf, 'idempotency-key': newKey() } })).json.import;
  const fee = (code, words, english) => ({ 事项编码: code, 收费说明: words, '收费说明（英文）': english });
  hall.savedWorkbook = await send('青溪县事项调整表.xlsx', { items: [fee('elder-allowance', '不收费，每季度发放', 'Free; paid every quarter'), fee('tourism-filing', '免费', 'Free')] });
  await editor.post(`${path}/${hall.savedWorkbook}/drafts`);
  hall.workbook = await send('城市管理局事项清单（2026年版）.xlsx', { bases: [0, 1, 2, 3, 4, 5].map(basisOf), materials: [0, 1, 2].flatMap(materialsOf),
    items: [itemOf(0), { ...itemOf(1), 承诺时限: 30 }, itemOf(2), { ...itemOf(3), 办理部门: '园林绿化局', '事项名称（英文）': '' }, itemOf(4), { ...itemOf(5), 事项编码: 'svc-004' },
      fee('hotel-hygiene', '免费', 'Free')] });
}

/** A server on a Monday morning with cases completed, denied, under review, waiting, taken, stuck. */
export async function busyHall() {
  const clock = new TestClock('2026-11-23T09:30:00+08:00');
  const server = await startServer({ clock: clock.file, args: ['--packs', brokenPacks(STUCK_PROCESS)] });
  const known = {}; /* promises, so that three who ask at once log in once */
  const program = (login) => (known[login] ??= new Program(server).login(login));
  const [lin, zhou, officer] = [await program('13800000001'), await program('13800000002'), await program('m001')];
  const hall = { server, clock, sessionOf: async (login) => Object.fromEntries(login ? (await program(login)).cookies : []) };
  hall.done = await completedSoleTrader(lin, officer);
  await clock.set('2026-11-23T10:40:00+08:00');
  hall.denied = await file(lin, 'sole-trader', { business_name: '青溪县小满茶铺', premises_owned: 'own' });
  await complete(officer, hall.denied, { outcome: 'deny', opinion: '名称与已登记的“青溪县小满茶铺”相同，请换一个名称后重新申请。' });
  hall.reviewed = await acceptedHotel(zhou, await program('w001'), SEEN_OF_HOTEL);
  hall.waiting = await file(zhou, 'hotel-hygiene', { unit_name: '青溪县望山客栈' });
  hall.open = await file(lin, 'sole-trader', { business_name: '青溪县小满书店' });
  hall.taken = await file(zhou, 'sole-trader', { business_name: '青溪县知秋花店', operator_name: '周知秋' });
  const colleague = await program('m002');
  await colleague.post(`/dossiers/${hall.taken}/tasks/${await openTask(colleague, hall.taken)}/claim`);
  hall.rated = await completedSoleTrader(lin, officer);
  await lin.post(`/dossiers/${hall.rated}/rating`, { grade: 1, comment: '当场就办好了，谢谢。' });
  hall.stuck = await file(lin, 'sole-trader', { business_name: '青溪县小满裁缝铺' });
  await complete(officer, hall.stuck, { outcome: 'approve', opinion: STUCK });
  hall.incident = (await (await program('admin')).all('/admin', 'incidents'))[0].id;
  await takeIn(hall, await program('w001'));
  await onTheWay(hall, zhou, await program('h001'), await program('w001'));
  await extend(hall, zhou, await program('h001'), await program('w001'), await program('h003'));
  await away(program);
  await openRestaurants(hall, program);
  await correct(hall, await program('s001'), await program('h001'));
  await complain(hall, await program('s001'), await program('h003'));
  await ownLimits(await program('e001'));
  await workbooks(hall, await program('e001'));
  Object.assign(hall, await permitted(zhou, program));
  const rated = await permitted(zhou, program);
  await zhou.post(`/dossiers/${rated.number}/rating`, { grade: 2 });
  hall.ratedToken = rated.token;
  await serve(hall, zhou, program);
  await score(hall, await program('s001'));
  hall.reviewedToken = (await receiptOf(zhou, hall.reviewed)).token;
  hall.takenTask = await openTask(officer, hall.taken);
  await new Program(server).post('/register', { name: '沈小荷', phone: '13900000001', password: 'demo-2026' });
  return hall;
}

const search = (query) => `/items?q=${encodeURIComponent(query)}`;

/** A number that the form for tracking takes, and one that it does not. */
const track = (number, phone) => (person) => person.send('/track', { number, phone });

/** Every page as [name, who, address, what is done on it]; of the public first. */
export function pagesOf(hall) {
  const [lin, zhou, song] = ['13800000001', '13800000002', '13800000003'];
  const dossier = (number) => `/dossiers/${number}`;
  const complaint = async (person) => {
    await person.fill({ 'form.opinion': '' }, 'form[action$="/complete"]');
    await person.follow('form[action$="/complete"] button');
  };
  const asked = async (person) => {
    await person.page.locator('[name="form.air_conditioning"][value=central]').check();
    await person.page.locator('[name="form.ac_cleaned_on"]').waitFor();
  };
  const firmOfAnotherName = async (person) => {
    await opened(person);
    await person.send('/intake/hotel-hygiene', { party_name: '青溪县滨江宾馆', identity_kind: 'credit_code',
      identity_number: firmAtWindow.identity_number, actor_role: 'by_letter' });
  };
  const opened = async (person) => {
    for (const one of await person.page.locator('summary').all()) await one.click();
  };
  const enrols = async (person) => {
    if (await person.has('form[action="/me/second-factor"] .btn-primary')) await person.follow('form[action="/me/second-factor"] button');
  };
  const tooLate = async (person) => {
    await person.page.locator('form[action$="/complete"]').evaluate((form, path) => { form.action = path; },
      `${dossier(hall.taken)}/tasks/${hall.takenTask}/complete`);
    await person.follow('form[action$="/complete"] button');
  };
  return [
    ['home', null, '/'],
    ['items', null, '/items'],
    ['items-found', null, search('开饭店')],
    ['items-none', null, search('养老金')],
    ['items-topic', null, '/items?topic=birth'],
    ['guide', null, '/items/sole-trader'],
    ['guide-hotel', null, '/items/hotel-hygiene'],
    ['login', null, '/login'],
    ['login-wrong', null, '/login', (person) => person.send('/login', { login: lin, password: 'wrong' })],
    ['login-code-over', null, '/login/code'],
    ['register', null, '/register'],
    ['register-wrong', null, '/register', (person) => person.send('/register')],
    ['track', null, '/track'],
    ['track-found', null, '/track', track(hall.reviewed, zhou)],
    ['track-wrong', null, '/track', track('123', zhou)],
    ['still-there', null, '/kiosk/still-there'],
    ['track-tap', null, '/track/tap'],
    ['kiosk-home', null, '/kiosk/on?next=%2F'],
    ['kiosk-letter', null, '/kiosk/on?next=%2Fitems%3Fq%3DS'],
    ['kiosk-guide', null, '/kiosk/on?next=%2Fitems%2Fhotel-hygiene'],
    ['kiosk-track', null, '/kiosk/on?next=%2Ftrack'],
    ['kiosk-asking', null, '/kiosk/on?next=%2Fkiosk%2Fstill-there'],
    ['error-404', null, '/nowhere'],
    ['error-403', lin, '/desk'],
    ['error-405', null, '/logout'],
    ['error-409', 'm001', dossier(hall.open), tooLate],
    ['my', lin, '/my'],
    ['my-joint', song, '/my'],
    ['my-empty', '13900000001', '/my'],
    ['apply', lin, '/apply/sole-trader'],
    ['apply-wrong', lin, '/apply/sole-trader', (person) => person.send('/apply/sole-trader')],
    ['apply-hotel', lin, '/apply/hotel-hygiene', asked],
    ['guide-joint', null, '/items/open-restaurant'],
    ['apply-joint', song, '/apply/open-restaurant'],
    ['own-joint', song, dossier(hall.joint), opened],
    ['own-opened', song, dossier(hall.opened), opened],
    ['officer-joint', 'm001', dossier(hall.joint), opened],
    ['officer-joint-city', 'c002', dossier(hall.joint), opened],
    ['flow', 'm001', `${dossier(hall.joint)}/flow`],
    ['flow-done', 's001', `${dossier(hall.opened)}/flow`],
    ['certificate-joint', song, `${dossier(hall.opened)}/certificate?part=food-licence`],
    ['filed', zhou, '/apply/hotel-hygiene', (person) => person.send('/apply/hotel-hygiene', asFields(hotelHygiene))],
    ['own-waiting', zhou, dossier(hall.waiting)],
    ['own-review', zhou, dossier(hall.reviewed), opened],
    ['own-approved', lin, dossier(hall.done)],
    ['own-rating-wrong', lin, dossier(hall.done), (person) => person.send(`/dossiers/${hall.done}/rating`)],
    ['own-denied', lin, dossier(hall.denied)],
    ['own-rated', lin, dossier(hall.rated)],
    ['own-stuck', lin, dossier(hall.stuck)],
    ['own-asked', zhou, dossier(hall.asked), opened],
    ['own-mended', zhou, dossier(hall.mended), opened],
    ['own-withdrawn', zhou, dossier(hall.withdrawn)],
    ['supplement', zhou, `${dossier(hall.asked)}/supplement`],
    ['supplement-wrong', zhou, `${dossier(hall.asked)}/supplement`, (person) => person.send(`${dossier(hall.asked)}/supplement`,
      { 'form.credit_code': '1' })],
    ['supplement-behalf', 'w001', `${dossier(hall.asked)}/supplement`],
    ['officer-asked', 'h001', dossier(hall.asked), opened],
    ['officer-mended', 'h001', dossier(hall.mended), opened],
    ['notice', 'h001', `${dossier(hall.mended)}/tasks/${hall.mendedTask}/notice`, opened],
    ['notice-wrong', 'h001', `${dossier(hall.mended)}/tasks/${hall.mendedTask}/notice`, async (person) => {
      await opened(person);
      await person.send(`${dossier(hall.mended)}/tasks/${hall.mendedTask}/notice`, { 'missing.field.room_count': '不符' });
    }],
    ['notices', 'h003', '/notices', opened],
    ['extensions', 'h003', '/extensions', opened],
    ['officer-extended', 'h001', dossier(hall.extended), opened],
    ['own-extended', zhou, dossier(hall.extended), opened],
    ['service', 'w001', '/service'],
    ['service-posted', 'w001', '/service?state=posted'],
    ['service-task', 'w001', dossier(hall.cameBack), opened],
    ['service-in-post', 'w001', dossier(hall.posted), opened],
    ['service-own', zhou, dossier(hall.toPost), opened],
    ['desk-head', 'h003', '/desk'],
    ['cover', 'c002', '/cover', opened],
    ['cover-officer', 'c001', '/cover'],
    ['cover-all', 's001', '/cover'],
    ['desk-acting', 'c002', '/desk'],
    ['archive', 'm001', '/archive'],
    ['desk-stage', 'h001', '/desk?stage=review'],
    ['letters', 'admin', '/admin/authorisations'],
    ['letters-wrong', 'admin', '/admin/authorisations', (person) => person.send('/admin/authorisations')],
    ['certificate', lin, `${dossier(hall.done)}/certificate`],
    ...['receipt', 'acceptance', 'one_time_notice'].map((kind) => [`paper-${kind.replaceAll('_', '-')}`, zhou,
      `${dossier(hall.mended)}/documents/${hall.papers.find((one) => one.kind === kind).id}`]),
    ['verify', null, '/verify'],
    ['verify-none', null, '/verify/00000000000000000000'],
    ['verify-genuine', null, `/verify/${hall.code}`],
    ['rate', null, `/rate/${hall.token}`],
    ['rate-wrong', null, `/rate/${hall.token}`, (person) => person.send(`/rate/${hall.token}`)],
    ['rate-later', null, `/rate/${hall.reviewedToken}`],
    ['rate-done', null, `/rate/${hall.ratedToken}`],
    ['rate-officer', 'm001', `/rate/${hall.token}`],
    ['me', lin, '/me'],
    ['me-wrong', lin, '/me', (person) => person.send('/me', { identity_number: '110105194912310021' })],
    ['me-officer', 'o001', '/me'],
    ['me-second-factor', 'l001', '/me', enrols],
    ['intake', 'w001', '/intake'],
    ['screen', null, '/screen'],
    ['screen-results', null, '/screen?slide=2'],
    ['intake-register', 'w001', '/intake/register'],
    ['intake-register-none', 'k060', '/intake/register'],
    ['intake-none', 'w001', '/intake?q=%E5%85%BB%E8%80%81%E9%87%91'],
    ['intake-form', 'w001', '/intake/hotel-hygiene', opened],
    ['intake-wrong', 'w001', '/intake/sole-trader', (person) => person.send('/intake/sole-trader', { identity_number: '110105491231002' })],
    ['intake-name', 'w001', '/intake/hotel-hygiene', firmOfAnotherName],
    ['officer-child', 'm001', dossier(hall.child), opened],
    ['officer-firm', 'w001', dossier(hall.firm.number), opened],
    ['people', 'w001', '/people'],
    ['people-found', 'w001', '/people', (person) => person.send('/people', { phone: '138 0000 0001' })],
    ['people-none', 'w001', '/people', (person) => person.send('/people', { phone: '13877777777' })],
    ['person-firm', 'w001', `/people/${hall.firm.party}`],
    ['person-wrong', 'w001', `/people/${hall.firm.party}`, (person) => person.send(`/people/${hall.firm.party}/letters`, { agent_number: '1101' })],
    ['unmasked', 'w001', `/people/${hall.firm.party}`, 
      (person) => person.send(`/people/${hall.firm.party}/unmask`, { reason: '与营业执照核对' })],
    ['admin-unmaskings', 'admin', '/admin/unmaskings'],
    ['desk', 'm001', '/desk'],
    ['desk-window', 'w001', '/desk'],
    ['desk-empty', 'h002', '/desk?mine=1'],
    ['officer-task', 'm001', dossier(hall.open)],
    ['officer-wrong', 'm001', dossier(hall.open), complaint],
    ['officer-taken', 'm001', dossier(hall.taken)],
    ['officer-intake', 'w001', dossier(hall.waiting)],
    ['officer-review', 'h001', dossier(hall.reviewed), opened],
    ['officer-done', 'm001', dossier(hall.rated)],
    ['officer-stuck', 'm001', dossier(hall.stuck)],
    ['complaints', 's001', '/complaints', opened],
    ['complaints-ended', 's001', '/complaints?show=ended'],
    ['complaints-own', 'h003', '/complaints'],
    ['complaint-new', null, '/complaints/new'],
    ['complaint-new-wrong', null, '/complaints/new', (person) => person.send('/complaints')],
    ['complaint-new-officer', 's001', '/complaints/new'],
    ['complaint-received', null, `/complaints/received/${hall.complaintNew.number}`],
    ['complaint-track', null, '/complaints/track'],
    ['complaint-track-found', null, '/complaints/track', (person) => person.send('/complaints/track',
      { number: hall.complaintDone.number, phone: COMPLAINT.phone })],
    ['complaint-registered', 's001', `/complaints/${hall.complaintNew.id}`, opened],
    ['complaint-heard', 's001', `/complaints/${hall.complaintHeard.id}`, opened],
    ['complaint-office', 'h003', `/complaints/${hall.complaintHeard.id}`, opened],
    ['complaint-done', 's001', `/complaints/${hall.complaintDone.id}`],
    ['corrections', 'h001', '/corrections'],
    ['corrections-empty', 'm001', '/corrections'],
    ['corrections-all', 's001', '/corrections'],
    ['corrections-closed', 's001', '/corrections?state=closed'],
    ['correction-new', 's001', `/corrections/new?number=${hall.reviewed}`],
    ['correction-new-wrong', 's001', `/corrections/new?number=${hall.reviewed}`, (person) => person.send('/corrections')],
    ['correction', 'h001', `/corrections/${hall.correction}`],
    ['correction-check', 's001', `/corrections/${hall.answered}`],
    ['correction-closed', 'l001', `/corrections/${hall.closed}`],
    ['supervise', 's001', '/supervise'],
    ['supervise-empty', 's001', '/supervise?show=over'],
    ['supervise-completed', 's001', '/supervise?show=completed'],
    ['supervise-dossier', 's001', dossier(hall.reviewed)],
    ['supervise-observer', 'o001', '/supervise?stage=review'],
    ['board', 'l001', '/board'],
    ['board-open', 'l001', '/board', opened],
    ['board-empty', 'l001', '/board?from=2025-01-01&to=2025-12-31'],
    ['board-wrong', 'l001', '/board?from=2026-11-30&to=2026-11-01'],
    ['board-dossiers', 'l001', '/board/dossiers?figure=s02&from=2026-11-01&to=2026-11-30'],
    ['scores', 's001', '/scores'],
    ['scores-windows', 'l001', '/scores?by=windows'],
    ['scores-persons', 's001', '/scores?by=persons'],
    ['scores-persons-none', 's001', '/scores?by=persons&period=2025-11'],
    ['scores-norules', 'l001', '/scores?period=2001-01'],
    ['scores-wrong', 's001', '/scores?period=2026-13'],
    ['scores-own', 'm001', '/scores'],
    ['scores-head', 'h003', '/scores'],
    ['score', 's001', `/scores/departments/${hall.scored.department}`],
    ['score-kind', 's001', `/scores/departments/${hall.scored.department}?event=correction.sent`],
    ['score-window', 'l001', `/scores/windows/${hall.scored.window}`],
    ['score-person', 's001', `/scores/persons/${hall.scored.person}`],
    ['score-entry', 's001', `/scores/entries/${hall.scored.entry}`],
    ['score-rules', 'm001', '/scores/rules'],
    ['admin', 'admin', '/admin'],
    ['admin-incident', 'admin', `/admin/incidents/${hall.incident}`],
    ['admin-calendar', 'admin', '/admin/calendar'],
    ['admin-definitions', 'admin', '/admin/definitions'],
    ['admin-people', 'admin', '/admin/people'],
    ['workbench', 'e001', '/workbench'],
    ['workbench-tables', 'e001', '/workbench?kind=table'],
    ['workbench-versions', 'e001', '/workbench/table/fees'],
    ['workbench-places', 'e001', '/workbench/table/limits'],
    ['workbench-draft', 'e001', '/workbench/form/hotel-hygiene/draft'],
    ['workbench-difference', 'e001', '/workbench/table/fees/difference'],
    ['workbench-trial', 'e001', '/workbench/table/fees/trial?decision=real-estate-standard&run=true&inputs.answers.certificate_count=2'],
    ['workbench-items', 'e001', '/workbench/items/import'],
    ['workbench-items-wrong', 'e001', `/workbench/items/import/${hall.workbook}`],
    ['workbench-items-all', 'e001', `/workbench/items/import/${hall.workbook}?show=all`],
    ['workbench-items-drafts', 'e001', `/workbench/items/import/${hall.savedWorkbook}`],
    ['workbench-new', 'e001', '/workbench/new?kind=table&code=discount'],
  ].map(([name, who, path, act]) => ({ name, who, path, act }));
}

/** Opinions that forms suggest to officers: part of the Chinese record, whatever the interface speaks. */
const suggested = readdirSync('packs/service-hall/forms').filter((name) => !name.endsWith('.en.json'))
  .flatMap((name) => JSON.parse(readFileSync(`packs/service-hall/forms/${name}`, 'utf8')).components)
  .map((component) => component.defaultValue).filter(Boolean);

/** What people wrote: Chinese that an English page may show. */
export const typed = ['周*秋', ...suggested, ...Object.values(soleTrader), ...Object.values(hotelHygiene), '青溪县小满茶铺', '青溪县望山客栈', '青溪县小满书店',
  '青溪县知秋花店', '青溪县小满裁缝铺', '当场就办好了，谢谢。', '材料齐全，准予登记。', '材料齐全，予以受理。', STUCK,
  '名称与已登记的“青溪县小满茶铺”相同，请换一个名称后重新申请。', '林小满', '周知秋', '沈小荷', '陈小安', '陈守拙', '赵满仓', '青溪县小安书屋', '青溪县滨江宾馆', '委2026-1', '委2026-2',
  ...Object.values(NOTICE.missing), ...Object.values(NOTICE.mend), '已按要求补正', '第一次漏看了平面图', '申请人要求听证', '改在别处开业', '不符',
  ...Object.values(restaurant).flat(), '宋知味', '青溪县知味小馆', '青溪县知味餐饮有限公司', PASS.opinion, AGREE.opinion, APPROVE.opinion, ...Object.values(CORRECTION), ...Object.values(COMPLAINT_SAID), COMPLAINT.name, COMPLAINT.text,
  '与居住证原件核对', '与营业执照核对', LATE, ADDRESS.recipient, ADDRESS.post_address,  '开饭店', '养老金'].filter((text) => /[\u4e00-\u9fff]/.test(text));
