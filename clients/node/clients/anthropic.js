// npm `@anthropic-ai/sdk`: Messages.
import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { place, url, version, weather } from '../gateway.js';
import { person } from './person.js';

const errors = {
  400: Anthropic.BadRequestError,
  401: Anthropic.AuthenticationError,
  404: Anthropic.NotFoundError,
  429: Anthropic.RateLimitError,
  500: Anthropic.InternalServerError,
};

export function messages(key) {
  const api = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 }).messages;

  async function send(body, stream, options) {
    const ask = { max_tokens: 1000, ...body };
    return stream ? api.stream(ask, options).finalMessage() : api.create(ask, options);
  }

  const heard = ({ content, stop_reason, usage }) => ({
    text: content.filter((block) => block.type === 'text').map((block) => block.text).join(''),
    finish: stop_reason,
    prompt: usage.input_tokens + usage.cache_read_input_tokens,
    cached: usage.cache_read_input_tokens,
    said: usage.output_tokens,
  });

  const user = (content) => ({ role: 'user', content });

  return {
    name: `@anthropic-ai/sdk ${version('@anthropic-ai/sdk')}`,
    is: (failure, status) => failure instanceof (errors[status] ?? Anthropic.APIError),
    ask: async (model, order, stream, signal) => heard(await send({ model, messages: [user(order)] }, stream, { signal })),

    async weather(model, stream) {
      const tools = [{ name: 'weather', description: 'Tells the weather', input_schema: place }];
      const history = [user('weather')];
      const { content } = await send({ model, messages: history, tools }, stream);
      history.push({ role: 'assistant', content });
      history.push(
        user(
          content
            .filter((block) => block.type === 'tool_use')
            .map((use) => ({ type: 'tool_result', tool_use_id: use.id, content: weather(use.input) })),
        ),
      );
      return heard(await send({ model, messages: history, tools }, stream));
    },

    async person(model) {
      const output_config = { format: zodOutputFormat(person) };
      return (await api.parse({ model, max_tokens: 1000, messages: [user('person')], output_config })).parsed_output;
    },

    async look(model, png) {
      const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } };
      return heard(await send({ model, messages: [user([{ type: 'text', text: 'look' }, image])] }, false));
    },

    async leave(model, order) {
      const stream = await api.create({ model, max_tokens: 1000, messages: [user(order)], stream: true });
      for await (const event of stream) {
        if (event.type === 'content_block_delta') {
          stream.controller.abort();
        }
      }
    },
  };
}
