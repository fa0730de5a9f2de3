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

export const forms = Object.freeze({ 'sole-trader': soleTrader, 'hotel-hygiene': hotelHygiene });

/** A form's answers as the fields of a page: form.<key>. */
export function asFields(answers) {
  return Object.fromEntries(Object.entries(answers).map(([key, value]) => [`form.${key}`, value]));
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

/** Completes the open task of a dossier. */
export async function complete(officer, number, form) {
  const task = await openTask(officer, number);
  const answer = await officer.post(`/dossiers/${number}/tasks/${task}/complete`, { form });
  assert.equal(answer.status, 200, answer.text);
}

/** Files a sole trader and issues the licence. */
export async function completedSoleTrader(applicant, officer) {
  const number = await file(applicant);
  await complete(officer, number, { outcome: 'approve', opinion: '材料齐全，准予登记。' });
  return number;
}

/** Files a hotel's application and accepts it: it waits for the review. */
export async function acceptedHotel(applicant, window) {
  const number = await file(applicant, 'hotel-hygiene');
  await complete(window, number, { outcome: 'accept', opinion: '材料齐全，予以受理。' });
  return number;
}
