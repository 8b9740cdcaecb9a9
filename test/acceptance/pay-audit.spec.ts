import type { PayrollAudit } from '@voronka/read-models';
import { regulation } from './support/august.js';
import { cellOf, PayDesk } from './support/pay-desk.js';

// The audit over HTTP: what was issued comes out again, and what somebody touched since does not.

const desk = new PayDesk();
const PEOPLE = ['ivanova', 'orlova'];

beforeAll(async () => {
  await desk.start();
  for (const id of PEOPLE) await desk.hire(id, 'Sales manager');
  await desk.command('pay-regulations/main/publish-pay-regulation', regulation);
  await desk.plan(
    ['first_contacts', 'meetings'].flatMap((code) =>
      PEOPLE.map((id) => cellOf(id, code, '2009-08', { change: 'replace', value: 1 })),
    ),
  );
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  await desk.deals('ivanova', 2, ['contact']);
  await desk.contract('orlova', 'large', 500_000_00);
  desk.clock.instant = '2009-09-02T08:00:00.000Z';
  await desk.close('2009-08');
  // August pays otherwise from here on; its statements do not.
  await desk.voidContract('large');
  await desk.planByTwo([cellOf('ivanova', 'first_contacts', '2009-08', { change: 'replace', value: 3 })]);
  desk.clock.instant = '2009-10-02T08:00:00.000Z';
  await desk.close('2009-09');
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

async function audit(asked = ''): Promise<PayrollAudit> {
  return (await desk.ask(`payroll/audit${asked}`)) as unknown as PayrollAudit;
}

/** Beside the log: what the program never does. */
async function touch(sql: string, values: readonly unknown[]): Promise<void> {
  const { pool } = desk.rig.stores;
  const { rows } = await pool.query<{ name: string }>(
    `SELECT schemaname || '.statements' AS name FROM pg_tables WHERE tablename = 'statements'`,
  );
  const { rowCount } = await pool.query(sql.replace('STATEMENTS', rows[0]?.name ?? ''), [...values]);
  expect(rowCount).toBe(1);
}

const OF_ORLOVA = `WHERE period = '2009-08' AND employee_id = 'orlova'`;

describe('an audit of payroll', () => {
  it('gives every statement again to the last bit, though facts and plans of its month have changed since', async () => {
    const { closings, totals, count, k } = await audit();
    expect([count, closings.map(({ period, status }) => [period, status])]).toEqual([
      2,
      [
        ['2009-08', 'inForce'],
        ['2009-09', 'inForce'],
      ],
    ]);
    expect(totals).toMatchObject({ same: totals.statements, sameFigures: 0, different: 0, closingsDifferent: 0 });
    const issued = [...(await desk.statements('2009-08')), ...(await desk.statements('2009-09'))];
    expect(issued.length).toBeGreaterThan(4);
    const found = closings.flatMap(({ period, statements }) => statements.map((one) => ({ ...one, period })));
    expect(found.map((one) => [one.period, one.employeeId, one.hashStated, one.hashRecomputed])).toEqual(
      issued.map(({ document, hash }) => [document.period, document.employeeId, hash, hash]),
    );
    expect(closings.map(({ hashStated, countStated }) => [hashStated, countStated])).toEqual(
      closings.map(({ hashFound, countFound }) => [hashFound, countFound]),
    );
    const before = await audit(`?asOf=${String(BigInt(closings[1]?.asOf ?? k) - 1n)}`);
    expect(before.closings.map(({ period }) => period)).toEqual(['2009-08']);
  });

  it('is of one month, or of so many closings at once', async () => {
    expect((await audit('?period=2009-09')).closings.map(({ period }) => period)).toEqual(['2009-09']);
    const second = await audit('?limit=1&offset=1');
    expect([second.count, second.closings.map(({ period }) => period)]).toEqual([2, ['2009-09']]);
    const open = await desk.rig.get('/v1/payroll/audit?period=2009-10');
    expect([open.status, open.json['code']]).toEqual([422, 'PERIOD_NOT_CLOSED']);
    expect((await desk.rig.get('/v1/payroll/audit?period=August')).status).toBe(400);
  });

  it('is open to those who see all pay, and to nobody else', async () => {
    const statusFor = async (role: 'auditor' | 'payroll' | 'director' | 'head' | 'manager' | 'bi') =>
      (await desk.rig.get('/v1/payroll/audit', { key: await desk.rig.keyFor([role], 'ivanova') })).status;
    for (const role of ['auditor', 'payroll', 'director'] as const) expect(await statusFor(role)).toBe(200);
    for (const role of ['head', 'manager', 'bi'] as const) expect(await statusFor(role)).toBe(403);
  });

  it('shows to the kopeck what was changed in a read table, by whose event, and nothing else', async () => {
    const [issued] = await desk.statements('2009-08', 'orlova');
    const lines = issued?.document.lines.map((line) => (line.rule === 'R3' ? { ...line, amountKopecks: 1_00 } : line));
    await touch(`UPDATE STATEMENTS SET document = document || jsonb_build_object('lines', $1::jsonb) ${OF_ORLOVA}`, [
      JSON.stringify(lines),
    ]);
    const { closings, totals } = await audit('?period=2009-08');
    const different = closings.flatMap(({ statements }) => statements).filter(({ outcome }) => outcome !== 'same');
    expect(totals).toMatchObject({ different: 1, same: totals.statements - 1, closingsDifferent: 0 });
    expect(different).toMatchObject([
      {
        ...{ employeeId: 'orlova', outcome: 'different', fields: ['lines', 'hash'] },
        ...{ hashStated: issued?.hash, hashRecomputed: issued?.hash },
        amounts: [{ part: 'line', of: 'R3 2009-08', statedKopecks: 1_00, recomputedKopecks: 19_000_00 }],
      },
    ]);
    expect(different[0]?.eventId).toMatch(/^[0-9a-f-]{36}$/);
    await touch(`UPDATE STATEMENTS SET document = $1::jsonb ${OF_ORLOVA}`, [JSON.stringify(issued?.document)]);
    expect((await audit()).totals).toMatchObject({ different: 0 });
  });

  it('says of an earlier engine’s statement that its figures come out again, and where one does not', async () => {
    const [issued] = await desk.statements('2009-08', 'orlova');
    const { hashOf } = await import('@voronka/read-models');
    const issuedBy = async (document: NonNullable<typeof issued>['document']) => {
      await touch(`UPDATE STATEMENTS SET document = $1::jsonb, hash = $2 ${OF_ORLOVA}`, [
        JSON.stringify(document),
        hashOf(document),
      ]);
      const { closings } = await audit('?period=2009-08');
      return closings[0]?.statements.find(({ employeeId }) => employeeId === 'orlova');
    };
    if (issued === undefined) throw new Error('no statement');
    const { asOfEventId: _unknownThen, ...then } = { ...issued.document, engine: 'voronka-pay-2' };
    const same = await issuedBy(then);
    expect(same).toMatchObject({ outcome: 'sameFigures', engine: 'voronka-pay-2', amounts: [] });
    expect(same?.fields).toEqual(['asOfEventId', 'engine']);
    const totals = { ...then.totals, payableKopecks: then.totals.payableKopecks + 1 };
    expect(await issuedBy({ ...then, totals })).toMatchObject({
      outcome: 'different',
      amounts: [{ part: 'total', of: 'payableKopecks', statedKopecks: 19_000_01, recomputedKopecks: 19_000_00 }],
    });
    await issuedBy(issued.document);
    expect((await audit()).totals).toMatchObject({ different: 0, sameFigures: 0, closingsDifferent: 0 });
  });

  it('misses a statement that is gone from its closing', async () => {
    await touch(`DELETE FROM STATEMENTS ${OF_ORLOVA}`, []);
    const { closings, totals } = await audit('?period=2009-08');
    expect(totals).toMatchObject({ different: 1, closingsDifferent: 1 });
    expect(closings[0]?.statements.find(({ employeeId }) => employeeId === 'orlova')).toMatchObject({
      ...{
        eventId: null,
        hashStated: null,
        outcome: 'different',
        hashRecomputed: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });
});
