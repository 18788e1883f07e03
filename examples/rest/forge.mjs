// A small forge with a REST API, as public ones have it: repositories of an organisation, and who is in which team. What it
// knows lies in one file, so that it survives its end, however sudden. Run it with `node forge.mjs`; it needs FORGE_TOKEN.
import { createHash, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROLES = ['member', 'maintainer'];
const VISIBILITIES = ['public', 'private'];
const MOST_BYTES = 64 * 1024;

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '4180' },
    data: { type: 'string', default: join(dirname(fileURLToPath(import.meta.url)), 'out/forge.json') },
  },
});
const token = process.env.FORGE_TOKEN;
if (!token) {
  process.stderr.write('FORGE_TOKEN is not set: say who may use the forge\n');
  process.exit(2);
}

/** A refusal, with what the API says of it. */
class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let state = load();

const server = createServer((request, response) => {
  answer(request).then(
    ({ status = 200, body, headers = {} }) => send(response, status, body, headers),
    (error) => {
      if (!(error instanceof Refusal)) process.stderr.write(`${error.stack}\n`);
      send(
        response,
        error.status ?? 500,
        { message: error instanceof Refusal ? error.message : 'something broke' },
        {},
      );
    },
  );
});
server.listen(Number(options.port), '127.0.0.1', () => {
  process.stdout.write(`the forge is at http://127.0.0.1:${server.address().port}/api/v1\n`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));

/** What the API can do: a method, a path, and what comes of it. */
const ROUTES = [
  ['GET', /^\/orgs\/([^/]+)\/repos$/, listRepositories],
  ['POST', /^\/orgs\/([^/]+)\/repos$/, makeRepository],
  ['GET', /^\/repos\/([^/]+)\/([^/]+)$/, (request, org, name) => showRepository(repository(org, name), request)],
  ['PATCH', /^\/repos\/([^/]+)\/([^/]+)$/, changeRepository],
  ['DELETE', /^\/repos\/([^/]+)\/([^/]+)$/, deleteRepository],
  ['GET', /^\/teams\/([^/]+)\/memberships$/, (_request, team) => ({ body: { memberships: members(team) } })],
  ['GET', /^\/teams\/([^/]+)\/memberships\/([^/]+)$/, (_request, team, user) => ({ body: membership(team, user) })],
  ['PUT', /^\/teams\/([^/]+)\/memberships\/([^/]+)$/, putMembership],
  ['DELETE', /^\/teams\/([^/]+)\/memberships\/([^/]+)$/, deleteMembership],
];

async function answer(incoming) {
  const url = new URL(incoming.url, 'http://forge');
  const body = await read(incoming);
  if (!isAllowed(incoming.headers.authorization ?? '')) throw new Refusal(401, 'who are you?');
  const path = url.pathname.replace(/^\/api\/v1/, '');
  const known = ROUTES.filter(([, pattern]) => pattern.test(path));
  const [, pattern, act] = known.find(([method]) => method === incoming.method) ?? [];
  if (act === undefined)
    throw known.length === 0 ? new Refusal(404, 'there is no such place') : new Refusal(405, 'not here');
  const parts = pattern.exec(path).slice(1).map(decodeURIComponent);
  return act({ url, body, headers: incoming.headers }, ...parts);
}

function listRepositories({ url }, org) {
  const all = Object.values(state.repositories).filter((one) => one.owner === org);
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30) || 30, 100);
  const page = Number(url.searchParams.get('page') ?? 1) || 1;
  const next = new URL(url.pathname + url.search, `http://127.0.0.1:${server.address().port}`);
  next.searchParams.set('page', String(page + 1));
  const headers = all.length > page * size ? { link: `<${next.href}>; rel="next"` } : {};
  return { body: all.slice((page - 1) * size, page * size), headers };
}

function makeRepository({ body }, org) {
  const { name } = body;
  if (typeof name !== 'string' || !/^[\w.-]{1,100}$/.test(name))
    throw new Refusal(422, 'a repository needs a plain name');
  if (state.repositories[`${org}/${name}`]) throw new Refusal(409, 'there is a repository of that name');
  const made = { id: state.nextId, owner: org, name, description: '', visibility: 'private', topics: [], stars: 0 };
  return { status: 201, ...keepRepository({ ...made, ...settable(body) }, { nextId: state.nextId + 1 }) };
}

function changeRepository({ body, headers }, org, name) {
  const before = repository(org, name);
  if (headers['if-match'] && headers['if-match'] !== etag(before)) throw new Refusal(412, 'it has changed meanwhile');
  return keepRepository({ ...before, ...settable(body) });
}

function deleteRepository(_request, org, name) {
  const { [`${org}/${name}`]: _gone, ...repositories } = state.repositories;
  repository(org, name);
  keep({ repositories });
  return { status: 204 };
}

function keepRepository(repository, more = {}) {
  const key = `${repository.owner}/${repository.name}`;
  keep({ ...more, repositories: { ...state.repositories, [key]: repository } });
  return showRepository(repository);
}

function showRepository(repository, request) {
  const tag = etag(repository);
  if (request?.headers['if-none-match'] === tag) return { status: 304, headers: { etag: tag } };
  return { body: repository, headers: { etag: tag } };
}

/** What may be said of a repository, checked. */
function settable({ description, visibility, topics }) {
  if (visibility !== undefined && !VISIBILITIES.includes(visibility))
    throw new Refusal(422, 'visibility is public or private');
  if (topics !== undefined && !Array.isArray(topics)) throw new Refusal(422, 'topics are a list');
  const said = { description, visibility, topics };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

function repository(org, name) {
  const found = state.repositories[`${org}/${name}`];
  if (found === undefined) throw new Refusal(404, 'there is no such repository');
  return found;
}

function putMembership({ body }, team, user) {
  if (!ROLES.includes(body.role)) throw new Refusal(422, `a role is one of: ${ROLES.join(', ')}`);
  const before = state.memberships[team]?.[user];
  const since = before?.since ?? new Date().toISOString();
  keep({
    memberships: {
      ...state.memberships,
      [team]: { ...state.memberships[team], [user]: { user, role: body.role, since } },
    },
  });
  return { status: before === undefined ? 201 : 200, body: membership(team, user) };
}

function deleteMembership(_request, team, user) {
  membership(team, user);
  const { [user]: _gone, ...others } = state.memberships[team];
  keep({ memberships: { ...state.memberships, [team]: others } });
  return { status: 204 };
}

function members(team) {
  return Object.values(state.memberships[team] ?? {});
}

function membership(team, user) {
  const found = state.memberships[team]?.[user];
  if (found === undefined) throw new Refusal(404, `${user} is not in ${team}`);
  return found;
}

function isAllowed(authorization) {
  const [said, right] = [authorization, `Bearer ${token}`].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(said, right);
}

function etag(repository) {
  return `"${createHash('sha256').update(JSON.stringify(repository)).digest('hex').slice(0, 16)}"`;
}

async function read(incoming) {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MOST_BYTES) throw new Refusal(413, 'that is too much');
  }
  if (text === '') return {};
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new Refusal(400, 'that is no JSON');
  }
}

function send(response, status, body, headers) {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...type, ...headers }).end(body === undefined ? undefined : JSON.stringify(body));
}

function load() {
  try {
    return JSON.parse(readFileSync(options.data, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { nextId: 1, repositories: {}, memberships: {} };
  }
}

/** What is told to a client is on the disk before. */
function keep(changes) {
  state = { ...state, ...changes };
  mkdirSync(dirname(options.data), { recursive: true });
  writeFileSync(`${options.data}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${options.data}.new`, options.data);
}
