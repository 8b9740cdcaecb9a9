import * as pay from '@voronka/pay/events';
import * as sales from '@voronka/sales/events';
import { DealLog, instant } from '../core/testing/deal-log.js';
import { Materialised } from '../core/testing/materialised.js';
import { eventTypes } from '../event-types.js';
import { auditSet } from '../registry.js';

describe('The audit list', () => {
  test('reads every event that has a definition', () => {
    const defined = Object.entries({ ...sales, ...pay })
      .filter(([name]) => name.endsWith('Events'))
      .flatMap(([, definitions]) => Object.keys(definitions));
    expect(defined.length).toBeGreaterThan(25);
    expect(eventTypes.toSorted()).toEqual([...new Set(defined)].toSorted());
  });

  test('one row per event, without its payload', () => {
    const log = new DealLog();
    const opening = log.opened('2009-08-01');
    const step = log.done('contact', '2009-08-02', { recordedOn: '2009-08-05' });
    const rows = new Materialised(auditSet).project(log.events).all('audit_events');
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ position: opening.position, category: 'deal', thing_id: 'd1', revision: 0 });
    expect(rows[1]).toEqual({
      ...{ position: step.position, event_id: step.eventId, type: 'StepCompleted', stream: 'deal-d1' },
      ...{ category: 'deal', thing_id: 'd1', revision: 1, occurred_at: instant('2009-08-02') },
      ...{ recorded_at: instant('2009-08-05'), actor: 'test', person: null, command_id: 'given' },
      ...{ correlation_id: 'given', causation_id: null, imported: false, schema_version: 1 },
    });
  });
});
