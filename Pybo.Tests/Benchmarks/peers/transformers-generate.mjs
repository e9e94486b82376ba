// transformers.js, greedy, as an application uses it: with its tokenizer in memory, whose vocabulary the collector scans with every large array.
// node transformers-generate.mjs <folder of the peers> <model folder> <threads>
import path from 'node:path';
import { serve } from './generate.mjs';
import { load } from './load.mjs';

const [peers, folder, threads] = process.argv.slice(2);
const { AutoModelForCausalLM, AutoTokenizer, Tensor, env } = await load(peers, '@huggingface/transformers');
env.allowRemoteModels = false;
env.localModelPath = path.dirname(path.resolve(folder));
env.useFSCache = false;
const tokenizer = await AutoTokenizer.from_pretrained(path.basename(folder));
const model = await AutoModelForCausalLM.from_pretrained(path.basename(folder), {
  dtype: 'q4', device: 'cpu', session_options: { intraOpNumThreads: Number(threads), interOpNumThreads: 1 },
});
const tensor = (values) => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);

await serve(async (prompt, count) => {
  const times = [];
  let sawPrompt = false; // the streamer gets the prompt first, then each token, which it decodes
  const streamer = {
    put(ids) {
      if (sawPrompt) {
        tokenizer.decode(ids[0]);
        times.push(performance.now());
      }
      sawPrompt = true;
    },
    end() {},
  };
  await model.generate({
    input_ids: tensor(prompt), attention_mask: tensor(prompt.map(() => 1)), max_new_tokens: count, min_new_tokens: count, do_sample: false, streamer,
  });
  return times;
});
