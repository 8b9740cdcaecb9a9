import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { companyDecider } from './company.decider.js';
import type { CompanyConfigured } from './company.events.js';

const [thing] = salesThings.filter(({ category }) => category === 'company');
if (thing === undefined) throw new Error('no company');
const given = scene(companyDecider, thing);
const main = { id: 'main' };
const body = { name: 'Konstanta', zone: 'Europe/Samara', currency: 'RUB' };
const configured = (more: Partial<CompanyConfigured['data']> = {}): CompanyConfigured => ({
  type: 'CompanyConfigured',
  data: { ...body, firstPayrollPeriod: '2009-08', calendarId: 'main', backdatingWorkingDays: 5, ...more },
});

describe('ConfigureCompany', () => {
  it('sets the company up, with five working days and the month of the set-up unless they are said', () => {
    given().when('ConfigureCompany', body, main).then([configured()]);
    given()
      .when('ConfigureCompany', { ...body, firstPayrollPeriod: '2010-01', backdatingWorkingDays: 0 }, main)
      .then([configured({ firstPayrollPeriod: '2010-01', backdatingWorkingDays: 0 })]);
  });

  it('takes the month in the zone of the company', () => {
    given()
      .when('ConfigureCompany', body, { ...main, now: '2009-07-31T19:00:00.000Z' })
      .then([configured()]);
  });

  it('is quiet about the same settings; what is not said stays', () => {
    given(configured({ backdatingWorkingDays: 2 }))
      .when('ConfigureCompany', body, { ...main, now: '2011-01-01T00:00:00.000Z' })
      .then([]);
  });

  it('bug: with another first payroll month, what closed months owed was lost; it is fixed once one is closed', () => {
    const later = { ...body, firstPayrollPeriod: '2009-10' };
    const closed = { ...main, world: new Map([['payroll-main', { closedThrough: '2009-08' }]]) };
    given(configured()).when('ConfigureCompany', later, closed).thenRefused('FIRST_PAYROLL_PERIOD_FIXED');
    given(configured())
      .when('ConfigureCompany', { ...later, firstPayrollPeriod: '2009-08' }, closed)
      .then([]);
    given(configured())
      .when('ConfigureCompany', later, main)
      .then([configured({ firstPayrollPeriod: '2009-10' })]);
  });

  it('changes the rest', () => {
    given(configured())
      .when('ConfigureCompany', { ...body, name: 'Konstanta Plus', backdatingWorkingDays: 3 }, main)
      .then([configured({ name: 'Konstanta Plus', backdatingWorkingDays: 3 })]);
  });

  it('COMPANY_ZONE_FIXED and COMPANY_CURRENCY_FIXED: period boundaries and amounts hang on them', () => {
    given(configured())
      .when('ConfigureCompany', { ...body, zone: 'Europe/Moscow' }, main)
      .thenRefused('COMPANY_ZONE_FIXED', { zone: 'Europe/Samara' });
    given(configured())
      .when('ConfigureCompany', { ...body, currency: 'EUR' }, main)
      .thenRefused('COMPANY_CURRENCY_FIXED', { currency: 'RUB' });
  });

  it.each(['Samara', 'europe/samara', '+04:00'])('COMPANY_ZONE_UNKNOWN: %s is no zone', (zone) => {
    given()
      .when('ConfigureCompany', { ...body, zone }, main)
      .thenRefused('COMPANY_ZONE_UNKNOWN');
  });

  it('COMPANY_ID_FIXED: there is one company', () => {
    given().when('ConfigureCompany', body, { id: 'second' }).thenRefused('COMPANY_ID_FIXED');
  });

  it('OCCURRED_IN_FUTURE holds here too', () => {
    given()
      .when('ConfigureCompany', body, { ...main, occurredAt: '2009-08-11T00:00:00.000Z' })
      .thenRefused('OCCURRED_IN_FUTURE');
  });
});
