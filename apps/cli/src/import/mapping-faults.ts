import { assertZone, didYouMean, isLocalDate } from '@voronka/kernel';

type Plain = Readonly<Record<string, unknown>>;

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const MEANINGS = ['step', 'activity', 'contract', 'lost'] as const;

interface Codes {
  readonly steps: readonly string[];
  readonly reasons: readonly string[];
}

/**
 * What contradicts itself in a mapping as it was read, whatever its shape: codes that the route map does not have,
 * a zone or currency that there is not, aliases that lead nowhere. Shapes themselves are checked by the classes.
 * @returns faults, each beginning with its place (RFC 6901 pointer)
 */
export function contradictionsOf(plain: unknown): readonly string[] {
  const mapping = plainOf(plain);
  const map = plainOf(mapping['routeMap']);
  const codes: Codes = { steps: codesOf(map['steps']), reasons: codesOf(map['lossReasons']) };
  return [
    ...companyFaults(plainOf(mapping['company'])),
    ...dateFaults(mapping),
    ...formatFaults(mapping),
    ...aliasFaults(mapping, ''),
    ...listOf(mapping['rules']).flatMap((rule, index) => ruleFaults(plainOf(rule), `/rules/${index}`, codes)),
  ];
}

function companyFaults({ zone, currency }: Plain): string[] {
  const faults: string[] = [];
  if (typeof zone === 'string') {
    try {
      assertZone(zone);
    } catch (error) {
      faults.push(`/company/zone: ${(error as Error).message}${didYouMean(zone, Intl.supportedValuesOf('timeZone'))}`);
    }
  }
  if (typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) && !CURRENCIES.has(currency)) {
    faults.push(`/company/currency: there is no currency ${currency}; write its ISO 4217 code`);
  }
  return faults;
}

function dateFaults({ employedSince: day }: Plain): string[] {
  const looksRight = typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day);
  return looksRight && !isLocalDate(day) ? [`/employedSince: there is no day ${day}`] : [];
}

function formatFaults(mapping: Plain): string[] {
  if (mapping['format'] !== 'xes') return [];
  return ['caseColumn', 'delimiter']
    .filter((key) => mapping[key] !== undefined)
    .map((key) => `/${key}: only a CSV has it; leave it out for XES`);
}

/** Every `aliases` in the mapping: text to text, and the right spelling not a wrong one elsewhere. */
function aliasFaults(value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = `${at}/${key}`;
    return key === 'aliases' ? spellingFaults(plainOf(inner), place) : aliasFaults(inner, place);
  });
}

function spellingFaults(aliases: Plain, at: string): string[] {
  return Object.entries(aliases).flatMap(([from, to]) => {
    const place = `${at}/${from}`;
    if (typeof to !== 'string') return [`${place}: must be text; write it in quotes`];
    if (to === from) return [`${place}: is the right spelling already; leave it out`];
    return Object.hasOwn(aliases, to) ? [`${place}: leads to ${to}, which is an alias itself; name the end`] : [];
  });
}

function ruleFaults(rule: Plain, at: string, codes: Codes): string[] {
  const faults: string[] = [];
  if ((rule['facts'] === undefined) === (rule['ignore'] === undefined)) {
    faults.push(`${at}: a rule has either facts or ignore`);
  }
  for (const [field, wanted] of Object.entries(plainOf(rule['when']))) {
    const values: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
    if (values.some((value) => typeof value !== 'string')) {
      faults.push(`${at}/when/${field}: must be text, or a list of texts; write numbers in quotes`);
    }
  }
  const facts = listOf(rule['facts']);
  return [...faults, ...facts.flatMap((fact, place) => factFaults(plainOf(fact), `${at}/facts/${place}`, codes))];
}

function factFaults(fact: Plain, at: string, { steps, reasons }: Codes): string[] {
  const meanings = MEANINGS.filter((meaning) => fact[meaning] !== undefined);
  const faults = meanings.length === 1 ? [] : [`${at}: names exactly one of ${MEANINGS.join(', ')}`];
  const { step, lost } = fact;
  if (typeof step === 'string' && !steps.includes(step)) {
    faults.push(`${at}/step: the route map has no ${step}${didYouMean(step, steps)}`);
  }
  if (typeof lost === 'string' && !reasons.includes(lost)) {
    faults.push(`${at}/lost: the route map has no loss reason ${lost}${didYouMean(lost, reasons)}`);
  }
  return faults;
}

function plainOf(value: unknown): Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function codesOf(list: unknown): readonly string[] {
  return listOf(list).map((item) => String(plainOf(item)['code']));
}
