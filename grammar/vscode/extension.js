// Starts `masquec lsp` when the first masque is opened, and hands everything over to it.
'use strict';

const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

/** What the server is asked about: the language, persona YAML and mask JSON. */
const SELECTOR = [
  { language: 'masque' },
  { pattern: '**/*.masque.{yaml,yml,json}' },
  { pattern: '**/*.mask.json' },
];

/** @type {LanguageClient | undefined} */
let client;

function start() {
  if (client) return client.start();
  const settings = vscode.workspace.getConfiguration('masque');
  const path = settings.get('searchPath', []).flatMap((folder) => ['--path', folder]);
  const server = { command: settings.get('server.path', 'masquec'), args: ['lsp', ...path] };
  client = new LanguageClient('masque', 'Masque', server, {
    documentSelector: SELECTOR,
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.{masque,masque.yaml,masque.yml,masque.json,mask.json}') },
  });
  return client.start();
}

async function stop() {
  const running = client;
  client = undefined;
  // A server that failed to start has nothing to stop.
  await running?.stop().catch(() => {});
}

/** @param {vscode.ExtensionContext} context */
function activate(context) {
  const startFor = (document) => {
    if (client || vscode.languages.match(SELECTOR, document) === 0) return;
    // The client says itself that the server can't be started.
    start().catch(() => {});
  };
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(startFor),
    vscode.commands.registerCommand('masque.restart', async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (!client || !['masque.server.path', 'masque.searchPath'].some((key) => change.affectsConfiguration(key))) return;
      await stop();
      await start();
    }),
  );
  vscode.workspace.textDocuments.forEach(startFor);
}

module.exports = { activate, deactivate: stop };
