// Writes src/main/resources/prices.yaml from the price lists of Pydantic's genai-prices (MIT license):
//
//   npm pack @pydantic/genai-prices@0.1.8 && tar xzf pydantic-genai-prices-*.tgz
//   node dev/prices.mjs package > src/main/resources/prices.yaml
//
// Read the diff before committing it: prices are money.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.argv[2] ?? 'package');
const { findProvider } = await import(pathToFileURL(resolve(folder, 'dist/index.js')));
const { version } = JSON.parse(readFileSync(resolve(folder, 'package.json')));
const today = process.argv[3] ?? new Date().toISOString().slice(0, 10);

// Our list: theirs.
const LISTS = { openai: 'openai', azure: 'azure', anthropic: 'anthropic', google: 'google', bedrock: 'aws', groq: 'groq',
  mistral: 'mistral', deepseek: 'deepseek', openrouter: 'openrouter' };
const ELSEWHERE = { azure: ['openai', 'anthropic', 'deepseek'], google: ['anthropic'] };
const RATES = { input_mtok: 'input', output_mtok: 'output', cache_read_mtok: 'cached', cache_write_mtok: 'cache-write',
  cache_write_1h_mtok: 'cache-write-1h', output_reasoning_mtok: 'reasoning', input_audio_mtok: 'audio-input',
  output_audio_mtok: 'audio-output', input_image_mtok: 'image-input', output_image_mtok: 'image-output',
  input_video_mtok: 'video-input', output_video_mtok: 'video-output', web_searches_kcount: 'web-search' };
// Theirs lack what sound costs, in and out; that of OpenAI's price page, as LiteLLM's list has it.
const SOUND = { 'gpt-4o-audio-preview*': [40, 80], 'gpt-4o-mini-audio*': [10, 20] };

/** The patterns of a match; what only a regular expression says is covered by exact names, which win. */
function patterns(match) {
  if (match.equals) return [match.equals];
  if (match.starts_with) return [match.starts_with + '*'];
  if (match.contains) return [`*${match.contains}*`];
  if (match.ends_with) return ['*' + match.ends_with];
  if (match.or) return match.or.flatMap(patterns);
  if (match.and) return match.and.flatMap(patterns);
  return [];
}

/** Those that hold today; of prices by the time of day the highest, so that no budget is overrun. */
function current(prices) {
  if (!Array.isArray(prices)) return prices;
  const byDate = prices.filter(p => p.constraint?.type !== 'time_of_date');
  const begun = byDate.filter(p => !p.constraint || p.constraint.start_date <= today);
  const byTime = prices.filter(p => p.constraint?.type === 'time_of_date');
  const highest = all => all.reduce((a, b) => (base(b.output_mtok) > base(a.output_mtok) ? b : a));
  return highest([...(begun.length ? [begun[begun.length - 1].prices] : []), ...byTime.map(p => p.prices)]);
}

const base = rate => (rate === undefined ? 0 : typeof rate === 'number' ? rate : rate.base);
const plain = n => n.toFixed(9).replace(/\.?0+$/, '');
const quoted = text => (/^[A-Za-z][\w.\-]*$/.test(text) ? text : JSON.stringify(text));

function line(model) {
  const prices = current(model.prices);
  const names = patterns(model.match);
  const rates = Object.entries(RATES).filter(([theirs]) => prices[theirs] !== undefined);
  if (!names.length || !rates.length) return null;
  const fields = rates.map(([theirs, ours]) => `${ours}: ${plain(base(prices[theirs]))}`);
  const starts = new Set(rates.flatMap(([theirs]) => (prices[theirs].tiers ?? []).map(t => t.start)));
  const tiers = [...starts].sort((a, b) => a - b).map(start => {
    const at = rates.map(([theirs, ours]) => {
      const tier = (prices[theirs].tiers ?? []).filter(t => t.start <= start).pop();
      return `${ours}: ${plain(tier ? tier.price : base(prices[theirs]))}`;
    });
    return `{above: ${start}, ${at.join(', ')}}`;
  });
  const sound = SOUND[names[0]];
  if (sound) fields.push(`audio-input: ${sound[0]}, audio-output: ${sound[1]}`);
  // Some answer in sound alone, or in pictures: what they give out costs that.
  const only = names.every(name => name.includes('tts')) ? 'audio-output'
    : names.every(name => name.startsWith('gpt-image')) ? 'image-output' : null;
  if (only && !fields.some(field => field.startsWith(only))) fields.push(`${only}: ${plain(base(prices.output_mtok))}`);
  if (tiers.length) fields.push(`tiers: [${tiers.join(', ')}]`);
  return `    - {models: [${[...new Set(names)].map(quoted).join(', ')}], ${fields.join(', ')}}`;
}

console.log(`# What models cost, in US dollars for a million tokens. Written by dev/prices.mjs; do not edit, but override in
# application.yaml (mehari.prices, or price at a deployment).
#
# Source: @pydantic/genai-prices ${version} (npm; github.com/pydantic/genai-prices, MIT license), taken on ${today}. It
# gathers the providers' own price pages; each list below names them. A name without * is exact and wins; else the
# longest pattern does. A rate that is missing: cached tokens, tokens written to the cache, sound, pictures and films cost
# what input does, reasoning costs what output does; sound, pictures and films in an answer, and searches on the web, cost
# nobody knows what. "web-search" is for a thousand searches. "tiers": a request whose prompt is longer than that costs so as
# a whole.
date: "${today}"
source: "@pydantic/genai-prices ${version}"
lists:`);
for (const [ours, theirs] of Object.entries(LISTS)) {
  const provider = findProvider({ providerId: theirs });
  console.log(`  ${ours}:`);
  for (const url of provider.pricing_urls) console.log(`    # ${url}`);
  if (ELSEWHERE[ours]) console.log(`    - {else: [${ELSEWHERE[ours].join(', ')}]}`);
  provider.models.map(line).filter(Boolean).forEach(l => console.log(l));
  if (ours === 'openai') {
    console.log('    - {models: [gpt-4o-audio-preview-2024-10-01], input: 2.5, output: 10, audio-input: 100, audio-output: 200}');
  }
}
// Not among theirs; input and output.
const SAMBANOVA = { 'DeepSeek-R1': [5, 7], 'DeepSeek-R1-Distill-Llama-70B': [0.7, 1.4], 'DeepSeek-V3-0324': [3, 4.5],
  'DeepSeek-V3.1': [3, 4.5], 'DeepSeek-V3.2': [3, 4.5], 'Llama-4-Maverick-17B-128E-Instruct': [0.63, 1.8],
  'Meta-Llama-3.1-8B-Instruct': [0.1, 0.2], 'Meta-Llama-3.3-70B-Instruct': [0.6, 1.2], 'MiniMax-M2.7': [0.6, 2.4],
  'Qwen3-32B': [0.4, 0.8], 'gemma-4-31B-it': [0.38, 1.15], 'gpt-oss-120b': [0.22, 0.59] };
console.log(`  sambanova:
    # https://cloud.sambanova.ai/plans/pricing, as model_prices_and_context_window.json of github.com/BerriAI/litellm (MIT
    # license) has it at commit 00035b69f416be24e2e323c13198d9b7d2d1bdf9`);
for (const [name, [input, output]] of Object.entries(SAMBANOVA)) {
  console.log(`    - {models: [${quoted(name)}], input: ${input}, output: ${output}}`);
}
console.log(`  # Not a real price: play money, so that budgets can be tried without a provider.
  demo:
    - {models: ["*"], input: 1, output: 2}`);
