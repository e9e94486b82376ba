import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads a package from the folder with the peers' node_modules. */
export async function load(peers, name) {
  return import(pathToFileURL(createRequire(path.resolve(peers, 'package.json')).resolve(name)).href);
}
