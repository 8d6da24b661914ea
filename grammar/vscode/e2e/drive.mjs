// Does in VS Code what a person does: opens a masque with a mistake, goes to the problem, takes its fix, saves.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { NODE_MODULES, CHROMIUM, PORT, FOLDER, SCREENSHOT } = process.env;
const { chromium } = createRequire(join(NODE_MODULES, 'x.js'))('playwright-core');

const CASES = [
  {
    file: 'small.masque',
    broken: 'masque Small {\n  version 1.0.0\n  ring gest\n  lens "Read."\n}\n',
    mended: 'masque Small {\n  version 1.0.0\n  ring guest\n  lens "Read."\n}\n',
    word: 'gest',
  },
  {
    file: 'small.masque.yaml',
    broken: 'name: Small\nversion: "1.0.0"\nring: gest\nlens: Read.\n',
    mended: 'name: Small\nversion: "1.0.0"\nring: guest\nlens: Read.\n',
    word: 'gest',
  },
];

async function until(what, holds, patience = 60_000) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`waited in vain: ${what}`);
}

const address = `http://127.0.0.1:${PORT}`;
await until('the server answers', () => fetch(address).then((answer) => answer.ok, () => false));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
try {
  for (const { file, broken, mended, word } of CASES) {
    const path = join(FOLDER, file);
    writeFileSync(path, broken);
    const payload = JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${PORT}${path}`]]);
    await page.goto(`${address}/?folder=${encodeURIComponent(FOLDER)}&payload=${encodeURIComponent(payload)}`);
    const editor = page.locator('.editor-instance .view-lines');
    await editor.waitFor({ timeout: 60_000 });
    if (file.endsWith('.masque')) {
      // The colours of the TextMate grammar: a keyword is not shown as plain text is.
      await until('colours', async () => (await page.locator('.view-line span[class^="mtk"]').count()) > 5);
    }
    await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 });
    console.log(`${file}: a diagnostic is shown`);
    await editor.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('F8');
    const problem = page.locator('.marker-widget, .peekview-widget').first();
    await problem.waitFor({ timeout: 20_000 });
    const told = (await problem.innerText()).replace(/\s+/g, ' ').trim();
    console.log(`${file}: ${told}`);
    if (!told.includes('1 of 1 problem')) throw new Error('one mistake is one problem');
    await page.keyboard.press('Escape');
    await problem.waitFor({ state: 'hidden', timeout: 20_000 });
    const fixes = page.locator('.action-widget').first();
    // The editor has the keyboard again some time after the problem is put away.
    await until('fixes are offered', async () => {
      await page.keyboard.press('Control+Period');
      return fixes.waitFor({ timeout: 2_000 }).then(() => true, () => false);
    });
    const offered = (await fixes.innerText()).replace(/\s+/g, ' ').trim();
    console.log(`${file}: offered: ${offered}`);
    await page.keyboard.press('Enter');
    await until('the mistake is gone', async () => !(await editor.innerText()).includes(` ${word}`));
    await until('no diagnostic is left', async () => (await page.locator('.squiggly-error').count()) === 0);
    await page.keyboard.press('Control+KeyS');
    await until('the file is saved', () => readFileSync(path, 'utf8') === mended, 20_000);
    console.log(`${file}: the fix is applied and saved`);
    await page.keyboard.press('F1');
    await page.keyboard.type('Masque: Try an Intent');
    await page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout: 20_000 });
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-message, .quick-input-description').filter({ hasText: 'What does the agent' }).first().waitFor({ timeout: 20_000 });
    await page.keyboard.type('sing a song');
    await page.keyboard.press('Enter');
    const answer = page.locator('.notification-list-item-message').filter({ hasText: 'sing a song' }).first();
    await answer.waitFor({ timeout: 60_000 });
    console.log(`${file}: ${await answer.innerText()}`);
  }
} catch (error) {
  await page.screenshot({ path: SCREENSHOT });
  console.error(`${error}\nsee ${SCREENSHOT}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
