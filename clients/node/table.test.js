// Every client before every family: the same questions as ClientsTest asks of the Java clients.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import * as aiSdk from './clients/ai-sdk.js';
import * as anthropic from './clients/anthropic.js';
import * as langchain from './clients/langchain.js';
import * as openai from './clients/openai.js';
import { awaitAsked, awaitLeft, families, key, pixel, usage, words } from './gateway.js';

const kinds = [openai.chat, openai.responses, anthropic.messages, aiSdk.chat, aiSdk.responses, langchain.chat];

async function failure(doing) {
  try {
    await doing();
  } catch (thrown) {
    return thrown;
  }
  assert.fail('it did not fail');
}

const capabilities = {
  async plain(client, model) {
    const heard = await client.ask(model, `say ${words}`, false);
    assert.equal(heard.text, words);
    assert.ok(['stop', 'end_turn', 'completed'].includes(heard.finish), heard.finish);
  },

  async stream(client, model) {
    const heard = await client.ask(model, `say ${words}`, true);
    assert.equal(heard.text, words);
    assert.ok(['stop', 'end_turn', 'completed'].includes(heard.finish), heard.finish);
  },

  async usage(client, model) {
    for (const stream of [false, true]) {
      const { prompt, cached, said } = await client.ask(model, 'say something', stream);
      assert.deepEqual({ prompt, cached, said }, usage, `stream: ${stream}`);
    }
  },

  async 'parallel tools'(client, model) {
    for (const stream of [false, true]) {
      const heard = await client.weather(model, stream);
      assert.equal(heard.text, 'heard sun in Zürich "🐪" for 2 and sun in Rome for 1');
    }
  },

  async 'structured output'(client, model) {
    assert.deepEqual(await client.person(model), { name: 'Ann 駱駝', age: 3, tags: ['a', 'b'] });
  },

  async image(client, model) {
    assert.equal((await client.look(model, pixel)).text, `image/png ${Buffer.from(pixel, 'base64').length}`);
  },

  async errors(client, model, stranger) {
    for (const stream of [false, true]) {
      for (const status of [400, 429, 500]) {
        const thrown = await failure(() => client.ask(model, `fail ${status}`, stream));
        assert.ok(client.is(thrown, status), `${status}, stream ${stream}: ${thrown.stack}`);
        assert.match(String(thrown.message), /the fake refuses/);
      }
      const nobody = await failure(() => client.ask('nobody-has-it', 'say no', stream));
      assert.ok(client.is(nobody, 404), nobody.stack);
      const refused = await failure(() => stranger.ask(model, 'say no', stream));
      assert.ok(client.is(refused, 401), refused.stack);
    }
    const broken = await failure(() => client.ask(model, 'break', true));
    assert.ok(client.is(broken, 200), broken.stack);
  },

  async abort(client, model, stranger, id) {
    try {
      await client.leave(model, `hang ${id}`);
    } catch (aborted) {
      assert.match(`${aborted.name} ${aborted.message}`, /abort/i);
    }
    await awaitLeft(id);
    const leaving = new AbortController();
    const whole = failure(() => client.ask(model, `hang ${id}whole`, false, leaving.signal));
    await awaitAsked(`${id}whole`);
    leaving.abort();
    await whole;
    await awaitLeft(`${id}whole`);
  },

  async '50 at once'(client, model) {
    const numbers = Array.from({ length: 50 }, (none, i) => i);
    const heard = await Promise.all(numbers.map((i) => client.ask(model, `say number ${i}`, i % 2 === 0)));
    assert.deepEqual(heard.map(({ text }) => text), numbers.map((i) => `number ${i}`));
  },
};

const rows = [];

for (const kind of kinds) {
  const client = kind(key);
  const stranger = kind('wrong-key');
  describe(client.name, () => {
    for (const [family, model] of Object.entries(families)) {
      const row = { name: `${client.name} | ${family}`, done: {} };
      rows.push(row);
      for (const [capability, check] of Object.entries(capabilities)) {
        test(`before ${family}: ${capability}`, { timeout: 60_000 }, async () => {
          row.done[capability] = '✗';
          await check(client, model, stranger, `${client.name}${family}`.replaceAll(/[^A-Za-z0-9]/g, ''));
          row.done[capability] = '✓';
        });
      }
    }
  });
}

after(async () => {
  const titles = Object.keys(capabilities);
  const lines = rows.map(({ name, done }) => `| ${name} | ${titles.map((title) => done[title] ?? '').join(' | ')} |`);
  const head = [`| Client | Family | ${titles.join(' | ')} |`, `|---|---|${':-:|'.repeat(titles.length)}`];
  await mkdir(new URL('../../target/', import.meta.url), { recursive: true });
  await writeFile(new URL('../../target/clients-node.md', import.meta.url), [...head, ...lines, ''].join('\n'));
});
