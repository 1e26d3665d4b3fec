// npm `openai`: chat completions and Responses.
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { place, url, version, weather } from '../gateway.js';
import { person } from './person.js';

const connect = (key) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });

const errors = {
  400: OpenAI.BadRequestError,
  401: OpenAI.AuthenticationError,
  404: OpenAI.NotFoundError,
  429: OpenAI.RateLimitError,
  500: OpenAI.InternalServerError,
};

const is = (failure, status) => failure instanceof (errors[status] ?? OpenAI.APIError);

export function chat(key) {
  const completions = connect(key).chat.completions;

  async function send(body, stream, options) {
    if (!stream) {
      return completions.create(body, options);
    }
    return completions.stream({ ...body, stream_options: { include_usage: true } }, options).finalChatCompletion();
  }

  const heard = ({ choices: [choice], usage }) => ({
    text: choice.message.content,
    finish: choice.finish_reason,
    prompt: usage.prompt_tokens,
    cached: usage.prompt_tokens_details.cached_tokens,
    said: usage.completion_tokens,
  });

  const user = (content) => ({ role: 'user', content });

  return {
    name: `openai ${version('openai')}`,
    is,
    ask: async (model, order, stream, signal) => heard(await send({ model, messages: [user(order)] }, stream, { signal })),

    async weather(model, stream) {
      const tools = [{ type: 'function', function: { name: 'weather', description: 'Tells the weather', parameters: place } }];
      const messages = [user('weather')];
      const { message } = (await send({ model, messages, tools }, stream)).choices[0];
      messages.push(message);
      for (const call of message.tool_calls) {
        messages.push({ role: 'tool', tool_call_id: call.id, content: weather(JSON.parse(call.function.arguments)) });
      }
      return heard(await send({ model, messages, tools }, stream));
    },

    async person(model) {
      const response_format = zodResponseFormat(person, 'person');
      return (await completions.parse({ model, messages: [user('person')], response_format })).choices[0].message.parsed;
    },

    async look(model, png) {
      const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } };
      return heard(await send({ model, messages: [user([{ type: 'text', text: 'look' }, image])] }, false));
    },

    async leave(model, order) {
      const stream = await completions.create({ model, messages: [user(order)], stream: true });
      for await (const chunk of stream) {
        if (chunk.choices[0]?.delta.content === 'half ') {
          stream.controller.abort();
        }
      }
    },
  };
}

export function responses(key) {
  const api = connect(key).responses;

  async function send(body, stream, options) {
    if (!stream) {
      return api.create({ store: false, ...body }, options);
    }
    const response = await api.stream({ store: false, ...body }, options).finalResponse();
    if (response.status === 'failed') {
      // The library leaves it to its users to look.
      throw new OpenAI.APIError(undefined, response.error, response.error.message);
    }
    return response;
  }

  const heard = ({ output_text, status, usage }) => ({
    text: output_text,
    finish: status,
    prompt: usage.input_tokens,
    cached: usage.input_tokens_details.cached_tokens,
    said: usage.output_tokens,
  });

  return {
    name: `openai ${version('openai')}, Responses`,
    is,
    ask: async (model, order, stream, signal) => heard(await send({ model, input: order }, stream, { signal })),

    async weather(model, stream) {
      const tools = [{ type: 'function', name: 'weather', description: 'Tells the weather', parameters: place, strict: true }];
      const input = [{ role: 'user', content: 'weather' }];
      const { output } = await send({ model, input, tools }, stream);
      input.push(...output);
      for (const call of output.filter((item) => item.type === 'function_call')) {
        input.push({ type: 'function_call_output', call_id: call.call_id, output: weather(JSON.parse(call.arguments)) });
      }
      return heard(await send({ model, input, tools }, stream));
    },

    async person(model) {
      return (await api.parse({ model, input: 'person', text: { format: zodTextFormat(person, 'person') } })).output_parsed;
    },

    async look(model, png) {
      const content = [
        { type: 'input_text', text: 'look' },
        { type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${png}` },
      ];
      return heard(await send({ model, input: [{ role: 'user', content }] }, false));
    },

    async leave(model, order) {
      const stream = await api.create({ model, input: order, stream: true });
      for await (const event of stream) {
        if (event.type === 'response.output_text.delta') {
          stream.controller.abort();
        }
      }
    },
  };
}
