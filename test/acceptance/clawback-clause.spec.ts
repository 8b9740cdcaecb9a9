import { cellOf, PayDesk } from './support/pay-desk.js';

// What may be taken back goes by the clause in force when it was earned, whatever was told of places and terms since.

const desk = new PayDesk();
const FULL = { months: 12, shareBps: 10_000, statementShareBps: 10_000 };

const tenth = (name: string, more: object = {}, bps = 1_000) => ({
  ...{ regulation: name, effectiveFrom: '2009-08-01', name, covers: { positions: [name] }, ...more },
  rules: [{ code: 'C', name: 'Contracts', indicator: 'contracts', payout: { kind: 'percentOfAmount', bps } }],
});

beforeAll(async () => {
  await desk.start();
  const publish = 'pay-regulations/main/publish-pay-regulation';
  await desk.command(publish, tenth('clause', { clawback: FULL }));
  await desk.command(publish, tenth('none'));
  for (const [id, position] of Object.entries({ moved: 'clause', joined: 'none', stays: 'clause' })) {
    await desk.hire(id, position);
  }
  await desk.plan([cellOf('stays', 'meetings', '2009-08', { change: 'replace', value: 1 })]);
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  for (const id of ['moved', 'joined', 'stays']) await desk.contract(id, `of-${id}`, 100_000_00);
  desk.clock.instant = '2009-09-10T08:00:00.000Z';
  await desk.close('2009-08');
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

const taken = async (employee: string) => {
  const { adjustments } = (await desk.draft(employee, '2009-09')).document;
  return adjustments.map(({ dueKopecks, notTakenKopecks }) => [dueKopecks, notTakenKopecks]);
};

describe('the clause in force when it was earned', () => {
  it('holds for who is moved afterwards, from within the month, to where there is none, and the other way round', async () => {
    const transfer = (id: string, position: string) =>
      desk.command(`employees/${id}/transfer-employee`, {
        ...{ departmentId: 'sales', position, effectiveOn: '2009-08-20' },
      });
    await transfer('moved', 'none');
    await transfer('joined', 'clause');
    for (const id of ['moved', 'joined']) await desk.voidContract(`of-${id}`);
    expect(await taken('moved')).toEqual([[-10_000_00, 0]]);
    expect(await taken('joined')).toEqual([[0, -10_000_00]]);
  });

  it('holds after better terms without a clause were approved for the month, and paid', async () => {
    const proposal = { proposal: 'better', reason: 'Agreed in July' };
    const where = 'pay-regulations/main';
    await desk.propose(where, 'propose-pay-regulation', { ...tenth('clause', {}, 1_200), ...proposal });
    await desk.command(`${where}/approve-pay-regulation`, { proposal: 'better' }, 'petrova');
    expect(await taken('stays')).toEqual([[2_000_00, 0]]);
    desk.clock.instant = '2009-10-02T08:00:00.000Z';
    await desk.close('2009-09');
    await desk.voidContract('of-stays');
    const { adjustments } = (await desk.draft('stays', '2009-10')).document;
    expect(adjustments).toMatchObject([{ origin: '2009-08', dueKopecks: -12_000_00, notTakenKopecks: 0 }]);
  });
});
