import { Afterwards } from './afterwards.js';
import type { Chance } from './chance.js';
import { managers } from './company.js';
import type { ScheduledCommand } from './scheduled-command.js';
import { NEW_SERVICE_MAP_AT, SERVICE_MAP_ID, servedProducts } from './service-map.js';
import { isEmployed } from './staff.js';

interface Sold {
  readonly opening: ScheduledCommand;
  readonly line: { readonly productId: string };
  readonly chance: Chance;
}

/** Most cases are opened by hand on the day after; those of the rest are opened by the process. */
export function introduced(signed: ScheduledCommand, { opening, line, chance }: Sold): readonly ScheduledCommand[] {
  const after = new Afterwards(signed);
  const { customerId } = opening.body;
  if (!servedProducts.some((id) => id === line.productId) || chance.happens(0.2)) return [];
  const ofCase = { category: 'serviceCase', id: `${signed.id}.${SERVICE_MAP_ID}` };
  if (!after.wait(1)) return [];
  const what = { customerId, routeMapId: SERVICE_MAP_ID, productIds: [line.productId], dealId: signed.id };
  after.tell('OpenServiceCase', { ...what, ownerId: signed.person }, ofCase);
  const isOnOldMap = after.entered < NEW_SERVICE_MAP_AT;
  if (!after.wait(chance.between(2, 14))) return after.commands;
  if (chance.happens(0.1)) {
    after.tell('CloseServiceCase', { outcome: 'abandoned', lossReason: 'given-up' }, ofCase);
    return after.commands;
  }
  const person = handedOver(after, { signed, chance, ofCase });
  const byOwner = { ...ofCase, person };
  after.tell('RecordActivity', { kind: 'visit', outcome: 'held', performedBy: person, durationMinutes: 240 }, byOwner);
  after.tell('CompleteStep', { step: 'set-up', performedBy: person }, byOwner);
  if (!after.wait(chance.between(1, 6))) return after.commands;
  if (isOnOldMap && after.entered >= NEW_SERVICE_MAP_AT) {
    const moved = { toVersion: 2, reason: 'The training has a norm now' };
    after.tell('MigrateServiceCase', moved, { ...ofCase, ...after.byHead });
  }
  after.tell('CompleteStep', { step: 'training', performedBy: person }, byOwner);
  after.tell('CloseServiceCase', { outcome: 'completed' }, byOwner);
  if (chance.happens(0.1) && after.wait(chance.between(2, 10))) {
    after.tell('ReopenServiceCase', { reason: 'New people at the customer' }, byOwner);
    after.tell('ReturnServiceCase', { toStep: 'training', reason: 'New people at the customer' }, byOwner);
  }
  return after.commands;
}

interface Handing {
  readonly signed: ScheduledCommand;
  readonly chance: Chance;
  readonly ofCase: Pick<ScheduledCommand, 'category' | 'id'>;
}

/** Some who sell leave the introduction to a colleague who stays with the company. @returns who answers for the case */
function handedOver(after: Afterwards, { signed, chance, ofCase }: Handing): string | null {
  if (!chance.happens(0.15)) return signed.person;
  const colleagues = managers.filter(
    (one) => one.id !== signed.person && one.lastDay === undefined && isEmployed(one, after.moment),
  );
  const { id } = chance.pick(colleagues);
  after.tell(
    'ReassignServiceCase',
    { toOwnerId: id, reason: 'Introduces what others have sold' },
    {
      ...ofCase,
      ...after.byHead,
    },
  );
  return id;
}
