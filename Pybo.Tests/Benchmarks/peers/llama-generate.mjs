// llama.cpp through node-llama-cpp.
// node llama-generate.mjs <folder of the peers> <model.gguf> <threads>
import { serve } from './generate.mjs';
import { load } from './load.mjs';

const contextSize = 1024;
const [peers, file, threads] = process.argv.slice(2);
const { getLlama } = await load(peers, 'node-llama-cpp');
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, maxThreads: Number(threads), logLevel: 'error' });
const model = await llama.loadModel({ modelPath: file });
const context = await model.createContext({ contextSize, threads: Number(threads), batchSize: 512, sequences: 1 });

await serve(async (prompt, count) => {
  const sequence = context.getSequence();
  const times = [];
  for await (const _ of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    times.push(performance.now());
    if (times.length === count) {
      break;
    }
  }
  await sequence.dispose();
  return times;
});
