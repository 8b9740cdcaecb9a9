import type { FactChange, FigureChanges, TermChange } from '@voronka/pay/calculation';
import type { Explanation } from '@voronka/read-models';
import { nameOf } from '../demo/staff.js';
import { money } from '../output.js';

/** Of one figure; the whole list is what `voronka explain` is for. */
const MOST_CAUSES = 3;

export interface ExplainedMonth {
  readonly employee: string;
  readonly month: string;
}

type Adjustment = Explanation['adjustments'][number];
type Rule = Adjustment['rules'][number];
/** Names of rules by their codes, and of what they count by the definitions. */
type Names = ReadonlyMap<string, string>;

/** Why a statement is what it is, on half a screen: what earlier months owe and by which causes, and the first line. */
export function explainedBriefly(explained: Explanation, { employee, month }: ExplainedMonth): string {
  const { adjustments, lines } = explained;
  const names: Names = new Map(
    lines.flatMap(({ rule, line }) => [
      [rule, line.name],
      [line.definition, `«${line.name}»`],
    ]),
  );
  const failed = lines.find(({ line }) => line.status === 'GATE_FAILED') ?? lines[0];
  return [
    ...adjustments.flatMap((adjustment) => adjustmentLines(adjustment, month, names)),
    ...(failed === undefined ? [] : ['', `Why «${failed.line.name}» pays what it does in ${month}`]),
    ...indented(named(failed?.text.slice(1) ?? [], names)),
    `All of it, down to every event: voronka explain --employee ${employee} --period ${month} --lang en`,
  ].join('\n');
}

function adjustmentLines(adjustment: Adjustment, month: string, names: Names): string[] {
  const { origin, dueKopecks, rules } = adjustment;
  const owes = dueKopecks < 0 ? `takes back ${money(-dueKopecks)} of` : `adds ${money(dueKopecks)} for`;
  return [
    '',
    `Adjustment: ${month} ${owes} closed ${origin}`,
    ...indented(rules.flatMap((rule) => ruleLines(rule, names))),
  ];
}

function ruleLines(rule: Rule, names: Names): string[] {
  const { facts, terms, underOldTerms, now } = rule;
  const moved = rule.factDeltaKopecks !== 0 || rule.termDeltaKopecks !== 0;
  if (!moved) return [];
  return [
    `${names.get(rule.rule) ?? rule.rule}: posted ${money(rule.postedKopecks)}`,
    ...side(`by facts now, under the terms it was posted by: ${money(rule.underOldTermsKopecks)}`, {
      words: named(underOldTerms, names),
      causes: facts.flatMap(figureCauses),
    }),
    ...side(`by facts and terms now: ${money(rule.nowKopecks)}`, {
      words: named(now, names),
      causes: shortened(terms.map(termCause)),
    }),
  ];
}

interface Side {
  readonly words: readonly string[];
  readonly causes: readonly string[];
}

/** The arithmetic without its heading and its last line, which says the amount again. */
function side(what: string, { words, causes }: Side): string[] {
  return [
    ...indented([what]),
    ...indented(indented([...words.slice(1, -1), ...causes.map((one) => `because: ${one}`)])),
  ];
}

function figureCauses({ items, count }: FigureChanges): string[] {
  return shortened(items.map(factCause), count);
}

function factCause({ dealId, before, after, because }: FactChange): string {
  const how = after === null ? 'counts no more' : before === null ? 'counts now' : 'counts otherwise';
  return `deal ${dealId} ${how}: ${because.map(({ type, eventId }) => `${type} ${eventId}`).join(', ')}`;
}

function termCause(term: TermChange): string {
  if (term.kind !== 'plan') return `${term.kind} ${term.version} (event ${term.eventId})`;
  const { value, author, proposedBy, reason, eventId } = term;
  const by =
    proposedBy === null ? `by ${person(author)}` : `proposed by ${person(proposedBy)}, approved by ${person(author)}`;
  return `the plan became ${value ?? 'none'}, ${by}: «${reason ?? ''}» (event ${eventId})`;
}

function person(id: string | null): string {
  return id === null ? 'nobody' : nameOf(id);
}

function shortened(causes: readonly string[], count = causes.length): string[] {
  const shown = causes.slice(0, MOST_CAUSES);
  const left = count - shown.length;
  return left > 0 ? [...shown, `… and ${left} more: voronka explain`] : shown;
}

/** With words where the text has definitions, such as `first_contacts@1`. */
function named(lines: readonly string[], names: Names): string[] {
  return lines.map((line) => line.replace(/[\w-]+@\d+/g, (code) => names.get(code) ?? code));
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
