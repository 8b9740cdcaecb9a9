import { dirtySince } from '../../libs/read-models/src/pay-lines/dirty.js';
import { type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { asked, startOver } from './support/small-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(() => database.close());
beforeEach(() => startOver(database));

async function cause(position: number, subject: string, occurred_at: string): Promise<void> {
  await database.put('pay_causes', {
    ...{ position, ordinal: 0, kind: 'facts', subject, occurred_at },
    ...{ type: 'StepCompleted', event_id: `00000000-0000-4000-8000-00000000000${position}` },
  });
}

it('what is told of a customer who was registered after his deal was opened may change pay from the deal on', async () => {
  await database.put('deals', { deal_id: 'd1', customer_id: 'c1', imported: true });
  await database.put('deals', { deal_id: 'd2', customer_id: 'c2', imported: true });
  await cause(1, 'deal-d2', '2009-02-10T08:00:00.000Z');
  await cause(2, 'deal-d1', '2009-05-10T08:00:00.000Z');
  await cause(3, 'customer-c1', '2009-07-10T08:00:00.000Z');
  await cause(4, 'customer-c1', '2009-08-10T08:00:00.000Z');
  const { factsFrom } = await dirtySince(asked(database, { k: 4n }), 3n);
  expect(factsFrom).toBe('2009-05');
});
