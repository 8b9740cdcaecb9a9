import { addDays } from '@voronka/kernel';
import { type Actual, fractionFrom, fractionText } from '@voronka/pay/calculation';
import type { ReadClient } from '../queries/context.js';
import { type Defined, definedOn } from '../queries/indicators/definitions.js';
import {
  actualOf,
  actualsAt,
  type ActualLookup,
  type ActualsQuestion,
  type Counting,
  exactValue,
  keyOf,
  placeOf,
} from '../queries/pay/actuals.js';

/** By key of the place; null is undefined (a quotient by 0). */
type Values = Readonly<Record<string, string | null>>;

interface Kept {
  readonly counting: string;
  readonly definition: string;
  readonly values: Values;
}

/** Thrown before anything is counted: of some months that were asked about nothing can be kept. */
export class UnsteadyError extends Error {
  override readonly name = 'UnsteadyError';
}

/** Countings, taken from those kept where there are any; what is counted now is counted for everybody, and kept. */
export class KeptCounts {
  /** Facts counted. */
  eventsRead = 0;
  /** Months whose figures move with time alone: maturing cohorts, work falling due. */
  readonly unsteady = new Set<string>();

  constructor(private readonly client: ReadClient) {}

  /** @throws UnsteadyError and names the months in `unsteady`: ask about the others */
  readonly count = async (question: ActualsQuestion): Promise<ActualLookup> => {
    const { facts, versions } = question;
    const found = new Map<string, Kept>();
    const countings = [...new Map(question.countings.map((one) => [keyOf(one), one])).values()];
    // Asked for by every line of everybody.
    const known = new Map<string, Defined>();
    const definedFor = (one: Counting): Defined => {
      const key = keyOf(one);
      const defined = known.get(key) ?? definedOn(versions, one.indicator, one.period.from);
      known.set(key, defined);
      return defined;
    };
    const moving = new Set(countings.filter((one) => !isSteady(definedFor(one))).map(monthOfEnd));
    for (const month of moving) this.unsteady.add(month);
    if (moving.size > 0) throw new UnsteadyError(`move with time alone: ${[...moving].join(', ')}`);
    for (const kept of await this.#kept(countings)) found.set(kept.counting, kept);
    const missing = countings.filter((one) => found.get(keyOf(one))?.definition !== nameOf(definedFor(one)));
    const counted = await actualsAt({ facts, versions, countings: missing });
    this.eventsRead += counted.read;
    const fresh = missing.map((one) => ({ one, ...counted.counted(one) }));
    for (const { one, defined, tallies } of fresh) {
      const own = [...tallies].filter(([place]) => place === one.period.key || place.startsWith(`${one.period.key}|`));
      const values = Object.fromEntries(
        own.map(([place, tally]) => {
          const value = exactValue(defined.definition, tally);
          return [place, value === null ? null : fractionText(value)];
        }),
      );
      found.set(keyOf(one), { counting: keyOf(one), definition: nameOf(defined), values });
    }
    await this.#keep(
      fresh.map(({ one }) => one),
      found,
    );
    return {
      size: missing.length,
      of: (counting, ownerId): Actual => {
        const kept = found.get(keyOf(counting));
        if (kept === undefined) throw new TypeError(`not counted: ${keyOf(counting)}`);
        const defined = definedFor(counting);
        const value = kept.values[placeOf(counting, ownerId)];
        if (value === undefined) return actualOf(defined, exactValue(defined.definition));
        return actualOf(defined, value === null ? null : fractionFrom(value));
      },
    };
  };

  async #kept(countings: readonly Counting[]): Promise<Kept[]> {
    const { rows } = await this.client.query<Kept>(
      'select counting, definition, "values" from pay_live.actuals where counting = any($1::text[])',
      [countings.map(keyOf)],
    );
    return rows;
  }

  async #keep(countings: readonly Counting[], found: ReadonlyMap<string, Kept>): Promise<void> {
    const rows = countings.map((one) => ({ ...found.get(keyOf(one)), ends: one.period.to }));
    if (rows.length === 0) return;
    await this.client.query(
      `insert into pay_live.actuals (counting, definition, ends, "values")
       select r.counting, r.definition, r.ends, r."values"
       from json_to_recordset($1::json) as r(counting text, definition text, ends date, "values" json)
       on conflict (counting) do update set definition = excluded.definition, "values" = excluded."values"`,
      [JSON.stringify(rows)],
    );
  }
}

function nameOf({ code, version, parts }: Defined): string {
  return [`${code}@${version}`, ...parts.map(nameOf)].join(' ');
}

/**
 * Does the figure at K depend on nothing but what was recorded up to K, whenever that was? What happened is recorded
 * after it happened. A horizon passes by itself, and so does the moment at which work is due; without a horizon only how
 * many deals may yet convert depends on the moment, and that is no part of what is paid.
 */
function isSteady({ definition, parts }: Defined): boolean {
  const isMatured =
    definition.measure === 'conversion' && definition.conversion === 'cohort' && definition.horizonDays !== undefined;
  return !isMatured && definition.measure !== 'timeliness' && parts.every(isSteady);
}

/** The month in which the period of a counting ends: the one it is paid in. */
export function monthOfEnd({ period }: Pick<Counting, 'period'>): string {
  return addDays(period.to, -1).slice(0, 7);
}
