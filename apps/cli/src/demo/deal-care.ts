import { addWorkingMinutes, type Instant } from '@voronka/kernel';
import { Afterwards } from './afterwards.js';
import type { Chance } from './chance.js';
import { CALENDAR, managers, ZONE } from './company.js';
import { DealChanges } from './deal-changes.js';
import { introduced } from './introduction.js';
import { isEmployed } from './staff.js';
import type { ScheduledCommand } from './scheduled-command.js';

const DAY_MINUTES = 8 * 60;

type Body = ScheduledCommand['body'];
type Line = { readonly productId: string; readonly amountKopecks: number };

const occurredAt = ({ body }: ScheduledCommand): Instant => String(body['occurredAt']);

/**
 * What else happens to a deal besides its way to the contract: credit shared, terms revised, plans moved, answers
 * corrected, a survey where the branch asks for one, payments, contracts amended, voided and ended, and the service
 * case that follows. Told from a chance of its own, so that the way itself stays as it is.
 */
export function caredFor(story: readonly ScheduledCommand[], chance: Chance): readonly ScheduledCommand[] {
  const opening = story.find(({ type }) => type === 'OpenDeal');
  const [line] = (opening?.body['lines'] ?? []) as readonly Line[];
  if (opening === undefined || line === undefined) return story;
  const changes = new DealChanges(opening, chance);
  const told = story.flatMap((command) => [
    command,
    ...besides(command, { story, line, chance }),
    ...changes.after(command),
  ]);
  const signed = story.at(-1);
  if (signed?.type === 'SignContract') return [...told, ...afterSigning(signed, { opening, line, chance })];
  return signed?.type === 'LoseDeal' && chance.happens(0.01) ? [...told, ...forgotten(signed, opening)] : told;
}

interface Around {
  readonly story: readonly ScheduledCommand[];
  readonly line: Line;
  readonly chance: Chance;
}

/** In the same breath as a command of the story. */
function besides(command: ScheduledCommand, { story, line, chance }: Around): readonly ScheduledCommand[] {
  const also = (type: string, body: Body): ScheduledCommand => ({
    ...command,
    ...{ type, body: { ...body, occurredAt: occurredAt(command) } },
  });
  const step = command.type === 'CompleteStep' ? command.body['step'] : null;
  if (command.type === 'OpenDeal' && chance.happens(0.15)) {
    const shares = sharesOf(String(command.body['ownerId']), occurredAt(command), chance);
    return [also('ShareCredit', { creditRole: 'sale', shares })];
  }
  if (command.type === 'PlanActivity' && chance.happens(0.2)) {
    const { activityId, dueAt } = command.body;
    const later = addWorkingMinutes(CALENDAR, ZONE, String(dueAt), DAY_MINUTES);
    const moved = also('RescheduleActivity', { activityId, dueAt: later, reason: 'The customer is away' });
    const isLeft = command === story.at(-1) && chance.happens(0.5);
    return isLeft ? [moved, also('CancelActivity', { activityId, reason: 'Nobody answers' })] : [moved];
  }
  if (step === 'proposal' && chance.happens(0.25)) {
    const amountKopecks = Math.round((line.amountKopecks * chance.between(80, 110)) / 100);
    return [also('ReviseDeal', { lines: [{ ...line, amountKopecks }] })];
  }
  if (command.type === 'VerifyStep' && command.body['accepted'] === true) return verified(command, { story, chance });
  return [];
}

