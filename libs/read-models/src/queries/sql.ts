import type { QueryContext } from './context.js';

type BoundType = 'bigint' | 'date' | 'integer' | 'integer[]' | 'text' | 'text[]' | 'timestamptz';

/** One statement in the making: every value travels as a parameter, never inside the text. */
export class Statement {
  constructor(
    readonly context: QueryContext,
    readonly values: unknown[] = [],
    private readonly places = new Map<string, string>(),
  ) {}

  /** A piece of the same statement that asks as of another K and T. */
  under(context: QueryContext): Statement {
    return new Statement(context, this.values, this.places);
  }

  /** The placeholder of a value, the same one for the same value and type. */
  bind(value: string | number | readonly (string | number)[], type: BoundType): string {
    const key = `${type} ${JSON.stringify(value)}`;
    const place = this.places.get(key) ?? `$${this.values.push(value)}::${type}`;
    this.places.set(key, place);
    return place;
  }

  /** The rows of a table that were believed at K. */
  known(alias: string): string {
    const k = this.bind(String(this.context.k), 'bigint');
    return `${alias}.known_from <= ${k} AND ${k} < ${alias}.known_to`;
  }

  /** The spell of a table with two times that holds at an instant given as SQL. */
  holds(alias: string, instant: string): string {
    return `${this.known(alias)} AND ${alias}.valid_from <= ${instant} AND ${instant} < ${alias}.valid_to`;
  }

  /** T as SQL. */
  get now(): string {
    return this.bind(this.context.at, 'timestamptz');
  }

  async rows<Row extends object>(text: string): Promise<Row[]> {
    const { rows } = await this.context.client.query<Row>(text, this.values);
    return rows;
  }
}

/** Conditions joined by AND; empty ones fall away. */
export function all(conditions: readonly (string | undefined)[]): string {
  const said = conditions.filter((condition) => condition !== undefined && condition !== '');
  return said.length === 0 ? 'true' : said.join('\n    AND ');
}
