// A plain onnxruntime-node loop: every cache is an input and an output of each token; greedy, from the last row's logits.
// node ort-generate.mjs <folder of the peers> <model.onnx> <threads>
import { serve } from './generate.mjs';
import { load } from './load.mjs';

const [peers, modelPath, threads] = process.argv.slice(2);
const { default: ort } = await load(peers, 'onnxruntime-node');
const session = await ort.InferenceSession.create(modelPath, { intraOpNumThreads: Number(threads), interOpNumThreads: 1 });
const past = session.inputMetadata.filter(({ name }) => name.startsWith('past_'));
const tensor = (values) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);

await serve(async (prompt, count) => {
  let caches = Object.fromEntries(past.map(({ name, shape }) => [name, new ort.Tensor('float32', new Float32Array(0), [1, shape[1], 0, shape[3]])]));
  let ids = prompt;
  let length = 0;
  const times = [];
  while (times.length < count) {
    length += ids.length;
    const output = await session.run({ input_ids: tensor(ids), attention_mask: tensor(Array(length).fill(1)), ...caches });
    const columns = output.logits.dims[2];
    const row = output.logits.data.subarray(output.logits.data.length - columns);
    let best = 0;
    for (let i = 1; i < columns; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    caches = Object.fromEntries(past.map(({ name }) => [name, output[name.replace('past_key_values', 'present')]]));
    ids = [best];
    times.push(performance.now());
  }
  return times;
});
