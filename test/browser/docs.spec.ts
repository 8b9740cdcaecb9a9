import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type ApiRig, startApiRig } from '../api/support/api-rig.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const browser = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .flatMap((directory) => NAMES.map((name) => path.join(directory, name)))
  .find((file) => existsSync(file));

if (browser === undefined) {
  process.stderr.write(`test/browser is skipped: none of ${NAMES.join(', ')} is on the PATH\n`);
}
const withBrowser = browser === undefined ? describe.skip : describe;

withBrowser('the documentation in a browser', () => {
  let rig: ApiRig;
  let profile: string;

  beforeAll(async () => {
    rig = await startApiRig();
    profile = await mkdtemp(path.join(os.tmpdir(), 'browser-'));
  }, 60_000);

  afterAll(async () => {
    await rig.stop();
    await rm(profile, { recursive: true, force: true });
  }, 60_000);

  /** What the page holds when its scripts have run. */
  async function pageAt(url: string): Promise<string> {
    // A long page renders what is in sight first, and nobody scrolls here: all of it is in sight.
    const window = '--window-size=1200,30000';
    const options = ['--headless', '--no-sandbox', '--disable-gpu', window, `--user-data-dir=${profile}`];
    const args = [...options, '--virtual-time-budget=10000', '--dump-dom', url];
    const { stdout } = await promisify(execFile)(browser ?? '', args, { timeout: 60_000, maxBuffer: 64 << 20 });
    return stdout;
  }

  it('asks for the key as a password and shows every command', async () => {
    const url = rig.api.url();
    const page = await pageAt(`${url.replace('http://', `http://me:${rig.adminKey}@`)}/docs`);
    expect(page).toContain('/v1/deals/{id}/complete-step');
    expect(page).toContain('/v1/funnel');
    expect(await pageAt(`${url}/docs`)).not.toContain('complete-step');
  }, 120_000);
});
