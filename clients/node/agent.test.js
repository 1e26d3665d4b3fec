// A coding agent's session: tools over several turns, streams, thoughts that must come back as they were.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { families, key, thoughts, url } from './gateway.js';

const tools = { list_files: () => 'a.txt b.txt', read_file: ({ path }) => `text of ${path}` };

const schema = {
  type: 'object',
  properties: { path: { type: 'string' } },
  required: ['path'],
  additionalProperties: false,
};

const report = (signatures, marks) =>
  `results: a.txt b.txt, text of a.txt, text of b.txt; tools: list_files, read_file; thoughts: ${signatures}; cache marks: ${marks}`;

describe('over Messages', () => {
  const api = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 }).messages;
  const cache_control = { type: 'ephemeral' };

  async function session(model) {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'agent', cache_control }] }];
    for (let turn = 1; turn <= 3; turn++) {
      const stream = api.stream({
        model,
        max_tokens: 4000,
        thinking: { type: 'enabled', budget_tokens: 2000 },
        system: [{ type: 'text', text: 'You work on code.', cache_control }],
        tools: [
          { name: 'list_files', description: 'Lists', input_schema: schema },
          { name: 'read_file', description: 'Reads', input_schema: schema, cache_control },
        ],
        messages,
      });
      const { content, stop_reason } = await stream.finalMessage();
      messages.push({ role: 'assistant', content });
      if (stop_reason !== 'tool_use') {
        return content.at(-1).text;
      }
      const results = content
        .filter((block) => block.type === 'tool_use')
        .map(({ id, name, input }) => ({ type: 'tool_result', tool_use_id: id, content: tools[name](input) }));
      messages.push({ role: 'user', content: results });
    }
    assert.fail('the session did not end');
  }

  for (const [family, model] of Object.entries(families)) {
    test(`before ${family}`, { timeout: 60_000 }, async () => {
      const marks = ['anthropic', 'bedrock'].includes(family) ? 3 : 0;
      assert.equal(await session(model), report(thoughts.messages[family], marks));
    });
  }
});

describe('over Responses', () => {
  const api = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 }).responses;

  const declared = ['list_files', 'read_file'].map((name) => ({
    type: 'function',
    name,
    description: name,
    parameters: schema,
    strict: true,
  }));

  async function turn(ask) {
    const response = await api
      .stream({ tools: declared, include: ['reasoning.encrypted_content'], reasoning: { effort: 'medium' }, ...ask })
      .finalResponse();
    const outputs = response.output
      .filter((item) => item.type === 'function_call')
      .map(({ call_id, name, arguments: text }) => ({
        type: 'function_call_output',
        call_id,
        output: tools[name](JSON.parse(text)),
      }));
    return { response, outputs };
  }

  /** The client keeps the history and sends it along. */
  async function sending(model) {
    const input = [{ role: 'user', content: 'agent' }];
    for (let i = 1; i <= 3; i++) {
      const { response, outputs } = await turn({ model, input, store: false });
      if (outputs.length === 0) {
        return response.output_text;
      }
      input.push(...response.output, ...outputs);
    }
    assert.fail('the session did not end');
  }

  /** The gateway, or the provider, keeps the history. */
  async function referring(model) {
    let ask = { model, input: [{ role: 'user', content: 'agent' }] };
    for (let i = 1; i <= 3; i++) {
      const { response, outputs } = await turn(ask);
      if (outputs.length === 0) {
        return response.output_text;
      }
      ask = { model, input: outputs, previous_response_id: response.id };
    }
    assert.fail('the session did not end');
  }

  for (const [family, model] of Object.entries(families)) {
    test(`before ${family}, sending the history`, { timeout: 60_000 }, async () => {
      assert.equal(await sending(model), report(thoughts.responses[family], 0));
    });
    test(`before ${family}, referring to it`, { timeout: 60_000 }, async () => {
      assert.equal(await referring(model), report(thoughts.responses[family], 0));
    });
  }

  test('a stored response is retrieved as the stream it was', { timeout: 60_000 }, async () => {
    for (const model of Object.values(families)) {
      const stored = await api.create({ model, input: 'say this again, piece by piece, as it was' });
      const events = await Array.fromAsync(await api.retrieve(stored.id, { stream: true }));
      assert.deepEqual(events.map((event) => event.sequence_number), [...events.keys()]);
      assert.deepEqual(events.at(-1).response.output, stored.output);
      const rest = await Array.fromAsync(await api.retrieve(stored.id, { stream: true, starting_after: 2 }));
      assert.deepEqual(rest, events.slice(3));
      const heard = await api.stream({ response_id: stored.id }).finalResponse();
      assert.equal(heard.output_text, stored.output_text);
    }
  });
});
