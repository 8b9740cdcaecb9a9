import type { EventLog } from '@voronka/event-log';
import type { Build } from './control.js';
import { ForeignLogError } from './errors.js';

/**
 * Makes sure that a build was made from this log: its checkpoint is not beyond the end, and the last event it handled
 * is where it was. A log restored from an older copy would otherwise be skipped over in silence.
 * @throws ForeignLogError, LogUnavailableError
 */
export async function checkLog(log: EventLog, build: Build): Promise<void> {
  const { checkpoint, last, schema } = build;
  if (checkpoint === null) return;
  const advice = 'Connect the log these read models were made from, or remove them and build them anew';
  const end = await log.end();
  if (end === null || end < checkpoint) {
    const where = end === null ? 'the log is empty' : `the log ends at ${end}`;
    throw new ForeignLogError(`The checkpoint ${checkpoint} of ${schema} is beyond the end: ${where}. ${advice}`);
  }
  if (last === null) return;
  for await (const event of log.readStream(last.stream, last.revision)) {
    if (event.eventId === last.eventId && event.position === last.position) return;
    break;
  }
  throw new ForeignLogError(
    `The log does not hold event ${last.eventId} at position ${last.position}, which ${schema} has handled. ${advice}`,
  );
}
