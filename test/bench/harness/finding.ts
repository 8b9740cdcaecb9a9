import { table } from '../../../apps/cli/src/output.js';
import type { Summary } from './statistics.js';

export type Unit = 'appends/s' | 'commands/s' | 'events/s' | 'ms' | 'MB';

/** A figure's target; `p95`, `p99` and `ratio` name which of the finding's figures it is about. */
export interface Aim {
  readonly of: 'median' | 'p95' | 'p99' | 'ratio';
  readonly kind: 'least' | 'below';
  readonly value: number;
}

/** One line of the result. */
export interface Finding {
  /** Name of the measure that found it: `appends`. */
  readonly measure: string;
  readonly what: string;
  readonly unit: Unit;
  readonly summary: Summary;
  /** The median as a share of a baseline's, measured in the same run. */
  readonly ratio?: { readonly to: string; readonly value: number };
  readonly aims?: readonly Aim[];
  /** What a reader needs to know beside the figures. */
  readonly note?: string;
}

/** Whether a finding reaches what is aimed at. */
export function isMet({ summary, ratio }: Finding, aim: Aim): boolean {
  const figure = aim.of === 'ratio' ? (ratio?.value ?? Number.NaN) : summary[aim.of];
  return aim.kind === 'least' ? figure >= aim.value : figure < aim.value;
}

const HEAD = ['Measure', 'What', 'Unit', 'Median', 'Least', 'Most', 'p95', 'p99', 'Ratio', 'To', 'Aim'] as const;

/** All findings as one table. */
export function findingsTable(findings: readonly Finding[]): string {
  return table(HEAD, findings.map(rowOf));
}

function rowOf(finding: Finding): (string | number | null)[] {
  const { measure, what, unit, summary, ratio, aims = [] } = finding;
  const figures = [summary.median, summary.least, summary.most, summary.p95, summary.p99].map((value) =>
    shown(value, unit),
  );
  const aimed = aims.map((aim) => `${aimText(aim)} ${isMet(finding, aim) ? 'met' : 'MISSED'}`).join(', ');
  return [
    measure,
    what,
    unit,
    ...figures,
    ratio === undefined ? null : ratio.value.toFixed(2),
    ratio?.to ?? null,
    aimed,
  ];
}

function aimText({ of, kind, value }: Aim): string {
  return `${of} ${kind === 'least' ? '≥' : '<'} ${value}`;
}

function shown(value: number, unit: Unit): string {
  return unit === 'ms' ? value.toFixed(1) : String(Math.round(value));
}
