import { plainFiveDayWeek, type Recorded } from '@voronka/kernel';
import { customerMap, DealLog } from './deal-log.js';
import { tellServiceCases } from './service-log.js';

const DEALS = 14;
const STEPS = ['contact', 'questionnaire', 'analysis', 'proposal', 'contract'];

/** A history of a few hundred events of every kind, deals told in turns; the same for the same chance. */
export function randomLog(random: () => number): readonly Recorded[] {
  const log = new DealLog().prepared().published().published(3, customerMap);
  tellReference(log);
  const pick = (below: number): number => Math.floor(random() * below);
  const deals = Array.from({ length: DEALS }, (_none, index) => ({ id: `d${index}`, told: [] as Recorded[] }));
  for (let turn = 0; turn < DEALS * 20; turn += 1) {
    const deal = deals[pick(DEALS)];
    if (deal === undefined) continue;
    log.dealId = deal.id;
    const at = `2009-08-${String(1 + pick(28)).padStart(2, '0')}`;
    if (deal.told.length === 0) deal.told.push(log.opened(at, pick(4) === 0 ? null : 'anna'));
    else deal.told.push(tellAny(log, deal.told, at, pick));
    if (turn === DEALS * 10) tellChanges(log);
  }
  tellServiceCases(log, pick);
  return log.events;
}

function tellAny(log: DealLog, before: readonly Recorded[], at: string, pick: (below: number) => number): Recorded {
  const step = STEPS[pick(STEPS.length)] ?? 'contact';
  const completions = before.filter(({ type }) => type === 'StepCompleted');
  const completion = completions[pick(Math.max(1, completions.length))];
  const call = before.find(({ type }) => type === 'ActivityRecorded');
  const done = (): Recorded => log.done(step, at, { awaits: pick(3) === 0, by: pick(2) === 0 ? 'anna' : 'boris' });
  const judged = [
    (of: Recorded) => log.accepted(of, at),
    (of: Recorded) => log.sentBack(of, at),
    (of: Recorded) => log.voided(of, at),
    (of: Recorded) => log.corrected(of, { on: at, by: 'vera' }, at),
  ][pick(4)];
  const acts = [
    ...[done, done, done, done],
    () => (completion === undefined || judged === undefined ? done() : judged(completion)),
    () => log.returned(step, at),
    () => log.reassigned(pick(2) === 0 ? 'boris' : 'vera', at),
    () => log.activity('call', at),
    () => (call === undefined ? log.activity('meeting', at) : log.activityVoided(call, at)),
    () => (call === undefined ? done() : log.activityCorrected(call, { kind: 'demo', on: at }, at)),
    () => log.lost(at),
    () => log.reopened(at),
    () => log.signed(1 + pick(100_000), at, `k${log.events.length}`),
    () => log.planned('call', `2009-08-${String(1 + pick(28)).padStart(2, '0')}`, at),
    () => tellOfPlans(log, before, at, pick),
    () => log.skipped(step, at),
    () => log.migrated(3, at),
    () => log.migrated(1 + pick(4), at),
    () => tellOfCustomer(log, at, pick),
    () => tellOfCustomer(log, at, pick),
    () => tellOfMoney(log, before, at, pick),
    () => tellOfMoney(log, before, at, pick),
  ];
  return (acts[pick(acts.length)] ?? done)();
}

/** Of the customer of every deal; mostly of what conditions ask. */
function tellOfCustomer(log: DealLog, at: string, pick: (below: number) => number): Recorded {
  if (pick(2) === 0) return log.segment('c1', ['large', 'small', null][pick(3)] ?? null, at);
  const employees = [12, 300, 'unknown'][pick(3)];
  return log.described('c1', pick(4) === 0 ? { exports: true } : { employees }, at);
}

/** What becomes of the last planned activity: done, put off, called off; or one is planned. */
function tellOfPlans(log: DealLog, before: readonly Recorded[], at: string, pick: (below: number) => number): Recorded {
  const planning = before.findLast(({ type }) => type === 'ActivityPlanned');
  if (planning === undefined) return log.planned('meeting', at, at);
  const acts = [() => log.activity('call', at, planning), () => log.rescheduled(planning, at, at)];
  return (acts[pick(3)] ?? (() => log.cancelled(planning, at)))();
}

/** What happens to the last contract and the last payment, as far as there are any. */
function tellOfMoney(log: DealLog, before: readonly Recorded[], at: string, pick: (below: number) => number): Recorded {
  const contract = before.findLast(({ type }) => type === 'ContractSigned')?.data as { contractId: string } | undefined;
  const payment = before.findLast(({ type }) => type === 'PaymentRecorded');
  const revised = (): Recorded => log.revised(pick(100_000), at, { products: ['p1', 'p2'].slice(pick(2)) });
  const acts = [
    revised,
    () => log.shared(pick(2) === 0 ? { anna: 10_000 } : { anna: 2_500, vera: 7_500 }, at),
    () => (payment === undefined ? revised() : log.paymentReversed(payment, at)),
    ...(contract === undefined ? [] : ofContract(log, contract.contractId, at, pick)),
  ];
  return (acts[pick(acts.length)] ?? revised)();
}

