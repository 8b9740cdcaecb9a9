import { formatKopecks } from '@voronka/kernel';
import { earliestOpen, type Explanation, explanationOf, type Language, payrollAt } from '@voronka/read-models';
import type { LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, say } from '../output.js';
import { withStores } from '../with-stores.js';
import { withContext } from './report-question.js';

export interface ExplainOptions {
  readonly employee: string;
  readonly period?: string;
  readonly rule?: string;
  readonly asOf?: string;
  readonly lang: Language;
  readonly json?: boolean;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const MOST_EVENTS = 1_000;

/** Prints a month's pay of one employee in words and numbers. */
export async function explainPay({ settings }: LoadedSettings, options: ExplainOptions): Promise<void> {
  const { employee, rule, lang } = options;
  if (options.period !== undefined && !MONTH.test(options.period)) {
    throw new CliError(EXIT.usage, '--period must be a month, such as 2009-08');
  }
  const answer = await withStores(settings, async (stores) => {
    await stores.caughtUp(undefined, ['core']);
    return withContext(stores, options, async (context) => {
      const period = options.period ?? earliestOpen(await payrollAt(context));
      return explanationOf(context, { employee, period, rule, lang }, { limit: MOST_EVENTS });
    });
  });
  if (options.json === true) {
    print(json(answer));
    return;
  }
  for (const line of linesOf(answer)) print(line);
  say(`as of position ${answer.k}, zone ${answer.zone}`);
}

function linesOf({ lines, adjustments, totals }: Explanation): readonly string[] {
  const explained = lines.flatMap(({ text, plans, counted }) => {
    const changes = plans.map(
      ({ planId, change, value, recordedAt, author, eventId }) =>
        `  plan ${planId}: ${change} ${value ?? ''} ${new Date(recordedAt).toISOString()} ${author ?? '-'} ${eventId}`,
    );
    const events = (counted?.items ?? []).map(
      ({ dealId, occurredAt, eventIds }) => `  ${occurredAt} ${dealId} ${eventIds.join(' ')}`,
    );
    return [...text, ...changes, ...events, ''];
  });
  const settled = adjustments.flatMap(({ text }) => [...text, '']);
  const sums = Object.entries(totals).map(
    ([name, kopecks]) => `${name.replace(/Kopecks$/, '')}: ${formatKopecks(kopecks)}`,
  );
  return [...explained, ...settled, ...sums];
}
