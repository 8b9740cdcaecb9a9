import type { ClientBase } from 'pg';
import type { EventLog } from '@voronka/event-log';
import { type Build, readBuilds } from './control.js';
import { codeOf } from './errors.js';

export interface BuildReport extends Build {
  /** End of the log; null when it is empty or was not asked. */
  readonly end: bigint | null;
  /** Distance to the end of the log in positions (offsets, not events); null when it cannot be told. */
  readonly behind: bigint | null;
}

/** All builds, oldest first; none when no projector ever ran on this database. */
export async function status(db: Pick<ClientBase, 'query'>, log?: EventLog): Promise<BuildReport[]> {
  const builds = await buildsIfAny(db);
  const end = log === undefined || builds.length === 0 ? null : await log.end();
  return builds.map((build) => ({ ...build, end, behind: behindOf(build, end) }));
}

function behindOf({ checkpoint }: Build, end: bigint | null): bigint | null {
  if (end === null) return null;
  const distance = end - (checkpoint ?? 0n);
  return distance > 0n ? distance : 0n;
}

export async function buildsIfAny(db: Pick<ClientBase, 'query'>): Promise<Build[]> {
  try {
    return await readBuilds(db);
  } catch (error) {
    if (isNothingThere(error)) return [];
    throw error;
  }
}

/** The schema or table of the builds does not exist. */
export function isNothingThere(error: unknown): boolean {
  const code = codeOf(error);
  return code === '42P01' || code === '3F000';
}
