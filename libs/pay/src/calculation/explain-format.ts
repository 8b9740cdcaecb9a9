import {
  formatKopecks,
  type Fraction,
  fraction,
  fractionToDecimal,
  multiplyFractions,
  roundFraction,
} from '@voronka/kernel';
import type { Unit } from '../indicator/indicator.document.js';
import { fractionFrom } from './quantity.js';
import { UNIT_SCALE } from './target.js';

/** Languages that pay is explained in. */
export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const HOURS = { ru: ' ч', en: ' h' } as const satisfies Record<Language, string>;
const MONEY = '₽';

export function rub(kopecks: number): string {
  return formatKopecks(kopecks);
}

/** With its sign, also where it is a gain. */
export function signed(kopecks: number): string {
  return kopecks > 0 ? `+${rub(kopecks)}` : rub(kopecks);
}

export function rubOf(text: string): string {
  return formatKopecks(roundFraction(fractionFrom(text)));
}

export function bps(points: number): string {
  return `${trimmed(fractionToDecimal(fraction(BigInt(points), 100n), 2))} %`;
}

/** A share as fraction of 1. */
export function percentOf(text: string): string {
  return `${trimmed(fractionToDecimal(multiplyFractions(fractionFrom(text), fraction(100n)), 2))} %`;
}

/** Shows a quantity that is written in the smallest unit, with the name of the unit; a count is a bare number. */
export function quantity(unit: Unit, language: Language): (text: string) => string {
  return (text) => {
    const value = fractionFrom(text);
    if (unit === 'kopecks') return `${formatKopecks(roundFraction(value))} ${MONEY}`;
    const whole: Fraction = multiplyFractions(value, fraction(unit === 'percent' ? 100n : 1n, UNIT_SCALE[unit]));
    return `${trimmed(fractionToDecimal(whole, 2))}${nameOf(unit, language)}`;
  };
}

function nameOf(unit: Unit, language: Language): string {
  if (unit === 'percent') return ' %';
  return unit === 'hours' || unit === 'workingHours' ? HOURS[language] : '';
}

function trimmed(decimal: string): string {
  return decimal.replace(/\.?0+$/, '');
}
