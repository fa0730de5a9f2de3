// stories.mjs - what the kept databases hold: of each dossier who files it, what is done before the database is kept,
// and what a newer program is still to do with it. A step is [who, verb, body]; a verb belongs to the open task, but
// for `supplement`, the applicant's.
const by = (login, outcome, opinion, more = {}) => [login, 'complete', { form: { outcome, opinion, ...more } }];
const accept = by('w001', 'accept', '材料齐全，予以受理。');
const inspected = by('h001', 'pass', '核查合格。');
const granted = by('h002', 'approve', '准予许可。');
const registered = by('m001', 'approve', '材料齐全，准予登记。');
const pass = (login) => by(login, 'pass', '符合要求。');
const agree = (login) => by(login, 'agree', '同意。');

const told = ['h001', 'notice', { missing: { 'field.room_count': '客房数与现场不符' }, mend: { 'field.room_count': '请按实际填写' } }];
const market = [pass('m001'), pass('m001'), agree('m003')];
const city = [pass('c001'), agree('c002')];
const fire = [pass('f001'), pass('f001'), agree('f002')];
const joint = by('m004', 'approve', '各部门都同意，准予许可。');

const hotel = (way, rest, end = 'approved') => ({ item: 'hotel-hygiene', applicant: '13800000002', way, rest, end });
const trader = (way, rest) => ({ item: 'sole-trader', applicant: '13800000001', way, rest, end: 'approved' });
const restaurant = (way, rest) => ({ item: 'open-restaurant', applicant: '13800000003', way, rest, end: 'approved' });

const simple = [trader([], [registered]), trader([registered], []), hotel([], [accept, inspected, granted]),
  hotel([accept], [inspected, granted]), hotel([accept, inspected], [granted]), hotel([accept, inspected, granted], []),
  hotel([by('w001', 'refuse', '不属于本机关职权范围。')], [], 'not_accepted')];

export const stories = {
  floor: simple,
  path: [...simple,
    hotel([accept, told], [['13800000002', 'supplement', { note: '已更正', changes: { room_count: '52' } }], inspected, granted]),
    hotel([accept, ['h001', 'suspend', { ground: 'hearing', note: '需要听证' }]], [['h001', 'resume', {}], inspected, granted]),
    restaurant([], [accept, ...market, ...city, ...fire, joint]),
    restaurant([accept, ...market, city[0]], [city[1], ...fire, joint]),
    restaurant([accept, ...fire, ...city, ...market], [joint])],
};

const answerOf = async (person, path, body) => {
  const answer = await person.post(path, body);
  if (![200, 201].includes(answer.status)) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
};

/** Does one step of a dossier; answers: what was filed, for a supplement. */
export async function take(people, { number, item }, [login, verb, body], answers) {
  const person = people[login];
  if (verb === 'supplement')
    return answerOf(person, `/dossiers/${number}/supplement`, { form: { ...answers[item], ...body.changes }, note: body.note });
  const { json } = await person.get(`/dossiers/${number}`);
  if (!json.has_task) throw new Error(`${number} has no task for ${login}`);
  return answerOf(person, `/dossiers/${number}/tasks/${json.task}/${verb}`, body);
}

/** Everybody of these stories, with a way to log in. */
export const loginsOf = (list) => [...new Set(list.flatMap(({ applicant, way, rest }) => [applicant, ...[...way, ...rest].map(([login]) => login)]))];
