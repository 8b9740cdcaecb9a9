import { createHash } from 'node:crypto';
import { segmentByRule } from '@voronka/sales';
import { departments, managers, needs, portrait, products } from './company.js';
import { tellScenario } from './scenario.js';

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

interface Identity {
  readonly taxNumber?: string;
  readonly contacts: readonly { readonly phone?: string; readonly email?: string }[];
}

describe('the story of the demonstration', () => {
  const story = tellScenario(1, 1_000);
  const count = (type: string): number => story.commands.filter((command) => command.type === type).length;
  const day = (at: string): number => Date.parse(at) / 86_400_000;

  it('is the same for the same seed and number of deals, and another for another seed', () => {
    expect(hashOf(tellScenario(1, 1_000))).toBe(hashOf(story));
    expect(hashOf(tellScenario(2, 1_000))).not.toBe(hashOf(story));
    expect(tellScenario(1, 10).commands.length).toBeLessThan(story.commands.length);
  });

  it('is of three departments, twelve managers, six products in two lines, and four segments', () => {
    expect(departments).toHaveLength(3);
    expect(managers).toHaveLength(12);
    expect(products).toHaveLength(6);
    expect(new Set(products.map(({ line }) => line)).size).toBe(2);
    const sizes = story.commands
      .filter(({ type }) => type === 'DescribeCustomer')
      .map(({ body }) => (body['portrait'] as { employees: number }).employees);
    const document = { ...portrait, fields: [] };
    expect(new Set(sizes.map((employees) => segmentByRule(document, { employees })))).toEqual(
      new Set(['micro', 'small', 'medium', 'large']),
    );
  });

  it('covers eighteen months, with many deals under way at the same time', () => {
    const at = story.commands.map((command) => command.at);
    const months = (day(at.at(-1) ?? '') - day(story.founding[0]?.at ?? '')) / 30.44;
    expect(months).toBeGreaterThan(17);
    expect(months).toBeLessThan(19);
    const spans = new Map<string, [string, string]>();
    for (const { category, id, at: told } of story.commands) {
      if (category === 'deal') spans.set(id, [spans.get(id)?.[0] ?? told, told]);
    }
    expect(spans.size).toBe(1_000);
    const middle = at[Math.floor(at.length / 2)] ?? '';
    const underway = [...spans.values()].filter(([from, to]) => from <= middle && middle <= to);
    expect(underway.length).toBeGreaterThan(50);
  });

  it('has what a department lives through: drop-off, returns, reassignments, reopenings, late entries', () => {
    const steps = (step: string): number =>
      new Set(
        story.commands.filter(({ type, body }) => type === 'CompleteStep' && body['step'] === step).map(({ id }) => id),
      ).size;
    const bars = ['first-contact', 'questionnaire', 'meeting', 'proposal'].map(steps);
    expect(bars.toSorted((a, b) => b - a)).toEqual(bars);
    expect(count('SignContract')).toBeGreaterThan(100);
    expect(count('LoseDeal')).toBeGreaterThan(count('SignContract'));
    expect(count('PlanActivity')).toBeGreaterThan(500);
    for (const type of ['ReturnDeal', 'ReassignDeal', 'ReopenDeal']) expect(count(type)).toBeGreaterThan(5);
    const late = story.commands.filter(
      ({ at, body }) => typeof body['occurredAt'] === 'string' && day(at) - day(body['occurredAt']) > 2,
    );
    expect(late.length).toBeGreaterThan(20);
  });

  it('uses what the product has: branches, corrections, money, service, advantages, absences', () => {
    const told = new Set([...story.founding, ...story.commands].map(({ type }) => type));
    for (const type of [
      ...['StateAdvantage', 'RecordAbsence', 'ShareCredit', 'ReviseDeal', 'RescheduleActivity', 'CancelActivity'],
      ...['CorrectStep', 'AmendContract', 'VoidContract', 'TerminateContract', 'RecordPayment', 'ReversePayment'],
      ...['OpenServiceCase', 'CloseServiceCase', 'ReopenServiceCase', 'ReturnServiceCase', 'CancelAbsence'],
      ...['MigrateDeal', 'AssignSegment', 'ReleaseSegment', 'EraseCustomerPersonalData', 'VoidActivity'],
      ...['CorrectActivity', 'CorrectCustomer', 'ReviseIndicator', 'ReassignServiceCase', 'MigrateServiceCase'],
      ...['RetireProduct', 'RetireIndicator'],
    ]) {
      expect([type, told.has(type)]).toEqual([type, true]);
    }
    expect(story.commands.some(({ body }) => body['step'] === 'survey')).toBe(true);
    const [calendar] = story.founding.filter(({ type }) => type === 'PublishCalendar');
    const years = calendar?.body['years'] as readonly { year: number; source: string }[];
    expect(years.map(({ year }) => year)).toEqual(expect.arrayContaining([2025, 2026]));
    const maps = [...story.founding, ...story.commands].filter(
      ({ id, type }) => id === 'automation' && type === 'PublishRouteMap',
    );
    expect(maps).toHaveLength(2);
  });

  it('bug: no customer had a tax number, a phone or an e-mail, so none was ever found twice', () => {
    const registered = story.commands.filter(({ type }) => type === 'RegisterCustomer');
    const identities = registered.map(({ body }) => body as unknown as Identity);
    expect(identities.every(({ taxNumber, contacts: [contact] }) => taxNumber && contact?.phone && contact.email)).toBe(
      true,
    );
    const numbers = identities.map(({ taxNumber }) => taxNumber);
    const twice = registered.filter((_, at) => numbers.indexOf(numbers[at] ?? '') !== at).map(({ id }) => id.slice(2));
    expect(twice.length).toBeGreaterThanOrEqual(3);
    // Each was entered for a deal that was then lost as entered twice.
    const lost = story.commands.filter(({ body }) => body['lossReason'] === 'duplicate').map(({ id }) => id.slice(2));
    expect(twice.filter((number) => !lost.includes(number))).toEqual([]);
  });

  it('bug: forms had no date, no yes or no and no several choices; portrait and questionnaire ask each, and are answered', () => {
    const kinds = ['date', 'yesNo', 'choices'];
    for (const { fields } of [portrait, needs]) {
      expect(fields.map(({ type }) => String(type))).toEqual(expect.arrayContaining(kinds));
    }
    const codes = (fields: readonly { code: string; type: string }[]): string[] =>
      fields.filter(({ type }) => kinds.includes(type)).map(({ code }) => code);
    const told = (type: string, answers: string): object[] =>
      story.commands
        .filter((one) => one.type === type)
        .flatMap(({ body }) => (body[answers] as object | undefined) ?? []);
    for (const code of codes(portrait.fields)) {
      expect(told('DescribeCustomer', 'portrait').every((answers) => code in answers)).toBe(true);
    }
    const asked = told('CompleteStep', 'answers').filter((answers) => 'workplaces' in answers);
    for (const code of codes(needs.fields)) expect(asked.every((answers) => code in answers)).toBe(true);
  });

  it('bug: only people had plans; each department has its own, which are not the sum of its people’s', () => {
    const cells = story.founding.flatMap(({ type, body }) =>
      type === 'AssignPlan'
        ? (body['cells'] as readonly { owner: { kind: string; id: string }; period: string }[])
        : [],
    );
    const owners = new Set(cells.filter(({ owner }) => owner.kind === 'department').map(({ owner }) => owner.id));
    expect(owners).toEqual(new Set(departments.map(({ id }) => id)));
    expect(cells.some(({ period }) => period === '2026-Q2')).toBe(true);
  });

  // A bug: whoever had left told of a survey, or was handed over from, so longer stories broke off.
  it.each([
    [1, 4_000],
    [5, 4_000],
  ])('of seed %i has every command of a manager given by the owner of the deal', (seed, deals) => {
    const owners = new Map<string, unknown>();
    const strangers: unknown[] = [];
    for (const { category, id, type, body, person, roles } of tellScenario(seed, deals).commands) {
      if (category !== 'deal') continue;
      if (type === 'OpenDeal') owners.set(id, body['ownerId']);
      if (roles.includes('manager') && person !== owners.get(id)) strangers.push([id, type, person, owners.get(id)]);
      if (type === 'ReassignDeal') owners.set(id, body['toOwnerId']);
    }
    expect(strangers).toEqual([]);
  });

  it('is told in the order of entry', () => {
    const at = story.commands.map((command) => command.at);
    expect(at.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))).toEqual(at);
  });
});
