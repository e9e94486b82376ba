// transformers.js: texts to vectors, tokenization included.
// node transformers-embed.mjs <folder of the peers> <model folder> <threads>
// Reads lines of JSON, {"batch": 32, "texts": […]}; embeds the texts in batches of that size and answers with the elapsed milliseconds.
import path from 'node:path';
import readline from 'node:readline';
import { load } from './load.mjs';

const [peers, folder, threads] = process.argv.slice(2);
const { pipeline, env } = await load(peers, '@huggingface/transformers');
env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = path.dirname(path.resolve(folder));
env.useFSCache = false;
const embed = await pipeline('feature-extraction', path.basename(folder), {
  dtype: 'q8', device: 'cpu', session_options: { intraOpNumThreads: Number(threads), interOpNumThreads: 1 },
});

console.log('ready');
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { batch, texts } = JSON.parse(line);
  const start = performance.now();
  for (let i = 0; i < texts.length; i += batch) {
    await embed(texts.slice(i, i + batch), { pooling: 'mean', normalize: true });
  }
  console.log(performance.now() - start);
}
