import { regulation } from './support/august.js';
import { cellOf, PayDesk } from './support/pay-desk.js';

// What is asked about pay and plans, and who may look at it.

const desk = new PayDesk();

beforeAll(async () => {
  await desk.start();
  for (const id of ['ivanova', 'orlova', 'smirnov']) await desk.hire(id, 'Sales manager');
  await desk.command('pay-regulations/main/publish-pay-regulation', regulation);
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

const explained = async (employee: string, month: string, rule: string) => {
  const { lines } = await desk.ask(`payroll/explanation?employee=${employee}&period=${month}&rule=${rule}`);
  const [line] = lines as readonly { plans: { value: string; planId: string }[] }[];
  if (line === undefined) throw new Error(`no line of ${rule}`);
  return line;
};

describe('the changes of plans behind a line', () => {
  it('a bulk change shows only his own cell, not the plans of everybody in it', async () => {
    const cells = ['ivanova', 'orlova', 'smirnov'].map((id, at) =>
      cellOf(id, 'first_contacts', '2009-08', { change: 'replace', value: 40 + at }),
    );
    await desk.plan(cells);
    const { plans } = await explained('orlova', '2009-08', 'R1');
    expect(plans.map(({ value }) => value)).toEqual(['41']);
  });
});