function ofContract(log: DealLog, id: string, at: string, pick: (below: number) => number): (() => Recorded)[] {
  return [
    () => log.amended([pick(100_000), 1].slice(pick(2)), at, id),
    () => log.terminated(at, at, id),
    () => log.contractVoided(at, ([null, 'open', 'lost'] as const)[pick(3)] ?? null, id),
    () => log.paid(1 + pick(100_000), at, id),
  ];
}

function tellReference(log: DealLog): void {
  const at = '2009-01-02';
  const calendar = plainFiveDayWeek();
  log.tell('calendar-main', { type: 'CalendarPublished', data: { version: 1, name: 'Main', calendar } }, at);
  log.tell('department-sales', { type: 'DepartmentCreated', data: { name: 'Sales', parentId: null } }, at);
  log.tell('department-sales', { type: 'DepartmentHeadAppointed', data: { employeeId: 'anna', effectiveOn: at } }, at);
  for (const id of ['anna', 'boris', 'vera']) log.hired(id, 'sales', at);
  for (const [id, source] of Object.entries({ c1: 'website', c2: null })) {
    const contacts = [{ name: 'Somebody', phone: '+7 846 200-00-00' }];
    const data = { kind: 'company', name: `Customer ${id}`, taxNumber: null, contacts, source };
    log.tell(`customer-${id}`, { type: 'CustomerRegistered', data }, at);
    log.described(id, { employees: 12, areas: ['trade', 'stock'] }, '2009-03-01');
    log.segment(id, 'small', '2009-02-01');
  }
  for (const id of ['p1', 'p2']) {
    log.tell(`product-${id}`, { type: 'ProductAdded', data: { name: id, line: 'one' } }, at);
    log.tell(`product-${id}`, { type: 'AdvantageStated', data: { advantageId: 'a', segment: null, text: 'fast' } }, at);
  }
}

function tellChanges(log: DealLog): void {
  const at = '2009-08-15';
  const contacts = [{ name: 'Somebody else', email: 'somebody@example.test' }];
  const corrected = { name: 'Corrected', taxNumber: '63', contacts, reason: 'misspelt' };
  log.tell('customer-c1', { type: 'CustomerCorrected', data: corrected }, at);
  log.segment('c1', 'large', '2009-08-10');
  log.segment('c1', 'middle', '2009-06-01');
  log.segment('c2', null, '2009-08-11');
  log.described('c1', { employees: 300 }, '2009-08-10');
  log.described('c1', { employees: 'unknown', exports: true }, '2009-02-01');
  const document = { fields: [], segments: [{ code: 'large', name: 'Large' }] };
  for (const version of [1, 2]) {
    log.tell('portrait-main', { type: 'PortraitPublished', data: { version, document } }, at);
    const asked = { version, document: { name: 'Needs', fields: [] } };
    log.tell('questionnaire-needs', { type: 'QuestionnairePublished', data: asked }, at);
  }
  const transfer = { departmentId: 'service', position: 'manager', roles: [], effectiveOn: '2009-08-10' };
  log.tell('employee-boris', { type: 'EmployeeTransferred', data: transfer }, at);
  log.tell('employee-vera', { type: 'EmployeeDismissed', data: { lastDay: '2009-08-14' } }, at);
  const absence = { absenceId: 'a1', kind: 'vacation', firstDay: '2009-08-10', lastDay: '2009-08-14' };
  log.tell('employee-anna', { type: 'AbsenceRecorded', data: absence }, at);
  log.tell(
    'employee-anna',
    { type: 'AbsenceRecorded', data: { ...absence, absenceId: 'a2', firstDay: '2009-08-20', lastDay: '2009-08-21' } },
    at,
  );
  log.tell('employee-anna', { type: 'AbsenceCancelled', data: { absenceId: 'a1', reason: 'Put off' } }, at);
  const reminder = { subject: 'deal', subjectId: 'd1', about: 'step', step: 'contact', activityId: null };
  const causeId = '5f2b7c1e-8d4a-4c3e-9b1a-3f6d2e7a9c04';
  const raised = { ...reminder, causeId, dueAt: '2009-08-11T08:00:00.000Z', level: 'performer', employeeId: 'anna' };
  log.tell('reminder-r1', { type: 'ReminderRaised', data: raised }, at);
  log.tell('product-p1', { type: 'ServiceMapAssigned', data: { routeMapId: 'service' } }, at);
  log.tell('product-p1', { type: 'ProductRetired', data: { reason: 'old' } }, at);
  log.tell('routeMap-sale', { type: 'RouteMapRetired', data: { reason: 'old' } }, at);
}
