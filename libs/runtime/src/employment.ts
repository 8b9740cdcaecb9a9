import type { EventLog } from '@voronka/event-log';
import { streamOf, type WrittenUnion } from '@voronka/kernel';
import { employeeDecider, type EmployeeEvent } from '@voronka/sales';

/** How somebody stands to the company, as the log tells it now. */
export interface EmploymentKnown {
  /** Last working day, local date; null while no end is known. */
  readonly lastDay: string | null;
}

/** Null for an id that nobody was ever hired under. @throws LogUnavailableError */
export async function employmentOf(
  { log }: { readonly log: Pick<EventLog, 'readStream'> },
  employeeId: string,
): Promise<EmploymentKnown | null> {
  let state = employeeDecider.initialState();
  for await (const event of log.readStream(streamOf('employee', employeeId))) {
    state = employeeDecider.evolve(state, event as WrittenUnion<EmployeeEvent>);
  }
  return state.status === 'none' ? null : { lastDay: state.current.lastDay };
}
