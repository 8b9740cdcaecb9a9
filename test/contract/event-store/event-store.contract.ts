import { appendContract } from './append.contract.js';
import { filterContract } from './filter.contract.js';
import { readContract } from './read.contract.js';
import { restartContract } from './restart.contract.js';
import { subscribeContract } from './subscribe.contract.js';
import type { AppendMethod, StoreFactory, StoreUnderTest } from './support/store-under-test.js';

/** Whether the cases that stop the store can be run on it. */
export interface ContractOptions {
  readonly restartable: boolean;
}

/** What the product expects of an event store, through the client it uses. Needs no empty store. */
export function eventStoreContract(name: string, factory: StoreFactory, { restartable }: ContractOptions): void {
  describe(name, () => {
    let running: StoreUnderTest;
    beforeAll(async () => {
      running = await factory();
    });
    afterAll(() => running.stop());
    const store = (): StoreUnderTest => running;

    describe.each<AppendMethod>(['BatchAppend', 'Append'])('append by %s', (method) => appendContract(method, store));
    describe('read', () => readContract(store));
    describe('subscribe', () => subscribeContract(store));
    describe('filters', () => filterContract(store));
    if (restartable) describe('after a restart', () => restartContract(store));
    else console.info(`${name}: cases that restart the store are left out, because it is not ours to restart`);
  });
}
