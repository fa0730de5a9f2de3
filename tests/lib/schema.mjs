// schema.mjs - the subset of JSON Schema 2020-12 that API descriptions use. An unknown keyword is an
// error of the description, and so is a member that it does not know: what is not described is not
// promised.

const ANNOTATIONS = new Set(['description', 'title', 'example']);
const FORMATS = {
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  password: /^/,
  binary: /^/,
  html: /^/,
};

function typeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return typeof value;
}

const has = (types, type) => types.includes(type) || (type === 'integer' && types.includes('number'));

const keywords = {
  type(schema, value, problem) {
    const types = [schema.type].flat(), type = typeOf(value);
    if (!has(types, type)) problem(`is ${type}, not ${types.join(' or ')}`);
  },
  enum(schema, value, problem) {
    if (!schema.enum.includes(value)) problem(`${JSON.stringify(value)} is not among ${schema.enum}`);
  },
  const(schema, value, problem) {
    if (schema.const !== value) problem(`is not ${JSON.stringify(schema.const)}`);
  },
  pattern(schema, value, problem) {
    if (typeof value === 'string' && !new RegExp(schema.pattern, 'u').test(value))
      problem(`"${value}" does not match ${schema.pattern}`);
  },
  format(schema, value, problem) {
    const format = FORMATS[schema.format];
    if (!format) problem(`unknown format ${schema.format}`);
    else if (typeof value === 'string' && !format.test(value)) problem(`"${value}" is no ${schema.format}`);
  },
  minimum(schema, value, problem) {
    if (typeof value === 'number' && value < schema.minimum) problem(`${value} < ${schema.minimum}`);
  },
  maximum(schema, value, problem) {
    if (typeof value === 'number' && value > schema.maximum) problem(`${value} > ${schema.maximum}`);
  },
  minLength(schema, value, problem) {
    if (typeof value === 'string' && [...value].length < schema.minLength) problem('is too short');
  },
  maxLength(schema, value, problem) {
    if (typeof value === 'string' && [...value].length > schema.maxLength) problem('is too long');
  },
  required(schema, value, problem) {
    if (typeOf(value) !== 'object') return;
    for (const name of schema.required) if (!(name in value)) problem(`has no ${name}`);
  },
  properties(schema, value, problem, down) {
    if (typeOf(value) !== 'object') return;
    for (const [name, one] of Object.entries(value))
      if (!schema.properties[name]) {
        if (!schema.additionalProperties) problem(`has ${name}, which is not described`);
      } else {
        down(schema.properties[name], one, name);
      }
  },
  additionalProperties() {},
  items(schema, value, problem, down) {
    if (Array.isArray(value)) value.forEach((one, index) => down(schema.items, one, index));
  },
  anyOf(schema, value, problem, down, document) {
    if (!schema.anyOf.some((one) => problemsOf(document, one, value).length === 0))
      problem('fits none of anyOf');
  },
};

/** What is wrong with a value, as texts with their places; empty when it fits. */
export function problemsOf(document, schema, value, place = '$') {
  if (schema.$ref) {
    const target = schema.$ref.slice(2).split('/').reduce((at, part) => at?.[part], document);
    return target ? problemsOf(document, target, value, place) : [`${place}: no ${schema.$ref}`];
  }
  const problems = [];
  const problem = (text) => problems.push(`${place}: ${text}`);
  const down = (inner, one, name) => problems.push(...problemsOf(document, inner, one, `${place}.${name}`));
  for (const keyword of Object.keys(schema)) {
    if (ANNOTATIONS.has(keyword)) continue;
    if (keywords[keyword]) keywords[keyword](schema, value, problem, down, document);
    else problem(`unknown keyword ${keyword}`);
  }
  return problems;
}
