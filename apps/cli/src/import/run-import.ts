import path from 'node:path';
import { type Clock, DomainError, validateBody } from '@voronka/kernel';
import type { CommandRequest, CommandResult, CommandSupposer } from '@voronka/event-log';
import { things } from '@voronka/runtime';
import { readCsvCases, readCsvEvents } from './csv-reader.js';
import type { ImportMapping } from './mapping.classes.js';
import { type Named, type Plan, type PlannedDeal, planHistory, type Quarantined } from './plan-history.js';
import { commandIdOf, referenceCommands, type ReferenceCommand } from './reference-data.js';
import type { ReadProgress, SourceCase } from './source.js';
import { readXes } from './xes-reader.js';

/** Entries per RecordHistory: its own limit. */
const MOST_ENTRIES = 1000;
const DEFAULT_CONCURRENCY = 16;

export interface ImportOptions {
  readonly mapping: ImportMapping;
  readonly files: readonly string[];
  /** Carries a command out; leave it away for a dry run, which appends nothing. */
  readonly handle?: (request: CommandRequest) => Promise<CommandResult>;
  /** Decides a command and appends nothing: what no file can mend is refused before any is read. */
  readonly suppose?: CommandSupposer;
  readonly clock: Clock;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Called for every record that cannot be placed. */
  readonly onQuarantined?: (quarantined: Quarantined) => Promise<void> | void;
}

export interface ImportProgress {
  readonly phase: 'reading' | 'writing';
  readonly deals: number;
  readonly entries: number;
  /** Share of the files read in this phase, 0 to 1. */
  readonly share: number;
}

export interface ImportSummary {
  readonly mapping: string;
  readonly dryRun: boolean;
  deals: number;
  /** Facts found in the source that a rule places. */
  entries: number;
  /** Events appended by this run. */
  appended: number;
  referenceCommands: number;
  quarantined: Record<string, number>;
  ignored: Record<string, number>;
  /** Field → values that were assumed. */
  assumed: Record<string, number>;
  performers: number;
  firstAt: string | null;
  lastAt: string | null;
  /** Position of the last event that this import stands on. */
  position: bigint | null;
}

/**
 * Imports history in two passes: the first finds who and what is named, and every fault; the second writes.
 * Running it again appends only what is new. @throws MappingError, DomainError when the company does not fit.
 */
export async function runImport(options: ImportOptions): Promise<ImportSummary> {
  const summary = emptySummary(options);
  const { handle, suppose } = options;
  const company = companyCommands(options.mapping).map((command) => requestOf(command));
  for (const request of company) await suppose?.(request);
  const named: Named = { performers: new Map(), customers: new Map(), products: new Map() };
  for await (const plan of plans(options, named, 'reading', summary)) await survey(plan, summary, options);
  const reference = await referenceCommands(options.mapping, named, path.dirname(options.files[0] ?? '.'));
  // Validated even in a dry run, so that it finds what the real one would.
  const requests = [...company, ...reference.map((command) => requestOf(command))];
  summary.referenceCommands = requests.length;
  summary.performers = named.performers.size;
  if (handle === undefined) return summary;
  for (const request of requests) note(summary, await handle(request));
  await writeDeals(options, handle, named, summary);
  return summary;
}

function emptySummary({ mapping, handle }: ImportOptions): ImportSummary {
  return {
    mapping: mapping.id,
    dryRun: handle === undefined,
    deals: 0,
    entries: 0,
    appended: 0,
    referenceCommands: 0,
    quarantined: {},
    ignored: {},
    assumed: {},
    performers: 0,
    firstAt: null,
    lastAt: null,
    position: null,
  };
}

async function* plans(
  { mapping, files, onProgress, clock }: ImportOptions,
  named: Named,
  phase: ImportProgress['phase'],
  counts: { deals: number; entries: number },
): AsyncIterable<Plan> {
  const seen = new Set<string>();
  const now = clock.now();
  for (const [index, file] of files.entries()) {
    const progress: ReadProgress = { bytesRead: 0, bytesTotal: 0 };
    for await (const source of casesOf(mapping, file, progress)) {
      yield once(planHistory(mapping, source, named, now), seen);
      const done = progress.bytesTotal === 0 ? 0 : progress.bytesRead / progress.bytesTotal;
      onProgress?.({ phase, deals: counts.deals, entries: counts.entries, share: (index + done) / files.length });
    }
  }
}

/** A deal told twice would be passed over in silence where its places repeat; the second telling is set aside. */
function once(plan: Plan, seen: Set<string>): Plan {
  if (plan.deal === null) return plan;
  const { dealId, entries } = plan.deal;
  if (!seen.has(dealId)) {
    seen.add(dealId);
    return plan;
  }
  const detail = 'another record or trace has the same deal; give each deal an id of its own, or one trace';
  const twice = { ref: entries[0]?.ref ?? dealId, place: null, reason: 'DEAL_REPEATED', detail };
  return { ...plan, deal: null, quarantined: [...plan.quarantined, twice] };
}

