// The suites that take longest begin first, so that no worker is left alone with one of them at the end. Jest knows how
// long each took only where it has run before.
import Sequencer from '@jest/test-sequencer';

const LONGEST = [
  'test/cli/running.spec.ts',
  'test/crash/kills.spec.ts',
  'test/read-models/core-contract.spec.ts',
  'test/contract/event-store/event-store.spec.ts',
  'test/crash/payroll.spec.ts',
  'test/acceptance/naive-pay.spec.ts',
  'test/acceptance/small-cases.spec.ts',
  'test/acceptance/pay-history.spec.ts',
  'test/acceptance/figures.spec.ts',
  'test/acceptance/pay-worker.spec.ts',
];

export default class LongFirst extends Sequencer {
  sort(tests) {
    const placeOf = ({ path }) => {
      const place = LONGEST.findIndex((name) => path.endsWith(name));
      return place < 0 ? LONGEST.length : place;
    };
    return [...super.sort(tests)].sort((a, b) => placeOf(a) - placeOf(b));
  }
}
