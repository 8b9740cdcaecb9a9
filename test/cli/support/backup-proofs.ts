import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type House, LONG } from './house.js';

export interface Copied {
  readonly figures: () => string;
  readonly stop: () => Promise<void>;
}

/** Declares the tests of copies. The running instance is copied, then stopped. */
export function backupProofs(house: House, { figures, stop }: Copied): void {
  describe('voronka backup and restore', () => {
    it(
      'while an instance runs; what is restored shows the same figures and takes the same keys; SIGTERM ends the instance with 0',
      async () => {
        const [copy, fresh] = [path.join(house.directory, 'copy'), path.join(house.directory, 'fresh')];
        await house.voronka.output(['backup', copy]);
        expect(await house.voronka.ask(['backup', copy])).toMatchObject({ code: 2 });
        const keys = await house.voronka.answer(['keys', 'list', '--json']);
        await stop();
        const into = ['--data-dir', fresh];
        mkdirSync(fresh, { mode: 0o711 });
        expect(await house.voronka.ask(['restore', copy, ...into])).toMatchObject({
          code: 2,
          stderr: expect.stringMatching(/needs its master key/),
        });
        copyFileSync(path.join(house.data, 'master.key'), path.join(fresh, 'master.key'));
        await house.voronka.answer(['restore', copy, ...into]);
        expect(await house.funnel(into)).toBe(figures());
        expect(await house.voronka.answer(['keys', 'list', '--json', ...into])).toBe(keys);
        expect(await house.voronka.ask(['restore', copy, ...into])).toMatchObject({
          code: 2,
          stderr: expect.stringMatching(/is not empty/),
        });
        const personal = ['events', 'export', '--personal'];
        expect(await house.voronka.answer([...personal, ...into])).toBe(await house.voronka.answer(personal));
      },
      LONG,
    );

    it(
      'refuses a damaged copy and one that was not finished',
      async () => {
        const copy = path.join(house.directory, 'copy');
        const into = ['--data-dir', path.join(house.directory, 'other')];
        writeFileSync(path.join(copy, 'app.ndjson'), '');
        expect(await house.voronka.ask(['restore', copy, ...into])).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/damaged: app\.ndjson/),
        });
        expect(existsSync(path.join(house.directory, 'other'))).toBe(false);
      },
      LONG,
    );
  });
}
