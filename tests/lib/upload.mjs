// upload.mjs - forms with files, as a browser sends them, and files that are what they claim to be.

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** A small PDF that says `text`, with which a test finds it again. */
export function pdf(text) {
  return Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n% ${text}\n%%EOF\n`);
}

export const png = PNG;

/** A multipart body of fields ([name, value]) and files ({name, title, type, data}). */
export function multipart(fields, files = []) {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  for (const { name, title, type = 'application/octet-stream', data } of files)
    form.append(name, new Blob([data], { type }), title);
  return form;
}

/** Sends a page's form to `action` with changes and files, as a browser does. */
export function sendForm(client, form, changes = {}, files = []) {
  const fields = form.fields.filter(([name]) => !(name in changes) && !name.startsWith('file.'));
  for (const [name, value] of Object.entries(changes))
    for (const one of [value].flat()) if (one !== null) fields.push([name, one]);
  return client.send('POST', form.action, { raw: multipart(fields, files) });
}

/** The bytes at a path, with the session of a client. */
export async function download(client, path) {
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(new URL(path, client.base), { headers: { cookie, accept: '*/*' }, redirect: 'manual' });
  return { status: answer.status, headers: answer.headers, data: Buffer.from(await answer.arrayBuffer()) };
}
