// Shared code of the peers that `generate` is compared with: the prompt, and the conversation on standard input and output.
import readline from 'node:readline';

/** Ids of a prompt; the same for every contestant. */
export const promptIds = (length) => [2, ...Array.from({ length: length - 1 }, (_, i) => 1000 + i * 7)];

/**
 * Reads lines "<prompt tokens> <output tokens>"; for each runs `generate(ids, count)`, which returns the times of its tokens,
 * and answers "<ms to the first token> <tokens/s after it>".
 */
export async function serve(generate) {
  console.log('ready');
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [length, count] = line.split(' ').map(Number);
    const start = performance.now();
    const times = await generate(promptIds(length), count);
    console.log(`${times[0] - start} ${((times.length - 1) * 1000) / (times.at(-1) - times[0])}`);
  }
}
