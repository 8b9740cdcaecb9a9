import { isId } from '@voronka/kernel';
import { DEVIATION_KINDS, STEP_KINDS } from '@voronka/pay';
import {
  askingsOf,
  DEVIATION_KINDS as DEVIATIONS_OF_SALES,
  evaluate,
  orderOf,
  parseCondition,
  routeMapFaults,
} from '@voronka/sales';
import { type FormField, type RouteMapDocument, STEP_KINDS as KINDS_OF_SALES } from '@voronka/sales/events';
import fc from 'fast-check';
import { type Language, LANGUAGES, type TemplateCommand, templateCommands } from '../template.js';
import { House } from '../testing/house.js';
import { b2bTemplate } from './index.js';
import { SALE_MAP_ID } from './sale-map.js';

/** Loads a template into an empty company; states by `category-id`. */
function loaded(commands: readonly TemplateCommand[]): ReadonlyMap<string, unknown> {
  const house = new House();
  for (const command of commands) house.send(command);
  return house.states;
}

function saleMapOf(language: Language): RouteMapDocument {
  const map = b2bTemplate(language).routeMaps.find(({ id }) => id === SALE_MAP_ID);
  if (map === undefined) throw new Error('no map of sales');
  return map.document;
}

describe.each(LANGUAGES)('template b2b in %s', (language) => {
  const template = b2bTemplate(language);

  it('is accepted by the domain as it stands', () => {
    const commands = templateCommands(template);
    const states = loaded(commands);
    const { portrait: fields, routeMaps, questionnaires, indicators } = template;
    expect(states.size).toBe(1 + routeMaps.length + questionnaires.length + indicators.length);
    for (const { id, document } of routeMaps) {
      expect(states.get(`routeMap-${id}`)).toMatchObject({ latest: { document } });
      expect(routeMapFaults(document, fields)).toEqual([]);
    }
    expect(template.routeMaps.map(({ document }) => routeMapFaults(document))).toEqual([[], []]);
  });

  it('has fields that a map would accept in a form, also where no map asks them', () => {
    const lists: [string, readonly FormField[]][] = [
      ['portrait', template.portrait],
      ...template.questionnaires.map(({ code, fields }): [string, readonly FormField[]] => [code, fields]),
    ];
    const map = saleMapOf(language);
    const [step] = map.steps;
    if (step === undefined) throw new Error('no steps');
    for (const [code, form] of lists) {
      expect(form.length).toBeGreaterThan(0);
      expect({ code, faults: routeMapFaults({ ...map, steps: [{ ...step, form }] }) }).toEqual({ code, faults: [] });
    }
  });

  it('asks for working roles that it names', () => {
    const named = template.workingRoles.map(({ code }) => code);
    const asked = template.routeMaps.flatMap(({ document }) => document.steps.flatMap(({ roles }) => roles));
    expect(named).toEqual(expect.arrayContaining(asked));
  });

  it('speaks one language: its own', () => {
    const { indicators: _bilingual, ...monolingual } = template;
    const texts = textsIn(monolingual);
    expect(texts.length).toBeGreaterThan(80);
    expect(texts.filter((text) => /[а-яё]/i.test(text) !== (language === 'ru') && !/^[\d\s–]+$/.test(text))).toEqual(
      [],
    );
  });
});

/** Every name, text and guidance in it. */
function textsIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return ['name', 'text', 'guidance'].includes(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((one) => textsIn(one));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => textsIn(member, name));
}

describe('the map of sales', () => {
  const { steps } = saleMapOf('ru');
  const order = orderOf(saleMapOf('ru'));

  it('leads from the first contact over information, questionnaire, its analysis and verification to the contract', () => {
    const bars = steps.filter(({ funnelRank }) => funnelRank !== undefined);
    expect(bars.map(({ kind }) => kind)).toEqual([
      'contact',
      'gathering',
      'questionnaire',
      'analysis',
      'verification',
      'meeting',
      'proposal',
      'contract',
    ]);
    expect(bars.every(({ mandatory }) => mandatory)).toBe(true);
    expect([...order.before('contract')].sort()).toEqual(
      steps
        .map(({ code }) => code)
        .filter((code) => code !== 'contract' && code !== 'demo')
        .sort(),
    );
  });

  it('verifies by somebody else: nobody who fills the questionnaire in may verify by role', () => {
    const rolesOf = (code: string) => order.steps.get(code)?.roles ?? [];
    expect(rolesOf('verification').filter((role) => rolesOf('questionnaire').includes(role))).toEqual([]);
  });

  it('is the same way in both languages', () => {
    const shape = (language: Language) =>
      saleMapOf(language).steps.map(({ code, after, when, form }) => [
        code,
        after,
        when,
        form.map((field) => field.code),
      ]);
    expect(shape('ru')).toEqual(shape('en'));
  });

  it('guides by segments that there are', () => {
    const codes = b2bTemplate('en').segments.map(({ code }) => code);
    const guided = steps.flatMap(({ guidanceBySegment = [] }) => guidanceBySegment.map(({ segment }) => segment));
    expect(guided.length).toBeGreaterThan(0);
    expect(codes).toEqual(expect.arrayContaining(guided));
  });
});

describe('segments', () => {
  const { segments, portrait } = b2bTemplate('en');
  const rules = segments.map(({ code, rule }) => ({ code, condition: parseCondition(rule) }));

  it('ask for portrait fields that there are', () => {
    const operands = rules.flatMap(({ condition }) => askingsOf(condition).map(({ operand }) => operand));
    const fields = operands.map((operand) => (operand.source === 'portrait' ? operand.field : operand.source));
    expect(portrait.map(({ code }) => code)).toEqual(expect.arrayContaining(fields));
  });

  it('divide customers by size: exactly one holds, none where the size is unknown', () => {
    const holding = (employees: number | null) =>
      rules.filter(({ condition }) => {
        const found = () =>
          employees === null ? { status: 'unknown' as const } : { status: 'known' as const, value: employees };
        return evaluate(condition, found).truth === true;
      });
    fc.assert(fc.property(fc.oneof(fc.nat(300), fc.nat()), (employees) => expect(holding(employees)).toHaveLength(1)));
    expect([15, 16, 100, 101, 250, 251].map((size) => holding(size)[0]?.code)).toEqual([
      'micro',
      'small',
      'small',
      'medium',
      'medium',
      'large',
    ]);
    expect(holding(null)).toEqual([]);
  });
});

describe('indicators', () => {
  it('of sales count steps of the map of sales only', () => {
    const { indicators } = b2bTemplate('en');
    const byCode = new Map(indicators.map(({ code, definition }) => [code, definition]));
    expect(byCode.get('first_contacts')?.filters).toEqual({ stepKinds: ['contact'], routeMaps: [SALE_MAP_ID] });
    expect(byCode.get('deals_won')?.filters).toEqual({});
    expect(indicators.every(({ code }) => isId(code))).toBe(true);
    expect(byCode.size).toBe(indicators.length);
  });

  it('know the words of the process', () => {
    expect(STEP_KINDS).toEqual(KINDS_OF_SALES);
    expect(DEVIATION_KINDS).toEqual(DEVIATIONS_OF_SALES);
  });
});