/** After the analysis was accepted: an answer that was wrong, and the survey where the answers ask for it. */
function verified(
  command: ScheduledCommand,
  { story, chance }: Pick<Around, 'story' | 'chance'>,
): readonly ScheduledCommand[] {
  const also = (from: ScheduledCommand, type: string, body: Body): ScheduledCommand => ({
    ...from,
    ...{ at: command.at, type, body: { ...body, occurredAt: occurredAt(command) } },
  });
  const of = (step: string) => story.find(({ type, body }) => type === 'CompleteStep' && body['step'] === step);
  const [asked, analysed] = [of('questionnaire'), of('analysis')];
  if (asked === undefined || analysed === undefined) return [];
  const answers = asked.body['answers'] as Readonly<Record<string, unknown>>;
  if (chance.happens(0.08)) {
    const reason = 'The customer said more than was written down';
    // The questionnaire may lie longer back than entries may.
    const late = { reason, lateEntryReason: 'It came up when the analysis was accepted' };
    return [
      also(command, 'CorrectStep', { step: 'questionnaire', answers: { ...answers, workplaces: 'unknown' }, ...late }),
    ];
  }
  if (answers['workplaces'] !== 'over-15' || !chance.happens(0.6)) return [];
  // Whoever analysed it may have left since.
  if (ownerBefore(command, story) !== analysed.person) return [];
  const { performedBy } = analysed.body;
  return [
    also(analysed, 'RecordActivity', { kind: 'visit', outcome: 'held', performedBy, durationMinutes: 120 }),
    also(analysed, 'CompleteStep', { step: 'survey', performedBy }),
  ];
}

/** Who owns the deal as a command of its story is sent. */
function ownerBefore(command: ScheduledCommand, story: readonly ScheduledCommand[]): unknown {
  const before = story.slice(0, story.indexOf(command));
  const said = before.findLast(({ type }) => type === 'OpenDeal' || type === 'ReassignDeal');
  return said?.body['toOwnerId'] ?? said?.body['ownerId'];
}

function sharesOf(ownerId: string, at: Instant, chance: Chance) {
  const others = managers.filter((manager) => manager.id !== ownerId && isEmployed(manager, at));
  return [
    { employeeId: ownerId, basisPoints: 7_000 },
    { employeeId: chance.pick(others).id, basisPoints: 3_000 },
  ];
}

interface Signed {
  readonly opening: ScheduledCommand;
  readonly line: Line;
  readonly chance: Chance;
}

function afterSigning(signed: ScheduledCommand, around: Signed): readonly ScheduledCommand[] {
  const { chance } = around;
  if (chance.happens(0.06)) return voided(signed, chance);
  return [...paid(signed, around), ...introduced(signed, around)];
}

/** A customer who did not buy asks to be forgotten. */
function forgotten(lost: ScheduledCommand, opening: ScheduledCommand): readonly ScheduledCommand[] {
  const after = new Afterwards(lost);
  if (!after.wait(15)) return [];
  const customer = { category: 'customer', id: String(opening.body['customerId']) };
  after.tell('EraseCustomerPersonalData', { reason: 'request' }, { ...customer, ...after.byHead });
  return after.commands;
}

function voided(signed: ScheduledCommand, chance: Chance): readonly ScheduledCommand[] {
  const after = new Afterwards(signed);
  if (!after.wait(chance.between(3, 9))) return [];
  const { contractId } = signed.body;
  const body = { contractId, reason: 'Never countersigned', dealBecomes: 'lost', lossReason: 'postponed' };
  after.tell('VoidContract', body, after.byHead);
  return after.commands;
}

/** Half on the invoice, half in the end; some contracts grow before, some are ended. */
function paid(signed: ScheduledCommand, { line, chance }: Signed): readonly ScheduledCommand[] {
  const after = new Afterwards(signed);
  const { contractId } = signed.body;
  const first = Math.round(line.amountKopecks / 2);
  const pay = (paymentId: string, amountKopecks: number): void =>
    after.tell('RecordPayment', { paymentId, contractId, amountKopecks });
  if (!after.wait(chance.between(2, 8))) return after.commands;
  if (chance.happens(0.1)) {
    const lines = [{ ...line, amountKopecks: Math.round(line.amountKopecks * 1.1) }];
    after.tell('AmendContract', { contractId, lines, effectiveOn: after.today, reason: 'Two more workplaces' });
  }
  pay('p-1', first);
  if (chance.happens(0.06) && after.wait(1)) {
    after.tell('ReversePayment', { paymentId: 'p-1', reason: 'Booked to the wrong contract' });
    pay('p-1a', first);
  }
  if (!after.wait(chance.between(5, 25))) return after.commands;
  if (chance.happens(0.06)) {
    const body = { contractId, effectiveOn: after.today, reason: 'The shops are sold' };
    after.tell('TerminateContract', body, after.byHead);
  } else pay('p-2', line.amountKopecks - first);
  return after.commands;
}
