import {
  assertNotInFuture,
  assertZone,
  type ClosedMonths,
  type Decider,
  type DecisionContext,
  localDateOf,
  type WrittenUnion,
  refuse,
  saysTheSame,
  unreachable,
} from '@voronka/kernel';
import type { CompanyCommand, ConfigureCompany } from './company.commands.js';
import type { CompanyConfigured, CompanyEvent } from './company.events.js';

/** The only id: one company per installation. */
export const COMPANY_ID = 'main';

export type CompanySettings = CompanyConfigured['data'];
export type CompanyState = { readonly status: 'none' } | ({ readonly status: 'configured' } & CompanySettings);

export interface CompanyFacts {
  /** Left out as long as no month was closed. */
  readonly payroll?: ClosedMonths;
}

type Context = DecisionContext<CompanyFacts>;

export const companyDecider: Decider<CompanyState, CompanyCommand, CompanyEvent, CompanyFacts> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    switch (command.type) {
      case 'ConfigureCompany':
        return configure(command.body, state, context);
      default:
        return unreachable(command.type);
    }
  },
};

function evolve(state: CompanyState, event: WrittenUnion<CompanyEvent>): CompanyState {
  switch (event.type) {
    case 'CompanyConfigured':
      return { status: 'configured', ...event.data };
    default:
      event.type satisfies never;
      return state;
  }
}

function configure(body: ConfigureCompany, state: CompanyState, context: Context): readonly CompanyConfigured[] {
  assertNotInFuture(context);
  if (context.id !== COMPANY_ID) {
    throw refuse.invalid('COMPANY_ID_FIXED', `there is one company per installation: address it as ${COMPANY_ID}`);
  }
  assertKnownZone(body.zone);
  const before = state.status === 'none' ? null : settingsOf(state);
  const settings = settled(body, before, context);
  if (before === null) return [{ type: 'CompanyConfigured', data: settings }];
  if (before.zone !== settings.zone) throw fixed('COMPANY_ZONE_FIXED', 'zone', before.zone);
  if (before.currency !== settings.currency) throw fixed('COMPANY_CURRENCY_FIXED', 'currency', before.currency);
  assertPayrollStays(before, settings, context);
  return saysTheSame(before, settings) ? [] : [{ type: 'CompanyConfigured', data: settings }];
}

/** What earlier months owe is carried from month to month: with another beginning it would be lost. */
function assertPayrollStays(before: CompanySettings, after: CompanySettings, { facts }: Context): void {
  const { firstPayrollPeriod } = before;
  const closedThrough = facts.payroll?.closedThrough ?? null;
  if (firstPayrollPeriod === after.firstPayrollPeriod || closedThrough === null) return;
  const detail = 'months were closed already; send the same firstPayrollPeriod';
  throw refuse.conflict('FIRST_PAYROLL_PERIOD_FIXED', detail, { firstPayrollPeriod, closedThrough });
}

function settled(body: ConfigureCompany, before: CompanySettings | null, context: Context): CompanySettings {
  return {
    name: body.name,
    zone: body.zone,
    currency: body.currency,
    firstPayrollPeriod:
      body.firstPayrollPeriod ??
      before?.firstPayrollPeriod ??
      localDateOf(context.occurredAt, body.zone).slice(0, 'YYYY-MM'.length),
    calendarId: body.calendarId ?? before?.calendarId ?? COMPANY_CALENDAR_ID,
    backdatingWorkingDays: body.backdatingWorkingDays ?? before?.backdatingWorkingDays ?? 5,
  };
}

/** Decisions look this calendar up before they know the company, so the company can name no other. */
export const COMPANY_CALENDAR_ID = 'main';

function settingsOf(state: Extract<CompanyState, { status: 'configured' }>): CompanySettings {
  const { status: _status, ...settings } = state;
  return settings;
}

function assertKnownZone(zone: string): void {
  try {
    assertZone(zone);
  } catch {
    throw refuse.invalid('COMPANY_ZONE_UNKNOWN', 'name a zone of the IANA database in its own spelling: Europe/Samara');
  }
}

function fixed(code: string, field: string, is: string) {
  return refuse.conflict(code, `the ${field} was fixed by the first configuration; send the same ${field}`, {
    [field]: is,
  });
}
