import { addWorkingMinutes, type Instant, instantToMs, localDateOf, startOfLocalDay } from '@voronka/kernel';
import { CALENDAR, END_DAY, managers, ZONE } from './company.js';
import { nextEntry, type ScheduledCommand } from './scheduled-command.js';
import { byHeadOf, isEmployed } from './staff.js';

const DAY_MINUTES = 8 * 60;
const END = startOfLocalDay(END_DAY, ZONE);

type Body = ScheduledCommand['body'];

/** Days later, one after another; what would come after the end of the demonstration is left out. */
export class Afterwards {
  readonly commands: ScheduledCommand[] = [];
  private now: Instant;
  private at: Instant;

  constructor(private readonly signed: ScheduledCommand) {
    this.now = String(signed.body['occurredAt']);
    this.at = signed.at;
  }

  /** @returns false once the demonstration is over, or whoever signed has left */
  wait(days: number): boolean {
    this.now = addWorkingMinutes(CALENDAR, ZONE, this.now, days * DAY_MINUTES);
    const told = nextEntry(instantToMs(this.now));
    this.at = told > this.at ? told : this.at;
    const manager = managers.find(({ id }) => id === this.signed.person);
    return manager !== undefined && isEmployed(manager, this.at) && this.at < END;
  }

  tell(type: string, body: Body, more: Partial<Pick<ScheduledCommand, 'category' | 'id' | 'person' | 'roles'>> = {}) {
    const { signed, at } = this;
    this.commands.push({ ...signed, ...more, at, type, body: { ...body, occurredAt: this.now } });
  }

  /** When what is told next happens. */
  get moment(): Instant {
    return this.now;
  }

  /** When it is entered. */
  get entered(): Instant {
    return this.at;
  }

  get today(): string {
    return localDateOf(this.now, ZONE);
  }

  /** The head of whoever signed, on the day of the entry. */
  get byHead() {
    return byHeadOf(this.signed, this.at);
  }
}
