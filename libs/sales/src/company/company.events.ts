import type { EventDefinitions, EventOf } from '@voronka/kernel';

/** One company per installation: its stream is `company-main`. */
export type CompanyConfigured = EventOf<
  'CompanyConfigured',
  {
    readonly name: string;
    /** IANA zone; fixed once the company is configured, since every period boundary hangs on it. */
    readonly zone: string;
    /** ISO 4217 code of the installation's one currency; fixed as the zone is. */
    readonly currency: string;
    /** First payroll month, `YYYY-MM`. */
    readonly firstPayrollPeriod: string;
    /** Calendar of working days and hours: `calendar-<calendarId>`. */
    readonly calendarId: string;
    /** Entries older than this many working days need authority and a reason. */
    readonly backdatingWorkingDays: number;
  }
>;

export type CompanyEvent = CompanyConfigured;

export const companyEvents: EventDefinitions<CompanyEvent> = { CompanyConfigured: {} };
