// program.mjs - a client of the JSON API. It keeps the session and the token for writes, and checks
// every answer against the API description that the server itself gives.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Client } from './server.mjs';
import { problemsOf } from './schema.mjs';

/** The API description of a server, with a look-up of the operation behind a method and a path. */
export class Description {
  constructor(document) {
    this.document = document;
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(), path, operation,
        pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
      })));
    this.seen = new Set();
  }

  static async of(server) {
    const answer = await fetch(`${server.url}/openapi.json`);
    return new Description(await answer.json());
  }

  /** Fixed paths go before those with parameters, as in the program's router. */
  find(method, path) {
    const matching = this.operations.filter((one) => one.method === method && one.pattern.test(path));
    return matching.sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
  }

  schemaOf(operation, status) {
    const responses = operation.responses;
    const response = responses[status] ?? this.resolve(responses.default);
    const content = response.content ?? {};
    return (content['application/json'] ?? content['application/problem+json'])?.schema;
  }

  resolve(schema) {
    if (!schema?.$ref) return schema;
    return schema.$ref.slice(2).split('/').reduce((at, part) => at[part], this.document);
  }

  /** Throws unless the JSON answer is what the description promises. */
  check(method, path, answer) {
    const found = this.find(method, path);
    if (!found || answer.text === '') return;
    const type = answer.headers.get('content-type') ?? '';
    if (!type.includes('json')) return;
    const schema = this.schemaOf(found.operation, String(answer.status));
    if (!schema) return;
    const problems = problemsOf(this.document, schema, answer.json);
    assert.deepEqual(problems, [], `${method} ${path} answered ${answer.status} against its schema`);
    this.seen.add(`${found.method} ${found.path} ${answer.status}`);
  }
}

let keys = 0;

/** A key for a write that nobody has used. */
export function newKey() {
  return `key-${process.pid}-${Date.now()}-${++keys}`;
}

export class Program extends Client {
  constructor(server, { description, language } = {}) {
    super(server, { json: true, language });
    this.description = description;
    this.csrf = null;
  }

  async send(method, path, options = {}) {
    const answer = await super.send(method, path, options);
    this.csrf = answer.headers.get('x-csrf-token') ?? this.csrf;
    this.description?.check(method, path.split('?')[0], answer);
    return answer;
  }

  /** A write with a JSON body; a fresh key unless one is given, none for null. */
  post(path, body = {}, { key = newKey(), headers = {} } = {}) {
    return this.send('POST', path, {
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        ...(this.csrf ? { 'x-csrf-token': this.csrf } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
        ...headers,
      },
    });
  }

  async login(login, password = 'demo-2026') {
    const answer = await this.post('/login', { login, password });
    if (answer.status !== 200)
      throw new Error(`log-in of ${login} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    await this.get('/healthz'); /* any answer with a session carries the token for writes */
    return this;
  }

  /** Every row of a paged list. */
  async all(path, list) {
    const rows = [];
    let query = path.includes('?') ? path.split('?')[1] : '';
    for (;;) {
      const answer = await this.get(`${path.split('?')[0]}${query ? `?${query}` : ''}`);
      if (answer.status !== 200)
        throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
      rows.push(...answer.json[list]);
      query = answer.json.pager.next_query;
      if (!query) return rows;
    }
  }
}

/** Sends bytes as they are and reads until the end of the answer's head and body; for what no
 *  proper client sends. Resolves with { status, head, body }. */
export function sendBytes(server, bytes, { timeout = 10000 } = {}) {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const parts = [];
    const end = (give, value) => {
      clearTimeout(late);
      socket.destroy();
      give(value);
    };
    const late = setTimeout(() => end(reject, new Error('no answer')), timeout);
    const look = (isOver) => {
      const text = Buffer.concat(parts).toString('latin1');
      const split = text.indexOf('\r\n\r\n');
      if (split < 0) return isOver && end(reject, new Error(`connection closed: ${text}`));
      const head = text.slice(0, split), body = text.slice(split + 4);
      const length = Number(head.match(/content-length: (\d+)/i)?.[1] ?? 0);
      if (!isOver && body.length < length) return undefined;
      return end(resolve, { status: Number(head.split(' ')[1]), head,
        body: Buffer.from(body, 'latin1').toString('utf8') });
    };
    socket.on('data', (part) => { parts.push(part); look(false); });
    socket.on('end', () => look(true));
    socket.on('error', (error) => (parts.length ? look(true) : end(reject, error)));
    socket.write(bytes);
  });
}
