// The bare onnxruntime-node loop that `embed` is compared with.
// node ort-embed.mjs <folder of the peers> <model.onnx> <threads>
// Reads lines "<rows> <width>"; for each runs once on random ids of that shape and answers with the elapsed milliseconds.
import readline from 'node:readline';
import { load } from './load.mjs';

const [peers, modelPath, threads] = process.argv.slice(2);
const { default: ort } = await load(peers, 'onnxruntime-node');
const session = await ort.InferenceSession.create(modelPath, { intraOpNumThreads: Number(threads) });
const feeds = new Map();

function feed(rows, width) {
  const key = `${rows}x${width}`;
  if (!feeds.has(key)) {
    const ids = new BigInt64Array(rows * width).map(() => BigInt(10 + Math.floor(Math.random() * 29000)));
    feeds.set(key, {
      input_ids: new ort.Tensor('int64', ids, [rows, width]),
      attention_mask: new ort.Tensor('int64', new BigInt64Array(rows * width).fill(1n), [rows, width]),
    });
  }
  return feeds.get(key);
}

console.log('ready');
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [rows, width] = line.split(' ').map(Number);
  const inputs = feed(rows, width);
  const start = performance.now();
  await session.run(inputs, ['sentence_embedding']);
  console.log(performance.now() - start);
}
