import { plainFiveDayWeek } from '@voronka/kernel';
import { calendarDecider } from '../calendar/calendar.decider.js';
import { companyDecider } from '../company/company.decider.js';
import { done, given, NOW, opened, OPENED_AT } from '../testing/deal-scene.js';
import { stateOf, world } from '../testing/world.js';

const request = { customerId: 'volga-tools', routeMapId: 'automation', routeMapVersion: 1 };

describe('OpenDeal', () => {
  it('opens the deal for the person who sends it', () => {
    given().when('OpenDeal', request).then([opened()]);
  });

  it('takes the latest version of the map unless it is said', () => {
    given()
      .when('OpenDeal', { customerId: 'volga-tools', routeMapId: 'automation' })
      .then([opened({ routeMapVersion: 2 })]);
  });

  it('adds up the lines where each has an amount, and knows nothing where one has none', () => {
    const lines = [
      { productId: 'trade', amountKopecks: 10_000 },
      { productId: 'stock', amountKopecks: 5_000 },
    ];
    given()
      .when('OpenDeal', { ...request, lines })
      .then([opened({ lines, expectedAmountKopecks: 15_000 })]);
    given()
      .when('OpenDeal', { ...request, lines: [lines[0], { productId: 'stock' }] })
      .then([
        opened({
          lines: [
            { productId: 'trade', amountKopecks: 10_000 },
            { productId: 'stock', amountKopecks: null },
          ],
        }),
      ]);
    given()
      .when('OpenDeal', { ...request, lines, expectedAmountKopecks: 20_000 })
      .then([opened({ lines, expectedAmountKopecks: 20_000 })]);
  });

  it('ROUTE_MAP_UNKNOWN: no such map or version', () => {
    given()
      .when('OpenDeal', { ...request, routeMapId: 'none' })
      .thenRefused('ROUTE_MAP_UNKNOWN');
    given()
      .when('OpenDeal', { ...request, routeMapVersion: 3 })
      .thenRefused('ROUTE_MAP_UNKNOWN', { routeMapVersion: 3 });
  });

  it('ROUTE_MAP_RETIRED and ROUTE_MAP_NOT_FOR_SALES: maps that take no deals', () => {
    given()
      .when('OpenDeal', { ...request, routeMapId: 'retired' })
      .thenRefused('ROUTE_MAP_RETIRED');
    given()
      .when('OpenDeal', { ...request, routeMapId: 'service' })
      .thenRefused('ROUTE_MAP_NOT_FOR_SALES');
  });

  it('CUSTOMER_UNKNOWN, PRODUCT_UNKNOWN, PRODUCT_RETIRED, PRODUCT_REPEATED', () => {
    given()
      .when('OpenDeal', { ...request, customerId: 'nobody' })
      .thenRefused('CUSTOMER_UNKNOWN');
    const lines = (...ids: string[]) => ({ ...request, lines: ids.map((productId) => ({ productId })) });
    given()
      .when('OpenDeal', lines('trade', 'dream'))
      .thenRefused('PRODUCT_UNKNOWN', { products: ['dream'] });
    given()
      .when('OpenDeal', lines('trade', 'old'))
      .thenRefused('PRODUCT_RETIRED', { products: ['old'] });
    given()
      .when('OpenDeal', lines('trade', 'trade'))
      .thenRefused('PRODUCT_REPEATED', { products: ['trade'] });
  });

  it('OWNER_NOT_EMPLOYED and OWNER_UNKNOWN: the owner works here when it happens', () => {
    const head = { person: 'orlova', roles: ['head'] } as const;
    given()
      .when('OpenDeal', { ...request, ownerId: 'novikov' }, head)
      .thenRefused('OWNER_NOT_EMPLOYED');
    given()
      .when('OpenDeal', { ...request, ownerId: 'nobody' }, { person: 'orlova', roles: ['director'] })
      .thenRefused('OWNER_UNKNOWN');
    given()
      .when('OpenDeal', { ...request, ownerId: 'petrov' }, head)
      .then([opened({ ownerId: 'petrov' })]);
  });

  it('OWNER_MISSING: somebody answers for a deal', () => {
    given()
      .when('OpenDeal', request, { person: null, roles: ['service'] })
      .thenRefused('OWNER_MISSING');
  });

  it('NOT_YOUR_DEAL: a manager opens deals for himself', () => {
    given()
      .when('OpenDeal', { ...request, ownerId: 'petrov' })
      .thenRefused('NOT_YOUR_DEAL');
  });

  it('COMPANY_NOT_CONFIGURED: without a zone nobody knows what day it is', () => {
    const bare = new Map([...world].filter(([stream]) => stream !== 'company-main'));
    given().when('OpenDeal', request, { world: bare }).thenRefused('COMPANY_NOT_CONFIGURED');
  });

  it('is quiet about the same opening again', () => {
    given(opened()).when('OpenDeal', request).then([]);
    given(opened())
      .when('OpenDeal', { ...request, occurredAt: OPENED_AT })
      .then([]);
  });

  it('does not move the deal to a version that was published since', () => {
    given(opened()).when('OpenDeal', { customerId: 'volga-tools', routeMapId: 'automation' }).then([]);
  });

  it('DEAL_EXISTS: another opening under the same id, even if it only happened at another time', () => {
    given(opened())
      .when('OpenDeal', { ...request, source: 'website' })
      .thenRefused('DEAL_EXISTS', { dealId: 'd1' });
    given(opened())
      .when('OpenDeal', { ...request, occurredAt: '2009-08-04T07:00:00Z' })
      .thenRefused('DEAL_EXISTS');
  });
});

