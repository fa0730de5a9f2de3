// workbook.mjs - writes a workbook as an office program would, and rows of items to put into one.
import { zipOf } from './xlsx.mjs';

const escape = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const letters = (index) => (index < 26 ? '' : letters(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));

/** A cell: a text, a number, or {formula, value}. */
function cellOf(value, place) {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`;
  if (typeof value === 'object')
    return `<c r="${place}" t="str"><f>${escape(value.formula)}</f>${value.value === undefined ? '' : `<v>${escape(value.value)}</v>`}</c>`;
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escape(value)}</t></is></c>`;
}

function sheetOf({ rows, merges = [] }) {
  const lines = rows.map((row, y) => `<row r="${y + 1}">${row.map((value, x) => cellOf(value, `${letters(x)}${y + 1}`)).join('')}</row>`);
  const merged = merges.length ? `<mergeCells count="${merges.length}">${merges.map((area) => `<mergeCell ref="${area}"/>`).join('')}</mergeCells>` : '';
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${lines.join('')}</sheetData>${merged}</worksheet>`;
}

/** An xlsx of sheets [{name, rows, merges}]. */
export function workbookOf(sheets) {
  const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const types = sheets.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`);
  const parts = {
    '[Content_Types].xml': `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>${types.join('')}</Types>`,
    '_rels/.rels': `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${relation}"><sheets>${sheets.map((one, i) => `<sheet name="${escape(one.name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${relation}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
  };
  sheets.forEach((sheet, i) => { parts[`xl/worksheets/sheet${i + 1}.xml`] = sheetOf(sheet); });
  return zipOf(parts);
}

/** Rows under headings, out of objects whose members are headings. */
const tableOf = (headings, rows) => [headings, ...rows.map((row) => headings.map((heading) => row[heading]))];

export const ITEM_HEADINGS = ['事项编码', '事项名称', '事项名称（英文）', '事项简介', '事项简介（英文）', '办理部门', '办理地点和时间', '办理地点和时间（英文）', '办件类型', '主题', '网上可办',
  '法定时限', '承诺时限', '时限单位', '收费说明', '收费说明（英文）', '常用说法', '常用说法（英文）', '申请条件', '申请条件（英文）', '办理步骤', '办理步骤（英文）', '办理流程', '申请表单'];
export const MATERIAL_HEADINGS = ['事项编码', '材料编码', '材料名称', '材料名称（英文）', '填报须知', '填报须知（英文）', '材料形式', '份数', '必要材料', '什么情况需要'];
export const BASIS_HEADINGS = ['事项编码', '法律法规名称', '法律法规名称（英文）', '条款', '条款（英文）', '核对日期'];

/** The workbook in which a centre's services come in. */
export function itemsWorkbook({ items, materials = [], bases = [], itemMerges, headings = ITEM_HEADINGS }) {
  return workbookOf([{ name: '事项', rows: tableOf(headings, items), merges: itemMerges },
    { name: '材料', rows: tableOf(MATERIAL_HEADINGS, materials) }, { name: '设立依据', rows: tableOf(BASIS_HEADINGS, bases) }]);
}

const UNITS = ['CITY', 'MARKET', 'HEALTH', 'LAND', 'HOUSING', 'TRANSPORT', 'CIVIL', 'HRSS', 'CULTURE', 'AGRI'];
const SUBJECTS = ['广告', '绿化', '道路', '活动', '市场', '学校', '诊所', '仓库', '船舶', '水井', '林木', '渔具', '印章', '图书', '影院', '球场', '公墓', '桥梁', '渡口', '菜场', '温室', '牧场', '茶园', '窑炉', '灯塔', '钟楼'];
const DEEDS = ['备案', '登记', '变更', '注销', '审查', '核验', '确认', '许可', '补发', '延续', '年检', '迁移', '拆除', '占用', '改建', '开业', '停业', '复业', '转让', '公告'];

/** The nth service of a centre: every member has its heading. */
export function itemOf(n) {
  const name = `${SUBJECTS[n % SUBJECTS.length]}${DEEDS[Math.floor(n / SUBJECTS.length) % DEEDS.length]}`;
  const promised = n % 5 === 0 ? 0 : 1 + (n % 10);
  return {
    事项编码: `svc-${String(n).padStart(3, '0')}`, 事项名称: name, '事项名称（英文）': `Service ${n}`, 事项简介: `办理${name}，符合条件的当场或者在承诺时限内办结。`,
    '事项简介（英文）': `Service ${n}: who needs it comes here and is answered within the promised limit.`, 办理部门: UNITS[n % UNITS.length],
    办理地点和时间: '县政务服务中心一楼综合窗口。工作日上午9:00—12:00，下午13:30—17:30。', '办理地点和时间（英文）': 'General window, ground floor. Working days, 9:00 to 12:00 and 13:30 to 17:30.',
    办件类型: promised ? '承诺件' : '即办件', 主题: ['开店办企业', '就业', '买房建房', '证件证明'][n % 4], 网上可办: '是', 法定时限: 20, 承诺时限: promised, 时限单位: '工作日',
    收费说明: '不收费', '收费说明（英文）': 'Free of charge', 常用说法: `办${name}、${SUBJECTS[n % SUBJECTS.length]}怎么办`, '常用说法（英文）': `service ${n}`,
    申请条件: '您是本县居民，或者您的单位在本县。\n您提交的材料真实。', '申请条件（英文）': 'You live in this county, or your firm is here.\nWhat you submit is true.',
    办理步骤: '在网上或者到窗口申请。\n窗口核对材料并受理。\n领取结果。', '办理步骤（英文）': 'Apply online or at the window.\nThe window checks and accepts.\nCollect the result.',
  };
}
export const materialsOf = (n) => [
  { 事项编码: `svc-${String(n).padStart(3, '0')}`, 材料编码: 'id-card', 材料名称: '身份证', '材料名称（英文）': 'Identity card', 材料形式: '原件', 份数: 0 },
  { 事项编码: `svc-${String(n).padStart(3, '0')}`, 材料编码: 'letter', 材料名称: '委托书', '材料名称（英文）': 'Letter of who applies', 填报须知: '由别人代办的才需要。', '填报须知（英文）': 'Only if somebody applies for you.', 材料形式: '原件', 份数: 0, 什么情况需要: '=by_agent = "yes"' }];
export const basisOf = (n) => ({ 事项编码: `svc-${String(n).padStart(3, '0')}`, 法律法规名称: '中华人民共和国行政许可法', '法律法规名称（英文）': 'Administrative Licensing Law', 条款: '', 核对日期: '' });

/** A workbook of so many services, changed by whoever asks. */
export function catalogueOf(count, change = (book) => book) {
  const all = Array.from({ length: count }, (_, n) => n);
  return itemsWorkbook(change({ items: all.map(itemOf), materials: all.flatMap(materialsOf), bases: all.map(basisOf) }));
}
