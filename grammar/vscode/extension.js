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
    middleware: { executeCommand: execute },
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.{masque,masque.yaml,masque.yml,masque.json,mask.json}') },
  });
  return client.start();
}

/**
 * Asks for what a command of the server still needs, and shows its answer.
 * @param {string} command
 * @param {any[]} given
 */
async function execute(command, given, next) {
  let asked = given;
  if (command === 'masque.tryIntent' && asked.length < 2) {
    const uri = asked[0] ?? vscode.window.activeTextEditor?.document.uri.toString();
    const intent = uri && (await vscode.window.showInputBox({ prompt: 'What does the agent set out to do?', placeHolder: 'deploy grafana' }));
    if (!intent) return;
    asked = [uri, intent];
  }
  const answer = await next(command, asked);
  if (answer?.decision) {
    const rules = answer.rules.map(({ pattern, because }) => `"${pattern}"${because ? ` (${because})` : ''}`);
    const show = answer.decision === 'allowed' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    show(`${answer.decision}: "${answer.intent}"${rules.length ? ` by ${rules.join(', ')}` : ''}`);
  } else if (answer?.status) {
    const wrong = answer.failures.map(({ intent, expected, got }) => `${intent ? `"${intent}": ` : ''}expected ${expected}, got ${got}`);
    const show = answer.status === 'failed' ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
    show([`${answer.name}: ${answer.status}`, answer.reason, ...wrong].filter(Boolean).join('; '));
  }
  return answer;
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
