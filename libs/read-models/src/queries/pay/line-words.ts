import { parsePeriod } from '@voronka/kernel';
import { type BonusLine, explainLine, type Language } from '@voronka/pay/calculation';
import type { QueryContext } from '../context.js';
import { definedOn, heldOn, versionsOf } from '../indicators/definitions.js';
import { regulationsAt } from './terms.js';

/** A line in words, with what the terms of a context say about its rule and the units of its gates. */
export async function lineWords(terms: QueryContext, line: BonusLine, lang: Language): Promise<readonly string[]> {
  const regulations = await regulationsAt(terms);
  const paidBy = regulations.find((one) => `${one.regulation}@${one.version}` === line.regulation);
  const rule = paidBy?.document?.rules.find(({ code }) => code === line.rule);
  const day = parsePeriod(line.period).from;
  const asked = [...new Set(line.gates.map(({ indicator }) => indicator))];
  const versions = await versionsOf(terms, asked);
  const held = asked.filter((indicator) => heldOn(versions, indicator, day));
  const units = new Map(
    held.map((indicator) => [indicator, definedOn(versions, indicator, day).definition.unit] as const),
  );
  return explainLine(line, lang, { payout: rule?.payout ?? null, units });
}
