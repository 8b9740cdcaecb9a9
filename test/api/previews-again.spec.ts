import { localDateOf, msToInstant } from '@voronka/kernel';
import type { PreviewAnswer } from '../../apps/api/src/previews/preview.controller.js';
import { indicator } from '../acceptance/support/august.js';
import { ANOTHER, cellOf, PayDesk, TOLD_BY } from '../acceptance/support/pay-desk.js';
import { pays } from '../acceptance/support/small-cases.js';

// The same change looked at again, days later; and sent again, by another request.

const desk = new PayDesk();
const reason = 'As the situation asks';
const DAY_MS = 86_400_000;
// The log's own clock never stands, and time that passes while nothing is recorded comes after it.
const RECORDED = Date.now();
const daysLater = (days: number) => msToInstant(RECORDED + days * DAY_MS);
const MONTH = localDateOf(daysLater(0), 'Europe/Samara').slice(0, 7);
const to = (value: number) => ({
  cells: [cellOf('ivanova', 'first_contacts', MONTH, { change: 'replace', value })],
  reason,
});

const preview = async (id: string, command: string, body: object, person = TOLD_BY) =>
  (await desk.command('previews', { thing: 'plans', id, command, body }, person)).json as unknown as PreviewAnswer;

const rulesOf = ({ people }: PreviewAnswer) =>
  people.flatMap(({ months }) => months.flatMap(({ rules }) => rules.map(({ rule }) => rule)));

beforeAll(async () => {
  await desk.start();
  const cohort = { measure: 'conversion', conversion: 'cohort', reach: 'touch', horizonDays: 5 };
  const parts = { from: { kind: 'contact' }, to: { kind: 'meeting' } };
  await desk.command('indicators/to_meeting/define-indicator', indicator({ ...cohort, ...parts }));
  const gate = { indicator: 'first_contacts', scope: 'self', thresholdBps: 10_000 };
  const rules = [
    { code: 'C', name: 'C', indicator: 'first_contacts', gates: [gate], payout: { kind: 'perUnit', kopecks: 100_00 } },
    { code: 'M', name: 'M', indicator: 'to_meeting', payout: { kind: 'fixed', kopecks: 500_00 } },
  ];
  await desk.command('pay-regulations/main/publish-pay-regulation', pays('seller', rules));
  await desk.hire('ivanova', 'seller');
  await desk.plan(to(2).cells);
  desk.clock.instant = daysLater(0);
  await desk.deals('ivanova', 2, ['contact', 'meeting']);
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

const FRIDAY = daysLater(3);
/** By then the horizon of the contacts has passed, and nothing was recorded. */
const MONDAY = daysLater(6);

describe('bug: what fell due since the log was last written to was shown as an effect of the change', () => {
  it('bug: the preview had another hash after a quiet weekend', async () => {
    desk.clock.instant = FRIDAY;
    const before = await preview('raise', 'revise-plan', to(3));
    expect(rulesOf(before)).toEqual(['C']);
    desk.clock.instant = MONDAY;
    const after = await preview('raise', 'revise-plan', to(3));
    expect(rulesOf(after)).toEqual(['C']);
    expect(after.preview).toBe(before.preview);
  });

  it('bug: an approval was stale then, though nothing had changed', async () => {
    desk.clock.instant = FRIDAY;
    await desk.propose('plans/raise', 'propose-plan-change', to(3));
    desk.clock.instant = MONDAY;
    const { hash, proposedHash } = await preview('raise', 'approve-plan-change', {}, ANOTHER);
    expect(hash).toBe(proposedHash);
    await desk.command('plans/raise/approve-plan-change', {}, ANOTHER);
  });
});

describe('bug: what was sent again by another request was refused as stale, though it changes nothing', () => {
  const send = (where: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    desk.rig.post(`/v1/${where}`, body, { headers: { 'voronka-on-behalf-of': TOLD_BY, ...headers } });

  it('bug: a proposal', async () => {
    const { hash } = await preview('again', 'propose-plan-change', to(4));
    const [first, second] = [
      await send('plans/again/propose-plan-change', { ...to(4), previewHash: hash }),
      await send('plans/again/propose-plan-change', { ...to(4), previewHash: hash }),
    ];
    expect([first.status, second.status, second.json['events']]).toEqual([201, 201, []]);
    expect(second.json['revision']).toBe(first.json['revision']);
  });

  it('bug: a change that carries its preview; another one under that id is refused for what it is', async () => {
    const { preview: carried } = await preview('changed', 'revise-plan', to(5));
    const headers = { 'voronka-preview': carried };
    const [first, second] = [
      await send('plans/changed/revise-plan', to(5), headers),
      await send('plans/changed/revise-plan', to(5), headers),
    ];
    expect([first.status, second.status, second.json['events']]).toEqual([201, 201, []]);
    const other = await send('plans/changed/revise-plan', to(6), headers);
    expect([other.status, other.json['code']]).toEqual([409, 'PLAN_CHANGE_EXISTS']);
  });
});
