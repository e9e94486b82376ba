// The bare onnxruntime-node loop that `embed` holds itself against.
// node ort-embed.mjs <folder of onnxruntime-node> <model.onnx> <threads>
// Reads lines "<rows> <width>"; for each runs once on random ids of that shape and answers with the milliseconds it took.
import { createRequire } from 'node:module';
import readline from 'node:readline';

const [packageFolder, modelPath, threads] = process.argv.slice(2);
const ort = createRequire(import.meta.url)(packageFolder);
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
