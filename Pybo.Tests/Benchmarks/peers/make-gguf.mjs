// A GGUF file with the shape of a Gemma 3 model folder and random 4-bit weights (Q4_0): only for measuring speed.
// node make-gguf.mjs <model folder> <out.gguf>
import fs from 'node:fs';
import path from 'node:path';
import { randomFillSync } from 'node:crypto';

const [folder, out] = process.argv.slice(2);
const config = JSON.parse(fs.readFileSync(path.join(folder, 'config.json')));
const tokenizer = JSON.parse(fs.readFileSync(path.join(folder, 'tokenizer.json')));

// The format's value types and tensor types.
const U32 = 4, F32 = 6, BOOL = 7, STRING = 8, ARRAY = 9;
const TYPES = { f32: { id: 0, block: 1, bytes: 4 }, q4_0: { id: 2, block: 32, bytes: 18 } };
const ALIGNMENT = 32;
const HALF_SCALE = 0x1c00; // 0.0039 as a half: weights of at most 0.03

const bytes = (size, write) => { const b = Buffer.alloc(size); write(b); return b; };
const u32 = (v) => bytes(4, (b) => b.writeUInt32LE(v));
const u64 = (v) => bytes(8, (b) => b.writeBigUInt64LE(BigInt(v)));
const text = (v) => { const utf8 = Buffer.from(v, 'utf8'); return Buffer.concat([u64(utf8.length), utf8]); };
const metadata = [];
const set = (key, type, value) => metadata.push(Buffer.concat([text(key), u32(type), value]));
const array = (key, type, items) => set(key, ARRAY, Buffer.concat([u32(type), u64(items.length), ...items]));

// The text model loads tokens with their kinds: 1 normal, 3 control, 4 defined by the user, 6 byte.
const tokens = Array(config.vocab_size).fill('');
for (const [piece, id] of Object.entries(tokenizer.model.vocab)) if (id < tokens.length) tokens[id] = piece;
const kinds = tokens.map((piece) => (/^<0x[0-9A-F]{2}>$/.test(piece) ? 6 : 1));
for (const { id, special } of tokenizer.added_tokens) if (id < tokens.length) kinds[id] = special ? 3 : 4;

const { hidden_size: hidden, num_hidden_layers: layers, num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: head, intermediate_size: inner } = config;
set('general.architecture', STRING, text('gemma3'));
set('general.name', STRING, text('random'));
set('general.file_type', U32, u32(2));
set('general.quantization_version', U32, u32(2));
const numbers = {
  context_length: 8192, embedding_length: hidden, block_count: layers, feed_forward_length: inner, 'attention.head_count': heads,
  'attention.head_count_kv': kvHeads, 'attention.key_length': head, 'attention.value_length': head, 'attention.sliding_window': config.sliding_window,
};
for (const [key, value] of Object.entries(numbers)) set(`gemma3.${key}`, U32, u32(value));
set('gemma3.attention.layer_norm_rms_epsilon', F32, bytes(4, (b) => b.writeFloatLE(config.rms_norm_eps)));
set('gemma3.rope.freq_base', F32, bytes(4, (b) => b.writeFloatLE(config.rope_theta)));
set('tokenizer.ggml.model', STRING, text('llama'));
array('tokenizer.ggml.tokens', STRING, tokens.map(text));
array('tokenizer.ggml.scores', F32, tokens.map((_, i) => bytes(4, (b) => b.writeFloatLE(-i))));
array('tokenizer.ggml.token_type', 5, kinds.map((kind) => bytes(4, (b) => b.writeInt32LE(kind))));
set('tokenizer.ggml.bos_token_id', U32, u32(config.bos_token_id));
set('tokenizer.ggml.eos_token_id', U32, u32(1));
set('tokenizer.ggml.add_bos_token', BOOL, Buffer.from([1]));
set('tokenizer.ggml.add_space_prefix', BOOL, Buffer.from([0]));

const tensors = [];
const matrix = (name, columns, rows) => tensors.push({ name, dims: [columns, rows], type: 'q4_0' });
const vector = (name, length) => tensors.push({ name, dims: [length], type: 'f32' });
matrix('token_embd.weight', hidden, config.vocab_size);
vector('output_norm.weight', hidden);
for (let i = 0; i < layers; i++) {
  const at = (name) => `blk.${i}.${name}.weight`;
  for (const name of ['attn_norm', 'post_attention_norm', 'ffn_norm', 'post_ffw_norm']) vector(at(name), hidden);
  for (const name of ['attn_q_norm', 'attn_k_norm']) vector(at(name), head);
  matrix(at('attn_q'), hidden, heads * head);
  matrix(at('attn_k'), hidden, kvHeads * head);
  matrix(at('attn_v'), hidden, kvHeads * head);
  matrix(at('attn_output'), heads * head, hidden);
  matrix(at('ffn_gate'), hidden, inner);
  matrix(at('ffn_up'), hidden, inner);
  matrix(at('ffn_down'), inner, hidden);
}

const count = ({ dims }) => dims.reduce((a, b) => a * b, 1);
const size = (t) => (count(t) / TYPES[t.type].block) * TYPES[t.type].bytes;
const padded = (length) => Math.ceil(length / ALIGNMENT) * ALIGNMENT;
let offset = 0;
const infos = tensors.map((t) => {
  const info = Buffer.concat([text(t.name), u32(t.dims.length), ...t.dims.map(u64), u32(TYPES[t.type].id), u64(offset)]);
  offset += padded(size(t));
  return info;
});

const file = fs.openSync(out, 'w');
const header = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(metadata.length), ...metadata, ...infos]);
fs.writeSync(file, header);
fs.writeSync(file, Buffer.alloc(padded(header.length) - header.length));
for (const t of tensors) {
  const data = Buffer.alloc(padded(size(t)));
  if (t.type === 'f32') {
    for (let i = 0; i < count(t); i++) data.writeFloatLE(1, i * 4);
  } else {
    randomFillSync(data);
    for (let i = 0; i < size(t); i += TYPES.q4_0.bytes) data.writeUInt16LE(HALF_SCALE, i);
  }
  fs.writeSync(file, data);
}
fs.closeSync(file);
