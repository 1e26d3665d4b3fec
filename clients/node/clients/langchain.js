// npm `@langchain/openai`.
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { concat } from '@langchain/core/utils/stream';
import { ChatOpenAI } from '@langchain/openai';
import OpenAI from 'openai';
import { place, url, version, weather } from '../gateway.js';
import { person } from './person.js';

export function chat(key) {
  const connect = (model) =>
    new ChatOpenAI({ model, apiKey: key, maxRetries: 0, configuration: { baseURL: `${url}/v1` } });

  async function send(runnable, input, stream, options) {
    if (!stream) {
      return runnable.invoke(input, options);
    }
    let whole;
    for await (const chunk of await runnable.stream(input, options)) {
      whole = whole === undefined ? chunk : concat(whole, chunk);
    }
    return whole;
  }

  const heard = ({ content, response_metadata, usage_metadata }) => ({
    text: content,
    finish: response_metadata.finish_reason,
    prompt: usage_metadata.input_tokens,
    cached: usage_metadata.input_token_details?.cache_read,
    said: usage_metadata.output_tokens,
  });

  return {
    name: `@langchain/openai ${version('@langchain/openai')}`,
    // It passes on what npm `openai` throws, and wraps some of it.
    is: (failure, status) =>
      status === 200 ? failure instanceof Error : failure.status === status || failure instanceof OpenAI.APIError,
    ask: async (model, order, stream, signal) => heard(await send(connect(model), order, stream, { signal })),

    async weather(model, stream) {
      const tool = { type: 'function', function: { name: 'weather', description: 'Tells the weather', parameters: place } };
      const bound = connect(model).bindTools([tool]);
      const messages = [new HumanMessage('weather')];
      const first = await send(bound, messages, stream);
      messages.push(first);
      for (const call of first.tool_calls) {
        messages.push(new ToolMessage({ tool_call_id: call.id, content: weather(call.args) }));
      }
      return heard(await send(bound, messages, stream));
    },

    person: (model) => connect(model).withStructuredOutput(person, { method: 'jsonSchema', strict: true }).invoke('person'),

    async look(model, png) {
      const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } };
      return heard(await connect(model).invoke([new HumanMessage({ content: [{ type: 'text', text: 'look' }, image] })]));
    },

    async leave(model, order) {
      const leaving = new AbortController();
      for await (const chunk of await connect(model).stream(order, { signal: leaving.signal })) {
        if (chunk.content === 'half ') {
          leaving.abort();
        }
      }
    },
  };
}
