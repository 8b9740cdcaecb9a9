import type { Chance } from './chance.js';
import { NEW_MAP_AT } from './company.js';
import type { ScheduledCommand } from './scheduled-command.js';
import { byHeadOf } from './staff.js';

/** Of so many customers the name of one is corrected. */
const RESPELT_EVERY = 40;

/** What the head of a department decides in it, or its manager mends, in the same breath as a command of the story. */
export class DealChanges {
  private isOnNewMap: boolean;
  private slips = 0;

  constructor(
    opening: ScheduledCommand,
    private readonly chance: Chance,
  ) {
    this.isOnNewMap = opening.at >= NEW_MAP_AT;
  }

  after(command: ScheduledCommand): readonly ScheduledCommand[] {
    switch (command.type) {
      case 'OpenDeal':
        return [...this.keyCustomer(command), ...respelt(command)];
      case 'RecordActivity':
        return [...this.moved(command), ...this.slip(command)];
      case 'CompleteStep':
      case 'ReopenDeal':
        return this.moved(command);
      default:
        return [];
    }
  }

  /** Some customers are large for the company however few they are. */
  private keyCustomer(opening: ScheduledCommand): readonly ScheduledCommand[] {
    if (!this.chance.happens(0.01)) return [];
    const customer = { category: 'customer', id: String(opening.body['customerId']) };
    const assigned = beside(
      opening,
      'AssignSegment',
      { segment: 'large' },
      { ...customer, ...byHeadOf(opening, opening.at) },
    );
    if (!this.chance.happens(0.3)) return [assigned];
    return [assigned, beside(opening, 'ReleaseSegment', {}, { ...customer, ...byHeadOf(opening, opening.at) })];
  }

  /** A deal that is under way when the new map comes is moved to it, or goes on as it began. */
  private moved(command: ScheduledCommand): readonly ScheduledCommand[] {
    if (this.isOnNewMap || command.at < NEW_MAP_AT) return [];
    this.isOnNewMap = true;
    if (!this.chance.happens(0.4)) return [];
    return [
      beside(
        command,
        'MigrateDeal',
        { toVersion: 2, reason: 'The proposal is due earlier now' },
        byHeadOf(command, command.at),
      ),
    ];
  }

  /** Entered twice and taken back, or entered wrongly and put right. */
  private slip(recorded: ScheduledCommand): readonly ScheduledCommand[] {
    if (!this.chance.happens(0.01)) return [];
    const activityId = `${recorded.id}.slip-${(this.slips += 1)}`;
    const { kind, performedBy } = recorded.body;
    const again = beside(recorded, 'RecordActivity', { activityId, kind, outcome: 'reached', performedBy });
    if (this.chance.happens(0.5)) {
      return [again, beside(recorded, 'VoidActivity', { activityId, reason: 'Entered twice' })];
    }
    const right = { activityId, outcome: 'not-reached', reason: 'Nobody answered' };
    return [again, beside(recorded, 'CorrectActivity', right)];
  }
}

/** Now and then the name was taken down wrong on the telephone. */
function respelt(opening: ScheduledCommand): readonly ScheduledCommand[] {
  const id = String(opening.body['customerId']);
  const number = Number(id.slice(2));
  if (number % RESPELT_EVERY !== RESPELT_EVERY - 1) return [];
  const correction = { name: `Customer ${number} & Sons`, reason: 'As it stands in their letterhead' };
  return [beside(opening, 'CorrectCustomer', correction, { category: 'customer', id })];
}

function beside(
  command: ScheduledCommand,
  type: string,
  body: ScheduledCommand['body'],
  by: Partial<Pick<ScheduledCommand, 'category' | 'id' | 'person' | 'roles'>> = {},
): ScheduledCommand {
  return { ...command, ...by, type, body: { ...body, occurredAt: command.body['occurredAt'] } };
}
