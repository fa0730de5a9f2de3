// hall.mjs - the service hall as tests use it: good answers to its forms, and dossiers brought to a
// certain step.
import assert from 'node:assert/strict';

/** Good answers to the sole trader's form. */
export const soleTrader = Object.freeze({
  business_name: '青溪县小满茶饮店', business_scope: '餐饮服务；食品销售', premises_address: '青溪县滨河路12号',
  premises_owned: 'rented', operator_name: '林小满', operator_id_number: '11010519491231002X',
  operator_phone: '13800000001', by_agent: 'no',
});

/** Good answers to the hotel's form. */
export const hotelHygiene = Object.freeze({
  unit_name: '青溪县滨河宾馆', credit_code: '91350100M000100Y43', address: '青溪县滨河路88号', legal_name: '周知秋',
  phone: '13800000002', room_count: '48', floor_area: '2600.5', air_conditioning: 'split', water_supply: 'mains',
});

/** Good answers to the restaurant's form: with a sign, and inspected before it opens. */
export const restaurant = Object.freeze({
  business_name: '青溪县知味川菜馆', credit_code: '91350100M000100Y43', legal_name: '宋知味', phone: '13800000003',
  address: '青溪县滨河路66号', floor_area: '180', level: 'ground', premises_owned: 'rented', operations: ['热食类食品制售', '冷食类食品制售'],
  has_sign: 'yes', sign_words: '知味川菜馆', sign_width: '6', sign_height: '1.2', sign_is_lit: 'yes', fire_way: 'inspection',
  has_fire_system: 'no', by_agent: 'no',
});

/** Good answers to the food licence's form. */
export const foodLicence = Object.freeze({
  business_name: '青溪县小满茶饮店', credit_code: '91350100M000100Y43', legal_name: '林小满', phone: '13800000001',
  address: '青溪县滨河路12号', floor_area: '36', business_form: '餐饮服务经营者', operations: ['自制饮品制售'], is_online: 'no', by_agent: 'no',
});

/** Good answers to the form for a sign. */
export const outdoorAd = Object.freeze({
  business_name: '青溪县小满茶饮店', credit_code: '91350100M000100Y43', legal_name: '林小满', phone: '13800000001', sign_kind: '招牌',
  address: '青溪县滨河路12号门头', sign_width: '3', sign_height: '0.8', is_lit: 'yes', words: '小满茶饮', premises_owned: 'own', by_agent: 'no',
});

/** Good answers to the form for land for a village house. */
export const homestead = Object.freeze({
  applicant_name: '石望山', id_number: '11010519491231002X', phone: '13800000004', household_size: '4', township: 'TOWN-QINGSHI',
  village: '石桥村三组', bounds: '东至村道，南至石家宅基地，西至水渠，北至空地', land_use: 'built', reason: 'rebuild', land_area: '110',
  building_area: '220', floors: '2', has_old: 'yes', old_plan: 'same',
});

/** Good answers to the first registration of a home with two owners. */
export const realEstate = Object.freeze({
  owner_kind: 'person', owner_name: '石望山', owner_id_number: '11010519491231002X', phone: '13800000004', location: '青溪县滨河路9号2栋301',
  land_kind: 'state', house_use: '住宅', building_area: '98.5', is_shared: 'yes', co_owners: '林小满', certificate_count: '2', by_agent: 'no',
});

const person = { applicant_name: '石望山', id_number: '11010519491231002X', phone: '13800000004' };
const firm = { unit_name: '青溪县知味餐饮店', credit_code: '91350100M000100Y43', legal_name: '宋知味', phone: '13800000003' };

