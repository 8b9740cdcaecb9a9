import { addWorkingMinutes, daysBetween, addDays, startOfLocalDay } from '@voronka/kernel';
import { Chance } from './chance.js';
import { CALENDAR, END_DAY, FIRST_DAY, ZONE } from './company.js';
import { withDuplicates } from './customers.js';
import { caredFor } from './deal-care.js';
import { DealStory } from './deal-story.js';
import { foundCompany } from './found-company.js';
import type { ScheduledCommand } from './scheduled-command.js';

export interface Scenario {
  /** What stands before the first deal, one after another. */
  readonly founding: readonly ScheduledCommand[];
  /** Everything else in the order of entry; commands of one time that touch different things may go side by side. */
  readonly commands: readonly ScheduledCommand[];
}

const WORKING_DAY_MINUTES = 480;
/** Another source of chance for the same deal. */
const CARE = 7;

/** The eighteen months of the demonstration: the same seed and number of deals give the same commands. */
export function tellScenario(seed: number, deals: number): Scenario {
  const founding = foundCompany();
  const start = startOfLocalDay(FIRST_DAY, ZONE);
  const later = founding.filter(({ at }) => at > start);
  const days = daysBetween(FIRST_DAY, END_DAY);
  const stories: (readonly ScheduledCommand[])[] = [];
  for (let number = 1; number <= deals; number += 1) {
    const chance = new Chance(seed, number);
    // More comes in towards the end: the company grows.
    const day = Math.floor(days * Math.sqrt(chance.next()) * 0.99);
    const morning = startOfLocalDay(addDays(FIRST_DAY, day), ZONE);
    const begin = addWorkingMinutes(CALENDAR, ZONE, morning, chance.between(5, WORKING_DAY_MINUTES - 5));
    const name = String(number).padStart(5, '0');
    const told = new DealStory(chance, `d-${name}`, `c-${name}`, begin).tell();
    stories.push(caredFor(told, new Chance(seed, number, CARE)));
  }
  return {
    founding: founding.filter(({ at }) => at <= start),
    commands: inOrderOfEntry([...later, ...withDuplicates(stories).flat()]),
  };
}

/** A stable order: by time, and at one time as told. */
function inOrderOfEntry(commands: readonly ScheduledCommand[]): readonly ScheduledCommand[] {
  return [...commands].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
