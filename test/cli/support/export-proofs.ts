import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type House, LONG } from './house.js';

/** Declares the tests of the log's export, beside a running instance. */
export function exportProofs(house: House): void {
  describe('voronka events export', () => {
    it(
      'goes on where it was broken off, and the bytes are the same',
      async () => {
        const [whole, cut] = [path.join(house.directory, 'whole.ndjson'), path.join(house.directory, 'cut.ndjson')];
        await house.voronka.output(['events', 'export', '--out', whole]);
        const bytes = readFileSync(whole);
        const lines = bytes.toString().trimEnd().split('\n');
        expect(lines.length).toBeGreaterThan(300);
        for (const length of [0, 10, bytes.length - 1, Math.floor(bytes.length / 3), bytes.length]) {
          writeFileSync(cut, bytes.subarray(0, length));
          await house.voronka.answer(['events', 'export', '--out', cut, '--resume']);
          expect(readFileSync(cut).subarray(0, bytes.length).equals(bytes)).toBe(true);
        }
        // The log may have grown meanwhile: what was cut last goes on with it.
        const resumed = readFileSync(cut);
        await house.voronka.answer(['events', 'export', '--out', whole]);
        expect(readFileSync(whole).subarray(0, resumed.length).equals(resumed)).toBe(true);
        const tail = await house.voronka.answer(['events', 'export', '--from', String(positionOf(lines.at(-3) ?? ''))]);
        expect(tail.split('\n').slice(0, 2)).toEqual(lines.slice(-2));
        expect(JSON.parse(lines[0] ?? '')).toMatchObject({
          stream: expect.any(String),
          revision: 0,
          eventId: expect.any(String),
          recordedAt: expect.stringMatching(/Z$/),
          metadata: { occurredAt: expect.any(String), actor: expect.any(String), commandId: expect.any(String) },
        });
      },
      LONG,
    );

    it(
      'shows personal data only when asked',
      async () => {
        const hired = async (more: readonly string[]): Promise<string> =>
          (await house.voronka.answer(['events', 'export', ...more]))
            .split('\n')
            .find((line) => line.includes('Hired')) ?? '';
        expect(JSON.parse(await hired([]))).toMatchObject({ data: { name: { hidden: true } } });
        const { data: shown } = JSON.parse(await hired(['--personal'])) as { data: { name: string } };
        expect(shown.name).toMatch(/^\p{L}+ \p{L}+$/u);
        expect(await hired([])).not.toContain(shown.name);
      },
      LONG,
    );

    it(
      'touches no file that is not its own',
      async () => {
        const file = path.join(house.directory, 'letter.txt');
        writeFileSync(file, 'Dear reader');
        const { code } = await house.voronka.ask(['events', 'export', '--out', file, '--resume']);
        expect(code).toBe(2);
        expect(readFileSync(file, 'utf8')).toBe('Dear reader');
      },
      LONG,
    );
  });
}

function positionOf(line: string): bigint {
  return BigInt((JSON.parse(line) as { position: string }).position);
}
