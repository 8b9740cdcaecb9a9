import { LogUnavailableError } from '@voronka/event-log';
import type { PreviewAnswer } from '../../apps/api/src/previews/preview.controller.js';
import { type AugustPay, type AugustRig, regulation, startAugust } from '../acceptance/support/august.js';
import type { Answered } from './support/api-rig.js';

let rig: AugustRig['rig'];
let clock: AugustRig['clock'];
let pay: AugustPay;

beforeAll(async () => {
  ({ rig, clock, pay } = await startAugust());
}, 180_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

const to45 = { change: 'replace', value: 45 };
const cell = { indicator: 'first_contacts', owner: { kind: 'employee', id: 'ivanova' }, period: '2009-08' };
const reason = 'As the situation asks';

const preview = async (thing: string, id: string, command: string, body: object, person = 'sidorova') =>
  (await pay.command('previews', { thing, id, command, body }, person)).json as unknown as PreviewAnswer;

const send = (where: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answered> =>
  rig.post(`/v1/${where}`, body, { headers: { 'voronka-on-behalf-of': 'sidorova', ...headers } });

const rulesOf = ({ people }: PreviewAnswer) =>
  people.flatMap(({ employeeId, months }) =>
    months.flatMap(({ month, rules }) =>
      rules.map(({ rule, before, after }) => [
        ...[employeeId, month, rule],
        ...[before, after].map((side) => (side === null ? null : side.amountKopecks / 100)),
      ]),
    ),
  );

describe('the preview of an open month', () => {
  it('of a plan raised to 45 says 37,800.00 before and 31,500.00 after, and records nothing', async () => {
    const end = await rig.stores.log.end();
    const seen = await pay.preview('raise', 'revise-plan', to45);
    expect(rulesOf(seen)).toEqual([['ivanova', '2009-08', 'R1', 6_300, 0]]);
    expect(seen.people[0]?.months[0]?.rules[0]).toMatchObject({
      before: { status: 'PAID', actual: '42', target: '40' },
      after: { status: 'GATE_FAILED', actual: '42', target: '45' },
    });
    expect(seen).toMatchObject({
      totals: { beforeKopecks: 37_800_00, afterKopecks: 31_500_00 },
      events: ['PlanRevised'],
      k: String(end),
    });
    expect(await rig.stores.log.end()).toBe(end);
    expect((await pay.draft('2009-08')).document.totals.payableKopecks).toBe(37_800_00);
  });

  it('is the same for whoever asks again, and another for another change', async () => {
    const one = await pay.preview('raise', 'revise-plan', to45);
    expect((await pay.preview('raise', 'revise-plan', to45)).preview).toBe(one.preview);
    expect((await pay.preview('raise', 'revise-plan', { ...to45, value: 46 })).hash).not.toBe(one.hash);
  });

  it('of a regulation, a contract voided, a deal reassigned, a step voided: by the one calculation', async () => {
    const voided = await preview('deals', 'd3', 'void-contract', {
      contractId: 'c3',
      reason: 'Never countersigned',
      dealBecomes: 'open',
    });
    expect(rulesOf(voided)).toEqual([['ivanova', '2009-08', 'R3', 26_000, 14_000]]);
    const step = await preview('deals', 'd42', 'void-step', {
      step: 'contact',
      reason: 'It did not happen',
      lateEntryReason: 'Told late',
    });
    expect(rulesOf(step)).toEqual([['ivanova', '2009-08', 'R1', 6_300, 6_150]]);
    const moved = await preview('deals', 'd1', 'reassign-deal', { toOwnerId: 'sidorova', reason: 'Agreed on' });
    expect(rulesOf(moved)).toEqual([['ivanova', '2009-08', 'R3', 26_000, 14_000]]);
    const [first, ...others] = regulation.rules;
    const rules = [{ ...first, payout: { kind: 'perUnit', kopecks: 100_00 } }, ...others];
    const rated = await preview('pay-regulations', 'main', 'publish-pay-regulation', { ...regulation, rules });
    expect(rulesOf(rated)[0]).toEqual(['ivanova', '2009-08', 'R1', 6_300, 4_200]);
  });

  it('of an absence takes its days out of a plan that is prorated by working days', async () => {
    await pay.change('prorated', 'revise-plan', { change: 'replace', value: 84, proration: 'workingDays' });
    const away = { absenceId: 'leave', kind: 'vacation', firstDay: '2009-08-17', lastDay: '2009-08-31' };
    const { people } = await preview('employees', 'ivanova', 'record-absence', away);
    // 84 × 10 ÷ 21: the gate that 42 of 84 failed is passed.
    expect(people).toMatchObject([
      {
        employeeId: 'ivanova',
        months: [
          {
            month: '2009-08',
            rules: [
              {
                rule: 'R1',
                before: { target: '84', status: 'GATE_FAILED', amountKopecks: 0 },
                after: { target: '40', status: 'PAID', amountKopecks: 6_300_00 },
              },
            ],
          },
        ],
      },
    ]);
    await pay.change('whole', 'revise-plan', { change: 'replace', value: 40, proration: 'none' });
  });

  it('refuses what the command would be refused for', async () => {
    const body = { cells: [{ ...cell, owner: { kind: 'employee', id: 'sidorova' }, value: 1 }], reason };
    const own = await send('previews', { thing: 'plans', id: 'own', command: 'assign-plan', body });
    expect([own.status, own.json['code']]).toEqual([403, 'OWN_PAY']);
    const faulty = await send('previews', { thing: 'plans', id: 'own', command: 'withdraw-plan', body: { cells: [] } });
    expect(faulty.json['errors']).toContainEqual(expect.objectContaining({ pointer: '/body/reason' }));
    const none = await send('previews', { thing: 'plans', id: 'own', command: 'nothing', body });
    expect([none.status, none.json['code']]).toEqual([404, 'COMMAND_UNKNOWN']);
    const key = await rig.keyFor(['manager'], 'ivanova');
    const asked = { thing: 'plans', id: 'own', command: 'assign-plan', body };
    expect((await rig.post('/v1/previews', asked, { key })).json['code']).toBe('ROLE_MISSING');
  });

  it('shows nobody the pay of those he may not see', async () => {
    const key = await rig.keyFor(['manager'], 'petrova');
    const opened = { customerId: 'volga-tools', routeMapId: 'sale', ownerId: 'petrova' };
    await pay.command('deals/of-petrova/open-deal', opened, 'petrova');
    const body = { step: 'contact', performedBy: 'ivanova' };
    const asked = { thing: 'deals', id: 'of-petrova', command: 'complete-step', body };
    const seen = (await rig.post('/v1/previews', asked, { key })).json as unknown as PreviewAnswer;
    expect([seen.people, seen.others, seen.totals.beforeKopecks]).toEqual([[], 1, 0]);
    expect(seen.hash).toBe((await preview('deals', 'of-petrova', 'complete-step', body)).hash);
  });

  it('is of what one may send: a head previews no plan beyond his departments', async () => {
    const key = await rig.keyFor(['head'], 'petrova');
    const asked = {
      thing: 'plans',
      id: 'raise',
      command: 'revise-plan',
      body: { cells: [{ ...cell, ...to45 }], reason },
    };
    const refused = await rig.post('/v1/previews', asked, { key });
    expect([refused.status, refused.json['code']]).toEqual([403, 'NOT_YOUR_DEPARTMENT']);
  });
});

describe('a command that carries its preview', () => {
  it('goes through where only facts of an open month moved, and tells what landed', async () => {
    const { preview: carried, hash } = await pay.preview('carried', 'revise-plan', to45);
    await pay.command('deals/d90/open-deal', { customerId: 'volga-tools', routeMapId: 'sale' }, 'ivanova');
    await pay.command('deals/d90/complete-step', { step: 'contact' }, 'ivanova');
    const body = { cells: [{ ...cell, ...to45 }], reason };
    const headers = { 'voronka-preview': carried, 'idempotency-key': 'carried' };
    const done = await send('plans/carried/revise-plan', body, headers);
    expect(done.status).toBe(201);
    expect(done.json['preview']).toMatchObject({
      hash,
      totals: { beforeKopecks: 37_950_00, afterKopecks: 31_500_00 },
      landed: { events: 2, byType: { DealOpened: 1, StepCompleted: 1 }, complete: true },
    });
    const again = await send('plans/carried/revise-plan', body, headers);
    expect([again.status, again.json['revision']]).toEqual([201, done.json['revision']]);
    const nothing = await pay.preview('carried', 'revise-plan', to45);
    expect([nothing.events, nothing.people]).toEqual([[], []]);
    const week = await pay.preview('week', 'assign-plan', { period: '2009-W33', value: 5 });
    expect([week.events, week.people]).toEqual([['PlanAssigned'], []]);
  });

  it('is answered as done where the log fails once it is: what landed could not be told', async () => {
    const { preview: carried, hash } = await pay.preview('untold', 'revise-plan', { ...to45, value: 43 });
    const body = { cells: [{ ...cell, change: 'replace', value: 43 }], reason };
    // Nothing but what landed is asked of the whole log once the command is in it.
    const { append, readAll } = rig.stores.log;
    let isIn = false;
    const appending = jest.spyOn(rig.stores.log, 'append').mockImplementation(async (...order) => {
      const appended = await append(...order);
      isIn = true;
      return appended;
    });
    const failing = jest.spyOn(rig.stores.log, 'readAll').mockImplementation((range) => {
      if (isIn) throw new LogUnavailableError('the store is away');
      return readAll(range);
    });
    const done = await send('plans/untold/revise-plan', body, { 'voronka-preview': carried });
    expect(failing).toHaveBeenCalled();
    appending.mockRestore();
    failing.mockRestore();
    expect(isIn).toBe(true);
    expect([done.status, done.json['events']]).toMatchObject([201, [{ type: 'PlanRevised' }]]);
    expect(done.json['preview']).toMatchObject({
      ...{ hash, landed: null },
      notTold: expect.stringContaining('GET /v1/events?after=') as string,
    });
    await pay.change('told', 'revise-plan', to45);
  });

  it('is refused where the plan it rests on has changed, and nothing is appended', async () => {
    const { preview: carried } = await pay.preview('stale', 'revise-plan', { ...to45, value: 41 });
    await pay.change('between', 'revise-plan', { change: 'replace', value: 40 });
    const body = { cells: [{ ...cell, change: 'replace', value: 41 }], reason };
    const refused = await send('plans/stale/revise-plan', body, { 'voronka-preview': carried });
    expect([refused.status, refused.json['code']]).toEqual([409, 'PREVIEW_STALE']);
    const fresh = await pay.preview('stale', 'revise-plan', { ...to45, value: 41 });
    expect((await send('plans/stale/revise-plan', body, { 'voronka-preview': fresh.preview })).status).toBe(201);
    await pay.change('back', 'revise-plan', { change: 'replace', value: 40 });
    for (const malformed of ['x', `${'0'.repeat(64)}@9999999999999999999`]) {
      const odd = await send('plans/odd/revise-plan', body, { 'voronka-preview': malformed });
      expect([odd.status, odd.json['code']]).toEqual([400, 'PREVIEW_MALFORMED']);
    }
  });
});

describe('a closed month', () => {
  beforeAll(async () => {
    clock.instant = '2009-09-02T08:00:00.000Z';
    await pay.close('2009-08');
  }, 60_000);

  const body = { cells: [{ ...cell, ...to45 }], reason };

  it('is proposed upon a preview only, which says what is waived', async () => {
    const unseen = await send('plans/closed-45/propose-plan-change', body);
    expect([unseen.status, unseen.json['code']]).toEqual([422, 'PREVIEW_NEEDED']);
    const seen = await preview('plans', 'closed-45', 'propose-plan-change', body);
    expect(rulesOf(seen)).toEqual([['ivanova', '2009-08', 'R1', 6_450, 0]]);
    expect(seen.people[0]).toMatchObject({
      months: [{ closed: true }],
      statement: {
        period: '2009-09',
        before: { adjustments: [] },
        after: { adjustments: [{ origin: '2009-08', dueKopecks: 0, waivedKopecks: -6_450_00 }] },
      },
    });
  });

  it('money that moves there makes the preview stale; the approver sees both hashes', async () => {
    const { hash } = await preview('plans', 'closed-45', 'propose-plan-change', body);
    await pay.command(
      'deals/d42/void-step',
      {
        step: 'contact',
        reason: 'It did not happen',
        lateEntryReason: 'Told late',
      },
      'sidorova',
    );
    const proposed = { ...body, previewHash: hash };
    const refused = await send('plans/closed-45/propose-plan-change', proposed);
    expect([refused.status, refused.json['code']]).toEqual([409, 'PREVIEW_STALE']);
    await pay.propose('closed-45', to45);
    const seen = await preview('plans', 'closed-45', 'approve-plan-change', {}, 'petrova');
    expect(seen.hash).toBe(seen.proposedHash);
    // Facts of the open month are none of the proposal's.
    await pay.command('deals/d91/open-deal', { customerId: 'volga-tools', routeMapId: 'sale' }, 'ivanova');
    await pay.command('deals/d91/complete-step', { step: 'contact' }, 'ivanova');
    const later = await preview('plans', 'closed-45', 'approve-plan-change', {}, 'petrova');
    expect(later.hash).toBe(later.proposedHash);
    const headers = { 'voronka-on-behalf-of': 'petrova', 'voronka-preview': seen.preview };
    const approved = await send('plans/closed-45/approve-plan-change', {}, headers);
    expect(approved.status).toBe(200);
    expect(approved.json['preview']).toMatchObject({ landed: { byType: { DealOpened: 1, StepCompleted: 1 } } });
  });

  it('a regulation that reaches into it is proposed upon a preview too', async () => {
    const proposal = { ...regulation, name: 'Anew', proposal: 'anew', reason };
    const unseen = await send('pay-regulations/main/propose-pay-regulation', proposal);
    expect([unseen.status, unseen.json['code']]).toEqual([422, 'PREVIEW_NEEDED']);
    const { hash, people } = await preview('pay-regulations', 'main', 'propose-pay-regulation', proposal);
    expect(people.map(({ employeeId }) => employeeId)).toEqual(['ivanova']);
    const done = await send('pay-regulations/main/propose-pay-regulation', { ...proposal, previewHash: hash });
    expect(done.status).toBe(201);
  });
});

describe('bug: a proposal of an open month was approved unseen once the month was closed', () => {
  const september = { cells: [{ ...cell, period: '2009-09', ...to45 }], reason };
  const approve = 'approve-plan-change';

  it('its approval carries the hash of a preview', async () => {
    expect((await send('plans/open-45/propose-plan-change', september)).status).toBe(201);
    clock.instant = '2009-10-02T08:00:00.000Z';
    await pay.close('2009-09', ['NO_PLAN', 'PENDING_APPROVALS', 'UNVERIFIED_STEPS']);
    const by = { 'voronka-on-behalf-of': 'petrova' };
    const unseen = await send(`plans/open-45/${approve}`, {}, by);
    expect([unseen.status, unseen.json['code']]).toEqual([422, 'PREVIEW_NEEDED']);
    const stale = await send(`plans/open-45/${approve}`, { previewHash: '0'.repeat(64) }, by);
    expect([stale.status, stale.json['code']]).toEqual([409, 'PREVIEW_STALE']);
    const { hash, proposedHash } = await preview('plans', 'open-45', approve, {}, 'petrova');
    expect(proposedHash).toBeNull();
    expect((await send(`plans/open-45/${approve}`, { previewHash: hash }, by)).status).toBe(200);
  });
});
