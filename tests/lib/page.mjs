// page.mjs - forms of a page as a browser sees them: what each holds, and what is said about its fields.

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" };

export function decode(text) {
  return text.replace(/&(amp|lt|gt|quot|apos|#39);/g, (_, name) => ENTITIES[name])
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

function attribute(tag, name) {
  const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`));
  return found ? decode(found[1]) : null;
}

const isOn = (tag, name) => new RegExp(`\\s${name}(\\s|=|>|/)`).test(tag);

/** A form: action, and fields as [name, value] in order, the way a browser would send them. */
function formOf(tag, inside) {
  const fields = [];
  const text = inside.replace(/<textarea([^>]*)>([\s\S]*?)<\/textarea>/g, (_, attributes, value) => {
    fields.push([attribute(` ${attributes}`, 'name'), decode(value.replace(/^\n/, ''))]);
    return '';
  }).replace(/<select([^>]*)>([\s\S]*?)<\/select>/g, (_, attributes, options) => {
    const chosen = [...options.matchAll(/<option([^>]*)>/g)].find(([option]) => isOn(option, 'selected'));
    fields.push([attribute(` ${attributes}`, 'name'), chosen ? attribute(chosen[0], 'value') : '']);
    return '';
  });
  for (const [input] of text.matchAll(/<input[^>]*>/g)) {
    const type = attribute(input, 'type') ?? 'text', name = attribute(input, 'name');
    const isChoice = type === 'radio' || type === 'checkbox';
    if (name && (!isChoice || isOn(input, 'checked')))
      fields.push([name, attribute(input, 'value') ?? (isChoice ? 'on' : '')]);
  }
  return { action: attribute(tag, 'action'), fields, value: (name) => fields.find(([n]) => n === name)?.[1],
    values: (name) => fields.filter(([n]) => n === name).map(([, v]) => v), html: inside };
}

/** Every form of a page. */
export function formsOf(html) {
  return [...html.matchAll(/(<form[^>]*>)([\s\S]*?)<\/form>/g)].map(([, tag, inside]) => formOf(tag, inside));
}

/** The form whose action ends so; throws when the page has none. */
export function formTo(html, action) {
  const found = formsOf(html).find((form) => form.action?.endsWith(action));
  if (!found) throw new Error(`no form to ${action} on the page`);
  return found;
}

/** The names of fields that the error summary leads to. */
export function errorFields(html) {
  const summary = html.match(/<div class="error-summary"[\s\S]*?<\/div>/)?.[0] ?? '';
  return [...summary.matchAll(/href="#([^"]*)"/g)].map(([, name]) => decode(name));
}

/** Words of a page, without tags. */
export function wordsOf(html) {
  return decode(html.replace(/<script[\s\S]*?<\/script>/g, '').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
}

/** Sends the form of a page as a browser would, with changes; a field set to null is left out. */
export async function submit(client, pagePath, action, changes = {}) {
  const page = await client.get(pagePath);
  const form = formTo(page.text, action);
  const body = new URLSearchParams();
  for (const [name, value] of form.fields) if (!(name in changes)) body.append(name, value);
  for (const [name, value] of Object.entries(changes))
    for (const one of [value].flat()) if (one !== null) body.append(name, one);
  return client.send('POST', form.action, { body });
}