async function survey(plan: Plan, summary: ImportSummary, options: ImportOptions): Promise<void> {
  for (const found of plan.quarantined) {
    count(summary.quarantined, found.reason);
    await options.onQuarantined?.(found);
  }
  for (const [reason, records] of plan.ignored) count(summary.ignored, reason, records);
  if (plan.deal === null) return;
  validateHistory(plan.deal);
  summary.deals += 1;
  summary.entries += plan.deal.entries.length;
  for (const { occurredAt, ['assumed']: assumed } of plan.deal.entries) {
    if (summary.firstAt === null || occurredAt < summary.firstAt) summary.firstAt = occurredAt;
    if (summary.lastAt === null || occurredAt > summary.lastAt) summary.lastAt = occurredAt;
    for (const field of (assumed as string[] | undefined) ?? []) count(summary.assumed, field);
  }
}

function count(counts: Record<string, number>, key: string, more = 1): void {
  counts[key] = (counts[key] ?? 0) + more;
}

function companyCommands(mapping: ImportMapping): readonly ReferenceCommand[] {
  const company = { name: mapping.company.name, zone: mapping.company.zone, currency: mapping.company.currency };
  const make = (category: string, id: string, type: string, body: Record<string, unknown>): ReferenceCommand => ({
    category,
    id,
    type,
    body,
    commandId: commandIdOf(mapping, `${type}:${category}-${id}`, body),
  });
  return [
    make('company', 'main', 'ConfigureCompany', company),
    make('routeMap', mapping.routeMapId, 'PublishRouteMap', mapping.routeMap),
  ];
}

function requestOf(command: ReferenceCommand): CommandRequest {
  const thing = things.find(({ category }) => category === command.category);
  const definition = thing?.commands.find(({ type }) => type === command.type);
  if (definition === undefined) throw new TypeError(`there is no command ${command.type}`);
  return {
    category: command.category,
    id: command.id,
    type: command.type,
    body: validateBody(definition.body, command.body),
    commandId: command.commandId,
    actor: 'import',
    person: null,
    roles: ['admin', 'service'],
    correlationId: command.commandId.slice(0, 64),
  };
}

function validateHistory(deal: PlannedDeal): void {
  try {
    for (const part of parts(deal)) requestOf({ ...part, category: 'deal', id: deal.dealId, type: 'RecordHistory' });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.kind, error.code, `history of deal ${deal.dealId}: ${error.detail}`, error.data);
  }
}

function* parts(deal: PlannedDeal): Iterable<{ body: { entries: readonly unknown[] }; commandId: string }> {
  for (let from = 0; from < deal.entries.length; from += MOST_ENTRIES) {
    yield { body: { entries: deal.entries.slice(from, from + MOST_ENTRIES) }, commandId: '' };
  }
}

/** Deals side by side, the parts of one deal one after another. */
async function writeDeals(
  options: ImportOptions,
  handle: (request: CommandRequest) => Promise<CommandResult>,
  named: Named,
  summary: ImportSummary,
): Promise<void> {
  const counts = { deals: 0, entries: 0 };
  const source = plans(options, named, 'writing', counts)[Symbol.asyncIterator]();
  let failed = false;
  const work = async (): Promise<void> => {
    for (let next = await source.next(); next.done !== true && !failed; next = await source.next()) {
      const { deal } = next.value;
      if (deal === null) continue;
      for (const part of parts(deal)) {
        const commandId = commandIdOf(options.mapping, `history:${deal.dealId}`, part.body);
        note(
          summary,
          await handle(requestOf({ ...part, commandId, category: 'deal', id: deal.dealId, type: 'RecordHistory' })),
        );
      }
      counts.deals += 1;
      counts.entries += deal.entries.length;
    }
  };
  const worker = (): Promise<void> =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  const workers = options.mapping.concurrency ?? DEFAULT_CONCURRENCY;
  // All are waited for: nobody writes on after the failure of one was reported.
  const ends = await Promise.allSettled(Array.from({ length: workers }, worker));
  await source.return?.();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

function note(summary: ImportSummary, result: CommandResult): void {
  if (!result.repeated) summary.appended += result.events.length;
  if (summary.position === null || result.position > summary.position) summary.position = result.position;
}

function casesOf(mapping: ImportMapping, file: string, progress: ReadProgress): AsyncIterable<SourceCase> {
  if (mapping.format === 'xes') return readXes(file, progress);
  const { delimiter = ',', caseColumn } = mapping;
  return caseColumn === undefined
    ? readCsvCases(file, delimiter, progress)
    : readCsvEvents(file, { delimiter, caseColumn }, progress);
}