/** Good answers to the forms of the other departments, by item. */
const others = Object.freeze({
  'health-certificate': { ...person, employer: '知味川菜馆', trade: '餐饮服务', is_renewal: 'no' },
  'construction-permit': { ...firm, works_name: '知味大厦', address: '青溪县滨河路66号地块', floor_area: '5200', contract_price: '860.5', builder: '青溪建工',
    has_supervisor: 'yes', supervisor: '正直监理', is_tendered: 'no', by_agent: 'no' },
  'road-transport': { ...firm, plate: '闽A12345', brand: '长风重卡', vehicle_kind: '普通货车', gross_mass: '18000', is_new: 'no', graded_on: '2026-10-08',
    by_agent: 'no' },
  'birth-registration': { mother_name: '林小满', id_number: '11010519491231002X', phone: '13800000001', township: 'TOWN-QINGSHI', is_married: 'yes',
    father_name: '石望山', child_order: '1', is_born: 'no', expected_on: '2027-03-01' },
  'minimum-living': { ...person, township: 'TOWN-QINGSHI', village: '石桥村三组8号', area: '农村', household_size: '3', monthly_income: '420',
    has_disabled: 'yes', has_ill: 'no', reason: '父亲残疾，家里没有劳动力。', agrees_check: 'yes' },
  'disability-certificate': { ...person, address: '石桥村三组8号', is_minor: 'no', kinds: ['视力'], reason: 'new' },
  'flexible-insurance': { ...person, schemes: ['基本养老保险'], work: '个体经营', is_local: 'no', was_insured: 'no' },
  'tourism-filing': { ...firm, licence_number: 'L-FJ00123', branch_name: '知味旅行社青溪分社', branch_address: '青溪县滨河路70号', branch_manager: '宋知味',
    premises_owned: 'rented', by_agent: 'no' },
  'marriage-appointment': { ...person, partner_name: '林小满', partner_place: 'mainland', wanted_on: '2026-12-01', half: '上午', was_married: 'no',
    wants_ceremony: 'no' },
  'elder-allowance': { ...person, applicant_name: '石老根', born_on: '1938-05-06', township: 'TOWN-BAISHUI', village: '白水村一组2号',
    bank_account: '6217000010001234567', can_walk: 'no', by_agent: 'yes' },
});

export const forms = Object.freeze({ ...others, 'sole-trader': soleTrader, 'hotel-hygiene': hotelHygiene, 'open-restaurant': restaurant,
  'food-licence': foodLicence, 'outdoor-ad': outdoorAd, homestead, 'real-estate-first': realEstate });

/** A form's answers as the fields of a page: form.<key>. */
export function asFields(answers) {
  return Object.fromEntries(Object.entries(answers).map(([key, value]) => [`form.${key}`, value]));
}

/** A firm that somebody with its letter comes for, as a window takes it in. */
export const firmAtWindow = Object.freeze({
  identity_kind: 'credit_code', identity_number: '91350100M000100Y43', party_name: '青溪县滨河宾馆', is_original_seen: true,
  actor_role: 'by_letter', agent_kind: 'resident_id', agent_number: '11010519491231002X', agent_name: '赵满仓',
  letter_no: '委2026-1', letter_until: '2027-12-31', form: hotelHygiene,
});

/** A letter that a window writes down. */
export const letterOfFirm = Object.freeze({ agent_kind: 'resident_id', agent_number: '11010519491231002X', agent_name: '赵满仓',
  letter_no: '委2026-2', valid_until: '2027-12-31', letter_item: ['hotel-hygiene'] });

/** Takes in a firm's application; the firm, a letter of it that stands, and the number of the application. */
export async function firmWithLetter(window) {
  const taken = await window.post('/intake/hotel-hygiene', firmAtWindow);
  assert.equal(taken.status, 201, taken.text);
  const { identity_kind, identity_number } = firmAtWindow;
  const { parties: [{ id: party }] } = (await window.post('/people', { identity_kind, identity_number })).json;
  const made = await window.post(`/people/${party}/letters`, letterOfFirm);
  assert.equal(made.status, 201, made.text);
  const { letters: [{ id: letter }] } = (await window.get(`/people/${party}`)).json;
  return { party, letter, number: taken.json.number };
}

/** Files an application; its number. */
export async function file(applicant, code = 'sole-trader', changes = {}) {
  const answer = await applicant.post(`/apply/${code}`, { form: { ...forms[code], ...changes } });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.number;
}

/** The open task of a dossier as its officer sees it. */
export async function openTask(officer, number) {
  const answer = await officer.get(`/dossiers/${number}`);
  assert.equal(answer.status, 200, answer.text);
  assert.ok(answer.json.has_task, `${number} has no task for this officer`);
  return answer.json.task;
}

/** Completes the open task of a dossier; `seen` are the materials that the officer has seen. */
export async function complete(officer, number, form, seen) {
  const task = await openTask(officer, number);
  const answer = await officer.post(`/dossiers/${number}/tasks/${task}/complete`, { form, ...(seen ? { seen } : {}) });
  assert.equal(answer.status, 200, answer.text);
}

/** Files a sole trader and issues the licence. */
export async function completedSoleTrader(applicant, officer) {
  const number = await file(applicant);
  await complete(officer, number, { outcome: 'approve', opinion: '材料齐全，准予登记。' });
  return number;
}

/** Files a hotel's application and accepts it: it waits for the review. */
export async function acceptedHotel(applicant, window, seen) {
  const number = await file(applicant, 'hotel-hygiene');
  await complete(window, number, { outcome: 'accept', opinion: '材料齐全，予以受理。' }, seen);
  return number;
}
