import { Chance } from '../../../apps/cli/src/demo/chance.js';
import { BEGIN_MS, benchCompany, departmentAt } from './company.js';
import { DealStory } from './deal-story.js';
import { dealHistory } from './history.js';
import { moreEvents } from './more-events.js';
import type { StoryCommand } from './story-command.js';
import { afterWork, WORKING_DAY } from './working-time.js';

const DAY_MS = 86_400_000;

/** Everything of a small history, decided. */
async function told(seed: number, least = 4_000) {
  return (await moreEvents(seed, least)).flat();
}

describe('the invented history', () => {
  it('is the same for the same seed, and another for another', async () => {
    const [first, again, other] = [await told(3, 1_000), await told(3, 1_000), await told(4, 1_000)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('holds every kind of event of a deal, half of them activities', async () => {
    const types = (await told(3)).flatMap(({ events }) => events.map(({ type }) => type));
    expect([...new Set(types)].toSorted()).toEqual([
      'ActivityRecorded',
      'ActivityVoided',
      'ContractSigned',
      'CustomerRegistered',
      'DealLost',
      'DealOpened',
      'DealReassigned',
      'DealReopened',
      'DealReturned',
      'SegmentAssigned',
      'StepCompleted',
      'StepReturned',
      'StepSkipped',
      'StepVerified',
      'StepVoided',
    ]);
    const activities = types.filter((type) => type === 'ActivityRecorded').length;
    expect(activities / types.length).toBeGreaterThan(0.4);
    expect(activities / types.length).toBeLessThan(0.65);
  });

  it('tells deals side by side, in the order of entry', () => {
    const span = new Map<string, { from: number; to: number }>();
    let last = 0;
    for (const { endMs, stories } of dealHistory({ seed: 3, deals: 200, company: benchCompany(3) })) {
      expect(endMs).toBeGreaterThan(last);
      last = endMs;
      for (const { dealId } of stories) span.set(dealId, { from: span.get(dealId)?.from ?? endMs, to: endMs });
    }
    const days = [...span.values()].reduce((sum, { from, to }) => sum + (to - from) / DAY_MS, 0);
    expect(span.size).toBeGreaterThan(190);
    // So many are under way on a day of the three years, on average.
    expect(days / (3 * 365)).toBeGreaterThan(200 / 25);
  });
});

it('bug: a head acted for an owner who had left his department by the day of the entry, so long histories broke off', () => {
  const company = benchCompany(3);
  const ms = BEGIN_MS + 500 * DAY_MS;
  const departments = company.departments.length;
  const managers = company.managers.map((one) => ({
    ...one,
    moved: { department: (one.department + 1) % departments, ms },
  }));
  const departmentOf = new Map(managers.map((one) => [one.id, (atMs: number) => departmentAt(one, atMs)]));
  const right: StoryCommand[] = [];
  const wrong: StoryCommand[] = [];
  for (let number = 0; number < 2_000; number += 1) {
    const chance = new Chance(3, number);
    const named = { dealId: `d-${number}`, customerId: `c-${number}`, isNewCustomer: false };
    const beginMs = ms - chance.between(1, 60) * DAY_MS;
    let owner = '';
    for (const command of new DealStory({ chance, company: { ...company, managers }, ...named, beginMs }).tell()) {
      const { body, atMs, person, roles } = command;
      const head = company.departments[departmentOf.get(owner)?.(atMs) ?? -1]?.head;
      if (roles.includes('head')) (head === person ? right : wrong).push(command);
      owner = String(body['toOwnerId'] ?? body['ownerId'] ?? owner);
    }
  }
  expect(right.length).toBeGreaterThan(1_000);
  expect(wrong).toEqual([]);
});

describe('working time of the bench', () => {
  it('goes on the next working morning', () => {
    const friday = Date.parse('2023-01-13T13:00:00.000Z');
    expect(new Date(afterWork(friday, 30)).toISOString()).toBe('2023-01-13T13:30:00.000Z');
    expect(new Date(afterWork(friday, 90)).toISOString()).toBe('2023-01-16T05:30:00.000Z');
    expect(new Date(afterWork(friday, WORKING_DAY)).toISOString()).toBe('2023-01-16T13:00:00.000Z');
  });

  it('begins in the morning after a night or a weekend', () => {
    expect(new Date(afterWork(Date.parse('2023-01-14T10:00:00.000Z'), 0)).toISOString()).toBe(
      '2023-01-16T05:00:00.000Z',
    );
    expect(new Date(afterWork(Date.parse('2023-01-13T01:00:00.000Z'), 5)).toISOString()).toBe(
      '2023-01-13T05:05:00.000Z',
    );
  });
});
