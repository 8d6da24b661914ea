// `tokenise.mjs GRAMMAR FILE`: colours a text by a TextMate grammar, as VS Code does; prints [[[start, scopes], …], …], a list for each line.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const modules = process.env.NODE_MODULES;
const require = createRequire(join(modules, 'x.js'));
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');

const [path, file] = process.argv.slice(2);
await oniguruma.loadWASM(readFileSync(join(modules, 'vscode-oniguruma/release/onig.wasm')).buffer);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => textmate.parseRawGrammar(readFileSync(path, 'utf8'), path),
});
const grammar = await registry.loadGrammar('source.masque');
let state = textmate.INITIAL;
const lines = readFileSync(file, 'utf8').split('\n').map((line) => {
  const coloured = grammar.tokenizeLine(line, state);
  state = coloured.ruleStack;
  return coloured.tokens.map((token) => [token.startIndex, token.scopes]);
});
console.log(JSON.stringify(lines));
