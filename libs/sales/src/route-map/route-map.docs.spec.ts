import { readFileSync } from 'node:fs';
import path from 'node:path';
import { exampleRouteMap } from './route-map.example.js';
import { routeMapFaults } from './route-map.faults.js';

const root = path.join(import.meta.dirname, '../../../..');
const page = readFileSync(path.join(root, 'docs/route-maps.md'), 'utf8');

describe('docs/route-maps.md', () => {
  const samples = /```condition\n([^`]*)```/.exec(page)?.[1]?.trim().split('\n') ?? [];

  it('shows conditions', () => expect(samples.length).toBeGreaterThan(3));

  it.each(samples)('%s can be published', (when) => {
    const [first, ...others] = exampleRouteMap.steps;
    const last = others.at(-1);
    if (first === undefined || last === undefined) throw new Error('the example has steps');
    const steps = [first, ...others.slice(0, -1), { ...last, when }];
    expect(routeMapFaults({ ...exampleRouteMap, steps })).toEqual([]);
  });

  it('lists every fault that publication knows', () => {
    const files = ['faults', 'conditions', 'questionnaires', 'segments'].map((part) => `route-map.${part}.ts`);
    const forms = ['../form/form.faults.ts', '../form/asked.faults.ts'];
    const sources = [...files, ...forms].map((name) => readFileSync(path.join(import.meta.dirname, name), 'utf8'));
    const codes = sources.flatMap((source) => [...source.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code]) => code));
    const listed = [...(page.split('## Faults')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code);
    expect(new Set(listed)).toEqual(new Set(codes));
  });
});
