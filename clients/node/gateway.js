// What NodeClientsTest tells about the gateway and the fakes behind it, and what every client is asked.
import { createRequire } from 'node:module';

function told(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: these tests are run by NodeClientsTest, which starts the gateway`);
  }
  return value;
}

/** The gateway's address, without a path. */
export const url = told('GATEWAY_URL');
export const key = told('GATEWAY_KEY');

/** The families: name → the model that is asked for. */
export const families = JSON.parse(told('FAMILIES'));

/** What every answer costs. */
export const usage = JSON.parse(told('USAGE'));

async function wait(path) {
  const answer = await fetch(told('FAKES_URL') + path);
  if (!answer.ok) {
    throw new Error(`the fakes have not seen ${path}`);
  }
}

/** The signatures that a coding agent's provider must see again, by API and family. Chat completions have none. */
export const thoughts = { messages: {}, responses: {} };
for (const family of Object.keys(families)) {
  thoughts.messages[family] = ['openai', 'azure'].includes(family) ? '' : told('THOUGHTS');
  thoughts.responses[family] = told('THOUGHTS');
}

/** Waits until a provider was asked with the order `hang <id>`; throws when none is. */
export const awaitAsked = (id) => wait(`/asked/${id}`);

/** Waits until the gateway has closed that call; throws when it does not. */
export const awaitLeft = (id) => wait(`/left/${id}`);

/** One pixel. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const words = 'Zürich, 駱駝 and a "camel" 🐪 \\ here';

/** The schema of the one tool. */
export const place = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city', 'days'],
  additionalProperties: false,
};

/** What the tool says. */
export const weather = ({ city, days }) => `sun in ${city} for ${days}`;

/** A library's version, for the table. */
export function version(library) {
  return createRequire(import.meta.url)(`./node_modules/${library}/package.json`).version;
}
