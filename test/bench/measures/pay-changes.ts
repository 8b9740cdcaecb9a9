import { payLinesState, type PayLinesState } from '@voronka/read-models';
import type pg from 'pg';
import type { Chance } from '../../../apps/cli/src/demo/chance.js';
import type { HttpClient } from '../harness/http-client.js';
import { type BenchCompany, END_MS } from '../log/company.js';
import { benchRegulation, employeesOf, MONTHS, type PlanCellBody } from '../log/pay-terms.js';

// Changes of plans and regulations, each from sending the command until the figures that it makes are answered.

const WAIT_MS = 120_000;
const LOOK_EVERY_MS = 5;

export interface Bench {
  readonly client: HttpClient;
  readonly pool: pg.Pool;
  readonly company: BenchCompany;
}

export interface Timed {
  /** From sending the command to the last figure's answer. */
  readonly ms: number;
  readonly took: PayLinesState;
}

/** Waits until the worker holds what was recorded at a position. */
export async function kept({ pool }: Bench, position: unknown): Promise<PayLinesState> {
  const deadline = performance.now() + WAIT_MS;
  while (performance.now() < deadline) {
    const state = await payLinesState(pool);
    if (state !== null && state.k >= BigInt(String(position))) return state;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`the pay worker does not come to ${String(position)}`);
}

interface Line {
  readonly rule: string;
  readonly regulation: string;
  readonly indicator: string;
  readonly scope: string;
  readonly period: string;
  readonly target: string | null;
}

interface Drafted {
  readonly document: { readonly employeeId: string; readonly lines: readonly Line[] };
}

async function drafts({ client }: Bench, period: string, employees: readonly string[], after: unknown) {
  const asked = [`period=${period}`, `after=${String(after)}`, ...employees.map((id) => `employee=${id}`)].join('&');
  return (await client.get(`/v1/payroll/drafts?${asked}`))['drafts'] as readonly Drafted[];
}

/** Sends a change of plans, asks for the figures of those months, and makes sure that they are by the new plans. */
async function planChanged(bench: Bench, id: string, cells: readonly PlanCellBody[]): Promise<Timed> {
  const { client, pool } = bench;
  const periods = [...new Set(cells.map(({ period }) => period))];
  const employees = [...new Set(cells.map(({ owner }) => owner.id))];
  const body = { cells: cells.map((cell) => ({ ...cell, change: 'replace' })), reason: 'As the situation asks' };
  const begun = performance.now();
  const { position } = await client.post(`/v1/plans/${id}/revise-plan`, body, null);
  const shown = await Promise.all(periods.map((period) => drafts(bench, period, employees, position)));
  const ms = performance.now() - begun;
  const lines = shown
    .flat()
    .flatMap(({ document }) => document.lines.map((line) => ({ ...line, of: document.employeeId })));
  for (const { indicator, owner, period, value } of cells) {
    const isOf = (line: Line & { of: string }): boolean =>
      line.of === owner.id && line.indicator === indicator && line.scope === 'self' && line.period === period;
    const target = lines.find(isOf)?.target;
    if (target !== String(value)) throw new Error(`${owner.id}, ${period}: the target is ${target}, and not ${value}`);
  }
  return { ms, took: await kept({ ...bench, pool }, position) };
}

/** Those who are there all the time. */
function staying({ managers }: BenchCompany) {
  const firstMs = Date.parse(`${MONTHS[0]}-01T00:00:00.000Z`);
  return managers.filter(({ hiredMs, leftMs, moved }) => hiredMs < firstMs && leftMs > END_MS && moved === null);
}

export async function cellChanged(bench: Bench, chance: Chance, run: number): Promise<Timed> {
  const { id } = chance.pick(staying(bench.company));
  const period = chance.pick(MONTHS);
  const cell = { indicator: 'meetings', owner: { kind: 'employee', id }, period, value: 5 + run } as const;
  return await planChanged(bench, `cell-${run}`, [cell]);
}

/** One bulk change: everybody of a department, all three months. */
export async function quarterChanged(bench: Bench, chance: Chance, run: number): Promise<Timed> {
  const { department } = chance.pick(staying(bench.company));
  const members = staying(bench.company).filter((manager) => manager.department === department);
  const first = chance.between(0, MONTHS.length / 3 - 1) * 3;
  const cells = MONTHS.slice(first, first + 3).flatMap((period) =>
    members.map(({ id }): PlanCellBody => {
      return { indicator: 'meetings', owner: { kind: 'employee', id }, period, value: 100 + run };
    }),
  );
  return await planChanged(bench, `quarter-${run}`, cells);
}

/** Figures of all months and people stand, and one that is asked for is by the new version. */
export async function regulationChanged(bench: Bench, version: number): Promise<Timed> {
  const begun = performance.now();
  const body = benchRegulation(version);
  const { position } = await bench.client.post('/v1/pay-regulations/main/publish-pay-regulation', body, null);
  const took = await kept(bench, position);
  const [someone] = employeesOf(bench.company);
  const shown = await drafts(bench, MONTHS[0] ?? '', [someone ?? ''], position);
  const ms = performance.now() - begun;
  const lines = shown.flatMap(({ document }) => document.lines);
  const isNew = lines.length > 0 && lines.every(({ regulation }) => regulation === `sales@${version + 1}`);
  if (!isNew) throw new Error(`not every line is by version ${version + 1}: ${JSON.stringify(lines)}`);
  return { ms, took };
}