describe('times', () => {
  const contact = { step: 'first-contact' };

  it('OCCURRED_IN_FUTURE: nothing has happened tomorrow', () => {
    given(opened())
      .when('CompleteStep', { ...contact, occurredAt: '2009-08-10T07:00:00.001Z' })
      .thenRefused('OCCURRED_IN_FUTURE', { now: NOW });
    given()
      .when('OpenDeal', { ...request, occurredAt: '2009-08-11T07:00:00Z' })
      .thenRefused('OCCURRED_IN_FUTURE');
  });

  it('OCCURRED_BEFORE_OPENING: nothing happened to the deal before it was opened', () => {
    given(opened())
      .when('CompleteStep', { ...contact, occurredAt: '2009-08-03T06:59:59.999Z' })
      .thenRefused('OCCURRED_BEFORE_OPENING', { earliest: OPENED_AT });
    given(opened())
      .when('CompleteStep', { ...contact, occurredAt: OPENED_AT })
      .then([done('first-contact')]);
  });
});

describe('late entries', () => {
  const contact = { step: 'first-contact', occurredAt: '2009-08-03T08:00:00Z' };
  const monday = { now: '2009-08-10T18:59:59.999Z' };
  const tuesday = { now: '2009-08-11T07:00:00.000Z' };

  it('are taken within the limit of working days: Monday to Monday is five', () => {
    given(opened())
      .when('CompleteStep', contact, monday)
      .then([done('first-contact')]);
  });

  it('BACKDATING_NEEDS_AUTHORITY: beyond the limit they need the role and the reason', () => {
    const late = { ...contact, lateEntryReason: 'Was ill' };
    const refused = ['BACKDATING_NEEDS_AUTHORITY'] as const;
    given(opened())
      .when('CompleteStep', contact, tuesday)
      .thenRefused(...refused, { workingDays: 6, limit: 5, missing: ['role', 'lateEntryReason'] });
    given(opened())
      .when('CompleteStep', late, tuesday)
      .thenRefused(...refused, { missing: ['role'] });
    given(opened())
      .when('CompleteStep', { ...contact, performedBy: 'ivanova' }, { ...tuesday, person: 'orlova', roles: ['head'] })
      .thenRefused(...refused, { missing: ['lateEntryReason'] });
  });

  it.each(['head', 'director', 'admin', 'service'] as const)(
    'are entered by a %s, with the reason on the event',
    (role) => {
      given(opened())
        .when(
          'CompleteStep',
          { ...contact, performedBy: 'ivanova', lateEntryReason: 'Was ill' },
          { ...tuesday, person: 'orlova', roles: [role] },
        )
        .then([done('first-contact', { lateEntryReason: 'Was ill' })]);
    },
  );

  it('count the working days of the published calendar', () => {
    const holidays = ['2009-08-04', '2009-08-05'].map((date) => ({ date, kind: 'off' as const }));
    const calendar = stateOf(calendarDecider, [
      {
        type: 'CalendarPublished',
        data: { version: 1, name: '2009', calendar: { ...plainFiveDayWeek(), days: holidays } },
      },
    ]);
    given(opened())
      .when('CompleteStep', contact, { ...tuesday, world: new Map([...world, ['calendar-main', calendar]]) })
      .then([done('first-contact')]);
  });

  it('count the days of the company zone: a minute to midnight is still that day', () => {
    const tokyo = stateOf(companyDecider, [
      {
        type: 'CompanyConfigured',
        data: {
          name: 'Konstanta',
          zone: 'Asia/Tokyo',
          currency: 'RUB',
          firstPayrollPeriod: '2009-08',
          calendarId: 'main',
          backdatingWorkingDays: 5,
        },
      },
    ]);
    const abroad = { world: new Map([...world, ['company-main', tokyo]]) };
    given(opened())
      .when('CompleteStep', contact, { ...abroad, now: '2009-08-10T14:59:59.999Z' })
      .then([done('first-contact')]);
    given(opened())
      .when('CompleteStep', contact, { ...abroad, now: '2009-08-10T15:00:00.000Z' })
      .thenRefused('BACKDATING_NEEDS_AUTHORITY', { workingDays: 6 });
  });

  describe('into a closed month', () => {
    const closed = { world: new Map([...world, ['payroll-main', { closedThrough: '2009-08' }]]) };
    // The first of September: one working day after the last of August.
    const september = { ...closed, now: '2009-09-01T07:00:00.000Z' };
    const august = { occurredAt: '2009-08-31T18:59:59.999Z' };
    const refused = ['BACKDATING_NEEDS_AUTHORITY', { closedPeriod: '2009-08', limit: 5 }] as const;
    const late = { lateEntryReason: 'Was ill' };
    const scene = given(opened());

    it('BACKDATING_NEEDS_AUTHORITY: within the limit of working days they need the role and the reason, too', () => {
      const { when } = scene;
      when('CompleteStep', { step: 'first-contact', ...august }, september).thenRefused(...refused);
      when('CompleteStep', { step: 'first-contact', ...august, ...late }, september).thenRefused(...refused);
      given()
        .when('OpenDeal', { ...request, ...august }, september)
        .thenRefused(...refused);
      when('RecordActivity', { kind: 'call', ...august }, september).thenRefused(...refused);
      const correction = { step: 'first-contact', completedAt: august.occurredAt, reason: 'By the diary' };
      given(opened(), done('first-contact'))
        .when('CorrectStep', correction, { ...september, person: 'orlova', roles: ['head'] })
        .thenRefused(refused[0], { ...refused[1], missing: ['lateEntryReason'] });
    });

    it('are entered by a head with a reason', () => {
      const head = { ...september, person: 'orlova', roles: ['head'] as const };
      scene
        .when('CompleteStep', { step: 'first-contact', performedBy: 'ivanova', ...august, ...late }, head)
        .then([done('first-contact', late)]);
    });

    it('are what they are by the day in the company: September began in Samara while it was August in Greenwich', () => {
      scene
        .when('CompleteStep', { step: 'first-contact', occurredAt: '2009-08-31T19:00:00.000Z' }, september)
        .then([done('first-contact')]);
    });

    it('need nothing where the month is open', () => {
      const open = { ...september, world: new Map([...world, ['payroll-main', { closedThrough: '2009-07' }]]) };
      scene.when('CompleteStep', { step: 'first-contact', ...august }, open).then([done('first-contact')]);
    });
  });

  it('hold for openings, and for every other entry on a deal', () => {
    const before = { occurredAt: '2009-08-03T07:30:00Z' };
    given()
      .when('OpenDeal', { ...request, ...before }, tuesday)
      .thenRefused('BACKDATING_NEEDS_AUTHORITY');
    given(opened())
      .when('LoseDeal', { lossReason: 'price', ...before }, tuesday)
      .thenRefused('BACKDATING_NEEDS_AUTHORITY');
    given(opened())
      .when('RecordActivity', { kind: 'call', ...before }, tuesday)
      .thenRefused('BACKDATING_NEEDS_AUTHORITY');
    given()
      .when(
        'OpenDeal',
        { ...request, ...before, ownerId: 'ivanova', lateEntryReason: 'Was ill' },
        { ...tuesday, roles: ['service'], person: null },
      )
      .then([opened({ lateEntryReason: 'Was ill' })]);
  });
});
