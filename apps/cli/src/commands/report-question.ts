import { GRAINS, type Grain, normaliseInstant, parsePeriod, periodBounds } from '@voronka/kernel';
import { type Snapshot, withSnapshot } from '@voronka/projections';
import {
  type AsOf,
  assertSlice,
  type InstantPeriod,
  type QueryContext,
  resolveAsOf,
  type SliceName,
} from '@voronka/read-models';
import type { Settings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { type OpenStores, withStores } from '../with-stores.js';

/** What every report can be asked for; periods, instants and positions as the user wrote them. */
export interface ReportOptions {
  readonly routeMap?: string;
  readonly period?: string;
  readonly by?: string;
  readonly grain?: string;
  readonly asOf?: string;
  readonly at?: string;
  /** Service cases instead of deals. */
  readonly purpose?: 'sale' | 'service';
  readonly json?: boolean;
}

/** What the options of a report mean, with the company's zone. */
interface Asked {
  readonly context: QueryContext;
  readonly routeMap: string;
  readonly common: { readonly period?: InstantPeriod; readonly grain?: Grain; readonly slice?: SliceName };
}

/** Asks one question once the read models hold what the log holds. */
export async function ask<T>(
  settings: Settings,
  options: ReportOptions,
  work: (asked: Asked) => Promise<T>,
): Promise<T> {
  return withStores(settings, async (stores) => {
    await stores.caughtUp(undefined, ['core']);
    return askStores(stores, options, work);
  });
}

/** Asks one question of the read models, in one consistent look. */
export async function askStores<T>(
  stores: Pick<OpenStores, 'pool' | 'clock'>,
  options: ReportOptions,
  work: (asked: Asked) => Promise<T>,
): Promise<T> {
  return withContext(stores, options, async (context) => {
    const common = {
      ...(options.period === undefined ? {} : { period: period(options.period, context.zone) }),
      ...(options.grain === undefined ? {} : { grain: grain(options.grain) }),
      ...(options.by === undefined ? {} : { slice: assertSlice(options.by) }),
    };
    return work({ context, routeMap: options.routeMap ?? (await onlyRouteMap(context, options.purpose)), common });
  });
}

/** One consistent look, as of K and at T: now by the company's clock, unless the options say another. */
export async function withContext<T>(
  { pool, clock }: Pick<OpenStores, 'pool' | 'clock'>,
  options: Pick<ReportOptions, 'asOf' | 'at' | 'purpose'>,
  work: (context: QueryContext) => Promise<T>,
): Promise<T> {
  const read = async ({ client, k: checkpoint }: Snapshot): Promise<T> => {
    const k = await resolveAsOf(client, asOf(options.asOf), checkpoint ?? 0n);
    const { rows } = await client.query<{ zone: string }>(
      'select zone from company where known_from <= $1 and known_to > $1',
      [String(k)],
    );
    const at = options.at === undefined ? clock.now() : instant('--at', options.at);
    return work({ client, k, zone: rows[0]?.zone ?? 'UTC', at, purpose: options.purpose });
  };
  return withSnapshot(pool, 'core', read, options.purpose === 'service' ? 'service' : null);
}

async function onlyRouteMap({ client, k }: QueryContext, purpose: 'sale' | 'service' = 'sale'): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `select distinct route_map_id as id from route_maps where known_from <= $1 and known_to > $1 and purpose = $2
    order by 1`,
    [String(k), purpose],
  );
  const [first, ...others] = rows.map(({ id }) => id);
  if (first === undefined)
    throw new CliError(EXIT.failed, 'there is no route map yet: publish one, import history, or run `voronka demo`');
  if (others.length > 0)
    throw new CliError(EXIT.usage, `name a route map with --route-map: ${[first, ...others].join(', ')}`);
  return first;
}

function asOf(text: string | undefined): AsOf | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? { position: BigInt(text) } : { instant: instant('--as-of', text, 'a position or ') };
}

function instant(option: string, text: string, others = ''): string {
  try {
    return normaliseInstant(text);
  } catch {
    throw new CliError(EXIT.usage, `${option} must be ${others}a time with an offset, such as 2009-08-31T20:00:00Z`);
  }
}

function period(text: string, zone: string): InstantPeriod {
  try {
    return periodBounds(parsePeriod(text), zone);
  } catch (error) {
    throw new CliError(EXIT.usage, `--period: ${(error as Error).message}`);
  }
}

function grain(text: string): Grain {
  const found = GRAINS.find((name) => name === text);
  if (found === undefined) throw new CliError(EXIT.usage, `--grain must be one of ${GRAINS.join(', ')}`);
  return found;
}

/** @throws CliError naming the option */
export function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new CliError(EXIT.usage, `${option} must be a whole number`);
  return Number(text);
}
