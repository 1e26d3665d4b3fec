// npm `ai` with `@ai-sdk/openai`: by chat completions, and by Responses, which is its default.
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai';
import { place, url, version, weather } from '../gateway.js';
import { person } from './person.js';

function client(name, choose) {
  async function send(ask, stream) {
    if (!stream) {
      return generateText({ maxRetries: 0, ...ask });
    }
    let failed;
    const result = streamText({ maxRetries: 0, onError: () => {}, ...ask });
    for await (const part of result.fullStream) {
      if (part.type === 'error') {
        failed = part.error;
      }
    }
    if (failed) {
      throw failed;
    }
    return { text: await result.text, finishReason: await result.finishReason, usage: await result.usage };
  }

  const heard = ({ text, finishReason, usage }) => ({
    text,
    finish: finishReason,
    prompt: usage.inputTokens,
    cached: usage.inputTokenDetails?.cacheReadTokens ?? usage.cachedInputTokens,
    said: usage.outputTokens,
  });

  return {
    name: `ai ${version('ai')}, ${name}`,
    is: (failure, status) =>
      status === 200
        ? failure !== undefined
        : APICallError.isInstance(failure) && (failure.statusCode === status || (status === 500 && failure.statusCode > 500)),
    ask: async (model, order, stream, signal) =>
      heard(await send({ model: choose(model), prompt: order, abortSignal: signal }, stream)),

    async weather(model, stream) {
      const tools = {
        weather: tool({ description: 'Tells the weather', inputSchema: jsonSchema(place), execute: async (asked) => weather(asked) }),
      };
      return heard(await send({ model: choose(model), prompt: 'weather', tools, stopWhen: stepCountIs(3) }, stream));
    },

    async person(model) {
      const output = Output.object({ schema: person });
      return (await generateText({ model: choose(model), prompt: 'person', output, maxRetries: 0 })).output;
    },

    async look(model, png) {
      const content = [
        { type: 'text', text: 'look' },
        { type: 'file', mediaType: 'image/png', data: png },
      ];
      return heard(await send({ model: choose(model), messages: [{ role: 'user', content }] }, false));
    },

    async leave(model, order) {
      const leaving = new AbortController();
      const result = streamText({
        model: choose(model),
        prompt: order,
        maxRetries: 0,
        abortSignal: leaving.signal,
        onError: () => {},
      });
      for await (const part of result.fullStream) {
        if (part.type === 'text-delta') {
          leaving.abort();
        }
      }
    },
  };
}

export function chat(key) {
  const provider = createOpenAI({ baseURL: `${url}/v1`, apiKey: key });
  return client('chat', (model) => provider.chat(model));
}

export function responses(key) {
  const provider = createOpenAI({ baseURL: `${url}/v1`, apiKey: key });
  return client('Responses', (model) => provider(model));
}
