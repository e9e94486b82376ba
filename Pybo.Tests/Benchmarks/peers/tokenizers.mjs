// Hugging Face's Rust tokenizers, which `tokenizers` compares ours with, on one thread.
// node tokenizers.mjs <folder of the npm install> <tokenizer.json> <texts, one JSON string per line>
// Answers "load" and "encode" (all texts) with milliseconds, "check" with a checksum of all ids.
import { readFileSync } from 'node:fs';
import readline from 'node:readline';
import { load } from './load.mjs';

const [peers, file, textsFile] = process.argv.slice(2);
process.env.TOKENIZERS_PARALLELISM = 'false';
process.env.RAYON_NUM_THREADS = '1';
const { Tokenizer } = await load(peers, '@anush008/tokenizers');
const texts = readFileSync(textsFile, 'utf8').split('\n').filter((line) => line).map((line) => JSON.parse(line));
const tokenizer = Tokenizer.fromFile(file);
tokenizer.disablePadding();
tokenizer.disableTruncation();

async function milliseconds(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function check() {
  let sum = 0;
  for (const encoding of await tokenizer.encodeBatch(texts)) {
    for (const id of encoding.getIds()) {
      sum = (Math.imul(sum, 31) + id) >>> 0;
    }
  }
  return sum;
}

console.log('ready');
for await (const line of readline.createInterface({ input: process.stdin })) {
  console.log(line === 'check' ? await check() : await milliseconds(line === 'load' ? () => Tokenizer.fromFile(file) : () => tokenizer.encodeBatch(texts)));
}
