import { addDays, startOfLocalDay } from '@voronka/kernel';
import type { RouteMapDocument } from '@voronka/sales';
import { publicationOf } from '../templates/publication.js';
import {
  absences,
  FIRST_DAY,
  formerProduct,
  managers,
  needs,
  NEW_MAP_AT,
  ROUTE_MAP_ID,
  routeMap,
  transfer,
  ZONE,
} from './company.js';
import { NEW_SERVICE_MAP_AT, newServiceMap, SERVICE_MAP_ID } from './service-map.js';
import type { ScheduledCommand } from './scheduled-command.js';

type Body = Readonly<Record<string, unknown>>;

/** What the company as a whole goes through: who comes and goes, and rules that change on the way. */
export function companyLife(): readonly ScheduledCommand[] {
  return [...changesOfStaff(), ...changesOfRules(), ...retirements()];
}

function changesOfStaff(): readonly ScheduledCommand[] {
  const leaving = managers.flatMap(({ id, lastDay }) =>
    lastDay === undefined ? [] : [onDay(lastDay, { category: 'employee', id }, 'DismissEmployee', { lastDay })],
  );
  const { employee, department, effectiveOn } = transfer;
  const place = { departmentId: department, effectiveOn };
  const moved = onDay(effectiveOn, { category: 'employee', id: employee }, 'TransferEmployee', place);
  const away = absences.flatMap(({ employee: id, cancelledOn, ...absence }) => {
    const { firstDay: absenceId } = absence;
    const told = cancelledOn === null ? absence.firstDay : addDays(cancelledOn, -7);
    const recorded = onDay(told, { category: 'employee', id }, 'RecordAbsence', { absenceId, ...absence });
    if (cancelledOn === null) return [recorded];
    const reason = 'Goes on leave in autumn instead';
    return [recorded, onDay(cancelledOn, { category: 'employee', id }, 'CancelAbsence', { absenceId, reason })];
  });
  return [moved, ...leaving, ...away];
}

/** The second version of the map, and an indicator of the company's own that is counted otherwise from a month on. */
function changesOfRules(): readonly ScheduledCommand[] {
  const ofVisits = { category: 'indicator', id: 'own-visits' };
  const only = { ...ownVisits, filters: { ...ownVisits.filters, outcomes: ['held'] } };
  const revised = { ...only, effectiveFrom: '2026-03-01', reason: 'A visit where nobody was met is none' };
  return [
    onDay(FIRST_DAY, ofVisits, 'DefineIndicator', ownVisits),
    by({ at: NEW_MAP_AT, category: 'routeMap', id: ROUTE_MAP_ID }, 'PublishRouteMap', newMap()),
    onDay('2026-02-27', ofVisits, 'ReviseIndicator', revised),
    by({ at: NEW_SERVICE_MAP_AT, category: 'routeMap', id: SERVICE_MAP_ID }, 'PublishRouteMap', { ...newServiceMap }),
  ];
}

/** What is sold, counted or worked by no more: nothing new rests on it, and what did goes on. */
function retirements(): readonly ScheduledCommand[] {
  const { id, retiredOn, successor } = formerProduct;
  const tried = { category: 'routeMap', id: 'short-sale' };
  const letters = { category: 'indicator', id: 'own-letters' };
  return [
    onDay(retiredOn, { category: 'product', id }, 'RetireProduct', { reason: `Replaced by ${successor}` }),
    onDay(FIRST_DAY, tried, 'PublishRouteMap', shortMap()),
    onDay('2025-04-01', tried, 'RetireRouteMap', { reason: 'Nobody bought without being asked what he needs' }),
    onDay(FIRST_DAY, letters, 'DefineIndicator', ownLetters),
    onDay('2025-07-01', letters, 'RetireIndicator', { reason: 'Letters alone brought nobody' }),
  ];
}

/** Straight from the first contact to the proposal; tried, and given up. */
function shortMap(): Body {
  const kept = ['first-contact', 'proposal', 'contract'];
  const steps = routeMap.steps
    .filter(({ code }) => kept.includes(code))
    .map((step) => ({ ...step, after: step.code === 'proposal' ? ['first-contact'] : step.after }));
  return { ...routeMap, name: 'Short sale', steps, stages: routeMap.stages.filter(({ code }) => code !== 'needs') };
}

function newMap(): Body {
  const steps = routeMap.steps.map((step): RouteMapDocument['steps'][number] => {
    if (step.code !== 'proposal') return step;
    return { ...step, normWorkingHours: 80, guidance: 'Say first what it saves, then what it costs.' };
  });
  return { ...publicationOf({ ...routeMap, steps }, [needs]) };
}

const ownVisits = {
  name: { ru: 'Выезды и показы', en: 'Visits and demonstrations' },
  description: { ru: 'Выезды и показы за период', en: 'Visits and demonstrations in the period' },
  unit: 'count',
  filters: { activityKinds: ['visit', 'demo'] },
  credit: { by: 'performer' },
  better: 'higher',
  resultIndicator: 'deals_won',
  measure: 'activities',
  over: 'period',
};

const ownLetters = {
  ...ownVisits,
  name: { ru: 'Письма', en: 'Letters' },
  description: { ru: 'Письма за период', en: 'Letters in the period' },
  filters: { activityKinds: ['email'] },
};

function onDay(day: string, of: Pick<ScheduledCommand, 'category' | 'id'>, type: string, body: Body): ScheduledCommand {
  return by({ at: startOfLocalDay(day, ZONE), ...of }, type, body);
}

function by(
  what: Pick<ScheduledCommand, 'at' | 'category' | 'id'>,
  type: ScheduledCommand['type'],
  body: Body,
): ScheduledCommand {
  return { ...what, type, body, person: null, roles: ['admin'] };
}
